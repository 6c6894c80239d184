"""A mapping without a source: what it says of the account can be looked at all the same."""

from importer.blocks import Header
from importer.mapping.binding import bind
from importer.mapping.bound import BoundMapping
from importer.mapping.parsing import MappingDocument
from importer.mapping.places import named_columns


def bound_alone(document: MappingDocument) -> BoundMapping:
    """The mapping bound to a header that has every column it names.

    :raises MappingError: the mapping has faults of its own.
    """
    names = dict.fromkeys(name for _, name in named_columns(document.tree.plain))
    return bind(document, Header(tuple(names), 1), document.path)
