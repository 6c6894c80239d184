"""Every refusal of the API, with its ExceptionType and the text the sources show.

    ApiError
    ├── InvalidAccessDetailsError            401  wrong keys
    ├── MalformedBodyError                   400  not UTF-8, not JSON, or JSON of another shape
    ├── RateLimitError                       429, 403 or 200
    └── the MX errors                        500  `{"Status":"Error","ExceptionType":"MX…","ExceptionMessage":"…"}`

Types and texts are those of page error-handling and of live accounts. Where no source has a text (unknown lead,
unknown field, wrong option, unknown owner, more than 25 rows), the nearest known form is used.
"""

from collections.abc import Iterable
from typing import ClassVar


class ApiError(Exception):
    """A call, or a row of a bulk call, that the API refuses."""

    status: ClassVar[int] = 500
    exception_type: ClassVar[str] = "MXInvalidInputException"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    @property
    def http_status(self) -> int:
        """The status of the answer; classes whose status is a setting say it here."""
        return self.status


class InvalidAccessDetailsError(ApiError):
    """Keys that are missing or wrong (page authentication)."""

    status = 401
    exception_type = "MXInvalidAccessDetailsException"

    def __init__(self) -> None:
        super().__init__("Invalid Access Details provided.")


class MalformedBodyError(ApiError):
    """A body that can't be read; the type is Newtonsoft's, which the live text points to."""

    status = 400
    exception_type = "JsonReaderException"

    def __init__(self) -> None:
        super().__init__("The request body contains malformed or unexpected JSON.")


class EncodingError(ApiError):
    """A body that isn't UTF-8."""

    status = 400
    exception_type = "JsonReaderException"

    def __init__(self) -> None:
        super().__init__("Unexpected character encountered while parsing value: \ufffd. Path '', line 0, position 0.")


class RateLimitError(ApiError):
    """One call too many; such a call is not carried out (page rate-limits)."""

    exception_type = "MXAPIRateLimitExceededException"

    def __init__(self, calls: int, seconds: float, status: int) -> None:
        super().__init__(f"API calls exceeded the limit of {calls} in {seconds:g} second(s)")
        self._status = status

    @property
    def http_status(self) -> int:
        """429, 403 or 200, as the settings say."""
        return self._status


class InvalidInputError(ApiError):
    """A parameter that is absent, blank or of the wrong form."""

    def __init__(self, parameter: str) -> None:
        super().__init__(f"Invalid Input! Parameter Name: {parameter}")


class NoActivityEventError(InvalidInputError):
    """A search by type without the type."""

    def __init__(self) -> None:
        super().__init__("You have not passed any ActivityEvent.")


class PageSizeError(InvalidInputError):
    """A page of activities larger than the API gives."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"PageSize can not be more than {limit}.")


class PeriodError(InvalidInputError):
    """A FromDate or ToDate that isn't a date."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} value is not correct.")


class ReversedPeriodError(InvalidInputError):
    """A period that ends before it begins."""

    def __init__(self) -> None:
        super().__init__("FromDate can't be greater than ToDate.")


class TooManyRowsError(InvalidInputError):
    """A bulk call of more than 25 rows (page 003)."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"You can not pass more than {limit} activities.")


class InvalidSearchByError(ApiError):
    """A SearchBy that names no unique field."""

    def __init__(self) -> None:
        super().__init__("Invalid SearchBy value provided")


class LeadNotFoundError(ApiError):
    """No such lead; the text is that of page update-lead-in-bulk-v2."""

    def __init__(self) -> None:
        super().__init__("Lead does not exist in the system or You do not have permission to update the lead")


class NotADropdownError(ApiError):
    """Options asked of a field that has none."""

    def __init__(self) -> None:
        super().__init__("Activity field should be of type independent dropdown")


class LeadPageSizeError(ApiError):
    """A page of leads larger than the API gives."""

    exception_type = "MXMandatoryFieldMissingException"

    def __init__(self, limit: int) -> None:
        super().__init__(f"Page size can not be larger than {limit}.")


class MandatoryAttributeError(ApiError):
    """A parameter that must be there (page error-handling)."""

    exception_type = "MXMandatoryAttributeMissingException"

    def __init__(self, name: str, purpose: str) -> None:
        super().__init__(f"'{name}' is mandatory for {purpose}")


class UnknownEventError(ApiError):
    """An ActivityEvent that is no activity type's."""

    exception_type = "MXInvalidActivityException"

    def __init__(self) -> None:
        super().__init__("Event Code is invalid or empty")


class FutureDateError(ApiError):
    """An ActivityDateTime in the future, on an account that forbids it."""

    exception_type = "MXFutureDateTimeActivityNotAllowedException"

    def __init__(self) -> None:
        super().__init__("Activity can not be posted with a future date time.")


class ActivityFieldError(ApiError):
    """Something is wrong with a field of an activity."""

    exception_type = "MXInvalidActivityFieldsException"


class MandatoryFieldError(ActivityFieldError):
    """A mandatory field that is absent or blank."""

    def __init__(self, schema_name: str, data_type: str) -> None:
        super().__init__(f"Field name : '{schema_name}' of datatype : '{data_type}' is mandatory.")


class UnknownFieldError(ActivityFieldError):
    """A SchemaName that the activity type lacks."""

    def __init__(self, schema_name: str) -> None:
        super().__init__(f"Field name : '{schema_name}' does not exist.")


class FieldValueError(ActivityFieldError):
    """A value that doesn't fit the field's DataType."""

    def __init__(self, schema_name: str, data_type: str) -> None:
        super().__init__(f"Field name : '{schema_name}' of datatype : '{data_type}' has an invalid value.")


class FieldLengthError(ActivityFieldError):
    """A value longer than MaxFieldLength."""

    def __init__(self, schema_name: str, limit: int) -> None:
        super().__init__(f"Field name : '{schema_name}' can not be longer than {limit} characters.")


class OptionError(ActivityFieldError):
    """A value that is none of the options; the text repeats the value, as real servers do with what they are sent."""

    def __init__(self, schema_name: str, value: str) -> None:
        super().__init__(f"Field name : '{schema_name}' has an invalid dropdown option : '{value}'.")


class UnknownAttributeError(ApiError):
    """A lead field that the account lacks."""

    exception_type = "MXUnknownAttributeException"

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__(f"Attribute(s) does not exist - {', '.join(names)}.")


class UnknownActivityError(ApiError):
    """An activity id that doesn't exist."""

    exception_type = "MXUnknownProspectActivityException"

    def __init__(self) -> None:
        super().__init__("Activity does not exist.")


class DuplicateEntryError(ApiError):
    """A unique lead field whose value another lead has."""

    exception_type = "MXDuplicateEntryException"

    def __init__(self, display_name: str) -> None:
        super().__init__(f"A Lead with same {display_name} already exists.")
