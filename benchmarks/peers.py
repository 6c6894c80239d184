"""How the same rows are sent without us: a plain loop, and a custom destination of dlt. Run as a process of its own.

python benchmarks/peers.py plain|dlt URL FILE
"""

import importlib
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import requests

ROWS = 25
PATH = "/v2/ProspectActivity.svc/Bulk/CustomActivity/Add/ByLeadId"


def post(session: requests.Session, url: str, rows: Sequence[Mapping[Any, Any]]) -> None:
    """One call, made again after the window that the pages name if it was refused."""
    while session.post(url + PATH, json=list(rows), timeout=60).status_code == 429:
        time.sleep(5)


def plain(url: str, file: str) -> None:
    """What people write: read, cut, post."""
    with requests.Session() as session:
        for block in pd.read_csv(file, dtype=str, chunksize=ROWS):
            post(session, url, block.to_dict("records"))


def dlt(url: str, file: str) -> None:
    """The custom destination of dlt, with its defaults."""
    loader = importlib.import_module("dlt")  # not everybody has it

    session = requests.Session()

    @loader.destination(batch_size=ROWS, name="leadsquared")  # type: ignore[untyped-decorator]  # dlt is found later
    def leadsquared(items: Any, _: Any) -> None:
        post(session, url, [{key: str(value) for key, value in item.items()} for item in items])

    pipeline = loader.pipeline("pace", destination=leadsquared, pipelines_dir=file + ".dlt")
    pipeline.run(pd.read_csv(file, dtype=str).to_dict("records"), table_name="visits")


if __name__ == "__main__":
    {"plain": plain, "dlt": dlt}[sys.argv[1]](*sys.argv[2:])
