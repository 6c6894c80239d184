"""Hostile files of every other kind: each is refused in words, or read, soon and without much memory."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

import importer
from importer.errors.sources import SourceDamaged, SourceError, SourceTooLarge
from importer.loading import ReadingOptions, freeze, open_source
from importer.loading.old_excel.reading import Said

from .hostile import OLD, READERS, Outcome

SECONDS = 15
"""The longest takes two; a machine may have others to serve."""

MEMORY = 640 << 20
"""Bytes of the whole process, a quarter of which are libraries."""

CASES = [(kind, name) for kind, files in READERS.items() for name in files]

READ = """
import json, re, sys
from pathlib import Path
from time import perf_counter
from importer.errors.base import ImporterError
from importer.loading import ReadingOptions, freeze, open_source

def outcome_of(name):
    try:
        return sum(map(len, open_source(freeze(name, None), ReadingOptions()).blocks()))
    except ImporterError as error:
        return error.code, str(error)

for name in sys.argv[1:]:
    start = perf_counter()
    outcome = outcome_of(name)
    status = Path("/proc/self/status")
    peak = re.search("VmHWM:\\s+([0-9]+) kB", status.read_text())[1] if status.exists() else 0
    print(json.dumps([outcome, perf_counter() - start, int(peak) << 10]), flush=True)
"""

Read = Callable[[str, str], tuple[Outcome, float, int]]


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Read:
    """Reads all hostile files of a kind in a process of their own, once: outcome, seconds, and its peak of memory."""
    folder = tmp_path_factory.mktemp("hostile")
    found: dict[str, list[tuple[Outcome, float, int]]] = {}

    def outcomes_of(kind: str) -> list[tuple[Outcome, float, int]]:
        paths = []
        for place, (maker, _) in enumerate(READERS[kind].values()):
            paths.append(folder / f"{place}.csv")  # a name that says nothing
            maker(paths[-1])
        environment = {**os.environ, "PYTHONPATH": str(Path(importer.__file__).parents[1])}
        result = subprocess.run(  # noqa: S603  # our own interpreter and our own words
            [sys.executable, "-c", READ, *map(str, paths)],
            capture_output=True,
            check=True,
            env=environment,
            timeout=240,
        )
        return [json.loads(line) for line in result.stdout.splitlines()]

    def read(kind: str, name: str) -> tuple[Outcome, float, int]:
        if kind not in found:
            found[kind] = outcomes_of(kind)
        return found[kind][list(READERS[kind]).index(name)]

    return read


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_refused_or_read_soon_and_without_much_memory(read: Read, kind: str, name: str) -> None:
    """A hostile file is refused with its own code and words, or gives just the rows it has, within its limits."""
    expected = READERS[kind][name][1]
    found, seconds, peak = read(kind, name)
    assert seconds < SECONDS
    assert peak < MEMORY
    if isinstance(expected, int) or isinstance(found, int):
        assert found == expected
    else:
        assert (found[0], expected[1] in found[1]) == (expected[0], True), found


@pytest.mark.parametrize("kind", READERS)
def test_there_are_enough_of_them(kind: str) -> None:
    """Each reader has at least eight."""
    assert len(READERS[kind]) >= 8


CHILDREN = {
    "eats memory": ("x = []\nwhile True: x.append(bytes(1 << 24))", SourceTooLarge, "too much memory"),
    "never ends": ("import time\ntime.sleep(60)", SourceTooLarge, "does not come to an end"),
    "dies": ("import os\nprint('[1]')\nos.abort()", SourceTooLarge, "too much memory"),
    "says nothing": ("", SourceTooLarge, "too much memory"),
    "breaks off": ("print('{\"dam', end='')", SourceTooLarge, "too much memory"),
    "finds it damaged": ('print(\'{"damaged": "it is"}\')', SourceDamaged, "it is"),
}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
@pytest.mark.parametrize("name", CHILDREN)
def test_a_reader_that_fails_harms_nobody(tmp_path: Path, name: str) -> None:
    """Whatever becomes of the process that reads an old workbook, this one goes on and says what happened."""
    script, error, words = CHILDREN[name]
    limit = "import resource\nresource.setrlimit(resource.RLIMIT_AS, (1 << 28, 1 << 28))\n"
    (tmp_path / "child.py").write_text(limit + script, encoding="utf-8")
    (tmp_path / "book.xls").write_bytes(OLD)
    with pytest.raises(error, match=words):
        Said(freeze(str(tmp_path / "book.xls"), None), child=tmp_path / "child.py", seconds=2)


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    """What the process said is private, and gone when nobody needs it any more."""
    (tmp_path / "answers").mkdir()
    (tmp_path / "book.xls").write_bytes(OLD)
    said = Said(freeze(str(tmp_path / "book.xls"), None), "0", folder=tmp_path / "answers")
    (answer,) = (tmp_path / "answers").iterdir()
    assert sys.platform == "win32" or answer.stat().st_mode & 0o777 == 0o600
    assert len(list(said.lines())) == 12
    del said
    assert list((tmp_path / "answers").iterdir()) == []


@pytest.mark.parametrize("seed", range(8))
def test_any_changed_bytes(tmp_path: Path, seed: int) -> None:
    """An old workbook with changed bytes is read or refused, and nothing else happens."""
    choice = Random(seed)  # noqa: S311  # nothing secret
    changed = bytearray(OLD)
    for _ in range(20):
        changed[choice.randrange(8, len(changed))] = choice.randrange(256)
    path = tmp_path / "book.xls"
    path.write_bytes(changed)
    with suppress(SourceError):
        list(open_source(freeze(str(path), None), ReadingOptions()).blocks())
