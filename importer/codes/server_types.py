"""The types of errors that LeadSquared's answers bear, with what is known of each: what `explain` tells of them.

The types and their texts are those of page error-handling and of answers that were seen.
"""

from typing import Final

from importer.codes.rows import Explanation

_KEYS: Final = (
    "Check LSQ_ACCESS_KEY, LSQ_SECRET_KEY and LSQ_HOST: the keys belong to one region's host. In a shell, put them in "
    "single quotes: they may hold a $."
)
_RIGHTS: Final = "Ask an administrator for the rights, or use the keys of a user who has them."

SERVER_TYPES: Final[dict[str, Explanation]] = {
    "MXAPIRateLimitExceededException": Explanation(
        "more calls were made than the account allows; this one was not carried out",
        "Nothing needs to be done: the importer waits and sends it again. Other programs on the account use up the "
        "same limit; --rate and --bulk-rate say what is left for this one.",
    ),
    "MXDuplicateEntryException": Explanation(
        "another lead has the same value in a field that must be unique, such as the phone number",
        "Look for that lead: correct the row's value, or search the lead by this very field.",
    ),
    "MXException": Explanation(
        "something went wrong in LeadSquared, and it says no more of it",
        "Compare the row with one that was created. If all rows end so, try again later.",
    ),
    "MXFutureDateTimeActivityNotAllowedException": Explanation(
        "the activity lies in the future, which this account forbids",
        "Look at the date, and at `timezone` under activity.datetime: a local time that is posted as UTC looks like "
        "the future east of Greenwich.",
    ),
    "MXInvalidAccessDetailsException": Explanation("the keys are wrong or missing", _KEYS),
    "MXInvalidActivityException": Explanation(
        "there is no activity type of this code, or it is switched off",
        "Correct activity.event in the mapping; `lsq-import doctor -m MAPPING` compares it with the account.",
    ),
    "MXInvalidActivityFieldsException": Explanation(
        "a field of the activity is missing, unknown or holds what it can't",
        "The message names the field. `lsq-import doctor -m MAPPING` compares the mapping's fields with the account's.",
    ),
    "MXInvalidDataTypeException": Explanation(
        "a value is not of the kind that its field holds, or the call has another shape than is expected",
        "Give the value its type in the mapping: decimal, integer, date; the message mostly names the field.",
    ),
    "MXInvalidInputException": Explanation(
        "something in the call is wrong",
        "The message says what. Where it speaks of SearchBy, correct `search_by` under lead, capital letters included.",
    ),
    "MXInvalidUserDetailsException": Explanation("the keys are wrong", _KEYS),
    "MXMandatoryAttributeMissingException": Explanation(
        "a value that must be there is missing",
        "The message names it: add it to the mapping, or make the column `required: true`, so that empty cells are "
        "found before they are sent.",
    ),
    "MXMandatoryFieldMissingException": Explanation(
        "a value that must be there is missing, or a page is larger than the account gives",
        "The message names it: add it to the mapping, or make the column `required: true`.",
    ),
    "MXUnAuthorizedAccessException": Explanation("the user of the keys may not do this", _RIGHTS),
    "MXUnauthorizedRequestException": Explanation("the user of the keys may not do this", _RIGHTS),
    "MXUnknownAttributeException": Explanation(
        "the account has no lead field of this name",
        "Correct the name under lead.attributes or search_by, capital letters included; the message names it.",
    ),
    "MXUnknownProspectActivityException": Explanation(
        "there is no activity of this id", "Check the id; it may belong to another account."
    ),
    "MXXSSException": Explanation(
        "a text looks like a script, which LeadSquared does not store",
        "Take marks such as < and > out of the text in the to-fix file.",
    ),
}
"""In the order of the alphabet."""

OTHER_TYPE: Final = Explanation(
    "LeadSquared's own name for what was wrong with a call; more is not known of this one",
    "The message that stands with it says more, in LeadSquared's words. Correct the row in the to-fix file, or mend "
    "the cause and run `lsq-import retry`.",
)


def server_type(name: str) -> tuple[str, Explanation] | None:
    """The type of this name in any case, and what is known of it; None if it is none of LeadSquared's."""
    wanted = name.strip().casefold()
    for known, explanation in SERVER_TYPES.items():
        if wanted in (known.casefold(), known.casefold().removesuffix("exception")):
            return known, explanation
    is_one = wanted.startswith("mx") and wanted.endswith("exception") and wanted.isalnum()
    return (name.strip(), OTHER_TYPE) if is_one else None
