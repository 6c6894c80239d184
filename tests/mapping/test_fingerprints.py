"""Fingerprints: what makes an activity the same activity tomorrow, and which of equals it is."""

import hashlib
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from importer.fingerprints import KEY_BYTES, TOKEN_LETTERS, Occurrences, keyed_digest, token_of

IDENTITIES = st.integers(0, 5).map(lambda number: hashlib.sha256(bytes([number])).digest()[:16])


@given(st.lists(st.lists(IDENTITIES, min_size=1, max_size=8), max_size=8))
def test_occurrences(blocks: list[list[bytes]]) -> None:
    """Each row is numbered among its equals from 1, within its block and across all blocks before it."""
    occurrences, counted = Occurrences(), Counter[bytes]()
    for block in blocks:
        expected = []
        for identity in block:
            counted[identity] += 1
            expected.append(counted[identity])
        assert occurrences.number(b"".join(block)).tolist() == expected


def test_occurrences_of_many() -> None:
    """A hundred thousand rows in blocks of all sizes are numbered like a handful."""
    occurrences, counted = Occurrences(), Counter[int]()
    number = 0
    for size in (1, 2_000, 50_000, 1, 7, 40_000, 3, 10_000):
        block = [(number + offset) * 7919 % 30_011 for offset in range(size)]
        number += size
        expected = []
        for identity in block:
            counted[identity] += 1
            expected.append(counted[identity])
        identities = b"".join(keyed_digest(b"", str(identity).encode()) for identity in block)
        assert occurrences.number(identities).tolist() == expected


def test_golden_digests() -> None:
    """Digests and tokens are the same for ever: after an upgrade, what was imported is still known."""
    assert keyed_digest(b"salt", b"a", b"b").hex() == "94a0a56f41b67937c8dcf681b49e86b1"
    by_hand = hashlib.blake2b(bytes(7) + b"\1a" + bytes(7) + b"\1b", key=b"salt", digest_size=16)
    assert keyed_digest(b"salt", b"a", b"b") == by_hand.digest()
    assert token_of(bytes(range(16))) == "aaaqeayeaudaocajbifq"


@given(st.lists(st.binary(max_size=4), max_size=4), st.lists(st.binary(max_size=4), max_size=4))
def test_digests_tell_lists_apart(one: list[bytes], other: list[bytes]) -> None:
    """Two lists of parts have the same digest only if they are the same, wherever the parts begin and end."""
    assert (keyed_digest(b"salt", *one) == keyed_digest(b"salt", *other)) == (one == other)


def test_digests_need_the_salt() -> None:
    """Without the salt nobody can compute a digest."""
    assert keyed_digest(b"salt", b"a") != keyed_digest(b"pepper", b"a")
    assert len(keyed_digest(b"salt", b"a")) == KEY_BYTES


@given(st.binary(min_size=16, max_size=16), st.binary(min_size=16, max_size=16))
def test_tokens(one: bytes, other: bytes) -> None:
    """A token is twenty small letters and digits, which no field changes; other keys have other tokens."""
    token = token_of(one)
    assert len(token) == TOKEN_LETTERS
    assert token.isascii()
    assert token.isalnum()
    assert token == token.lower()
    if one[:12] != other[:12]:
        assert token != token_of(other)
