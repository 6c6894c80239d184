"""What the name of a column tells: words of English and German headers, as spreadsheets have them."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

_WORD: Final = re.compile(r"[^\W_]+")
_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def _set_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


_LEADS: Final = frozenset({"lead", "leads", "prospect", "leadsquared", "lsq"})
_IDS: Final = frozenset({"id", "guid", "uuid"})
_OWNERS: Final = _set_of(
    "owner agent user rep representative executive officer assigned assignee salesperson counsellor counselor advisor "
    "adviser manager handler caller salesman employee staff telecaller besitzer betreuer mitarbeiter"
)
_NOTES: Final = _set_of(
    "note notes remark remarks comment comments description summary message discussion feedback nachricht bemerkung "
    "bemerkungen notiz notizen kommentar kommentare"
)
_PHONES: Final = _set_of("phone mobile cell cellphone tel telephone telefon handy whatsapp msisdn phoneno")
_EMAILS: Final = _set_of("email mail emailaddress emailid")
_FOR_DATES: Final = _set_of(
    "date dates datum time timestamp day when zeit zeitpunkt zeitstempel dob birthday birthdate geburtstag datetime "
    "tag am on at dated"
)
_HAPPENED: Final = _set_of(
    "visit visited call called meeting met activity event interaction applied submitted created logged started start "
    "checkin signup registered entry happened besuch anruf termin besucht angerufen"
)
_NOT_WHEN_IT_HAPPENED: Final = _set_of(
    "birth birthday birthdate dob geburtstag geburtsdatum follow followup next due back callback expiry expires "
    "expiration valid validity anniversary decided decision closed close closing updated modified changed confirmed "
    "bestatigt end ended deadline until delivery delivered joining reminder wiedervorlage"
)
_IDENTIFIERS: Final = _set_of(
    "id ids no nr num number code pin pincode zip zipcode postcode postal plz account acct konto invoice ref reference "
    "serial sku gst gstin pan aadhaar aadhar ext extension key nummer kennung telefonnummer barcode imei"
)
_NAMES_OF_LEADS: Final = _set_of(
    "firstname lastname surname vorname nachname fullname leadname prospectname customername contactname middlename"
)


@lru_cache(maxsize=4096)
def words_of(name: str) -> tuple[str, ...]:
    """The words of a header: small, without accents, `visitDate` and `VISIT_DATE` both as visit and date."""
    plain = "".join(
        letter for letter in unicodedata.normalize("NFKD", _HUMP.sub(" ", name)) if not unicodedata.combining(letter)
    )
    joined = plain.casefold().replace("e-mail", "email")
    return tuple(_WORD.findall(joined))


def normalised(name: str) -> str:
    """A name for comparison: its letters and digits alone. Names of other scripts keep theirs."""
    return "".join(words_of(name))


def names_a_lead_id(name: str) -> bool:
    """`Lead ID`, `ProspectID`, `Lead GUID`."""
    words = set(words_of(name))
    return bool(words & _LEADS and words & _IDS) or normalised(name) in {"leadid", "prospectid", "relatedprospectid"}


def names_an_owner(name: str) -> bool:
    """`Owner Email`, `Sales Rep`: somebody of one's own people, never the lead."""
    return bool(set(words_of(name)) & _OWNERS)


def names_a_note(name: str) -> bool:
    """`Remarks`, `Call Summary`."""
    return bool(set(words_of(name)) & _NOTES)


def names_a_phone(name: str) -> bool:
    """`Mobile No`, `Phone`, `Contact Number`."""
    words = set(words_of(name))
    return bool(words & _PHONES) or ("contact" in words and bool(words & {"no", "nr", "number"}))


def names_an_email(name: str) -> bool:
    """`Email`, `E-mail address`."""
    return bool(set(words_of(name)) & _EMAILS)


def names_a_date(name: str) -> bool:
    """Whether a column of this name can be expected to hold dates."""
    words = words_of(name)
    return bool(set(words) & (_FOR_DATES | _NOT_WHEN_IT_HAPPENED)) or any(
        word.endswith(("date", "datum")) for word in words
    )


def names_what_happened(name: str) -> float:
    """How much a date column's name speaks for the moment of the activity itself: 1 much, 0 against it."""
    words = set(words_of(name))
    if words & _NOT_WHEN_IT_HAPPENED:
        return 0.0
    if words & _HAPPENED:
        return 1.0
    return 0.9 if words & {"date", "datum", "datetime", "timestamp", "when", "zeitpunkt"} else 0.5


def names_an_identifier(name: str) -> bool:
    """`Invoice No`, `PIN Code`: digits that nobody counts with. `No of visitors` is a count."""
    words = words_of(name)
    return bool(set(words) & _IDENTIFIERS) and not {"of", "per"} & set(words)


def names_a_lead_name(name: str) -> bool:
    """`First Name`, `Customer Name`: it stands at the lead, not at the activity."""
    return normalised(name) in _NAMES_OF_LEADS


def part_of_a_name(name: str) -> str | None:
    """The key under `lead` that a column with a part of the lead's name would have, if it is one."""
    return {
        "firstname": "first_name",
        "vorname": "first_name",
        "lastname": "last_name",
        "surname": "last_name",
        "nachname": "last_name",
    }.get(normalised(name))
