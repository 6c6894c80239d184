"""Results that can't be printed: whoever asked for them in a file must not take an empty one for a success."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.rows import MAPPING, visit, write_csv

FULL = Path("/dev/full")
SAMPLE = ("visits.csv", "-m", "visits.yaml")
pytestmark = pytest.mark.skipif(not FULL.exists(), reason="only Linux has a disk that is always full")


def into_a_full_disk(folder: Path, *arguments: str) -> tuple[int, str]:
    """Exit code and standard error of a command whose standard output goes to a full disk."""
    write_csv(folder / "visits.csv", [visit(1), visit(2)])
    (folder / "visits.yaml").write_text(MAPPING, encoding="utf-8")
    env = os.environ | {"LSQ_STATE_DIR": str(folder / "state"), "PYTHONPATH": str(ROOT)}
    with FULL.open("w") as full:
        command = [sys.executable, "-m", "importer", *arguments]
        ran = subprocess.run(  # noqa: S603
            command, cwd=folder, env=env, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False
        )
    return ran.returncode, ran.stderr


@pytest.mark.parametrize("as_json", [(), ("--json",)])
def test_a_run_whose_result_is_lost_says_so(as_json: tuple[str, ...], tmp_path: Path) -> None:
    """All rows are imported and reported in files; the exit code is not 0, and where the report is, is told."""
    code, said = into_a_full_disk(tmp_path, "run", *SAMPLE, "--sandbox", *as_json)
    (folder,) = (tmp_path / "import-results").iterdir()
    assert (folder / "summary.json").exists()
    assert code == 5
    last = said.splitlines()[-1]
    assert last.startswith("lsq-import: The result could not be printed: No space left on device.")
    assert str(Path("import-results") / folder.name) in last
    assert "lsq-import report" in last
    assert last.endswith("[output-lost]")


@pytest.mark.parametrize(
    "command",
    [
        ("validate", *SAMPLE),
        ("run", *SAMPLE, "--dry-run", "--json"),
        ("preview", *SAMPLE),
        ("schema",),
        ("--help",),
        ("run", "--help"),
        ("--version",),
        ("explain", "too-long"),
        ("activities", "2bf6a491-c144-4ac9-90f9-f52b6fc44413", "--sandbox", "--format", "json"),
    ],
)
def test_every_other_command_ends_with_2(command: tuple[str, ...], tmp_path: Path) -> None:
    """With one sentence and what to do, and no talk of a mistake in the program."""
    code, said = into_a_full_disk(tmp_path, *command)
    assert code == 2
    assert said.splitlines()[-1] == (
        "lsq-import: The result could not be printed: No space left on device. Make room where standard output goes, "
        "then give the same command again. [output-lost]"
    )
