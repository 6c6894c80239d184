"""Texts with cells in them: `{Store}: {Remarks}`. A cell goes in once, whatever it holds; `{{` and `}}` are braces."""

import re
from functools import lru_cache
from typing import Final, TypeAlias

Piece: TypeAlias = tuple[bool, str]
"""(is a column, its name or the literal text)"""

_TOKEN: Final = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


class TemplateFault(ValueError):
    """A template that can't be understood; the text says why."""


@lru_cache(maxsize=256)
def template_pieces(template: str) -> tuple[Piece, ...]:
    """The template's literal texts and columns, in order.

    :raises TemplateFault: a single brace, or a name left empty.
    """
    pieces: list[Piece] = []
    literal, at = "", 0
    for token in _TOKEN.finditer(template):
        literal += template[at : token.start()]
        at = token.end()
        if token[0] in ("{{", "}}"):
            literal += token[0][0]
        elif token[1] is None:
            raise TemplateFault(f'A single "{token[0]}" in the template; a brace that is meant as such is doubled.')
        elif not token[1].strip():
            raise TemplateFault("{} in the template names no column.")
        else:
            pieces += [(False, literal)] if literal else []
            pieces.append((True, token[1]))
            literal = ""
    literal += template[at:]
    pieces += [(False, literal)] if literal else []
    return tuple(pieces)


def columns_named_in(template: str) -> tuple[str, ...]:
    """The same of a template that need not be right: those that stand between two braces, whatever else is wrong."""
    return tuple(dict.fromkeys(name for name in _TOKEN.findall(template) if name.strip()))


def template_columns(template: str) -> tuple[str, ...]:
    """The columns that the template names, in order, each once."""
    return tuple(dict.fromkeys(text for is_column, text in template_pieces(template) if is_column))
