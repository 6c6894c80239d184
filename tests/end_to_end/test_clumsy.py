"""What happens to people who are busy: wrong files, wrong sheets, broken mappings, no keys. Never a traceback."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from importer import __version__
from importer.cli.edge import utc_now
from importer.ledger.holding import hold
from tests.conftest import ROOT, Command
from tests.fake_lsq import fake_lsq
from tests.rows import HEADER, MAPPING, visit, write_csv


@pytest.fixture
def visits(tmp_path: Path) -> Path:
    """A good file and a good mapping."""
    (tmp_path / "visits.yaml").write_text(MAPPING, encoding="utf-8")
    return write_csv(tmp_path / "visits.csv", [visit(1), visit(2)])


CASES = {
    "no such file": (("run", "visit.csv", "-m", "visits.yaml"), 'no file "visit.csv". Did you mean "visits.csv"?'),
    "a folder": (("run", ".", "-m", "visits.yaml"), "is a folder"),
    "an address": (("run", "https://example.com/x.csv", "-m", "visits.yaml"), "an address on the network"),
    "no mapping": (("run", "visits.csv", "-m", "none.yaml"), 'The mapping "none.yaml" can\'t be read'),
    "no keys": (("run", "visits.csv", "-m", "visits.yaml"), "LSQ_ACCESS_KEY"),
    "a strange rate": (("run", "visits.csv", "-m", "visits.yaml", "--bulk-rate", "fast"), '"fast" is not a rate'),
    "a strange delimiter": (("run", "visits.csv", "-m", "visits.yaml", "--delimiter", "::"), "can't separate fields"),
    "a strange quote": (("run", "visits.csv", "-m", "visits.yaml", "--quote-char", "''"), "can't enclose texts"),
    "a quote that separates": (
        ("run", "visits.csv", "-m", "visits.yaml", "--quote-char", "~", "--delimiter", "~"),
        "can't both separate fields and enclose them",
    ),
    "a strange encoding": (("run", "visits.csv", "-m", "visits.yaml", "--encoding", "utf8mb4"), "no encoding"),
    "no such row": (("run", "visits.csv", "-m", "visits.yaml", "--header-row", "99"), "row 99 is empty or not there"),
    "no such code": (("explain", "date-unreadble"), 'Did you mean "date-unreadable"?'),
    "no such type": (("explain", "MXInvalidActivityExeption"), 'Did you mean "MXInvalidActivityException"?'),
    "a part of a code": (("explain", "guid"), 'Did you mean "guid-malformed"?'),
    "a part of several codes": (("explain", "Phone"), "Codes like it are phone-malformed, phone-ambiguous."),
    "a letter of codes": (("explain", "ui"), "List them all with: lsq-import explain"),
    "no such run": (("report", "2026"), 'There is no run "2026"'),
    "no lead id": (("activities", "me"), '"me" is not a lead id'),
    "no such profile": (("run", "visits.csv", "-m", "visits.yaml", "--profile", "prod"), 'no profile "prod"'),
    "no such seed": (("sandbox", "--port", "0", "--seed", "none.json"), "The sandbox can't start"),
    "no such answer": (("sandbox", "--throttle", "500"), "--throttle"),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.usefixtures("visits")
def test_a_wrong_start_ends_with_a_sentence_and_exit_code_2(name: str, lsq_import: Command) -> None:
    """Nothing is sent, no traceback is shown, and the message says what happened and what to do."""
    arguments, words = CASES[name]
    ran = lsq_import(*arguments)
    assert ran.code == 2
    assert words in ran.err
    assert "Traceback" not in ran.err
    assert ran.out == ""


@pytest.mark.usefixtures("visits")
def test_an_unknown_option_is_a_usage_error(lsq_import: Command) -> None:
    """A misspelt option ends with exit code 2 and the way to the help."""
    ran = lsq_import("run", "visits.csv", "--mapping", "visits.yaml", "--dryrun")
    assert (ran.code, "--help" in ran.err) == (2, True)


@pytest.mark.usefixtures("visits")
def test_all_faults_of_a_mapping_and_its_columns_are_told_at_once(lsq_import: Command, tmp_path: Path) -> None:
    """Wrong keys, formats, zones and missing columns come in one message, each with its line and column."""
    (tmp_path / "bad.yaml").write_text(
        "version: 1\n"
        "lead: {id: Lead Id}\n"
        "activity: {event: x, datetime: {column: Visit Date, formats: [dd/mm], timezone: Asia/Kolkatta}}\n"
        "fields:\n"
        "  mx_Custom_1: {colum: Remarks}\n"
        "  mx_Custom_2: Remarkz\n",
        encoding="utf-8",
    )
    ran = lsq_import("validate", "visits.csv", "-m", "bad.yaml")
    assert ran.code == 2
    for words in (
        'bad.yaml:2:12: "visits.csv" has no column "Lead Id". Did you mean "Lead ID"?',
        "bad.yaml:3:19: activity.event must be a whole number",
        'bad.yaml:3:63: "dd/mm" has no year',
        'Did you mean "Asia/Kolkata"?',
        'bad.yaml:5:17: "colum" is not a key of a value. Did you mean "column"?',
        'bad.yaml:6:16: "visits.csv" has no column "Remarkz". Did you mean "Remarks"?',
    ):
        assert words in ran.err


def test_a_column_that_stands_twice_is_refused_only_if_it_is_used(lsq_import: Command, tmp_path: Path) -> None:
    """Of two columns of one name nobody can tell which is meant; where neither is used, they do no harm."""
    (tmp_path / "visits.yaml").write_text(MAPPING, encoding="utf-8")
    row = list(visit(1).values())
    lines = [[*HEADER, "Store Code"], [*row, "x"]]
    (tmp_path / "twice.csv").write_text("\n".join(";".join(line) for line in lines), encoding="utf-8")
    lines = [[*HEADER, "Other", "Other"], [*row, "x", "y"]]
    (tmp_path / "other.csv").write_text("\n".join(";".join(line) for line in lines), encoding="utf-8")
    twice = lsq_import("validate", "twice.csv", "-m", "visits.yaml")
    other = lsq_import("validate", "other.csv", "-m", "visits.yaml")
    assert (twice.code, other.code) == (2, 0)
    assert 'the column "Store Code" 2 times (C, I)' in twice.err


def test_a_header_without_rows_is_fine_and_an_empty_file_is_not(lsq_import: Command, tmp_path: Path) -> None:
    """A file with a header and no row ends with 0; one without a header with 2."""
    (tmp_path / "visits.yaml").write_text(MAPPING, encoding="utf-8")
    (tmp_path / "header.csv").write_text(",".join(HEADER) + "\n", encoding="utf-8")
    (tmp_path / "empty.csv").write_text("\n \n", encoding="utf-8")
    header = lsq_import("run", "header.csv", "-m", "visits.yaml", "--sandbox", "--json")
    empty = lsq_import("run", "empty.csv", "-m", "visits.yaml", "--sandbox")
    assert (header.code, json.loads(header.out)["counts"]["read"]) == (0, 0)
    assert (empty.code, "has no header" in empty.err) == (2, True)


@pytest.mark.usefixtures("visits")
def test_a_key_with_a_line_end_is_refused_without_being_shown(lsq_import: Command) -> None:
    """A key that was copied with a line end can't be sent, and is not printed."""
    env = {"LSQ_HOST": "http://127.0.0.1:9", "LSQ_ACCESS_KEY": "AK-canary\nx", "LSQ_SECRET_KEY": "s"}
    ran = lsq_import("run", "visits.csv", "-m", "visits.yaml", env=env)
    assert ran.code == 2
    assert "LSQ_ACCESS_KEY" in ran.err
    assert "canary" not in ran.err + ran.out


@pytest.mark.parametrize("quote", ["'", '"', "\N{RIGHT DOUBLE QUOTATION MARK}"])
@pytest.mark.usefixtures("visits")
def test_a_key_in_quotation_marks_is_told_before_any_call(quote: str, lsq_import: Command) -> None:
    """What an env file or Windows has left around a key is named, and the key is not."""
    with fake_lsq() as fake:
        key = f"{quote}{fake.env['LSQ_SECRET_KEY']}-canary{quote}"
        ran = lsq_import("run", "visits.csv", "-m", "visits.yaml", env=fake.env | {"LSQ_SECRET_KEY": key})
        assert fake.requests == []
    assert ran.code == 2
    assert "LSQ_SECRET_KEY begins and ends with a quotation mark" in ran.err
    assert "canary" not in ran.err + ran.out


@pytest.mark.usefixtures("visits")
def test_blanks_around_a_key_do_no_harm(lsq_import: Command) -> None:
    """Windows' `set A=x && …` leaves a blank at the end of x."""
    with fake_lsq() as fake:
        env = {name: f" {value}\t" for name, value in fake.env.items()}
        assert lsq_import("run", "visits.csv", "-m", "visits.yaml", env=env).code == 0


@pytest.mark.usefixtures("visits")
def test_a_host_outside_leadsquared_needs_a_clear_word(lsq_import: Command) -> None:
    """Keys do not go to a host that is not LeadSquared's just because somebody misspelt it."""
    env = {"LSQ_HOST": "api.leadsquared.com.evil.example", "LSQ_ACCESS_KEY": "a", "LSQ_SECRET_KEY": "s"}
    ran = lsq_import("run", "visits.csv", "-m", "visits.yaml", env=env)
    assert (ran.code, "LSQ_ALLOW_HOST=1" in ran.err) == (2, True)


@pytest.mark.usefixtures("visits")
def test_a_server_that_is_not_there_ends_the_run_early(lsq_import: Command) -> None:
    """After a few tries the run stops with exit code 5, says so, and leaves all rows for the next time."""
    env = {"LSQ_HOST": "http://127.0.0.1:9", "LSQ_ACCESS_KEY": "a", "LSQ_SECRET_KEY": "s"}
    ran = lsq_import("run", "visits.csv", "-m", "visits.yaml", "--json", env=env)
    assert (ran.code, json.loads(ran.out)["counts"]["not_sent"], json.loads(ran.out)["api"]["calls"]) == (5, 2, 0)
    assert "could not be reached" in ran.err


@pytest.mark.usefixtures("visits")
def test_a_second_run_on_the_same_ledger_is_told_who_is_at_work(lsq_import: Command, tmp_path: Path) -> None:
    """While another run holds the ledger, a run ends at once with exit code 75."""
    with hold(tmp_path / "state", utc_now()), fake_lsq() as fake:
        ran = lsq_import("run", "visits.csv", "-m", "visits.yaml", env=fake.env)
    assert (ran.code, fake.requests) == (75, [])
    assert "process" in ran.err


@pytest.mark.usefixtures("visits")
def test_a_damaged_ledger_is_never_started_over(lsq_import: Command, tmp_path: Path) -> None:
    """A ledger that can't be read stops the run with exit code 4, and stays as it is."""
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "ledger.sqlite").write_text("this was a ledger" * 100, encoding="utf-8")
    with fake_lsq() as fake:
        ran = lsq_import("run", "visits.csv", "-m", "visits.yaml", env=fake.env)
    assert (ran.code, fake.requests) == (4, [])
    assert "damaged" in ran.err
    assert (tmp_path / "state" / "ledger.sqlite").read_text(encoding="utf-8").startswith("this was")


@pytest.mark.parametrize(
    ("sample", "mapping", "bad"),
    [
        ("store_visits.csv", "store-visits.yaml", 12),
        ("call_log.xlsx", "call-log.yaml", 7),
        ("web_signups.csv", "web-signups.yaml", 6),
        ("loan_applications.csv", "loan-applications.yaml", 4),
    ],
)
def test_validate_and_preview_serve_all_samples(sample: str, mapping: str, bad: int, lsq_import: Command) -> None:
    """Each sample is read by its mapping, with just the mistakes that were put into it."""
    arguments = (ROOT / "sample_data" / sample, "-m", ROOT / "mappings" / mapping)
    validated = lsq_import("validate", *arguments, "--json")
    previewed = lsq_import("preview", *arguments, "-n", "2")
    assert (validated.code, json.loads(validated.out)["counts"]["invalid"]) == (1, bad)
    assert previewed.code == 0
    assert previewed.out.count('"ActivityEvent"') == 2


def test_the_samples_are_what_their_script_makes(tmp_path: Path) -> None:
    """sample_data/generate.py writes the files that lie beside it, byte for byte."""
    folder = ROOT / "sample_data"
    shutil.copy(folder / "generate.py", tmp_path)
    subprocess.run([sys.executable, str(tmp_path / "generate.py")], check=True, cwd=ROOT)  # noqa: S603
    for name in ("store_visits.csv", "call_log.xlsx", "web_signups.csv", "loan_applications.csv"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes(), name


def test_a_dry_run_needs_no_keys(lsq_import: Command, visits: Path) -> None:
    """Without an account, everything but sending is done; that duplicates can't be told is said."""
    ran = lsq_import("run", visits, "-m", "visits.yaml", "--dry-run")
    assert ran.code == 0
    assert "no keys are set" in ran.err


def test_results_go_to_standard_output_and_talk_to_standard_error(lsq_import: Command, visits: Path) -> None:
    """With --json nothing but the summary is on standard output; with -q there is no talk."""
    ran = lsq_import("run", visits, "-m", "visits.yaml", "--sandbox", "--json", "-q")
    assert json.loads(ran.out)["exit_code"] == ran.code == 0
    assert ran.err == ""


@pytest.mark.parametrize("code", ["MXInvalidActivityException", "mxinvalidactivityexception", "MXInvalidActivity"])
def test_types_of_leadsquared_are_explained(code: str, lsq_import: Command) -> None:
    """What an answer of LeadSquared names is explained like a code of ours; capital letters don't count."""
    ran = lsq_import("explain", code)
    assert ran.code == 0
    assert ran.out.startswith("MXInvalidActivityException: there is no activity type of this code")
    assert "activity.event" in ran.out


def test_a_type_of_leadsquared_that_nobody_knows_is_said_to_be_that(lsq_import: Command) -> None:
    """No name is made up for it, and what can be done in any case is said."""
    ran = lsq_import("explain", "MXBrandNewException")
    assert ran.code == 0
    assert "LeadSquared's own name" in ran.out
    assert "to-fix file" in ran.out


def test_the_code_of_an_error_stands_behind_its_sentence(lsq_import: Command, visits: Path) -> None:
    """Not behind the list of faults, or the notices on how the file was read."""
    (visits.parent / "visits.yaml").write_text(MAPPING.replace("Amount", "Amuont"), encoding="utf-8")
    ran = lsq_import("validate", "visits.csv", "-m", "visits.yaml")
    lines = ran.err.splitlines()
    assert lines[0] == "lsq-import: The mapping has a fault; nothing was read or sent. [mapping]"
    assert lines[-1].startswith("visits.csv: read as")
    assert lines[-1].endswith(".")


def test_the_version_is_told(lsq_import: Command) -> None:
    """Whoever reports a mistake can say which version has it."""
    ran = lsq_import("--version")
    assert (ran.code, ran.out, ran.err) == (0, f"lsq-import {__version__}\n", "")


def test_many_unused_columns_are_counted(lsq_import: Command, visits: Path) -> None:
    """Of columns that nobody maps the first ten are named, which is enough to see what was left out by mistake."""
    more = {f"Extra {number}": "x" for number in range(1, 294)}
    write_csv(visits, [visit(1) | more], (*HEADER, *more))
    ran = lsq_import("validate", visits, "-m", "visits.yaml")
    assert "does not use: Extra 1, Extra 2," in ran.err
    assert "Extra 10 and 283 more." in ran.err
    assert "Extra 11" not in ran.err


def test_an_audit_of_nothing_says_so(lsq_import: Command, visits: Path) -> None:
    """Where a run has created no row, no audit claims to have found all of them."""
    write_csv(visits, [])
    (visits.parent / "keyed.yaml").write_text(f"{MAPPING}import_key: note\n", encoding="utf-8")
    with fake_lsq() as fake:
        lsq_import("run", "visits.csv", "-m", "keyed.yaml", env=fake.env)
        ran = lsq_import("audit", env=fake.env)
    assert ran.code == 0
    assert "there was nothing to audit: no row of this run counts as created." in ran.err
