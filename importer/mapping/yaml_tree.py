"""A YAML text as plain values with the line and column of each: scalars mean what is written.

`0123`, `NO` and `1:30` are those texts; only the model says what is a number or a yes. Aliases, tags and several
documents have no place in a mapping and are faults, as are keys that stand twice.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from importer.errors.mappings import MappingFault
from importer.mapping.yaml_words import QuotedText, fault_in_words, unspaced

DEEPEST: Final = 20
"""Levels; a mapping needs seven."""

LARGEST: Final = 256 * 1024
"""Characters."""

Path: TypeAlias = tuple[str | int, ...]
Plain: TypeAlias = "str | dict[str, Plain] | list[Plain] | None"

_NULLS: Final = ("", "~", "null", "Null", "NULL")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class YamlTree:
    """A parsed YAML text."""

    plain: Plain
    """Texts, None, dicts and lists."""
    positions: dict[Path, tuple[int, int]]
    """Where the key (or the list item) of each path stands: line and column, from 1."""
    value_positions: dict[Path, tuple[int, int]] = field(default_factory=dict)
    """Where the value of each path begins."""
    faults: tuple[MappingFault, ...] = ()

    def key_at(self, path: Path) -> tuple[int, int]:
        """Where the key of this path stands, or that of the nearest level above it that is written down."""
        while path and path not in self.positions:
            path = path[:-1]
        return self.positions.get(path, (1, 1))

    def value_at(self, path: Path) -> tuple[int, int]:
        """Where the value of this path begins, or that of the nearest level above it that is written down."""
        while path and path not in self.value_positions:
            path = path[:-1]
        return self.value_positions.get(path, (1, 1))


def read_yaml(text: str) -> YamlTree:
    """Parses a YAML 1.2 text; what is wrong with it is in the tree's faults, never raised."""
    if len(text) > LARGEST:
        return YamlTree(None, {}, {}, (MappingFault(1, 1, f"The file is larger than {LARGEST // 1024} KiB."),))
    builder = _Builder()
    try:
        builder.document(YAML(typ="safe", pure=True).parse(text))
    except MarkedYAMLError as error:
        builder.faults.append(fault_in_words(text, error, builder.quoted))
    except ReaderError as error:
        before = text[: error.position]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        sentence = f"This is not YAML: the character U+{error.character:04X} is not allowed in it."
        builder.faults.append(MappingFault(line, column, sentence))
    except (YAMLError, ValueError) as error:  # ValueError: an escape that stands for no character
        builder.faults.append(MappingFault(1, 1, f"This is not YAML: {' '.join(str(error).split())}."))
    except _TooDeepError as error:
        builder.fault(error.mark, f"This is nested deeper than {DEEPEST} levels.")
    return YamlTree(builder.plain, builder.positions, builder.value_positions, tuple(builder.faults))


class _TooDeepError(Exception):
    def __init__(self, mark: Any) -> None:
        self.mark = mark


class _Builder:
    def __init__(self) -> None:
        self.plain: Plain = None
        self.positions: dict[Path, tuple[int, int]] = {}
        self.value_positions: dict[Path, tuple[int, int]] = {}
        self.faults: list[MappingFault] = []
        self.quoted: QuotedText | None = None

    def fault(self, mark: Any, sentence: str) -> None:
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        self.faults.append(MappingFault(line, column, sentence))

    def document(self, events: Iterator[Event]) -> None:
        documents = 0
        for event in events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.fault(event.start_mark, "A mapping file holds one document; take out this `---`.")
                    return
            elif isinstance(event, ScalarEvent | MappingStartEvent | SequenceStartEvent | AliasEvent):
                self.plain = self._value(event, events, ())

    def _value(self, event: Event, events: Iterator[Event], path: Path) -> Plain:
        if len(path) > DEEPEST:
            raise _TooDeepError(event.start_mark)
        self.value_positions[path] = (event.start_mark.line + 1, event.start_mark.column + 1)
        if isinstance(event, AliasEvent):
            self.fault(event.start_mark, f"Aliases (*{event.anchor}) are not used in mappings; write the value out.")
            return None
        if isinstance(event, ScalarEvent):
            text = self._text(event)
            return None if event.style is None and text in _NULLS else text
        self._refuse_marks(event)
        return self._table(events, path) if isinstance(event, MappingStartEvent) else self._list(events, path)

    def _text(self, event: ScalarEvent) -> str:
        self._refuse_marks(event)
        start, end = event.start_mark, event.end_mark
        if event.style in ("'", '"') and end.line > start.line:
            self.quoted = QuotedText(start.line, start.column, end.line)
        text = str(event.value)
        if _SURROGATE.search(text):
            self.fault(event.start_mark, "This text holds one half of a character; write the character itself.")
            return _SURROGATE.sub("\ufffd", text)
        return text

    def _refuse_marks(self, event: Any) -> None:
        if event.anchor or event.ctag:
            self.fault(event.start_mark, "Anchors (&) and tags (!) are not used in mappings.")

    def _table(self, events: Iterator[Event], path: Path) -> Plain:
        table: dict[str, Plain] = {}
        for event in events:
            if isinstance(event, MappingEndEvent):
                break
            if not isinstance(event, ScalarEvent):
                self.fault(event.start_mark, "A key is a single word or text here.")
                self._value(event, events, (*path, ""))
                self._value(next(events), events, (*path, ""))
                continue
            key = self._text(event)
            here = (*path, key)
            if key in table:
                first, _ = self.positions[here]
                self.fault(event.start_mark, f'The key "{key}" stands twice, first on line {first}.')
                self._value(next(events), events, (*path, "", key))
                continue
            self.positions[here] = (event.start_mark.line + 1, event.start_mark.column + 1)
            table[key] = self._value(next(events), events, here)
            if table[key] is None and event.style is None and unspaced(key):
                self.fault(event.start_mark, f'"{key}" is taken for a key without a value.{unspaced(key)}')
        return table

    def _list(self, events: Iterator[Event], path: Path) -> Plain:
        items: list[Plain] = []
        for event in events:
            if isinstance(event, SequenceEndEvent):
                break
            here = (*path, len(items))
            self.positions[here] = (event.start_mark.line + 1, event.start_mark.column + 1)
            items.append(self._value(event, events, here))
        return items
