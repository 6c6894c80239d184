"""What a value can post, as far as its mapping fixes it."""

from dataclasses import dataclass

from importer.mapping.bound import BoundValue, FromNowhere
from importer.mapping.reading import constant_text
from importer.mapping.values import ValueType

_AS_WRITTEN = frozenset({ValueType.TEXT, ValueType.CHOICE, ValueType.EMAIL, ValueType.GUID})
"""Types whose texts are posted as the mapping writes them."""


@dataclass(frozen=True, slots=True)
class FixedText:
    """A text that stands in the mapping and will be posted."""

    origin: str
    """`constant`, `default`, `map` or `choices`."""
    text: str


def fixed_texts(value: BoundValue) -> list[FixedText]:
    """The texts of the mapping that this value can post, each once; empty ones are left out."""
    if isinstance(value.origin, FromNowhere):
        found = [FixedText("constant", constant_text(value) or "")]
    elif value.type in _AS_WRITTEN:
        default = [FixedText("default", value.default)] if value.default is not None else []
        # What passes the table must still be among the choices; what the table gives is then what counts.
        listed = [FixedText("map", text) for text in _targets(value)] or [
            FixedText("choices", text) for text in value.choices or ()
        ]
        found = default + listed
    else:
        found = []
    return list({fixed.text: fixed for fixed in reversed(found) if fixed.text}.values())[::-1]


def _targets(value: BoundValue) -> list[str]:
    return [str(text) for text in value.map.posted.unique().to_pylist()] if value.map else []
