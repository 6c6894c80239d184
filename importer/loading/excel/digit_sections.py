"""Sections of a number format that show digits: `0000`, `#,##0.00`, `0%`, `000-0000`, `0.0E+00`."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto
from typing import Final

from importer.loading.excel.format_tokens import Sign, Token
from importer.loading.excel.numerals import rounded, shifted
from importer.loading.excel.serials import Epoch

BLANKS: Final = {"0": "0", "#": "", "?": " "}
"""What a placeholder shows for a digit that the number does not have."""


class Part(Enum):
    """Which part of a number a placeholder shows."""

    WHOLE = auto()
    DECIMALS = auto()
    EXPONENT = auto()


@dataclass(frozen=True, slots=True)
class Run:
    """Placeholders that stand side by side."""

    part: Part
    where: slice
    """Which of the placeholders of that part."""


@dataclass(frozen=True, slots=True)
class DigitSection:
    """A compiled section: texts, and between them placeholders."""

    pieces: tuple[str | Run, ...]
    whole: str
    """The placeholders before the point; likewise the next two."""
    decimals: str
    exponent: str
    grouped: bool
    """Thousands are parted by commas."""
    scale: int
    """The power of ten that the number is multiplied with first."""
    exponent_plus: bool

    def show(self, value: Decimal, epoch: Epoch) -> tuple[str, bool]:  # noqa: ARG002  # one signature for all sections
        """The text for a number without its sign, and whether a minus would be shown: there is none before 0.00."""
        size, power = shifted(value.copy_abs(), self.scale), 0
        if self.exponent:
            size, power = self._significand(size)
        size = rounded(size, len(self.decimals))
        whole, _, decimals = format(size, "f").partition(".")
        filled = {
            Part.WHOLE: fill_from_right(self.whole, whole.lstrip("0"), grouped=self.grouped),
            Part.DECIMALS: fill_from_left(self.decimals, decimals.rstrip("0")),
            Part.EXPONENT: self._power(power) if self.exponent else [],
        }
        text = ""
        for piece in self.pieces:
            text += piece if isinstance(piece, str) else "".join(filled[piece.part][piece.where])
        return text, bool(size) or not (self.whole or self.decimals)

    def _significand(self, size: Decimal) -> tuple[Decimal, int]:
        """The number with as many whole digits as there are placeholders, and the power of ten taken out of it."""
        if not size:
            return size, 0
        width = len(self.whole)
        step = max(width, 1)
        power = size.adjusted() + (width == 0)
        power -= power % step
        if rounded(shifted(size, -power), len(self.decimals)) >= Decimal(10) ** width:
            power += step
        return shifted(size, -power), power

    def _power(self, power: int) -> list[str]:
        filled = fill_from_right(self.exponent, str(abs(power)), grouped=False)
        filled[0] = ("-" if power < 0 else "+" if self.exponent_plus else "") + filled[0]
        return filled


def fill_from_right(pattern: str, digits: str, *, grouped: bool) -> list[str]:
    """What each placeholder shows of a whole number; digits for which there is no placeholder go to the first one."""
    missing = len(pattern) - len(digits)
    if not pattern:
        return []
    if missing >= 0:
        filled = [*(BLANKS[placeholder] for placeholder in pattern[:missing]), *digits]
    else:
        filled = [digits[: 1 - missing], *digits[1 - missing :]]
    if grouped:
        filled[0] = _grouped(filled[0], len(pattern) - 1)
        for place in range(len(pattern) - 4, 0, -3):
            filled[place] = _grouped(filled[place], 3)
    return filled


def _grouped(digits: str, right: int) -> str:
    """Digits with a comma behind each that has three more, or six, or nine, to its right."""
    text = ""
    for behind, digit in zip(range(right + len(digits) - 1, -1, -1), digits, strict=False):
        comma = behind and behind % 3 == 0
        text += digit + ("" if not comma else " " if digit == " " else ",")
    return text


def fill_from_left(pattern: str, digits: str) -> list[str]:
    """What each placeholder shows of the decimals."""
    return [digits[place] if place < len(digits) else BLANKS[blank] for place, blank in enumerate(pattern)]


def digit_section(tokens: Sequence[Token]) -> DigitSection:
    """Compiles a section. A sign that means nothing where it stands is a text."""
    reading = _Reading()
    for token in tokens:
        reading.read(token)
    return reading.section()


class _Reading:
    """A section as far as it has been read."""

    def __init__(self) -> None:
        self.pieces: list[str | Part] = []
        self.patterns = dict.fromkeys(Part, "")
        self.part = Part.WHOLE
        self.grouped = False
        self.exponent_plus = False
        self.percents = 0
        self.thousands = dict.fromkeys(Part, 0)
        """Commas behind the last placeholder of each part; they scale the number if no other placeholder follows."""
        self.open_commas: int | None = None
        """Commas that stand right behind a placeholder or the point; None behind anything else."""

    def read(self, token: Token) -> None:
        if token.sign is Sign.COMMA and self.open_commas is not None:
            self.open_commas += 1
        elif token.sign is Sign.DIGIT:
            self._placeholder(token.text)
        else:
            self.thousands[self.part] += self.open_commas or 0
            self.open_commas = None
            self._other(token)

    def _placeholder(self, placeholder: str) -> None:
        self.grouped |= bool(self.open_commas) and self.part is Part.WHOLE
        self.open_commas = 0
        self.thousands[self.part] = 0
        self.patterns[self.part] += placeholder
        self.pieces.append(self.part)

    def _other(self, token: Token) -> None:
        if token.sign is Sign.POINT and self.part is Part.WHOLE:
            self.part = Part.DECIMALS
            self.open_commas = 0
            self.pieces.append(".")
        elif token.sign is Sign.EXPONENT and self.part is not Part.EXPONENT and any(self.patterns.values()):
            self.part = Part.EXPONENT
            self.exponent_plus = token.text.endswith("+")
            self.pieces.append("E")
        else:
            self.percents += token.sign is Sign.PERCENT
            self.pieces.append(token.text)

    def section(self) -> DigitSection:
        self.thousands[self.part] += self.open_commas or 0
        if self.part is Part.DECIMALS and not self.patterns[Part.WHOLE]:
            # `.00` shows 1234.50 all the same: the whole digits come before the point
            self.patterns[Part.WHOLE] = "#"
            self.pieces.insert(self.pieces.index("."), Part.WHOLE)
        return DigitSection(
            pieces=tuple(_runs(self.pieces)),
            whole=self.patterns[Part.WHOLE],
            decimals=self.patterns[Part.DECIMALS],
            exponent=self.patterns[Part.EXPONENT],
            grouped=self.grouped,
            scale=2 * self.percents - 3 * (self.thousands[Part.WHOLE] + self.thousands[Part.DECIMALS]),
            exponent_plus=self.exponent_plus,
        )


def _runs(pieces: Sequence[str | Part]) -> list[str | Run]:
    """Pieces with neighbours of the same kind joined."""
    runs: list[str | Run] = []
    counts = dict.fromkeys(Part, 0)
    for piece in pieces:
        last = runs[-1] if runs else None
        if isinstance(piece, str):
            if isinstance(last, str):
                runs[-1] = last + piece
            else:
                runs.append(piece)
            continue
        place = counts[piece]
        counts[piece] += 1
        if isinstance(last, Run) and last.part is piece:
            runs[-1] = Run(piece, slice(last.where.start, place + 1))
        else:
            runs.append(Run(piece, slice(place, place + 1)))
    return runs
