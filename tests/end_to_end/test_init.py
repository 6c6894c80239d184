"""From a file to a mapping that works, the way an admin goes: init, read, answer, validate."""

import csv
import re
import shutil
from pathlib import Path

import openpyxl
import pytest

from tests.conftest import ROOT, Command
from tests.rows import visit, write_csv

KNOWN = ("--event", "201", "--timezone", "Asia/Kolkata")

SAMPLES = {
    "store_visits.csv": (),
    "call_log.xlsx": ("--header-row", "4"),
    "web_signups.csv": ("--encoding", "cp1252", "--timezone", "Europe/Berlin"),
    "loan_applications.csv": (),
}


@pytest.fixture
def visits(tmp_path: Path) -> Path:
    """A file of visits whose dates have only one reading."""
    late = visit(0, **{"Visit Date": "28/12/2025 10:30"})
    return write_csv(tmp_path / "visits.csv", [late, *map(visit, range(1, 60))])


def documented_rows(sample: str) -> set[int]:
    """The rows of a sample that are wrong on purpose."""
    readme = (ROOT / "sample_data" / "README.md").read_text(encoding="utf-8")
    table = readme.split(f"\n`{sample}`\n")[1].split("\n`")[0]
    return {int(row) for rows in re.findall(r"^\| ([\d, ]+) \|", table, re.MULTILINE) for row in rows.split(",")}


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_drafted_mapping_is_accepted(sample: str, lsq_import: Command, tmp_path: Path) -> None:
    """With the two answers given, the draft of each sample is valid, and finds only what is really wrong."""
    shutil.copy(ROOT / "sample_data" / sample, tmp_path)
    drafted = lsq_import("init", sample, "-o", "m.yaml", *KNOWN, *SAMPLES[sample])
    assert drafted.code == 0, drafted.err
    assert "Nothing is left to decide" in drafted.err
    validated = lsq_import("validate", sample, "-m", "m.yaml")
    assert validated.code in (0, 1), validated.err
    (issues,) = tmp_path.glob("import-results/*/issues.csv")
    with issues.open(encoding="utf-8-sig", newline="") as file:
        assert {int(row["Row"]) for row in csv.DictReader(file)} <= documented_rows(sample)


def test_what_is_not_decided_is_named_by_validate_and_then_works(lsq_import: Command, visits: Path) -> None:
    """Without the answers, validate names the very lines that init named; with them put in, a dry run goes through."""
    drafted = lsq_import("init", visits.name, "-o", "visits.yaml")
    named = re.findall(r"visits\.yaml:(\d+): ", drafted.err)
    assert (drafted.code, len(named)) == (0, 2)
    refused = lsq_import("validate", visits.name, "-m", "visits.yaml")
    assert refused.code == 2
    assert re.findall(r"^visits\.yaml:(\d+):", refused.err, re.MULTILINE) == named
    mapping = Path("visits.yaml")
    text = mapping.read_text(encoding="utf-8")
    text = text.replace("event: UNDECIDED", "event: 201").replace("timezone: UNDECIDED", "timezone: Asia/Kolkata")
    mapping.write_text(text, encoding="utf-8")
    ran = lsq_import("run", visits.name, "-m", "visits.yaml", "--dry-run")
    assert ran.code == 0, ran.err


def test_two_readings_of_dates_are_never_settled_by_the_program(lsq_import: Command, tmp_path: Path) -> None:
    """Where no day is beyond the twelfth, both readings are shown, and nothing can be imported before one is chosen."""
    rows = [visit(number, **{"Visit Date": f"0{number}/10/2025 10:30"}) for number in range(1, 10)]
    write_csv(tmp_path / "visits.csv", rows)
    drafted = lsq_import("init", "visits.csv", "-o", "visits.yaml", *KNOWN)
    text = Path("visits.yaml").read_text(encoding="utf-8")
    assert "how the dates are written: dd/mm/yyyy HH:MM or mm/dd/yyyy HH:MM" in drafted.err
    assert "dd/mm/yyyy HH:MM  as 1 October 2025" in text
    assert "mm/dd/yyyy HH:MM  as 10 January 2025" in text
    assert "9 of 9 rows would get another day" in text
    assert lsq_import("validate", "visits.csv", "-m", "visits.yaml").code == 2
    chosen = text.replace("formats: [UNDECIDED]", "formats: [dd/mm/yyyy HH:MM]")
    Path("visits.yaml").write_text(chosen, encoding="utf-8")
    assert lsq_import("validate", "visits.csv", "-m", "visits.yaml").code == 0


def test_the_draft_goes_to_standard_output_and_the_talk_does_not(lsq_import: Command, visits: Path) -> None:
    """Without -o the draft alone is on standard output, the same as with -o; -q takes the talk away."""
    shown = lsq_import("init", visits.name, *KNOWN)
    written = lsq_import("init", visits.name, *KNOWN, "-o", "visits.yaml", "-q")
    assert (shown.code, written.code, written.out, written.err) == (0, 0, "", "")
    assert shown.out == Path("visits.yaml").read_text(encoding="utf-8")
    assert "Next: lsq-import validate visits.csv -m visits.yaml" in shown.err


def test_a_mapping_that_is_there_is_not_replaced(lsq_import: Command, visits: Path) -> None:
    """Work in a mapping is not lost by calling init again, unless --force says so."""
    Path("visits.yaml").write_text("mine", encoding="utf-8")
    refused = lsq_import("init", visits.name, "-o", "visits.yaml")
    assert (refused.code, Path("visits.yaml").read_text(encoding="utf-8")) == (2, "mine")
    assert "--force" in refused.err
    assert lsq_import("init", visits.name, "-o", "visits.yaml", "--force").code == 0
    assert Path("visits.yaml").read_text(encoding="utf-8").startswith("# A draft")


def test_the_source_is_never_replaced(lsq_import: Command, visits: Path) -> None:
    """Not even with --force is the file with the rows overwritten."""
    before = visits.read_bytes()
    ran = lsq_import("init", visits.name, "-o", visits.name, "--force")
    assert (ran.code, visits.read_bytes()) == (2, before)
    assert "is the file with the rows" in ran.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("visit.csv",), 'Did you mean "visits.csv"?'),
        (("visits.csv", "--timezone", "Asia/Kolkatta"), 'Did you mean "Asia/Kolkata"?'),
        (("visits.csv", "-o", "nowhere/visits.yaml"), "can't be written"),
        (("visits.csv", "-o", "."), "is a folder"),
        (("visits.csv", "--header-row", "99"), "row 99 is empty or not there"),
    ],
)
@pytest.mark.usefixtures("visits")
def test_what_goes_wrong_is_said_in_a_sentence(arguments: tuple[str, ...], words: str, lsq_import: Command) -> None:
    """A wrong word ends with exit code 2 and what to do."""
    ran = lsq_import("init", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err


def test_how_the_file_is_read_stands_in_the_draft(lsq_import: Command, tmp_path: Path) -> None:
    """What was said on the command line need not be said again: the draft keeps it."""
    shutil.copy(ROOT / "sample_data" / "call_log.xlsx", tmp_path)
    drafted = lsq_import("init", "call_log.xlsx", "--sheet", "Calls", "--header-row", "4")
    assert (
        "source:                                 # how the file is read\n  sheet: Calls\n  header_row: 4\n"
        in drafted.out
    )


def test_a_file_without_rows_gives_a_draft_all_the_same(lsq_import: Command, tmp_path: Path) -> None:
    """A header alone is enough to begin with; that there was no more to look at is said."""
    (tmp_path / "empty.csv").write_text("Lead ID,Visit Date\n", encoding="utf-8")
    drafted = lsq_import("init", "empty.csv", *KNOWN)
    assert drafted.code == 0
    assert "no rows below the header" in drafted.err


def test_a_title_above_the_header_is_passed_over(lsq_import: Command, visits: Path) -> None:
    """Below lines of a title, the draft is made from the header further down, and says from which line and why."""
    visits.write_text(f"Visits of December\nfor all, shops\n\n{visits.read_text('utf-8')}", encoding="utf-8")
    drafted = lsq_import("init", visits.name, "-o", "visits.yaml", *KNOWN)
    assert drafted.code == 0
    assert 'line 1 ("Visits of December") is a title' in drafted.err
    assert "the header is taken from line 4 (" in drafted.err
    assert "is taken for the header" not in drafted.err
    text = Path("visits.yaml").read_text(encoding="utf-8")
    assert re.search(r'^  header_row: 4 +# line 1 \("Visits of December"\) is a title', text, re.MULTILINE)
    assert lsq_import("validate", visits.name, "-m", "visits.yaml").code == 0


def test_a_title_above_the_header_of_a_sheet_is_passed_over(lsq_import: Command, tmp_path: Path) -> None:
    """It is the same with a workbook."""
    book = openpyxl.Workbook()
    for row in (["Visits of December"], [], ["Lead ID", "Store", "Remarks"], ["x", "0419", "fine"]):
        book.worksheets[0].append(row)
    book.save(tmp_path / "visits.xlsx")
    drafted = lsq_import("init", "visits.xlsx", *KNOWN)
    assert drafted.code == 0
    assert re.search(r'^  header_row: 3 +# row 1 \("Visits of December"\) is a title', drafted.out, re.MULTILINE)
    assert "column: Lead ID" in drafted.out


@pytest.mark.parametrize(
    ("content", "options"),
    [
        ("Lead ID,Store\n1,2,3,4\n5,6,7,8\n", ()),  # rows that are too long make no title of their header
        ("Visits of December\nLead ID,Store\n1,2\n", ("--header-row", "1")),
    ],
)
def test_the_first_line_stays_the_header(content: str, options: tuple[str, ...], lsq_import: Command) -> None:
    """Where no other line looks like names, or somebody has said which line it is, the draft goes by the first one."""
    Path("visits.csv").write_text(content, encoding="utf-8")
    drafted = lsq_import("init", "visits.csv", *KNOWN, *options)
    assert drafted.code == 0
    assert "is a title" not in drafted.out + drafted.err


def test_texts_in_apostrophes_are_drafted_as_such(lsq_import: Command) -> None:
    """Where every row fits the header only if apostrophes enclose texts, the draft says so, and validate goes by it."""
    rows = "".join(f"{row:032x};'it''s; ok, row\n{row}';2025-12-{row + 12}\n" for row in range(9))
    Path("visits.csv").write_text(f"Visits of December\nLead ID;Remarks;Date\n{rows}", encoding="utf-8")
    drafted = lsq_import("init", "visits.csv", "-o", "visits.yaml", *KNOWN)
    assert drafted.code == 0, drafted.err
    assert "if they do not, say --quote-char quote" in drafted.err
    text = Path("visits.yaml").read_text(encoding="utf-8")
    assert re.search(r"^  header_row: 2 +#", text, re.MULTILINE)
    assert re.search(r"^  quote_char: apostrophe +# only so every row", text, re.MULTILINE)
    validated = lsq_import("validate", "visits.csv", "-m", "visits.yaml")
    assert "with ' around texts, header on line 2" in validated.err
