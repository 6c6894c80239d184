"""docs/conformance.md: each expectation, its source, and where the code relies on it."""

from collections.abc import Iterator

from .looking import EXPECTATIONS

_HEAD = """\
# What is relied on in the API

Each line is a test in `tests/conformance` that runs over HTTP against the sandbox in each of its settings, and on
request against a real account. FACTS are the gathered facts of the API, pages those of the vendor; a point is an open
question of FACTS that the test settles. This page is made from the tests by `python docs/pages.py`.

| expectation | what it says | source | code | creates | point |
|---|---|---|---|---|---|"""

_FOOT = """\

## Against a real account

```sh
export LSQ_HOST=… LSQ_ACCESS_KEY=… LSQ_SECRET_KEY=…       # a trial account, not the one that is worked in
export LSQ_ASYNC_HOST=… LSQ_API_KEY=…                    # if its queue is to be tried, too
export LSQ_CONFORMANCE_LEAD=… LSQ_CONFORMANCE_EVENT=…    # a lead made for this, and an activity type
python -m pytest -m live -s tests/conformance
```

It reads only, says what the rest would create, and prints which variant the account follows. Set
`LSQ_CONFORMANCE_WRITE=yes` to let it create activities, at most {rows} on that one lead, all with a note that begins
with `lsq-import conformance`: the API can't delete them one by one. Set `LSQ_CONFORMANCE_BURST=120` to let it make that
many quick calls until the rate limit is met, which is noticed by whatever else uses the account. `LSQ_RATE` and
`LSQ_BULK_RATE` are kept to otherwise."""


def page() -> str:
    """The page, as Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield _HEAD
    for each in EXPECTATIONS:
        rows = str(each.rows) if each.writes else ""
        yield f"| `{each.name}` | {each.sentence} | {each.source} | {each.code} | {rows} | {each.point} |"
    yield _FOOT.format(rows=sum(each.rows for each in EXPECTATIONS))
