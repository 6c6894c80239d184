"""To which addresses the keys may go."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.errors.base import HostRefused
from importer.leadsquared.hosts import KNOWN_HOSTS, base_url

ACCEPTED = {
    **{host: f"https://{host}/v2" for host in KNOWN_HOSTS},
    "api-me61.leadsquared.com": "https://api-me61.leadsquared.com/v2",
    "asyncapi-in21.leadsquared.com": "https://asyncapi-in21.leadsquared.com/v2",
    "https://api.leadsquared.com": "https://api.leadsquared.com/v2",
    "https://api.leadsquared.com/": "https://api.leadsquared.com/v2",
    "https://api.leadsquared.com/v2": "https://api.leadsquared.com/v2",
    "https://api.leadsquared.com/v2/": "https://api.leadsquared.com/v2",
    "api.leadsquared.com/v2": "https://api.leadsquared.com/v2",
    "  api.leadsquared.com\n": "https://api.leadsquared.com/v2",
    "HTTPS://API.LeadSquared.COM": "https://api.leadsquared.com/v2",
    "https://api.leadsquared.com:443": "https://api.leadsquared.com/v2",
    "api.leadsquared.com:8443": "https://api.leadsquared.com:8443/v2",
    # this computer itself, encrypted or not
    "127.0.0.1:8000": "https://127.0.0.1:8000/v2",
    "http://127.0.0.1:8000": "http://127.0.0.1:8000/v2",
    "http://127.0.0.1:80": "http://127.0.0.1/v2",
    "http://127.45.6.7": "http://127.45.6.7/v2",
    "http://localhost:8000/v2": "http://localhost:8000/v2",
    "http://[::1]:8000": "http://[::1]:8000/v2",
    "[::1]": "https://[::1]/v2",
}
"""(what LSQ_HOST says, where calls go)"""

REFUSED = (
    # not encrypted
    "http://api.leadsquared.com",
    "http://api.leadsquared.com:443",
    "HTTP://API.LEADSQUARED.COM",
    "http://192.168.0.10",
    "http://0.0.0.0:8000",
    "http://2130706433",
    "http://127.1",
    "http://0x7f000001",
    "http://localhost.example.com",
    "http://[::ffff:93.184.216.34]",
    # somebody else's
    "leadsquared.com.evil",
    "api.leadsquared.com.evil.example",
    "evilleadsquared.com",
    "api-leadsquared.com",
    "leadsquared.com.",
    "api.leadsquared.com.",
    "api.leadsquared.co",
    "api.leadsquared.com.co",
    "example.com/api.leadsquared.com",
    "93.184.216.34",
    "169.254.169.254",
    "[2606:2800:220:1::1]",
    "localhost.leadsquared.com.example",
    # more than a host
    "user@api.leadsquared.com",
    "https://api.leadsquared.com@evil.example",
    "https://user:word@api.leadsquared.com",
    "https://@api.leadsquared.com",
    "https://evil.example#.leadsquared.com",
    "https://evil.example#@api.leadsquared.com",
    "https://api.leadsquared.com#here",
    "https://evil.example\\@api.leadsquared.com",
    "https://evil.example\\.leadsquared.com",
    "https://evil.example?.leadsquared.com",
    "https://api.leadsquared.com?accessKey=1",
    "https://evil.example/.leadsquared.com",
    "https://evil.example%2f.leadsquared.com",
    "https://evil.example;.leadsquared.com",
    "https://api.leadsquared.com/v1",
    "https://api.leadsquared.com/v2/../evil",
    "https://api.leadsquared.com//v2",
    "https://api.leadsquared.com/v2/ProspectActivity.svc",
    # no host name
    "",
    " ",
    "https://",
    "https://.leadsquared.com",
    "https://api..leadsquared.com",
    "https://-.leadsquared.com",
    "https://api_1.leadsquared.com",
    "https://*.leadsquared.com",
    "https://api.leadsquared.com evil.example",
    "https://api\u3002leadsquared\u3002com",  # ideographic full stops, which browsers take for dots
    "https://api.leadsquared.com\uff0fv2",  # a full-width slash
    "https://evil.example\uff03.leadsquared.com",  # a full-width number sign
    "https://\u0430pi.leadsquared.com",  # a Cyrillic letter that looks like an a
    "https://api.leadsquared.com:port",
    "https://api.leadsquared.com:99999",
    "https://api.leadsquared.com:-1",
    "https://[::1",
    "https://[api.leadsquared.com]",
    # no web address
    "ftp://api.leadsquared.com",
    "file:///etc/hosts",
    "javascript://api.leadsquared.com",
    "//api.leadsquared.com",
    "https:api.leadsquared.com",
    "https:///api.leadsquared.com",
)


@pytest.mark.parametrize("host", ACCEPTED)
def test_addresses_of_leadsquared_and_of_this_computer_are_used(host: str) -> None:
    """A host of leadsquared.com is called encrypted whatever is said; loopback also in the clear."""
    assert base_url(host, allow_foreign=False) == ACCEPTED[host]


@pytest.mark.parametrize("host", REFUSED)
def test_every_other_address_is_refused(host: str) -> None:
    """An address that is not plainly LeadSquared's gets no key, and the refusal says what to write."""
    with pytest.raises(HostRefused) as refused:
        base_url(host, allow_foreign=False)
    assert refused.value.remedy
    assert refused.value.exit_code == 2


def test_a_foreign_host_needs_a_clear_word() -> None:
    """LSQ_ALLOW_HOST lets another host be called, but never in the clear, nor with anything but a host name."""
    assert base_url("lsq.example.com", allow_foreign=True) == "https://lsq.example.com/v2"
    assert base_url("https://10.0.0.7:8443/v2", allow_foreign=True) == "https://10.0.0.7:8443/v2"
    with pytest.raises(HostRefused, match="LSQ_ALLOW_HOST=1"):
        base_url("lsq.example.com", allow_foreign=False)
    for host in ("http://lsq.example.com", "user@lsq.example.com", "lsq.example.com/v3", "lsq.example.com.", "ftp://x"):
        with pytest.raises(HostRefused):
            base_url(host, allow_foreign=True)


def test_the_async_host_has_no_version_in_its_address() -> None:
    """Without a path only the bare host is taken, /v2 being part of the sync host's address alone."""
    host = "asyncapi-in21.leadsquared.com"
    assert base_url(host, allow_foreign=False, path="") == f"https://{host}"
    assert base_url(f"https://{host}/", allow_foreign=False, path="") == f"https://{host}"
    with pytest.raises(HostRefused):
        base_url(f"{host}/v2", allow_foreign=False, path="")


@pytest.mark.parametrize(
    "host",
    [
        "AKcanary:SKcanary@api.leadsquared.com",
        "https://AKcanary:SKcanary@api.leadsquared.com",
        "https://AKcanary:SK/canary@api.leadsquared.com",
        "https://AKcanary:SK@canary@api.leadsquared.com:port",
        "https://api.leadsquared.com/v2?accessKey=AKcanary&secretKey=SKcanary",
        "api.leadsquared.com?accessKey=AKcanary",
        "https://api.leadsquared.com:port?accessKey=AKcanary",
        "https://api.leadsquared.com/v2#AKcanary",
    ],
)
def test_keys_in_an_address_are_not_repeated(host: str) -> None:
    """An address that was copied with keys in it, as the API's pages show it, is refused without quoting them."""
    with pytest.raises(HostRefused) as refused:
        base_url(host, allow_foreign=True)
    assert "canary" not in str(refused.value)


PIECES = (*"@#?/\\:.;%[]\t", "http", "https", "://", "api", "leadsquared", "com", "evil", "127.0.0.1", "/v2", "\u3002")


@given(st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES), max_size=9).map("".join)))
def test_whatever_is_accepted_is_leadsquared_or_this_computer(host: str) -> None:
    """No text at all makes an address that is neither of leadsquared.com nor of this computer, nor http elsewhere."""
    try:
        url = base_url(host, allow_foreign=False)
    except HostRefused:
        return
    parts = urlsplit(url)
    name = parts.hostname or ""
    loopback = name in ("localhost", "::1") or name.startswith("127.")
    assert loopback or name == "leadsquared.com" or name.endswith(".leadsquared.com")
    assert loopback or parts.scheme == "https"
    assert parts.path == "/v2"
    assert (parts.username, parts.password, parts.query, parts.fragment) == (None, None, "", "")
