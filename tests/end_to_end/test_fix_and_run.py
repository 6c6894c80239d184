"""Fix and run again: rows that were wrong are corrected in the to-fix file, and just those rows go."""

import json
from pathlib import Path

import openpyxl
import pytest

from tests.conftest import Command
from tests.fake_lsq import fake_lsq
from tests.rows import HEADER, MAPPING, read_csv, visit, write_csv

TRICKY = ("=1+1", "+919845098450", "-5", "'x", "@x", "tab\there", "two\nlines", "0419", " blank ")
TOO_LONG = "x" * 300


def rows() -> list[dict[str, str]]:
    """Every third row is too long for the mapping; all have a phone that a spreadsheet would run or alter."""
    return [
        visit(number, Phone=TRICKY[number % len(TRICKY)], **({"Remarks": TOO_LONG} if number % 3 == 0 else {}))
        for number in range(1, 28)
    ]


def run_folder(out: Path) -> Path:
    """The folder of the only run below `out`."""
    (folder,) = out.iterdir()
    return folder


def test_a_workbook_goes_round(lsq_import: Command, tmp_path: Path) -> None:
    """A workbook with a title, a sheet of its own name and formats comes back as one, is corrected and saved by another
    program, and only the corrected rows are created, with their cells untouched.
    """
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Notes"
    sheet = book.create_sheet("Besuche")
    sheet.append(["Visits of May"])
    sheet.append([])
    sheet.append(HEADER)
    for number, row in enumerate(rows(), 4):
        sheet.append([None] * len(HEADER))
        for position, name in enumerate(HEADER, 1):
            cell = sheet.cell(number, position, row[name])
            cell.data_type = "s"
        code = sheet.cell(number, HEADER.index("Store Code") + 1, int(row["Store Code"]))
        code.number_format = "0000"
    book.save(tmp_path / "visits.xlsx")
    (tmp_path / "visits.yaml").write_text(MAPPING + "source: {sheet: Besuche, header_row: 3}\n", encoding="utf-8")
    with fake_lsq() as fake:
        first = lsq_import("run", "visits.xlsx", "-m", "visits.yaml", "--out", "one", env=fake.env)
        assert first.code == 1
        to_fix = run_folder(tmp_path / "one") / "to-fix.xlsx"
        book = openpyxl.load_workbook(to_fix)
        sheet = book["Besuche"]
        remarks = HEADER.index("Remarks") + 1
        listed = [sheet.cell(row, remarks) for row in range(4, sheet.max_row + 1)]
        assert len(listed) == 9
        for cell in listed:
            assert cell.fill.fgColor.rgb == "00FFC7CE"
            assert cell.comment is not None
            assert "longer than allowed" in cell.comment.text
            cell.value = "corrected"
        book.save(tmp_path / "corrected.xlsx")
        again = lsq_import("run", "corrected.xlsx", "-m", "visits.yaml", "--out", "two", "--json", env=fake.env)
        arrived = fake.activities
    assert (again.code, json.loads(again.out)["counts"]["created"]) == (0, 9)
    expect(arrived)


@pytest.mark.parametrize(("encoding", "delimiter", "newline"), [("cp1252", ";", "\r\n"), ("utf-16", "\t", "\n")])
def test_a_csv_file_goes_round(
    lsq_import: Command, tmp_path: Path, encoding: str, delimiter: str, newline: str
) -> None:
    """A CSV file in its own encoding, delimiter and line ends comes back in the same; only what was corrected goes."""
    lines = [delimiter.join(HEADER)]
    for row in rows():
        quoted = ('"' + row[name].replace('"', '""') + '"' for name in HEADER)
        lines.append(delimiter.join(quoted))
    (tmp_path / "visits.csv").write_bytes(newline.join(("Besuche für Mai", *lines, "")).encode(encoding))
    (tmp_path / "visits.yaml").write_text(
        MAPPING + f"source: {{encoding: {encoding}, header_row: 2}}\n", encoding="utf-8"
    )
    with fake_lsq() as fake:
        assert lsq_import("run", "visits.csv", "-m", "visits.yaml", "--out", "one", env=fake.env).code == 1
        text = (run_folder(tmp_path / "one") / "to-fix.csv").read_bytes().decode(encoding)
        assert text.startswith(f"Besuche für Mai{newline}{delimiter.join(HEADER)}{delimiter}_import_row{delimiter}")
        (tmp_path / "corrected.csv").write_bytes(text.replace(TOO_LONG, "corrected").encode(encoding))
        again = lsq_import("run", "corrected.csv", "-m", "visits.yaml", "--out", "two", "--json", env=fake.env)
        arrived = fake.activities
    assert (again.code, json.loads(again.out)["counts"]["created"]) == (0, 9)
    expect(arrived)


@pytest.mark.parametrize("by", ["option", "mapping"])
def test_texts_in_apostrophes_go_round(by: str, lsq_import: Command, tmp_path: Path) -> None:
    """A file whose texts stand in apostrophes comes back in the same marks, and the command that is named reads it."""
    table = [HEADER, *([row[name] for name in HEADER] for row in rows())]
    lines = [",".join("'" + text.replace("'", "''") + "'" for text in cells) for cells in table]
    (tmp_path / "visits.csv").write_text("\n".join(lines), encoding="utf-8", newline="")
    said = "source: {quote_char: apostrophe}\n" if by == "mapping" else ""
    (tmp_path / "visits.yaml").write_text(MAPPING + said, encoding="utf-8")
    options = ("--quote-char", "'") if by == "option" else ()
    with fake_lsq() as fake:
        first = lsq_import("run", "visits.csv", "-m", "visits.yaml", "--out", "one", *options, env=fake.env)
        assert first.code == 1, first.err
        path = run_folder(tmp_path / "one") / "to-fix.csv"
        text = path.read_bytes().decode()
        path.write_bytes(text.replace(TOO_LONG, "corrected").encode())
        again = lsq_import("run", path, "-m", "visits.yaml", "--out", "two", "--json", *options, env=fake.env)
        arrived = fake.activities
    assert ("--quote-char" in first.out + first.err) == (by == "option")
    assert (again.code, json.loads(again.out)["counts"]["created"]) == (0, 9)
    expect(arrived)


def test_a_run_of_texts_in_apostrophes_is_resumed_as_it_was_begun(lsq_import: Command, tmp_path: Path) -> None:
    """What encloses texts is kept with the run: whoever resumes it need not say it again."""
    table = [HEADER, *([visit(number)[name] for name in HEADER] for number in range(1, 4))]
    lines = [",".join("'" + text.replace("'", "''") + "'" for text in cells) for cells in table]
    (tmp_path / "visits.csv").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="")
    (tmp_path / "visits.yaml").write_text(MAPPING, encoding="utf-8")
    command = ("run", "visits.csv", "-m", "visits.yaml", "--quote-char", "apostrophe", "--json")
    with fake_lsq() as fake:
        stopped = lsq_import(*command, "--budget", "0", env=fake.env)
        resumed = lsq_import("resume", "--json", env=fake.env)
    assert stopped.code == 5, stopped.err
    assert (resumed.code, json.loads(resumed.out)["counts"]["created"]) == (0, 3), resumed.err
    assert json.loads(resumed.out)["run_id"] == json.loads(stopped.out)["run_id"]


def expect(arrived: list[dict[str, object]]) -> None:
    """Every row is there once, with the phone and the store code that it had."""
    wanted = {row["Lead ID"]: row for row in rows()}
    assert len(arrived) == len(wanted)
    for activity in arrived:
        row = wanted.pop(str(activity["RelatedProspectId"]))
        fields = {field["SchemaName"]: field["Value"] for field in activity["Fields"]}  # type: ignore[attr-defined]
        assert (fields["mx_Custom_2"], fields["mx_Custom_4"]) == (row["Store Code"], row["Phone"])
        assert fields["mx_Custom_1"] == (row["Remarks"] if row["Remarks"] != TOO_LONG else "corrected")


def test_a_corrected_row_like_one_that_is_there_is_told(lsq_import: Command, tmp_path: Path) -> None:
    """It counts as a duplicate, and what that means and what to do is said."""
    good = visit(1, Remarks="fine")
    write_csv(tmp_path / "visits.csv", [good, good | {"Remarks": TOO_LONG}])
    (tmp_path / "visits.yaml").write_text(MAPPING, encoding="utf-8")
    with fake_lsq() as fake:
        lsq_import("run", "visits.csv", "-m", "visits.yaml", "--out", "out", env=fake.env)
        path = run_folder(tmp_path / "out") / "to-fix.csv"
        path.write_bytes(path.read_bytes().replace(TOO_LONG.encode(), b"fine"))
        ran = lsq_import("run", path, "-m", "visits.yaml", "--out", "two", env=fake.env)
        arrived = len(fake.activities)
    assert (ran.code, arrived) == (0, 1)
    assert "1 corrected row is just like rows that are imported already, and not sent." in ran.err
    assert "--allow-duplicates" in ran.err


def test_a_file_that_is_open_is_told(lsq_import: Command, tmp_path: Path) -> None:
    """When a report is written again while the to-fix file can't be replaced, the new name and the reason are shown."""
    lines = [",".join(HEADER), ",".join(visit(1, Remarks=TOO_LONG).values())]
    (tmp_path / "visits.csv").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "visits.yaml").write_text(MAPPING, encoding="utf-8")
    with fake_lsq() as fake:
        lsq_import("run", "visits.csv", "-m", "visits.yaml", "--out", "out", env=fake.env)
    folder = run_folder(tmp_path / "out")
    (folder / "to-fix.csv").unlink()
    (folder / "to-fix.csv").mkdir()
    ran = lsq_import("report")
    assert ran.code == 0
    assert read_csv(folder / "to-fix (2).csv")[0]["_import_row"] == "2"
    assert "to-fix (2).csv (to-fix.csv stays as it is: somebody has changed it, or has it open)" in ran.out


@pytest.mark.parametrize("again", ["report", "retry"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_was_corrected_in_its_place_is_never_overwritten(
    again: str, kind: str, lsq_import: Command, tmp_path: Path
) -> None:
    """Whatever writes the report anew, somebody's corrections stay; without any, the file is simply replaced."""
    table = [list(HEADER), list(visit(1, Remarks=TOO_LONG).values()), list(visit(2).values())]
    if kind == "csv":
        (tmp_path / "visits.csv").write_text("\n".join(map(",".join, table)).replace('"', ""), encoding="utf-8")
    else:
        book = openpyxl.Workbook()
        for line in table:
            book.worksheets[0].append(line)
        book.save(tmp_path / "visits.xlsx")
    (tmp_path / "visits.yaml").write_text(MAPPING, encoding="utf-8")
    with fake_lsq() as fake:
        lsq_import("run", f"visits.{kind}", "-m", "visits.yaml", "--out", "out", env=fake.env)
        folder = run_folder(tmp_path / "out")
        lsq_import(again)
        assert [path.name for path in folder.glob("to-fix*")] == [f"to-fix.{kind}"]
        corrected = (folder / f"to-fix.{kind}").read_bytes() + b"\n"
        (folder / f"to-fix.{kind}").write_bytes(corrected)
        for _ in range(2):
            ran = lsq_import(again)
            assert f"to-fix (2).{kind} (to-fix.{kind} stays as it is" in ran.out
            assert {path.name for path in folder.glob("to-fix*")} == {f"to-fix.{kind}", f"to-fix (2).{kind}"}
    assert (folder / f"to-fix.{kind}").read_bytes() == corrected


def test_reports_that_are_open_are_written_beside(lsq_import: Command, tmp_path: Path) -> None:
    """results.csv and summary.json, too, get another name when their own can't be taken, and the list says so."""
    (tmp_path / "visits.csv").write_text("\n".join([",".join(HEADER)]), encoding="utf-8")
    (tmp_path / "visits.yaml").write_text(MAPPING, encoding="utf-8")
    with fake_lsq() as fake:
        lsq_import("run", "visits.csv", "-m", "visits.yaml", "--out", "out", env=fake.env)
    folder = run_folder(tmp_path / "out")
    for name in ("results.csv", "summary.json"):
        (folder / name).unlink()
        (folder / name).mkdir()
    ran = lsq_import("report")
    assert ran.code == 0
    for name, beside in (("results.csv", "results (2).csv"), ("summary.json", "summary (2).json")):
        assert (folder / beside).is_file()
        assert f"{beside} ({name} stays as it is: somebody has changed it, or has it open)" in ran.out
