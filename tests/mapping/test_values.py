"""Values: what each cell becomes under each kind of value, as the page on values says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .building import LEAD, Became, became

Table = list[tuple[str, Became]]
"""Cells and what they become."""


def check(value: str, table: Table) -> None:
    """Looks at all cells of a table at once."""
    assert dict(zip([cell for cell, _ in table], became(value, [cell for cell, _ in table]), strict=True)) == dict(
        table
    )


AS_TYPED: list[str] = [
    "0419",
    "NA",
    "None",
    "null",
    "TRUE",
    "1E5",
    "+919845098450",
    "=1+1",
    "'x",
    " x ",
    "\u00a0x\u2003",
    "\tx\n",
    " ",
    "a\r\nb",
    '"quoted" \\ and {braced}',
    "1,234.50",
    "01/02/2024",
    "नमस्ते 😀",
    "\x00\x1f\x7f",
]


@pytest.mark.parametrize(
    "value", ["A", "{column: A}", "{column: A, type: text}", "{column: A, trim: false}", '{template: "{A}"}']
)
def test_texts_stay_as_they_stand(value: str) -> None:
    """A text is posted as it stands, white space included; an empty cell is left out."""
    check(value, [(cell, cell) for cell in AS_TYPED] + [("", None)])


def test_trim() -> None:
    """With `trim`, white space is taken off the ends of a text, and what is nothing else is empty."""
    check(
        "{column: A, trim: true}",
        [(" x ", "x"), ("\u00a0x y\u2003", "x y"), ("\tx\n", "x"), (" \u00a0\n", None), ("", None), ("x", "x")],
    )
    check("{column: A, trim: true, required: true}", [(" ", ("required-empty",)), ("x", "x")])


def test_default() -> None:
    """A default fills an empty cell, and no other."""
    check("{column: A, default: Open}", [("", "Open"), ("x", "x"), ("0", "0"), ("Open", "Open")])
    check("{column: A, default: Open, trim: true}", [(" ", "Open"), (" x", "x")])
    check('{column: A, default: "7", type: integer}', [("", "7"), (" ", "7"), ("x", ("integer-unreadable",))])
    check("{column: A, default: yes, type: boolean}", [("", "1"), ("no", "0")])
    check(
        "{column: A, default: 01/02/2024, type: date, formats: [dd/mm/yyyy]}",
        [("", "2024-02-01"), ("31/12/2024", "2024-12-31")],
    )


def test_map() -> None:
    """A text that `map` lists is replaced; one that it does not list is an issue, and an empty cell is left out."""
    check(
        "{column: A, map: {won: Won, lost: Lost, '': Empty}}",
        [("won", "Won"), (" lost ", "Lost"), ("Won", ("map-unlisted",)), ("Open", ("map-unlisted",)), ("", "Empty")],
    )
    check("{column: A, map: {won: Won}}", [("", None), ("won", "Won")])
    check(
        "{column: A, map: {0041: ravi, NO: Norway, null: nothing}}",
        [("0041", "ravi"), ("41", ("map-unlisted",)), ("NO", "Norway")],
    )


def test_map_with_a_default() -> None:
    """A default fills what `map` does not list, and empty cells; it is not looked up in `map` itself."""
    check(
        "{column: A, map: {won: Won, lost: Lost}, default: won}",
        [("won", "Won"), ("lost", "Lost"), ("Open", "won"), ("", "won"), ("WON", "won")],
    )


def test_what_map_gives_is_read_as_the_type() -> None:
    """What `map` puts in is understood like a cell."""
    check(
        "{column: A, type: boolean, map: {given: yes, left: Y, none: no}, default: no}",
        [("given", "1"), ("left", "1"), ("none", "0"), ("yes", "0"), ("", "0")],
    )
    check(
        "{column: A, type: choice, choices: [Won, Lost], map: {w: Won, x: Open}}",
        [("w", "Won"), ("x", ("choice-unlisted",)), ("Won", ("map-unlisted",))],
    )


def test_required() -> None:
    """`required` makes an issue of an empty cell, and looks at what the default left."""
    check("{column: A, required: true}", [("", ("required-empty",)), (" \u00a0", ("required-empty",)), (" x", " x")])
    check("{column: A, required: false}", [("", None)])
    check("{column: A, required: true, default: Open}", [("", "Open")])
    check(
        "{column: A, required: true, type: integer}",
        [("", ("required-empty",)), (" ", ("required-empty",)), ("1", "1")],
    )
    check(
        "{column: A, required: true, map: {a: '', b: B}}",
        [("a", ("required-empty",)), ("b", "B"), ("", ("required-empty",))],
    )


def test_choices() -> None:
    """Only the choices are allowed, exactly as they are written but for white space at the ends."""
    for value in (
        "{column: A, choices: [New, Follow-Up, 0419]}",
        "{column: A, type: choice, choices: [New, Follow-Up, 0419]}",
    ):
        check(
            value,
            [
                ("New", "New"),
                (" Follow-Up ", "Follow-Up"),
                ("0419", "0419"),
                ("new", ("choice-unlisted",)),
                ("419", ("choice-unlisted",)),
                ("", None),
            ],
        )


def test_pattern() -> None:
    """A pattern must match the whole text, as Python's regular expressions do."""
    check(
        '{column: A, pattern: "[0-9]{4}"}',
        [
            ("0419", "0419"),
            ("419", ("pattern-mismatch",)),
            ("04190", ("pattern-mismatch",)),
            (" 0419", ("pattern-mismatch",)),
            ("0419\n", ("pattern-mismatch",)),
            ("", None),
        ],
    )
    check(
        '{column: A, pattern: "a|bc"}',
        [("a", "a"), ("bc", "bc"), ("ac", ("pattern-mismatch",)), ("abc", ("pattern-mismatch",))],
    )
    check(
        r'{column: A, pattern: "(?=.*\\d)(?i:x.*)"}',
        [("X1", "X1"), ("xa", ("pattern-mismatch",)), ("1x", ("pattern-mismatch",))],
    )
    check(r'{column: A, pattern: "\\w+", trim: true}', [(" é ", "é"), ("-", ("pattern-mismatch",))])


def test_max_length() -> None:
    """`max_length` counts characters, however many bytes they have, and never cuts."""
    check(
        "{column: A, max_length: 3}",
        [
            ("abc", "abc"),
            ("éé😀", "éé😀"),
            ("abcd", ("too-long",)),
            ("ab ", "ab "),
            ("abc ", ("too-long",)),
            ("", None),
        ],
    )
    check("{column: A, max_length: 3, trim: true}", [("abc ", "abc")])
    check("{column: A, max_length: 2, default: xy}", [("", "xy")])


def test_several_faults_of_one_cell() -> None:
    """Every rule that a cell breaks is an issue of its own."""
    check(
        '{column: A, type: integer, pattern: "[0-9]+", max_length: 3}',
        [("abcd", ("integer-unreadable", "too-long", "pattern-mismatch")), ("12", "12"), ("1234", ("too-long",))],
    )


INTEGERS: Table = [
    ("0", "0"),
    ("12", "12"),
    ("0419", "0419"),
    ("-12", "-12"),
    ("+12", "12"),
    (" 12\u00a0", "12"),
    ("12\r\n", "12"),
    ("1234567890123456789012", "1234567890123456789012"),
]
NO_NUMBERS = "1E5 1e5 9.19845E+11 x 1x --1 +-1 + - 1_000 0x1F ٣ ½ (5) nan inf TRUE 12% $5 \u22125 5- 5+"


def test_integers() -> None:
    """Whole numbers are plain digits with or without a sign; nothing else is one."""
    check("{column: A, type: integer}", [*INTEGERS, ("", None)])
    others = [*NO_NUMBERS.split(), "1 2", "1\n2", "1,234", "1.0", "1.", ".5", "1.234"]
    check("{column: A, type: integer}", [(cell, ("integer-unreadable",)) for cell in others])


def test_decimals() -> None:
    """Decimal numbers are plain digits with a point between them; an exponent is none."""
    check("{column: A, type: decimal}", [*INTEGERS, ("", None), ("12.50", "12.50"), ("-0.5", "-0.5"), ("+1.5", "1.5")])
    others = [*NO_NUMBERS.split(), "1 2", "1\n2", "1,234", "1,5", "1.", ".5", "1.2.3", "1 .5"]
    check("{column: A, type: decimal}", [(cell, ("decimal-unreadable",)) for cell in others])


def test_thousands() -> None:
    """Marks between thousands count only if the mapping names them, and only where they belong; lakhs are fine."""
    check(
        '{column: A, type: integer, number: {thousands: ","}}',
        [
            ("1,234", "1234"),
            ("1234", "1234"),
            ("1,234,567", "1234567"),
            ("12,34,567", "1234567"),
            ("-1,234", "-1234"),
            ("0123", "0123"),
            ("000,123", "000123"),
            ("1,000", "1000"),
            ("1,23", ("integer-unreadable",)),
            ("1,2345", ("integer-unreadable",)),
            (",123", ("integer-unreadable",)),
            ("1,,234", ("integer-unreadable",)),
            ("1234,567", ("integer-unreadable",)),
            ("1.234", ("integer-unreadable",)),
        ],
    )


@pytest.mark.parametrize("type_", ["integer", "decimal"])
@pytest.mark.parametrize("cell", ["0,123", "-0,123", "+0,123", "00,123", "0,123,456", "0,12,345", "05,123"])
def test_a_decimal_mark_that_was_taken_for_one_between_thousands(type_: str, cell: str) -> None:
    """Nobody groups a nought by itself; read so, 0,123 would be a thousand times too much."""
    value = f'{{column: A, type: {type_}, number: {{thousands: ",", decimal: "."}}}}'
    check(value, [(cell, (f"{type_}-unreadable",))])


@pytest.mark.parametrize("mark", [" ", "\u00a0", "'", "\u2019", "_", "|"])
def test_any_mark_between_thousands(mark: str) -> None:
    """Any sign that is no part of a number can stand between thousands."""
    check(
        f'{{column: A, type: decimal, number: {{thousands: "{mark}"}}}}',
        [(f"1{mark}234.5", "1234.5"), ("1,234", ("decimal-unreadable",))],
    )


def test_decimal_marks() -> None:
    """Another mark before the decimals counts only if the mapping names it, and then the point does not."""
    check(
        '{column: A, type: decimal, number: {thousands: ".", decimal: ","}}',
        [
            ("1.250,00", "1250.00"),
            ("1250,5", "1250.5"),
            ("-0,5", "-0.5"),
            ("1.250", "1250"),
            ("1,250.00", ("decimal-unreadable",)),
            ("12.5", ("decimal-unreadable",)),
        ],
    )
    check('{column: A, type: decimal, number: {decimal: ","}}', [("1,5", "1.5"), ("1.5", ("decimal-unreadable",))])


@given(st.decimals(-(10**20), 10**20, places=3), st.sampled_from([(",", "."), (".", ","), (" ", ","), ("'", ".")]))
def test_any_number_under_any_marks(number: object, marks: tuple[str, str]) -> None:
    """A number written with marks that are named is posted in plain digits, not one of them changed."""
    thousands, decimal = marks
    written = f"{number:,.3f}".translate({ord(","): thousands, ord("."): decimal})
    value = f'{{column: A, type: decimal, number: {{thousands: "{thousands}", decimal: "{decimal}"}}}}'
    check(value, [(written, f"{number:.3f}")])


def test_booleans() -> None:
    """Yes and no in the usual words and any case are posted as 1 and 0; no other word is either."""
    yes = ["true", "TRUE", "True", "yes", "YES", "y", "Y", "1", " yes ", "tRuE"]
    no = ["false", "FALSE", "no", "No", "n", "N", "0", "\u00a00"]
    check("{column: A, type: boolean}", [(cell, "1") for cell in yes] + [(cell, "0") for cell in no] + [("", None)])
    others = ["on", "off", "t", "f", "2", "-1", "1.0", "ja", "nein", "x", "yes no", "truth", "wahr", "✓", "00", "01"]
    check("{column: A, type: boolean}", [(cell, ("boolean-unreadable",)) for cell in others])


def test_guids() -> None:
    """An id has 32 hexadecimal digits in five groups, in any case, and nothing around it but white space."""
    check(
        "{column: A, type: guid}",
        [
            (LEAD, LEAD),
            (LEAD.upper(), LEAD.upper()),
            (f" {LEAD}\u00a0", LEAD),
            ("", None),
            (LEAD[:-1], ("guid-malformed",)),
            (LEAD + "0", ("guid-malformed",)),
            (LEAD.replace("-", ""), ("guid-malformed",)),
            ("{" + LEAD + "}", ("guid-malformed",)),
            (LEAD.replace("2", "g", 1), ("guid-malformed",)),
            (LEAD + "\n" + LEAD, ("guid-malformed",)),
            ("x", ("guid-malformed",)),
        ],
    )


def test_email_addresses() -> None:
    """An e-mail address is one address and nothing else."""
    good = "a@b.co asha.rao+x@example.com O'Neil_1@sub.example.co.in a-b@1-2.example x!#$%&*/=?^`{|}~@example.com"
    good += " जय@उदाहरण.भारत jürgen@müller.de"
    check("{column: A, type: email}", [(cell, cell) for cell in good.split()] + [(" a@b.co ", "a@b.co"), ("", None)])
    bad = (
        "a a@ @b.co a@b a@b.c a@@b.co a@b@c.de a..b@c.de .a@b.co a.@b.co a@.co a@b..co a@-b.co a@b-.co a@b.co. a@b.c1-"
    )
    bad += " <a@b.co> a@b.co;c@d.ef mailto:a@b.co a@[1.2.3.4] a@b.c0m/ a@b_c.de"
    several = ["a b@c.de", "a@b c.de", "Asha <a@b.co>", "a@b.co, c@d.ef", '"a b"@c.de', "a@b.co\nx"]
    invisible = ["a\u00a0b@c.de", "a\u200bb@c.de", "a\x00@b.co", "a@b.co\u200b"]
    malformed = [*bad.split(), *several, *invisible]
    check("{column: A, type: email}", [(cell, ("email-malformed",)) for cell in malformed])


def test_phone_numbers() -> None:
    """A phone number has 7 to 15 digits, a plus in front if need be, the usual signs between, and is kept as typed."""
    good = ["+919845098450", "9845098450", "+91-98450 98450", "(080) 2345-6789", "+1 (212) 555.0123", "030/1234567"]
    good += ["1234567", "123456789012345"]
    check("{column: A, type: phone}", [(cell, cell) for cell in good] + [(" 1234567 ", "1234567"), ("", None)])
    bad = "123456 1234567890123456 9.19845E+11 x 98450x98450 ++919845098450 98450+98450 -1234567 98450,98450 ९८४५०९८४५०"
    malformed = [*bad.split(), "12345 ext 6", "12345\n67890", "tel:9845098450"]
    check("{column: A, type: phone}", [(cell, ("phone-malformed",)) for cell in malformed])


def test_dates() -> None:
    """A date is posted as YYYY-MM-DD and needs no time zone; a time beside it is left out."""
    check(
        "{column: A, type: date, formats: [dd/mm/yyyy, dd/mm/yyyy HH:MM, mm/dd/yyyy]}",
        [
            ("13/02/2024", "2024-02-13"),
            (" 13/2/2024 ", "2024-02-13"),
            ("13/02/2024 23:59", "2024-02-13"),
            ("02/02/2024", "2024-02-02"),
            ("01/02/2024", ("date-ambiguous",)),
            ("31/02/2024", ("date-unreadable",)),
            ("45383", ("date-unreadable",)),
            ("2024-02-13", ("date-unreadable",)),
            ("", None),
        ],
    )


def test_dates_without_formats() -> None:
    """Only dates that begin with the year in four digits are read without being told how."""
    check(
        "{column: A, type: date}",
        [
            ("2024-05-01", "2024-05-01"),
            ("2024-05-01 10:30", "2024-05-01"),
            ("2024-05-01T10:30:59", "2024-05-01"),
            ("2024-5-1", "2024-05-01"),
            ("01/05/2024", ("date-unreadable",)),
            ("24-05-01", ("date-unreadable",)),
        ],
    )


def test_datetimes() -> None:
    """A moment is posted in UTC, to the second; a day alone is its midnight in the zone."""
    check(
        "{column: A, type: datetime, formats: [dd/mm/yyyy HH:MM, dd/mm/yyyy], timezone: Asia/Kolkata}",
        [
            ("01/05/2024 10:30", "2024-05-01 05:00:00"),
            ("01/05/2024", "2024-04-30 18:30:00"),
            ("1/5/2024 4:05", "2024-04-30 22:35:00"),
            ("01/05/2024 10:30:00", ("date-unreadable",)),
            ("", None),
        ],
    )


def test_local_times_without_a_zone() -> None:
    """A local time whose zone nobody named is an issue; one that names its offset is not."""
    check(
        '{column: A, type: datetime, formats: ["%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M%z"]}',
        [
            ("2024-05-01 10:30", ("timezone-missing",)),
            ("2024-05-01 10:30+05:30", "2024-05-01 05:00:00"),
            ("2024-05-01 10:30Z", "2024-05-01 10:30:00"),
            ("x", ("date-unreadable",)),
        ],
    )


def test_an_offset_beats_the_zone() -> None:
    """A text that names its own offset is not moved by the mapping's zone."""
    check(
        '{column: A, type: datetime, formats: ["%Y-%m-%d %H:%M%z", "%Y-%m-%d %H:%M"], timezone: Europe/Berlin}',
        [("2024-03-31 02:30+00:00", "2024-03-31 02:30:00"), ("2024-03-31 02:30", ("time-skipped",))],
    )


def test_times_that_never_were_or_were_twice() -> None:
    """A local time that the clocks skipped, or showed twice, is an issue: an hour is not guessed."""
    check(
        "{column: A, type: datetime, timezone: Europe/Berlin}",
        [
            ("2024-03-31 01:59", "2024-03-31 00:59:00"),
            ("2024-03-31 02:30", ("time-skipped",)),
            ("2024-10-27 02:30", ("time-twice",)),
            ("2024-10-27 03:00", "2024-10-27 02:00:00"),
        ],
    )
    check(
        "{column: A, type: date}",
        [("2024-03-31 02:30", "2024-03-31")],
    )


def test_the_end_of_the_calendar() -> None:
    """The last day that can be written is posted if UTC can write it too, else an issue: never another day."""
    check(
        "{column: A, type: datetime, timezone: America/New_York}",
        [("9999-12-31", "9999-12-31 05:00:00"), ("9999-12-31 23:59:59", ("date-unreadable",))],
    )
    check("{column: A, type: datetime, timezone: Asia/Kolkata}", [("0001-01-01", ("date-unreadable",))])
    check("{column: A, type: date}", [("9999-12-31 23:59:59", "9999-12-31"), ("0001-01-01", "0001-01-01")])


@pytest.mark.parametrize(
    ("value", "posted"),
    [
        ('{constant: "1"}', "1"),
        ("{constant: 0419}", "0419"),
        ("{constant: NO}", "NO"),
        ('{constant: " x "}', " x "),
        ('{constant: " x ", trim: true}', "x"),
        ('{constant: ""}', ""),
        ("{constant: Yes, type: boolean}", "1"),
        ('{constant: "1,234.5", type: decimal, number: {thousands: ","}}', "1234.5"),
        ("{constant: 01/02/2024, type: date, formats: [dd/mm/yyyy]}", "2024-02-01"),
        ("{constant: 2024-02-01 10:30, type: datetime, timezone: Asia/Kolkata}", "2024-02-01 05:00:00"),
        ('{constant: " Won ", choices: [Won]}', "Won"),
        ('{constant: " abc ", trim: true, pattern: "[a-c]+", max_length: 3}', "abc"),
        ("{constant: abc, max_length: 3, pattern: '[a-c]+', required: true}", "abc"),
        ('{constant: "{A}"}', "{A}"),
    ],
)
def test_constants(value: str, posted: str) -> None:
    """A constant is posted with every row, read as its type says."""
    assert became(value, ["x", ""]) == [posted, posted]
