"""Hostile and foreign files: each is refused in words that help, soon, and without much memory."""

import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from time import perf_counter

import pytest

import importer
from importer.errors.sources import SourceError, SourceTooLarge, SourceUnreadable
from importer.loading.excel import open_sheet, refuse_hostile
from importer.loading.excel.limits import MEBIBYTE
from importer.loading.excel.shared_strings import SharedStrings
from importer.loading.source import FrozenFile, ReadingOptions

from .hostile import HOSTILE, USUAL, cut
from .workbooks import RawWorkbook, frozen, opened, row, table, text

READ = """
import json, re, sys
from pathlib import Path
from importer.errors.sources import SourceError
from importer.loading.excel import open_sheet
from importer.loading.source import FrozenFile, ReadingOptions

refused = []
for name in sys.argv[1:]:
    try:
        for block in open_sheet(FrozenFile(name, Path(name), "", 0), ReadingOptions()).blocks():
            pass
    except SourceError:
        refused.append(name)
peak = re.search("VmHWM:\\s+([0-9]+) kB", Path("/proc/self/status").read_text())[1]
print(json.dumps([refused, int(peak) * 1024]))
"""


@pytest.fixture(scope="module")
def hostile_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """All hostile files, made once."""
    folder = tmp_path_factory.mktemp("hostile")
    paths = {}
    for place, (name, (maker, _, _)) in enumerate(HOSTILE.items()):
        paths[name] = folder / f"{place}.xlsx"
        maker(paths[name])
    return paths


@pytest.mark.parametrize("name", HOSTILE)
def test_refused(hostile_files: dict[str, Path], name: str) -> None:
    """A hostile or foreign file is refused with its own error, within seconds, and with a word on what to do."""
    _, error, words = HOSTILE[name]
    start = perf_counter()
    with pytest.raises(error, match=words) as refused:
        for _ in opened(hostile_files[name]).blocks():
            pass
    assert perf_counter() - start < 5
    assert refused.type is error
    assert str(refused.value).startswith(f'"{hostile_files[name].name}"')
    assert refused.value.remedy


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a process can't ask for its own peak of memory")
def test_memory(hostile_files: dict[str, Path]) -> None:
    """All hostile files together do not bring a process over 512 MB."""
    names = [str(path) for path in hostile_files.values()]
    environment = {**os.environ, "PYTHONPATH": str(Path(importer.__file__).parents[1])}
    result = subprocess.run(  # noqa: S603  # our own interpreter and our own words
        [sys.executable, "-c", READ, *names], capture_output=True, check=True, env=environment, timeout=60
    )
    refused, peak = json.loads(result.stdout)
    assert refused == names
    assert peak <= 512 * MEBIBYTE


@pytest.mark.parametrize(
    "name", ["text", "xls", "encrypted", "archive", "bomb", "parts of 4 GB", "too many parts", "cut at the end"]
)
def test_refused_before_anything_is_parsed(hostile_files: dict[str, Path], name: str) -> None:
    """What the outside of a file gives away is found without parsing any of it."""
    with pytest.raises(HOSTILE[name][1]):
        refuse_hostile(frozen(hostile_files[name]))


def test_not_refused(tmp_path: Path) -> None:
    """An honest workbook passes."""
    refuse_hostile(frozen(RawWorkbook(row(text("A"))).write(tmp_path)))


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    """A file that can't be opened is told as such."""
    gone = FrozenFile("gone.xlsx", tmp_path / "gone.xlsx", "", 0)
    with pytest.raises(SourceUnreadable, match="No such file"):
        refuse_hostile(gone)
    with pytest.raises(SourceUnreadable):
        open_sheet(gone, ReadingOptions())


@pytest.mark.parametrize("place", range(0, 100, 3))
def test_any_cut(tmp_path: Path, place: int) -> None:
    """A workbook that is cut off anywhere is refused, never read in part without a word."""
    path = tmp_path / "cut.xlsx"
    cut(USUAL, place / 100)(path)
    with pytest.raises(SourceError):
        table(opened(path))


def test_any_changed_byte(tmp_path: Path) -> None:
    """A workbook with a changed byte is read as it was or refused, but never read as something else."""
    path = RawWorkbook(row(text("A")) + row(text("x")) * 20).write(tmp_path)
    honest = path.read_bytes()
    expected = table(opened(path))
    for place in range(0, len(honest), 7):
        path.write_bytes(honest[:place] + bytes([honest[place] ^ 0x55]) + honest[place + 1 :])
        with suppress(SourceError):
            assert table(opened(path)) == expected


def test_ghost_rows(tmp_path: Path) -> None:
    """Hundreds of thousands of rows that only look like something cost little time and give no row."""
    ghosts = "".join(
        f'<row r="{number}" spans="1:3" s="1" customFormat="1"><c r="A{number}" s="1"/><c r="B{number}" s="1"/></row>'
        for number in range(3, 200_003)
    )
    source = opened(RawWorkbook(row(text("A")) + row(text("x")) + ghosts, formats=["0000"]).write(tmp_path))
    start = perf_counter()
    assert table(source) == {2: ["x"]}
    assert perf_counter() - start < 5


def test_shared_texts_have_a_limit() -> None:
    """The table of shared texts stops growing before it hurts, whatever honest texts are in it."""
    strings = SharedStrings("book.xlsx")
    for _ in range(191):
        strings.add("x" * MEBIBYTE)
    with pytest.raises(SourceTooLarge, match="shared texts"):
        strings.add("x" * MEBIBYTE)


def test_stray_cell_far_away(tmp_path: Path) -> None:
    """A single value far to the right costs its own row only."""
    rows = row(text("A")) + row(text("x")) + row(text("y"), '<c r="XFD3"><v>1</v></c>', attributes='r="3"')
    block = next(opened(RawWorkbook(rows).write(tmp_path)).blocks())
    assert len(block) == 2
    assert set(block.faults) == {1}
