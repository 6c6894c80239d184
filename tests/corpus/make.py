"""Writes the corpus: `python -m tests.corpus.make`. Each file in files/ has its expectation beside it, NAME.json.

The files are kept, so that nobody needs the programs that made them; what is in them stands in the modules of cases.
"""

import json
from pathlib import Path

from tests.corpus import csv_cases, excel_cases, old_excel_cases, opendocument_cases
from tests.corpus.case import Case

FILES = Path(__file__).with_name("files")
CASES: list[Case] = [*csv_cases.CASES, *excel_cases.CASES, *opendocument_cases.CASES, *old_excel_cases.CASES]


def main() -> None:
    """Writes all files anew and takes away those that there are no cases for."""
    FILES.mkdir(exist_ok=True)
    written = set()
    for case in CASES:
        expectation = json.dumps(case.expected(), ensure_ascii=True, indent=1) + "\n"
        for name, content in ((case.name, case.content), (f"{case.name}.json", expectation.encode())):
            assert name not in written, f"two cases are called {name}"
            written.add(name)
            (FILES / name).write_bytes(content)
    for path in FILES.iterdir():
        if path.name not in written:
            path.unlink()


if __name__ == "__main__":
    main()
