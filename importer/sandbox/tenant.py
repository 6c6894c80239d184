"""The account that the sandbox plays: what it holds from its seed, what its settings allow, what was stored so far."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from importer.sandbox.account import ActivityField, ActivityType, LeadField, Seed, User
from importer.sandbox.clock import Clock
from importer.sandbox.errors import InvalidSearchByError
from importer.sandbox.moments import stored
from importer.sandbox.settings import SandboxSettings
from importer.sandbox.store import Store
from importer.sandbox.store.leads import LeadKey, StoredLead

# Up to 50 custom fields per type (page create-new-activity-type-api).
_OPEN_FIELDS = tuple(ActivityField(f"mx_Custom_{n}", f"Custom {n}") for n in range(1, 51))
_CUSTOM_NAME = re.compile(r"mx_\w+", re.ASCII)


class Tenant:
    """Settings, seed, store and clock of one sandbox, with the questions that calls ask about them."""

    def __init__(self, settings: SandboxSettings, seed: Seed, store: Store, clock: Clock) -> None:
        self.settings = settings
        self.seed = seed
        self.store = store
        self.clock = clock
        self._types = {each.code: each for each in seed.activity_types}
        self._lead_fields = {each.schema_name: each for each in seed.lead_fields}
        self._owners = {each.email.casefold(): each for each in seed.users}
        self._users = {each.id: each for each in seed.users}
        self._deleted = frozenset(seed.deleted_leads)

    def plant(self) -> None:
        """Store the seed's leads, except those that are there already."""
        now = self.now()
        with self.store.database.transaction():
            for lead in self.seed.leads:
                if self.store.leads.get(lead.id) is None:
                    self.store.leads.add(lead.id, lead.attributes, self.lead_keys(lead.attributes), now)

    def now(self) -> str:
        """The present moment, as it is stored."""
        return stored(self.clock.now())

    def ago(self, seconds: float) -> str:
        """The moment so many seconds before now, as it is stored."""
        return stored(self.clock.now() - timedelta(seconds=seconds))

    def visible_until(self) -> str | None:
        """The moment up to which stored activities can be read; None if there is no lag."""
        return self.ago(self.settings.read_lag) if self.settings.read_lag else None

    def is_future(self, moment: datetime) -> bool:
        """Whether a moment lies after now."""
        return moment > self.clock.now()

    @property
    def key_user(self) -> User:
        """The user whose keys are used."""
        return self.seed.users[0]

    def user(self, user_id: str) -> User | None:
        """The user with this id."""
        return self._users.get(user_id)

    def owner(self, email: str) -> User | None:
        """The user with this e-mail address; if owners are open, an unknown one is the key's user."""
        known = self._owners.get(email.strip().casefold())
        return known or (self.key_user if self.settings.owners == "open" else None)

    @property
    def activity_types(self) -> tuple[ActivityType, ...]:
        """The seeded types."""
        return self.seed.activity_types

    def activity_type(self, code: int | None) -> ActivityType | None:
        """The type with this event code; if types are open, an unknown code has text fields only."""
        if code is None or code < 1:
            return None
        seeded = self._types.get(code)
        if seeded is None and self.settings.activity_types == "open":
            return ActivityType(code, f"Activity {code}", _OPEN_FIELDS)
        return seeded

    def is_open_type(self, code: int) -> bool:
        """Whether a type is known by its code alone."""
        return code not in self._types

    def lead_field(self, schema_name: str) -> LeadField | None:
        """The lead field with this name; if leads are open, every mx_ name is one."""
        known = self._lead_fields.get(schema_name)
        if known is None and self.settings.leads == "open" and _CUSTOM_NAME.fullmatch(schema_name):
            return LeadField(schema_name, schema_name)
        return known

    def search_field(self, schema_name: str) -> LeadField:
        """The lead field with this name, by which leads can be searched; raises InvalidSearchByError."""
        lead_field = self.lead_field(schema_name)
        if lead_field is None or not self._searchable(lead_field):
            raise InvalidSearchByError
        return lead_field

    def _searchable(self, lead_field: LeadField) -> bool:
        # Of a field that only an open account knows, nobody can tell whether it is unique.
        return lead_field.unique or lead_field.schema_name not in self._lead_fields

    def lead_keys(self, attributes: Mapping[str, str]) -> list[LeadKey]:
        """The values among a lead's attributes by which it can be found."""
        fields = [self.lead_field(name) for name, value in attributes.items() if value.strip()]
        return [self.lead_key(each, attributes[each.schema_name]) for each in fields if each and self._searchable(each)]

    def lead_key(self, lead_field: LeadField, value: str) -> LeadKey:
        """A field's value in the form in which values are compared."""
        text = value.strip()
        key = phone_key(text, self.settings.country_code) if lead_field.data_type == "Phone" else text.casefold()
        return LeadKey(lead_field.schema_name, key)

    def lead(self, lead_id: str) -> StoredLead | None:
        """The lead with this id; if leads are open, an unknown id is a lead without attributes, not stored yet."""
        known = self.store.leads.get(lead_id)
        if known is None and self.settings.leads == "open" and lead_id not in self._deleted:
            return StoredLead(lead_id, 0, {}, 0, self.now(), self.now())
        return known

    def find_lead(self, schema_name: str, value: str) -> StoredLead | None:
        """The stored lead with this value of a field; raises InvalidSearchByError."""
        return self.store.leads.find(self.lead_key(self.search_field(schema_name), value))


def phone_key(text: str, country_code: str) -> str:
    """A phone number's digits with its country code, which ten digits alone don't have (page get-lead-by-phone)."""
    digits = re.sub(r"\D", "", text, flags=re.ASCII)
    if text.startswith("+"):
        return digits
    digits = digits.lstrip("0")
    return country_code + digits if len(digits) <= 10 else digits
