"""To which address calls may go. The keys go with them, so an address that is not LeadSquared's needs a clear word."""

import ipaddress
import re
from typing import Final
from urllib.parse import urlsplit

from importer.errors.base import HostRefused

KNOWN_HOSTS: Final = (
    "api.leadsquared.com",
    "api-us11.leadsquared.com",
    "api-in21.leadsquared.com",
    "api-in22.leadsquared.com",
    "api-ir31.leadsquared.com",
    "api-ca12.leadsquared.com",
)
"""The regional hosts of the user-authentication page; others of leadsquared.com are accepted as well."""

_LABELS: Final = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*")
_USUAL_PORTS: Final = {"http": 80, "https": 443}
_EXAMPLE: Final = f"Write it as LeadSquared shows it, for example {KNOWN_HOSTS[2]}."


def base_url(host: str, *, allow_foreign: bool, path: str = "/v2") -> str:
    """The address that calls begin with, `https://api-in21.leadsquared.com/v2`, from a host name or a base URL.

    :param allow_foreign: hosts outside leadsquared.com are accepted (LSQ_ALLOW_HOST=1).
    :param path: what the API's paths begin with; the async host has none.
    :raises HostRefused: it is no plain address, not encrypted, or not LeadSquared's.
    """
    given = host.strip()
    shown = _without_keys(given)
    try:
        parts = urlsplit(given if "://" in given else f"https://{given}")
        name, port = parts.hostname or "", parts.port
    except ValueError:
        raise HostRefused(shown, "it is not an address", _EXAMPLE) from None
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment or "\\" in given:
        raise HostRefused(shown, "it holds more than a host name", _EXAMPLE)
    if parts.path.rstrip("/") not in ("", path):
        raise HostRefused(shown, f'the path "{parts.path}" does not belong to it', _EXAMPLE)
    if not (_is_address(name) or _LABELS.fullmatch(name)):
        raise HostRefused(shown, "it is not a host name", _EXAMPLE)
    loopback = _is_loopback(name)
    if parts.scheme not in ("http", "https"):
        raise HostRefused(shown, f"{parts.scheme}:// is not a web address", _EXAMPLE)
    if parts.scheme == "http" and not loopback:
        raise HostRefused(shown, "http would send your keys unencrypted", "Write https://, or just the host name.")
    if not (loopback or allow_foreign or name == "leadsquared.com" or name.endswith(".leadsquared.com")):
        raise HostRefused(
            shown,
            "it is outside leadsquared.com and would get your keys",
            "If it is meant, set LSQ_ALLOW_HOST=1 as well.",
        )
    place = f"[{name}]" if ":" in name else name
    if port not in (None, _USUAL_PORTS[parts.scheme]):  # the ledger knows an account by its address
        place = f"{place}:{port}"
    return f"{parts.scheme}://{place}{path}"


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _is_loopback(name: str) -> bool:
    return name == "localhost" or (_is_address(name) and ipaddress.ip_address(name).is_loopback)


def _without_keys(given: str) -> str:
    """What may be shown of an address: keys stand before an @ or in a query, as in the examples of the API's pages."""
    return re.sub(r"[?#].*", "?…", re.sub(r".*@", "…@", given))
