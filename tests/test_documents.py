"""The documents tell the truth: what the program has is read from it and looked for in them."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.blocks import Header
from importer.cli import app, importing, reading, rehearsing
from importer.codes.errors import ERRORS
from importer.codes.rows import EXPLANATIONS, Code
from importer.errors.base import ExitCode, ImporterError
from importer.leadsquared.routes import RouteName
from importer.mapping.binding import bind
from importer.mapping.model import Mapping, ValueType
from importer.mapping.parsing import parse_mapping
from importer.records import Outcome
from importer.reporting.results import COLUMNS
from importer.validation.mapping_tests import run_tests
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md")}
ALL_ERRORS_ARE_DEFINED_BY = (importing, reading, rehearsing)
COMMANDS = sorted(command.name or "" for command in app.registered_commands)


def generated(name: str) -> str:
    """A page as docs/pages.py makes it now."""
    source = f"import sys; sys.path.insert(0, 'docs'); import pages; print(pages.{name}(), end='')"
    ran = subprocess.run([sys.executable, "-c", source], cwd=ROOT, capture_output=True, check=True, text=True)  # noqa: S603
    return ran.stdout


@pytest.mark.parametrize("name", ["codes", "commands", "conformance"])
def test_generated_pages_are_those_of_the_program(name: str) -> None:
    """docs/codes.md and the others are what `python docs/pages.py` writes today."""
    assert PAGES[f"{name}.md"] == generated(name)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str) -> None:
    """The help of each command shows how it is called."""
    section = PAGES["commands.md"].split(f"\n## lsq-import {command}\n")[1].split("\n## ")[0]
    assert re.search(rf"Examples?:\n.*lsq-import {command}", section)


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_is_in_the_readme(outcome: Outcome) -> None:
    """A user finds what each outcome means where they look first."""
    assert f"| `{outcome}` |" in README


@pytest.mark.parametrize("code", ExitCode)
def test_every_exit_code_is_in_the_readme_and_in_the_help(code: ExitCode) -> None:
    """A schedule's author finds each exit code."""
    assert re.search(rf"^\| [\d, ]*\b{code.value}\b", README, re.MULTILINE)
    assert re.search(rf"\b{code.value}\b", PAGES["commands.md"].split("Exit codes:")[1][:400])


def keys_of(schema: object) -> set[str]:
    """All keys that a JSON Schema names."""
    if isinstance(schema, dict):
        own = set(schema["properties"]) if isinstance(schema.get("properties"), dict) else set()
        return own.union(*(keys_of(value) for value in schema.values()))
    return set().union(*(keys_of(item) for item in schema)) if isinstance(schema, list) else set()


@pytest.mark.parametrize("key", sorted(keys_of(Mapping.model_json_schema())))
def test_every_key_of_a_mapping_is_documented(key: str) -> None:
    """docs/mapping.md names each key that a mapping may have."""
    assert re.search(rf"\b{key}\b", PAGES["mapping.md"])


@pytest.mark.parametrize("word", [*ValueType, *RouteName])
def test_every_type_and_route_is_documented(word: str) -> None:
    """docs/mapping.md has a line for each type and each road."""
    assert f"| `{word}` |" in PAGES["mapping.md"]


@pytest.mark.parametrize("column", COLUMNS)
def test_every_column_of_the_results_is_documented(column: str) -> None:
    """docs/files.md names each column of results.csv."""
    assert f"`{column}`" in PAGES["files.md"]


def errors_below(kind: type[ImporterError]) -> set[type[ImporterError]]:
    """All kinds of errors."""
    return {kind}.union(*(errors_below(child) for child in kind.__subclasses__()))


def test_every_code_is_explained() -> None:
    """No row and no error bears a code that `explain` does not know."""
    assert set(EXPLANATIONS) == set(Code)
    named = {kind.code for kind in errors_below(ImporterError) if hasattr(kind, "code")}
    assert named <= set(ERRORS)


def test_every_part_of_the_program_is_named_where_things_are() -> None:
    """docs/development.md says what each module and package below `importer` does."""
    found = (path for path in (ROOT / "importer").iterdir() if not path.name.startswith(("__", "py.typed")))
    names = {f"{path.name}/" if path.is_dir() else path.name for path in found}
    assert {name for name in names if name not in PAGES["development.md"]} == set()


def yaml_blocks() -> list[tuple[str, str]]:
    """Whole mappings that stand in the documents."""
    pages = {"README.md": README} | PAGES
    found = [
        (name, block)
        for name, text in pages.items()
        for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
        if block.startswith("version:")
    ]
    assert len(found) >= 2
    return found


@pytest.mark.parametrize(("name", "block"), yaml_blocks(), ids=[name for name, _ in yaml_blocks()])
def test_mappings_in_the_documents_are_right(name: str, block: str) -> None:
    """A mapping that is copied from a document has no fault."""
    assert parse_mapping(block, name).faults == ()


@pytest.mark.parametrize(("name", "block"), yaml_blocks(), ids=[name for name, _ in yaml_blocks()])
def test_mappings_in_the_documents_pass_their_own_tests(name: str, block: str) -> None:
    """Whoever saves a mapping from a document and says `validate --tests` sees everything as expected."""
    tested = run_tests(parse_mapping(block, name))
    assert [test.differences for test in tested] == [()] * len(tested)


def test_the_whole_mapping_has_a_test() -> None:
    """The mapping that shows every key shows how a test looks, too."""
    assert any("\ntests:" in block for name, block in yaml_blocks() if name == "mapping.md")


def test_links_in_the_documents_lead_somewhere() -> None:
    """Every relative link of README and docs names a file that is there."""
    for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_the_json_schema_is_one() -> None:
    """What `schema` prints names its dialect and refuses unknown keys."""
    ran = subprocess.run([sys.executable, "-m", "importer", "schema"], capture_output=True, check=True, text=True)
    schema = json.loads(ran.stdout)
    assert schema["$schema"].startswith("https://json-schema.org/draft/2020-12/")
    assert schema["additionalProperties"] is False
    assert all(part["additionalProperties"] is False for part in schema["$defs"].values() if part["type"] == "object")


@given(st.text(max_size=300))
def test_no_text_breaks_the_reading_of_mappings(text: str) -> None:
    """Whatever a mapping file holds, it is understood or its faults are told."""
    document = parse_mapping(text, "any.yaml")
    assert (document.model is None) == bool(document.faults)


NAME = Path(__file__).relative_to(ROOT).as_posix()

ABSOLUTE = re.compile(rb"""(?:^|[\s`"'(=:,\[{<>|])/([A-Za-z]+)/[A-Za-z]""", re.MULTILINE)
KNOWN = {b"Add", b"activity", b"dev", b"etc", b"exports", b"proc", b"sandbox", b"tische", b"var", b"xl"}
"""Where absolute paths in our files may begin: addresses of calls, parts of workbooks, examples, what Linux has."""

ELSEWHERE = re.compile(rb"\.\./\.[a-z]|[/.]pypi\.|index-url|/simple/[a-z]")
"""Hidden folders beside the project, and indexes of packages."""


def test_nothing_of_a_workplace_is_in_the_project() -> None:
    """No file names a path of somebody's machine or the host of a package index."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, check=True, text=True).stdout.split()  # noqa: S607
    for name in listed:
        path = Path(ROOT / name)
        if path.suffix in (".py", ".md", ".toml", ".yaml", ".csv", "") and path.is_file() and name != NAME:
            content = path.read_bytes()
            assert set(ABSOLUTE.findall(content)) <= KNOWN, name
            assert not ELSEWHERE.search(content), name


@pytest.mark.parametrize("name", list(RouteName))
def test_every_road_has_a_page_whose_mapping_fits_its_sample(name: RouteName) -> None:
    """docs/roads has a page for each road, with a mapping that has no fault and names no column but the sample's."""
    page = (ROOT / "docs" / "roads" / f"{name}.md").read_text(encoding="utf-8")
    mapping, sample = (re.findall(rf"```{kind}\n(.*?)```", page, re.DOTALL) for kind in ("yaml", "csv"))
    header = Header(tuple(sample[0].splitlines()[0].split(",")), row=1)
    bound = bind(parse_mapping(mapping[0], f"{name}.yaml"), header, "sample")
    assert bound.route.name is name
