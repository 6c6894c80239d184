"""A pydantic model that reports everything at once: unknown keys with a suggestion, fields, and rules across fields."""

from collections.abc import Iterator
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, ModelWrapValidatorHandler, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from importer.errors.base import suggestion

OWN_WORDS = "own_words"
"""The type of an error whose text is ready for the user."""


def fault(sentence: str, *loc: str | int) -> InitErrorDetails:
    """An error in our own words, at a key below the model that reports it."""
    return InitErrorDetails(
        type=PydanticCustomError(OWN_WORDS, "{sentence}", {"sentence": sentence}), loc=loc, input=None
    )


class Strict(BaseModel):
    """The base of every part of a mapping."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    called: ClassVar[str] = "this part"
    """What a person calls it, in messages."""

    @classmethod
    def rules(cls, raw: dict[str, Any]) -> Iterator[InitErrorDetails]:
        """Faults that concern several keys of the part as it is written; overridden where there are such rules."""
        yield from ()

    @model_validator(mode="wrap")
    @classmethod
    def _report_all_at_once(cls, raw: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
        if not isinstance(raw, dict):
            return handler(raw)
        faults: list[InitErrorDetails] = []
        known = tuple(field.alias or name for name, field in cls.model_fields.items())
        for key in raw:
            if key not in known:
                near = suggestion(str(key), known)
                faults.append(fault(f'"{key}" is not a key of {cls.called}.{near or _listed(known)}', key))
        faults += cls.rules(raw)
        model: Self | None = None
        try:
            model = handler({key: value for key, value in raw.items() if key in known})
        except ValidationError as error:
            faults += [_again(details) for details in error.errors(include_url=False)]
        if model is None or faults:
            raise ValidationError.from_exception_data(cls.__name__, faults)
        return model


def _listed(known: tuple[str, ...]) -> str:
    return f" Its keys are {', '.join(known)}."


def _again(details: Any) -> InitErrorDetails:
    facts = {**details.get("ctx", {}), "sentence": details["msg"]}
    template = PydanticCustomError(details["type"], "{sentence}", facts)
    return InitErrorDetails(type=template, loc=details["loc"], input=details["input"])
