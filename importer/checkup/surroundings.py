"""The computer that this runs on: variables, rates, the state folder and the ledger in it."""

import os
import stat
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from importer.checkup.check import Check, failed, fine, problem, warning
from importer.errors.base import ImporterError, suggestion
from importer.ledger.ledger import open_ledger
from importer.ledger.place import LEDGER, has_ledger
from importer.settings import DEFAULT_RATE, VARIABLES, Settings

IGNORED: Final = {
    ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"): (
        "calls go straight to the host",
        "If they can't leave like that, ask for a direct way to the host on port 443.",
    ),
    ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"): (
        "the certificates that came with the program are used",
        "If a firewall replaces certificates here, ask for an exception for the host.",
    ),
    ("NETRC",): ("keys come from LSQ_… variables only", ""),
}
"""Variables that other programs heed and this one does not (RELIABILITY, rule S6): what that means, and what to do."""

_NETRC: Final = (".netrc", "_netrc")


def variables(environ: Mapping[str, str], home: Path) -> Iterator[Check]:
    """Variables that are set and not used. Their values are never shown: a proxy's may hold a password."""
    for names, (meaning, remedy) in IGNORED.items():
        found = [name for name in sorted(environ) if name.upper() in names and environ[name].strip()]
        if found:
            verb = "is" if len(found) == 1 else "are"
            yield warning("variables", f"{', '.join(found)} {verb} set, and not used: {meaning}.", remedy)
    for name in _NETRC:
        if (home / name).is_file():
            yield warning("variables", f"{name} in the home folder is not read: keys come from LSQ_… variables only.")
    known = set(VARIABLES.values())
    for name in sorted(environ):
        if name.startswith("LSQ_") and name not in known:
            near = suggestion(name, sorted(known))
            yield warning("variables", f"{name} is set, but no such variable is known.{near}", "Correct its name.")


def rates(settings: Settings) -> Check:
    """How fast calls may leave."""
    said = f"single calls {settings.rate}, bulk calls {settings.bulk_rate}"
    if settings.bulk_rate == DEFAULT_RATE:
        return fine(
            "rates",
            f"{said}: what the pages name. Plans may have fewer bulk calls; if LeadSquared refuses one, the limit that "
            "it names is kept to.",
        )
    return fine("rates", f"{said}, as set.")


def state_folder(state: Path) -> Check:
    """Whether the ledger's folder can be used, and by whom."""
    if not state.exists():
        parent = next((folder for folder in state.absolute().parents if folder.exists()), None)
        if parent is None or not os.access(parent, os.W_OK):
            return problem("state", f"{state} does not exist and can't be made.", "Choose another folder with --state.")
        return fine("state", f"{state} does not exist yet; the first run makes it.")
    if not state.is_dir():
        return problem("state", f"{state} is not a folder.", "Choose another one with --state or LSQ_STATE_DIR.")
    if not os.access(state, os.R_OK | os.W_OK | os.X_OK):
        # Where there is a ledger, another folder is no remedy: it would not know what was imported.
        remedy = "Mend its rights." if has_ledger(state) else "Mend its rights, or choose another with --state."
        return problem("state", f"{state} can't be written.", remedy)
    if os.name != "nt" and stat.S_IMODE(state.stat().st_mode) & 0o077:
        return warning(
            "state",
            f"Other users of this computer can look into {state}.",
            f"Close it to them: chmod 700 {state}",
        )
    return fine("state", f"{state} can be written.")


def ledger(state: Path, now: Callable[[], datetime]) -> Check:
    """Whether the ledger is sound. Looks only at one that is there, and makes none."""
    path = state / LEDGER
    if not has_ledger(state):
        return fine("ledger", "there is none yet; the first run makes it, and remembers every row in it.")
    try:
        with open_ledger(state, now, thoroughly=True, only_read=True) as opened:
            runs = list(opened.runs.all())
            unfinished = [run for run in runs if run.open and opened.runs.has_sent(run)]
    except ImporterError as error:
        return failed("ledger", error)
    said = f"{path} is sound and knows {len(runs)} {'run' if len(runs) == 1 else 'runs'}"
    if unfinished:
        return warning(
            "ledger",
            f"{said}; {unfinished[0].id} is not finished.",
            "Run its command again, and it goes on where it stopped.",
        )
    return fine("ledger", f"{said}.")
