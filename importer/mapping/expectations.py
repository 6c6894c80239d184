"""Tests that stand in a mapping file: a row, and what must become of it."""

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag
from pydantic_core import InitErrorDetails

from importer.codes.rows import Code
from importer.errors.base import suggestion
from importer.mapping.checked_texts import Filled, Written, own_words
from importer.mapping.strict import Strict, fault


def _known_code(name: str) -> str:
    if name not in set(Code):
        raise own_words(
            f'There is no code "{name}".{suggestion(name, list(Code)) or " `lsq-import explain` lists them."}'
        )
    return name


CodeName = Annotated[str, AfterValidator(_known_code)]
Expected = Written | None
"""The text that is posted; empty in the file: nothing is."""


def _text_or_table(raw: object) -> object:
    if not isinstance(raw, str | dict | None):
        raise own_words("What is expected is a text, or nothing; of a custom field set a table of texts.")
    return raw


ExpectedEntry = Annotated[
    Annotated[Expected, Tag("expected_text")] | Annotated[dict[str, Expected], Tag("expected_set")],
    Discriminator(lambda raw: "expected_set" if isinstance(raw, dict) else "expected_text"),
    BeforeValidator(_text_or_table),
]


class ExpectedLead(Strict):
    """Values under `lead`."""

    called: ClassVar[str] = "the expected lead"

    id: Expected = None
    value: Expected = None
    email: Expected = None
    first_name: Expected = None
    last_name: Expected = None
    phone: Expected = None
    attributes: dict[str, ExpectedEntry] | None = None


class ExpectedActivity(Strict):
    """Values under `activity`."""

    called: ClassVar[str] = "the expected activity"

    note: Expected = None
    datetime: Expected = None
    owner: Expected = None


class MappingTest(Strict):
    """One row, and what must become of it: the values that are posted, its issues, or nothing at all."""

    called: ClassVar[str] = "a test"

    name: Filled | None = Field(None, description="What is tested, for the person who reads that it failed.")
    row: dict[str, Expected] = Field(description="Column: what its cell shows. Other columns are empty.")
    lead: ExpectedLead | None = Field(None, description="Posted values of the mapping's lead part.")
    activity: ExpectedActivity | None = Field(None, description="Posted values of the mapping's activity part.")
    fields: dict[str, ExpectedEntry] | None = Field(
        None, description="Posted values of fields; those that are not named are not looked at."
    )
    issues: list[CodeName] | None = Field(None, min_length=1, description="The codes of all issues of the row.")
    left_out: bool | None = Field(None, description="The row is none of this import, by `when`.")

    @classmethod
    def rules(cls, raw: dict[str, Any]) -> Iterator[InitErrorDetails]:
        """A row that is not posted has no posted values."""
        ends = [key for key in ("issues", "left_out") if raw.get(key) not in (None, "false")]
        values = [key for key in ("lead", "activity", "fields") if raw.get(key) is not None]
        if ends and (values or len(ends) > 1):
            both = [*values, *ends]
            yield fault(f"A row can't have both {both[0]} and {both[-1]}; make two tests of it.", ends[-1])
