"""One nursery for all proofs: it takes four seconds to become ready."""

from collections.abc import Iterator

import pytest

from .nursery import SUPPORTED, Nursery, nursery


@pytest.fixture(scope="package")
def processes() -> Iterator[Nursery]:
    """Starts processes of the importer in quick succession."""
    if not SUPPORTED:
        pytest.skip("processes are forked in these proofs, which only Linux does safely")
    with nursery() as made:
        yield made
