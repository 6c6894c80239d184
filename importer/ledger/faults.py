"""What can be wrong with a ledger or its folder, and what each error tells whoever can mend it."""

from pathlib import Path

from importer.errors.base import ConfigurationError, ExitCode, LedgerError
from importer.ledger.place import LEDGER, has_ledger


class LedgerDamaged(LedgerError):
    """The ledger file can't be read as what it should be."""

    code = "ledger-damaged"

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(
            f"The ledger {path} is damaged: {what}. Nothing more is sent.",
            "Put back a copy from a backup, together with ledger.salt. Without it, rows that were imported before "
            "can't be recognised: only if you accept that, move the file away and start with an empty ledger.",
        )


class LedgerTooNew(LedgerError):
    """A later version of the program has written the ledger."""

    code = "ledger-too-new"

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"The ledger {path} was written by a newer version of lsq-import. Nothing was sent.",
            "Update with: pip install --upgrade leadsquared-importer",
        )


class LedgerTooOld(LedgerError):
    """An earlier version of the program has written the ledger, and what it lacks can't be made up for."""

    code = "ledger-too-old"

    def __init__(self, path: Path, lacks: str) -> None:
        super().__init__(
            f"The ledger {path} was made by another version of lsq-import, which did not keep {lacks}. Nothing was "
            "sent.",
            "Go on with the version that made it; or begin a new ledger in another folder with --state. A new one does "
            "not know what was imported: import only files with it that were not imported before.",
        )


class SaltMissing(LedgerError):
    """The ledger's salt is not the one that its keys were made with."""

    code = "ledger-salt"

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} is missing or not the one that belongs to this ledger. Nothing was sent.",
            "Put back the copy from the same backup as ledger.sqlite: without it, no row that was imported before can "
            "be recognised, and all would be posted again.",
        )


class LedgerStuck(LedgerError):
    """The ledger took no more while a run was at work: the disk is full, or gone."""

    exit_code = ExitCode.STOPPED_EARLY

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(
            f"The ledger {path} can't be read or written: {why}. Nothing more was sent.",
            "Make room on its disk, or close the program that has it open; then run the same command again, and it "
            "goes on where it stopped.",
        )


class LedgerUnwritable(ConfigurationError):
    """The ledger or its folder can't be written."""

    code = "ledger-unwritable"

    def __init__(self, state: Path, why: str, *, is_there: bool) -> None:
        """:param is_there: whether the folder has a ledger: then no other folder can take its place."""
        if is_there:
            super().__init__(
                f"The ledger {state / LEDGER} can't be written: {why}. Nothing was sent.",
                "Make room on its disk, or make it writable, and run the same command again. Another folder is no way "
                "out: a new ledger does not know what was imported, and all would be sent once more.",
            )
        else:
            super().__init__(
                f"The ledger's folder {state} can't be written: {why}. Nothing was sent.",
                "Choose another folder with --state or LSQ_STATE_DIR; it must stay the same from run to run.",
            )


def unwritable(state: Path, error: OSError) -> LedgerUnwritable:
    """What an error of the disk means for a ledger that is to be opened."""
    return LedgerUnwritable(state, error.strerror or type(error).__name__, is_there=has_ledger(state))
