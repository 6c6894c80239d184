"""What is written about the proofs is what came out of them."""

import json

import pytest

from .mutants import MUTANTS, Mutant
from .nursery import ROOT
from .page import FIGURES, PAGE, page


def test_the_page_is_made_from_the_figures() -> None:
    """docs/proof.md is what `python -m tests.proof.page` writes."""
    assert PAGE.read_text(encoding="utf-8") == page(json.loads(FIGURES.read_text(encoding="utf-8")))


@pytest.mark.parametrize("mutant", MUTANTS, ids=[mutant.name for mutant in MUTANTS])
def test_every_mutant_can_still_be_made(mutant: Mutant) -> None:
    """The words that a mutant changes stand in the program, once, and the tests that shall notice it are there."""
    assert all(text != (ROOT / file).read_text(encoding="utf-8") for file, text in mutant.applied(ROOT).items())
    for wanted in mutant.tests:
        assert (ROOT / wanted.partition(" ")[0]).exists(), wanted
