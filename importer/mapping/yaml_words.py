"""What is wrong with a text that is not YAML, in words for people who never read what YAML is.

The parser tells where it could not go on, in its own terms; what was mistyped often stands lines above. So the usual
slips are looked for around that place, the likeliest first.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ruamel.yaml.error import MarkedYAMLError

from importer.errors.mappings import MappingFault

_UNSPACED: Final = re.compile(r"\s*(?:- )?(?P<key>[A-Za-z_]\w*):(?P<value>[^\s:/\\][^:]*|)$")
"""A line such as `event:999`, on which no colon has a blank behind it."""

_NO_BREAK: Final = re.compile(r"^[ -]*(?P<indent>[\u00a0\u202f])|[:{\[,-](?P<behind>[\u00a0\u202f])")
_CURLY: Final = re.compile("[:{\\[,-] *(?P<mark>[\u201c\u201d\u201e\u2018\u2019])")
_TAKES_A_TABLE: Final = re.compile(r"[^#\"']*:\s*(#.*)?")


@dataclass(frozen=True, slots=True)
class QuotedText:
    """A text in quotation marks that goes over several lines; lines and columns from 0."""

    line: int
    column: int
    last_line: int


@dataclass(frozen=True, slots=True)
class _Trouble:
    """Where the parser stopped, and why."""

    lines: list[str]
    problem: str
    line: int
    """From 0, like all of these."""
    column: int
    began: tuple[int, int] | None
    """Where what it was reading begins."""
    quoted: QuotedText | None

    @property
    def before(self) -> str:
        """The line up to there."""
        return self.lines[self.line][: self.column] if self.line < len(self.lines) else ""

    @property
    def above(self) -> tuple[int, str]:
        """The nearest line above with anything on it, and its number."""
        for number in range(min(self.line, len(self.lines)) - 1, -1, -1):
            text = self.lines[number]
            if text.strip() and not text.lstrip().startswith("#"):
                return number, text
        return 0, ""


def fault_in_words(text: str, error: MarkedYAMLError, quoted: QuotedText | None) -> MappingFault:
    """What is wrong, at the place where it has to be mended.

    :param quoted: the last text in quotation marks that went over several lines, if there was one.
    """
    mark = error.problem_mark or error.context_mark
    began = (error.context_mark.line, error.context_mark.column) if error.context_mark else None
    problem = " ".join(str(error.problem or error.context or "it is not YAML").split())
    line, column = (mark.line, mark.column) if mark else (0, 0)
    trouble = _Trouble(text.splitlines(), problem, line, column, began, quoted)
    for look in (_no_break, _unclosed, _curly, _escape, _mapping_value, _indentation, _open_bracket, _beginning, _key):
        found = look(trouble)
        if found:
            line, column, sentence = found
            return MappingFault(line + 1, column + 1, sentence)
    return MappingFault(line + 1, column + 1, f"This is not YAML: {problem}.")


_Found = tuple[int, int, str] | None


def no_break_spaces(text: str) -> Iterator[MappingFault]:
    """The no-break spaces that stand where YAML needs blanks."""
    for number, line in enumerate(text.splitlines()):
        found = _NO_BREAK.search(line.partition(" #")[0])
        if found:
            column = found.start("indent") if found["indent"] else found.start("behind")
            yield MappingFault(
                number + 1, column + 1, "This is a no-break space, which is a letter to YAML; type a blank."
            )


def unspaced(text: str) -> str:
    """What is said of a text such as `event:999`, if it is one; begins with a blank."""
    found = _UNSPACED.fullmatch(text)
    if not found or not found["value"]:
        return ""
    return f' Behind a colon there must be a blank: "{found["key"]}: {found["value"].strip()}".'


def _no_break(trouble: _Trouble) -> _Found:
    near = "\n".join(trouble.lines[: trouble.line + 1])
    found = next(no_break_spaces(near), None)
    return (found.line - 1, found.column - 1, found.sentence) if found else None


def _unclosed(trouble: _Trouble) -> _Found:
    if "unexpected end of stream" in trouble.problem and trouble.began:
        return *trouble.began, "The quotation mark that opens here is never closed."
    quoted = trouble.quoted
    if quoted is None or quoted.last_line != trouble.line:
        return None
    where = f"only on line {quoted.last_line + 1}"
    return quoted.line, quoted.column, f"The quotation mark that opens here is closed {where}; one is missing between."


def _curly(trouble: _Trouble) -> _Found:
    found = _CURLY.search(trouble.lines[trouble.line]) if trouble.line < len(trouble.lines) else None
    if not found:
        return None
    sentence = f'This {found["mark"]} is a letter to YAML; write straight quotation marks: ".'
    return trouble.line, found.start("mark"), sentence


def _escape(trouble: _Trouble) -> _Found:
    found = re.search("unknown escape character '(.+)'", trouble.problem)
    if not found:
        return None
    sentence = (
        f"In double quotation marks, \\{found[1]} means nothing. In paths write / instead of \\; elsewhere write \\\\, "
        "or take single quotation marks."
    )
    return trouble.line, trouble.column, sentence


def _mapping_value(trouble: _Trouble) -> _Found:
    if "mapping values are not allowed" not in trouble.problem:
        return None
    number, above = trouble.above
    hint = unspaced(above)
    if hint:
        return number, above.index(":"), f"This line has no blank behind its colon.{hint}"
    before = trouble.before
    indent, its = (len(line) - len(line.lstrip()) for line in (before, above))
    if ":" not in before and ":" not in above:
        return number, its, f'Behind "{above.strip()[:40]}" a colon is missing.'
    if ":" not in before and indent > its and not _TAKES_A_TABLE.fullmatch(above):
        sentence = (
            f"This line is indented deeper than line {number + 1}, which has its value already; keys of one table "
            "begin in the same column."
        )
        return trouble.line, indent, sentence
    return trouble.line, trouble.column, 'There is a second colon here; a text with ": " in it needs quotation marks.'


def _indentation(trouble: _Trouble) -> _Found:
    found = re.search(r"expected <block end>, but found '(.*)'", trouble.problem)
    if not found:
        return None
    before = trouble.before
    if not before.strip():
        sentence = (
            f"This line is indented by {len(before)}, as no line above is that it can belong to; what belongs together "
            "begins in the same column."
        )
        return trouble.line, trouble.column, sentence
    last = before.rstrip()[-1]
    if found[1] in ("}", "]"):
        return trouble.line, trouble.column, f"This {found[1]} closes nothing; there is one too many."
    what = "closing quotation mark" if last in "\"'" else f"{last} that closes the table" if last in "}]" else "value"
    sentence = f"There is more text behind the {what}. Take it out, or put all of the text in quotation marks."
    return trouble.line, trouble.column, sentence


def _open_bracket(trouble: _Trouble) -> _Found:
    found = re.search("expected ',' or '([]}])', but got '(.*)'", trouble.problem)
    if not found:
        return None
    closing, got = found.groups()
    opening = "{" if closing == "}" else "["
    if trouble.began and got in ("}", "]"):
        column = trouble.column + 1
        return *trouble.began, f"The {opening} that opens here is not closed before the {got} in column {column}."
    if trouble.began and trouble.line > trouble.began[0]:
        return *trouble.began, f"The {opening} that opens here is not closed by a {closing}."
    sentence = 'A comma is missing before this; or a text with braces or ": " in it needs quotation marks.'
    return trouble.line, trouble.column, sentence


def _beginning(trouble: _Trouble) -> _Found:
    if "cannot start any token" not in trouble.problem or trouble.line >= len(trouble.lines):
        return None
    sign = trouble.lines[trouble.line][trouble.column : trouble.column + 1]
    if sign == "\t":
        return trouble.line, trouble.column, "This is a tab; YAML is indented with blanks, not tabs."
    return trouble.line, trouble.column, f"A text that begins with {sign} needs quotation marks."


def _key(trouble: _Trouble) -> _Found:
    if "could not find expected ':'" not in trouble.problem or trouble.began is None:
        return None
    line, column = trouble.began
    key = trouble.lines[line][column:].strip() if line < len(trouble.lines) else ""
    return line, column, f'Behind "{key[:40]}" a colon is missing.' + unspaced(key)
