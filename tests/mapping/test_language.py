"""The words of the mapping language beyond types: case, tables from files, joined columns, conditions, times, zones."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.blocks import Cell, CellKind
from importer.mapping.parsing import read_mapping
from importer.mapping.table_files import LARGEST
from importer.mapping.texts import filled, only_where, trimmed

from .building import LEAD, LEAD_AND_EVENT, Became, became, bodies, checked, lines_of, moment, number, texts


def check(value: str, cells: dict[str, Became]) -> None:
    """What each cell becomes under a value."""
    assert dict(zip(cells, became(value, list(cells)), strict=True)) == cells


def test_case() -> None:
    """Letters are made upper, lower, or title, before the table of map and the choices are looked at."""
    check("{column: A, case: upper}", {"Pune": "PUNE", "é ñ": "É Ñ", "": None, "0419": "0419"})
    check("{column: A, case: lower, type: email}", {"Asha@Example.COM": "asha@example.com"})
    check("{column: A, case: title}", {"RAVI kumar": "Ravi Kumar", "o'brien": "O'Brien", "mary-jane": "Mary-Jane"})
    check("{column: A, case: lower, map: {won: Won}}", {"WON": "Won", "won": "Won", "x": ("map-unlisted",)})
    check(
        "{column: A, case: upper, choices: [WON], default: WON}",
        {"won": "WON", "": "WON", "lost": ("choice-unlisted",)},
    )


def test_words() -> None:
    """With words of its own a boolean reads those, in any case, and no others."""
    value = '{column: A, type: boolean, words: {true: [sold, " X "], false: [open, "-", 0]}}'
    unreadable = ("boolean-unreadable",)
    check(value, {"sold": "1", "SOLD": "1", " x": "1", "Open": "0", "-": "0", "0": "0", "": None, "yes": unreadable})


def test_words_of_excel() -> None:
    """What Excel stores as TRUE says so, whatever words the texts of its column use."""
    cells = [Cell("TRUE", CellKind.TRUTH), Cell("FALSE", CellKind.TRUTH), Cell("TRUE"), Cell("sold")]
    assert became("{column: A, type: boolean, words: {true: [sold], false: [open]}}", cells) == [
        "1",
        "0",
        ("boolean-unreadable",),
        "1",
    ]


def test_blanks_between_thousands() -> None:
    """A blank named as the mark is also one that does not break the line, as French spreadsheets write it."""
    value = '{column: A, type: decimal, number: {thousands: " ", decimal: ","}}'
    check(
        value,
        {
            "1 234,5": "1234.5",
            "1\u00a0234": "1234",
            "1\u202f234\u202f567": "1234567",
            "1  234": ("decimal-unreadable",),
        },
    )


# --------------------------------------------------------------------------------------- joined columns


def joined(value: str, *rows: tuple[str, str, str]) -> list[str | None]:
    """What rows of the columns A, B and C are joined to."""
    columns = {"Lead ID": [LEAD] * len(rows)} | {name: [row[place] for row in rows] for place, name in enumerate("ABC")}
    found = bodies(f"{LEAD_AND_EVENT}fields:\n  X: {value}\n", columns)
    return [next((field["Value"] for field in body.get("Fields", [])), None) for body in found]


def test_columns() -> None:
    """The filled cells of several columns are joined, without white space at their ends, and none stands alone."""
    rows = ("a", "b", "c"), ("", "b", ""), ("a", "", " c "), ("", " ", "")
    assert joined("{columns: [A, B, C]}", *rows) == ["a b c", "b", "a c", None]
    assert joined('{columns: [A, B, C], separator: ", "}', *rows) == ["a, b, c", "b", "a, c", None]
    assert joined('{columns: [C, A], separator: ""}', *rows) == ["ca", None, "ca", None]
    assert joined("{columns: [A, B], default: x}", *rows) == ["a b", "b", "a", "x"]


CELL = st.text(st.sampled_from("ab é \u00a0\t"), max_size=4)


@given(st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=6), st.sampled_from(["", " ", ", ", "é"]))
def test_joining_is_that_of_python(rows: list[tuple[str, str, str]], separator: str) -> None:
    """Joining a whole column is joining each row's filled cells."""
    expected = [separator.join(filter(None, (cell.strip() for cell in row))) or None for row in rows]
    assert joined(f'{{columns: [A, B, C], separator: "{separator}"}}', *rows) == expected


# ------------------------------------------------------------------------------------------- conditions


def with_a_condition(value: str, *rows: tuple[str, str]) -> list[Became]:
    """What the cells of A become beside those of B."""
    columns = {"Lead ID": [LEAD] * len(rows), "A": [row[0] for row in rows], "B": [row[1] for row in rows]}
    text = f"{LEAD_AND_EVENT}fields:\n  X: {value}\n"
    one = checked(text, columns)
    faulty = {offset: tuple(issue.code for issue in issues) for offset, issues in one.faulty_rows()}
    posted = iter(bodies(text, columns))
    found: list[Became] = []
    for offset in range(len(rows)):
        fields = [] if offset in faulty else next(posted).get("Fields", [])
        found.append(faulty.get(offset) or next((field["Value"] for field in fields), None))
    return found


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("{column: B, is: won}", [True, True, False, False]),
        ("{column: B, is: [won, lost]}", [True, True, True, False]),
        ("{column: B, is_not: [won]}", [False, False, True, True]),
        ("{column: B, filled: true}", [True, True, True, False]),
        ("{column: B, filled: no}", [False, False, False, True]),
        ("[{column: B, is_not: lost}, {column: B, filled: true}]", [True, True, False, False]),
    ],
)
def test_when(condition: str, expected: list[bool]) -> None:
    """Only rows that say what is asked have the value; texts are compared exactly but for white space around them."""
    rows = ("1", "won"), ("1", " won\u00a0"), ("1", "lost"), ("1", "  ")
    found = with_a_condition(f"{{column: A, type: integer, when: {condition}}}", *rows)
    assert found == ["1" if holds else None for holds in expected]
    assert with_a_condition(f"{{constant: c, when: {condition}}}", *rows) == [
        "c" if holds else None for holds in expected
    ]


def test_nothing_is_asked_where_the_condition_does_not_hold() -> None:
    """A value that a row does not have can't be wrong, nor missing, nor filled by its default."""
    rows = ("x", "won"), ("x", ""), ("", "won"), ("", "")
    value = "column: A, type: integer, when: {column: B, is: won}"
    assert with_a_condition(f"{{{value}, required: true}}", *rows) == [
        ("integer-unreadable",),
        None,
        ("required-empty",),
        None,
    ]
    assert with_a_condition(f"{{{value}, default: 7}}", *rows) == [("integer-unreadable",), None, "7", None]
    assert with_a_condition("{column: A, choices: [y], max_length: 0}".replace(", max_length: 0", ""), *rows)[0]


def test_conditions_on_errors_of_excel() -> None:
    """Where the condition looks at an Excel error, nobody knows whether the row has the value: an issue there."""
    columns: dict[str, list[str | Cell]] = {
        "Lead ID": [LEAD, LEAD],
        "A": ["1", "1"],
        "B": [Cell("#N/A", CellKind.ERROR), Cell("won")],
    }
    for source in ("column: A", "constant: c"):
        text = f"{LEAD_AND_EVENT}fields:\n  X: {{{source}, when: {{column: B, is: won}}}}\n"
        (issue,) = checked(text, columns).issues
        assert (issue.row, issue.column, issue.header, issue.code) == (2, "C", "B", "excel-error")


# ------------------------------------------------------------------------------------------ times of day


def test_times() -> None:
    """A time of day is read by its formats, and posted with hours, minutes and seconds."""
    unreadable = ("time-unreadable",)
    check(
        "{column: A, type: time}",
        {"14:30": "14:30:00", "9:05:07": "09:05:07", "": None, "24:00": unreadable, "2:30 PM": unreadable},
    )
    check(
        "{column: A, type: time, formats: [hh:MM AM/PM, HHMM]}",
        {"12:05 am": "00:05:00", "2:30 PM": "14:30:00", "0905": "09:05:00", "905": unreadable},
    )
    assert became("{constant: 14:30, type: time}", [""]) == ["14:30:00"]


def test_times_of_excel() -> None:
    """Of a real cell its time counts, whatever it shows; a plain number is no time."""
    cells = [
        moment("2:30 PM", "T14:30:00", "h:mm AM/PM"),
        moment("05/07", "2026-07-05T14:30:15", "dd/mm"),
        number("0.5", "0.5"),
    ]
    assert became("{column: A, type: time}", cells) == ["14:30:00", "14:30:15", ("time-serial",)]


@given(st.times().map(lambda time: time.replace(microsecond=0)))
def test_times_come_back(time: object) -> None:
    """Every time of day that is written out is posted as it is."""
    assert became("{column: A, type: time}", [str(time)]) == [str(time)]


# ------------------------------------------------------------------------------------------------- zones


def test_zones_by_column() -> None:
    """Each row names its zone, by name or in the words of the mapping; without one the default counts, if there is."""
    noon = "2024-07-01 12:00"
    rows = (noon, "Asia/Kolkata"), (noon, " IST "), (noon, "Europe/Berlin"), (noon, ""), (noon, "XST"), ("", "XST")
    value = "{column: A, type: datetime, timezone: {column: B, map: {IST: Asia/Kolkata}"
    unknown = ("timezone-unknown",)
    kolkata, berlin = "2024-07-01 06:30:00", "2024-07-01 10:00:00"
    expected = [kolkata, kolkata, berlin, ("timezone-missing",), unknown, None]
    assert with_a_condition(value + "}}", *rows) == expected
    expected[3] = "2024-07-01 12:00:00"
    assert with_a_condition(value + ", default: UTC}}", *rows) == expected


def test_zones_by_column_and_clocks() -> None:
    """Hours that a zone skipped or had twice are issues in that zone only; an offset in the text wins."""
    skipped, twice = "2024-03-31 02:30", "2024-10-27 02:30"
    rows = (skipped, "Europe/Berlin"), (skipped, "UTC"), (twice, "Europe/Berlin"), (twice, "UTC"), (twice + "+0200", "")
    value = '{column: A, type: datetime, formats: ["%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M%z"], timezone: {column: B}}'
    assert with_a_condition(value, *rows) == [
        ("time-skipped",),
        "2024-03-31 02:30:00",
        ("time-twice",),
        "2024-10-27 02:30:00",
        "2024-10-27 00:30:00",
    ]


def test_where_an_unknown_zone_stands() -> None:
    """The issue of a zone that is not known names the zone's cell, not the date's."""
    columns = {"Lead ID": [LEAD], "A": ["2024-07-01 12:00"], "B": ["XST"]}
    text = LEAD_AND_EVENT + "fields: {X: {column: A, type: datetime, timezone: {column: B}}}\n"
    (issue,) = checked(text, columns).issues
    assert (issue.column, issue.header, issue.value) == ("C", "B", "XST")
    assert issue.message == "B is no time zone that is known"


# ------------------------------------------------------------------------------------- tables from files

WITH_A_FILE = LEAD_AND_EVENT + "fields: {X: {column: A, map_file: {file: stages.csv, from: Stage, to: Posted}}}\n"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("Stage,Posted\nwon,Won\nlost,Lost\n", "utf-8"),
        ("\ufeffPosted;Stage;Note\nWon; won ;\nLost;lost;\n", "utf-8"),
        ('Stage\tPosted\r\n"won"\tWon\r\n\r\nlost\tLost', "utf-8"),
        ("Stage|Posted\rwon|Won\rlost|Lost\r", "utf-8"),
    ],
)
def test_map_files(tmp_path: Path, content: str, encoding: str) -> None:
    """A table is read from a CSV file beside the mapping, whatever separates its fields."""
    (tmp_path / "stages.csv").write_bytes(content.encode(encoding))
    (tmp_path / "visits.yaml").write_text(WITH_A_FILE, encoding="utf-8")
    document = read_mapping(str(tmp_path / "visits.yaml"))
    assert document.faults == ()
    (table,) = document.tables.values()
    assert dict(zip(table.listed, table.posted.to_pylist(), strict=True)) == {"won": "Won", "lost": "Lost"}


def test_a_table_is_part_of_its_mapping(tmp_path: Path) -> None:
    """A mapping whose table has changed is another mapping: an interrupted run does not go on with it."""
    (tmp_path / "visits.yaml").write_text(WITH_A_FILE, encoding="utf-8")
    found = set()
    for posted in ("Won", "Gone"):
        (tmp_path / "stages.csv").write_text(f"Stage,Posted\nwon,{posted}\n", encoding="utf-8")
        found.add(read_mapping(str(tmp_path / "visits.yaml")).sha256)
    assert len(found) == 2


def test_tables_that_are_too_large(tmp_path: Path) -> None:
    """A file that is no table of texts is refused before it is read."""
    with (tmp_path / "stages.csv").open("wb") as file:
        file.truncate(LARGEST + 1)
    (tmp_path / "visits.yaml").write_text(WITH_A_FILE, encoding="utf-8")
    (line,) = lines_of(read_mapping(str(tmp_path / "visits.yaml")).faults)
    assert line == '4:42: "stages.csv" is larger than 16 MiB; a table of texts is not.'


# ------------------------------------------------------------------------------------ short cuts by bytes


@given(st.lists(st.text(st.sampled_from("a~!é \t\x1f\u00a0\u2003\x85\0")) | st.none(), max_size=20), st.integers(0, 3))
def test_short_cuts(cells: list[str | None], begin: int) -> None:
    """Trimming by the look of the bytes is trimming; what is filled, and what is left, is so cell by cell."""
    column = texts(cells)[begin:]
    cells = cells[begin:]
    assert trimmed(column).to_pylist() == [None if cell is None else cell.strip(WHITE) for cell in cells]
    assert filled(column).tolist() == [bool(cell) for cell in cells]
    wanted = filled(column)
    assert only_where(wanted, column).to_pylist() == [cell or None for cell in cells]


WHITE = " \t\x1f\u00a0\u2003\x85"
"""What Arrow counts as white space, of the characters above."""
