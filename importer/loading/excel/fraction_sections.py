"""Sections of a number format that show fractions: `# ?/?`, `# ??/16`, `?/?`."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import floor

from importer.loading.excel.digit_sections import DigitSection, digit_section, fill_from_left, fill_from_right
from importer.loading.excel.format_tokens import Sign, Token
from importer.loading.excel.numerals import ARITHMETIC, rounded
from importer.loading.excel.serials import Epoch

_CLOSE = 1e-13


@dataclass(frozen=True, slots=True)
class FractionSection:
    """A compiled section."""

    whole: DigitSection | None
    """What stands before the numerator; without placeholders there, the fraction shows the whole number too."""
    between: str
    numerator: str
    denominator: str
    """Placeholders, or the digits of a fixed denominator."""
    behind: str

    def show(self, value: Decimal, epoch: Epoch) -> tuple[str, bool]:
        """The text for a number without its sign; a minus is always shown."""
        size = value.copy_abs()
        whole = ARITHMETIC.divide_int(size, 1) if self.whole else Decimal(0)
        top, bottom = self._fraction(float(size) - float(whole))
        if self.whole and top == bottom:
            whole, top = ARITHMETIC.add(whole, 1), 0
        text = self._whole(whole, alone=not top, epoch=epoch)
        if top or not self.whole or "0" in self.numerator:
            return text + self.between + self._written(top, bottom) + self.behind, True
        blank = " " * (len(self.between) + sum(sign != "#" for sign in self.numerator + self.denominator) + 1)
        return text + blank + self.behind, True

    def _fraction(self, size: float) -> tuple[int, int]:
        if self.denominator.isdigit() and int(self.denominator):
            bottom = int(self.denominator)
            return int(rounded(Decimal(repr(size)) * bottom, 0)), bottom
        return nearest_fraction(size, 10 ** len(self.denominator))

    def _whole(self, whole: Decimal, *, alone: bool, epoch: Epoch) -> str:
        if self.whole is None:
            return ""
        text, _ = self.whole.show(whole, epoch)
        return text if whole or not alone or "0" in self.whole.whole else text + "0"

    def _written(self, top: int, bottom: int) -> str:
        numerator = "".join(fill_from_right(self.numerator, str(top) if top or not self.whole else "", grouped=False))
        if self.denominator.isdigit() and int(self.denominator):
            return f"{numerator}/{self.denominator}"
        fill = fill_from_left(self.denominator, str(bottom))
        if "0" in self.denominator:
            fill = fill_from_right(self.denominator, str(bottom), grouped=False)
        return f"{numerator}/{''.join(fill)}"


def nearest_fraction(size: float, limit: int) -> tuple[int, int]:
    """Numerator and denominator, the latter below `limit`, by John Kennedy's algorithm (Algorithm to Convert a Decimal
    to a Fraction). In doubles, for its rounding shows: Excel writes 0.3 as 2/7, yet 1.3 as 1 1/3.
    """
    rest = size
    bottom, bottom_before, top = 1, 0, floor(size + 0.5)
    while rest != floor(rest) and abs(size - top / bottom) >= _CLOSE:
        rest = 1 / (rest - floor(rest))
        following = bottom * floor(rest) + bottom_before
        if following >= limit:
            break
        bottom, bottom_before = following, bottom
        top = floor(size * bottom + 0.5)
    return top, bottom


def fraction_section(tokens: Sequence[Token]) -> FractionSection | None:
    """Compiles a section; None if its slash does not stand between a numerator and a denominator."""
    slash = next((place for place, token in enumerate(tokens) if token.sign is Sign.SLASH), 0)
    start = slash
    while start and tokens[start - 1].sign is Sign.DIGIT:
        start -= 1
    end = slash + 1
    fixed = end < len(tokens) and tokens[end].text in set("123456789")
    while end < len(tokens) and (tokens[end].sign is Sign.DIGIT or (fixed and tokens[end].text.isdecimal())):
        end += 1
    denominator = "".join(token.text for token in tokens[slash + 1 : end])
    if start == slash or not denominator:
        return None
    before = list(tokens[:start])
    placeholders = [place for place, token in enumerate(before) if token.sign is Sign.DIGIT]
    cut = placeholders[-1] + 1 if placeholders else 0
    between = "".join(token.text for token in before[cut:])
    return FractionSection(
        whole=digit_section(before[:cut]) if placeholders else None,
        between=between,
        numerator="".join(token.text for token in tokens[start:slash]),
        denominator=denominator,
        behind="".join(token.text for token in tokens[end:]),
    )
