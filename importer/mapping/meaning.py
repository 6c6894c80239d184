"""What a bound mapping means, in bytes that are the same in every process.

Whoever remembers what became of a row's cells has to know whether the same mapping is asked today. The file's own
digest would not do: it changes with every comment, and not with the tables that the mapping names.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum

from pydantic import BaseModel

from importer import __version__
from importer.blocks import Header
from importer.leadsquared.routes import Route
from importer.mapping.bound import BoundMapping
from importer.mapping.table_files import Table


def meaning_of(bound: BoundMapping, version: str = __version__) -> bytes:
    """16 bytes.

    :param version: of this program; another one may mean something else by the same words.
    """
    return hashlib.blake2b(f"{version} {_told(bound)}".encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _told(value: object) -> str:
    match value:
        case Route():
            return str(value.name)
        case Header():
            return ""  # columns are told by their positions
        case Table():
            return repr([value.keys.to_pylist(), value.posted.to_pylist()])
        case Enum():
            return f"{type(value).__name__} {value.value!r}"
        case None | str() | int() | BaseModel():
            return f"{type(value).__name__} {value!r}"
        case Mapping():
            return _listed((_told(key), _told(each)) for key, each in value.items())
        case frozenset():
            return _listed(sorted(map(_told, value)))
        case tuple():
            return _listed(map(_told, value))
    if is_dataclass(value):
        told = _listed((each.name, _told(getattr(value, each.name))) for each in fields(value))
        return f"{type(value).__name__} {told}"
    raise TypeError(f"nobody has said how to tell of {type(value).__name__}")


def _listed(texts: Iterable[object]) -> str:
    return repr(list(texts))
