"""Every code with which a whole command ends, with its meaning and its remedy; errors.py has the exceptions."""

from importer.codes.rows import Explanation

ERRORS: dict[str, Explanation] = {
    "usage": Explanation(
        "an option, a variable or an argument can't be understood",
        "See the command's --help; every option is shown there with an example.",
    ),
    "configuration": Explanation("a setting is missing or wrong", "The message says which one."),
    "profile": Explanation(
        "a profile is not there or not acceptable",
        "Profiles are tables in profiles.toml in your configuration folder; they hold host and rates, never keys.",
    ),
    "credentials-missing": Explanation(
        "host or keys are not set",
        "Set LSQ_HOST, LSQ_ACCESS_KEY and LSQ_SECRET_KEY; LeadSquared shows them under My Profile > Settings > API and "
        "Webhooks. The route lead_and_activity_async needs LSQ_ASYNC_HOST and LSQ_API_KEY as well. To try the importer "
        "without an account, add --sandbox.",
    ),
    "key-malformed": Explanation(
        "a key holds characters that no key has",
        "Copy it again, without blanks, line ends or quotation marks. In a shell, put it in single quotes: it may hold "
        "a $.",
    ),
    "host-refused": Explanation(
        "the keys would go where they don't belong",
        "Write LSQ_HOST as LeadSquared shows it, for example api-in21.leadsquared.com.",
    ),
    "extra-missing": Explanation(
        "a part of the program that is installed on demand is not there", "The message says how to install it."
    ),
    "confirmation-missing": Explanation(
        "an act that can't be undone was not confirmed", "Look at the rows with preview, then add --yes."
    ),
    "mapping": Explanation(
        "the mapping file has faults",
        "Each is named with its line and column. Editors that know `lsq-import schema` show them while you write.",
    ),
    "mapping-unreadable": Explanation("the mapping file is not there or no text", "Check the path given with -m."),
    "source": Explanation("a source can't be read", "The message says why."),
    "source-missing": Explanation("there is no such file", "Check the path."),
    "source-not-a-file": Explanation(
        "a source is a folder, an address or a device", "Save it as a file on this computer and give its path."
    ),
    "source-unreadable": Explanation(
        "the operating system refuses to read a file", "Close it in other programs; check its rights."
    ),
    "source-not-copied": Explanation(
        "there is no room in the ledger's folder for the copy that a run reads from; nothing was sent",
        "Make room on that disk, and run the same command again.",
    ),
    "source-unsupported": Explanation(
        "a file is neither CSV nor an Excel workbook, whatever its name says", "Save it as .xlsx or as CSV."
    ),
    "source-damaged": Explanation("a file breaks off or contradicts itself", "Export or copy it again."),
    "source-encrypted": Explanation("a workbook is protected by a password", "Save it without the password."),
    "source-too-large": Explanation(
        "reading a file would need more memory than any honest file of its size",
        "Copy the cells you need into a new workbook, or save the sheet as CSV.",
    ),
    "source-changed": Explanation(
        "somebody wrote into a file while it was read", "Wait until its export has finished."
    ),
    "undecodable": Explanation(
        "a text file is not in the encoding that was expected", "Name its encoding with --encoding or in the mapping."
    ),
    "encoding-mistaken": Explanation(
        "another encoding was named for a text file that is UTF-8",
        "Somebody has saved it anew as UTF-8. Take --encoding off, or name utf-8; in the mapping as well.",
    ),
    "header-missing": Explanation(
        "no row names the columns", "The first row must name them; or give its number with --header-row."
    ),
    "header-broken": Explanation(
        "the header of a CSV file can't be taken apart", "Correct its quotation marks, or name the right line."
    ),
    "column-twice": Explanation(
        "a column that the mapping uses stands twice in the header", "Rename all but one of them in the file."
    ),
    "sheet-missing": Explanation("the workbook has no such sheet", "Name one by its name or its number from 1."),
    "certificate-refused": Explanation(
        "the server can't prove that it is LeadSquared", "Check LSQ_HOST and this computer's clock."
    ),
    "credentials-refused": Explanation(
        "LeadSquared refused the keys; nothing more was sent",
        "Check both keys and the host: keys belong to one region's host and die with a deactivated user. Then run the "
        "same command again; it goes on where it stopped.",
    ),
    "request-refused": Explanation(
        "the server takes no such calls; nothing more was sent", "Check LSQ_HOST and the mapping's route."
    ),
    "queue-status-missing": Explanation(
        "LeadSquared's queue has accepted rows, but the address that should tell what becomes of them is not there",
        "Use the route lead_and_activity for the rows that were not sent. Those that wait in the queue are not sent "
        "again: look for them at their leads, or run `lsq-import recheck` later.",
    ),
    "service-down": Explanation(
        "LeadSquared could not be reached for a while",
        "Check LSQ_HOST and the network; then run the same command again, and it goes on where it stopped.",
    ),
    "budget-spent": Explanation(
        "as many calls were made to the account this day, in UTC, as --budget allows",
        "Run the same command again after midnight UTC, or with a larger --budget; it goes on where it stopped.",
    ),
    "quota-used-up": Explanation(
        "the account's quota of calls, a day's most often, is used up",
        "When there is a new one, run the same command again; it goes on where it stopped.",
    ),
    "failing-alike": Explanation(
        "LeadSquared refused row after row in the same words, so no more were sent",
        "The message has LeadSquared's words. Mend the cause, then run the same command again; it goes on where it "
        "stopped. The rows that were refused go with `lsq-import retry`.",
    ),
    "failing-always": Explanation(
        "call after call failed, so no more were made",
        "LeadSquared may be in trouble. Later, run the same command again; it goes on where it stopped.",
    ),
    "too-much-in-doubt": Explanation(
        "rows in doubt could not be looked up, so no more of them were risked",
        "Check that the user of the keys may see the activities of all leads; then run the same command again.",
    ),
    "no-such-run": Explanation("the ledger knows no such run", "List the runs with: lsq-import runs"),
    "no-import-key": Explanation(
        "an audit of a run whose mapping has no import key",
        "Put an import_key into the mapping, and later runs can be audited. Without one, an activity in the account "
        "can't be told from others of the same content.",
    ),
    "other-account": Explanation(
        "the settings name another account than the one that the run went to",
        "Set LSQ_HOST and the keys of the run's account.",
    ),
    "cant-go-on": Explanation(
        "the file or the mapping of a run has changed since, and two versions are never mixed",
        "Put back what it was begun with; or import the new version with run: rows for which the same is posted as "
        "then are recognised.",
    ),
    "imported-otherwise": Explanation(
        "rows of the file were imported already, and the mapping makes other activities of them now; nothing was sent",
        "Put the mapping back as it was; or import what is new from a file of its own; or, if all rows are meant to be "
        "created once more, add --yes. Where columns stand under `duplicates`, all else in the mapping may change.",
    ),
    "stopped-early": Explanation(
        "sending ended before all rows had their turn", "Run the same command again; it goes on where it stopped."
    ),
    "account-differs": Explanation(
        "the mapping does not fit the account; nothing was sent",
        "Each difference is named with its line: a field or option that is gone, a field that became mandatory, a text "
        "that is too long. Look again at any time with: lsq-import doctor -m MAPPING",
    ),
    "snapshot-unusable": Explanation(
        "a snapshot of an account can't be read or written", "Write one with: lsq-import doctor --snapshot FILE"
    ),
    "account-unreadable": Explanation(
        "LeadSquared did not tell what was asked about the account",
        "Check LSQ_HOST and the rights of the key's user; an administrator may read everything. Then try again.",
    ),
    "activity-type-unknown": Explanation(
        "the account has no activity type of the mapping's code; nothing was sent",
        "Correct activity.event in the mapping; the message lists the codes that there are.",
    ),
    "reading-failed": Explanation(
        "LeadSquared did not give what was asked for", "Check the lead id, the keys and LSQ_HOST."
    ),
    "pages-incomplete": Explanation(
        "LeadSquared's pages brought fewer activities than it says there are", "Try again after a while."
    ),
    "report-unwritable": Explanation(
        "a report can't be written where it should be",
        "Free the place, or choose another with --out, and give the same command again. What a run has imported is "
        "safe in the ledger: `lsq-import report` writes its files again, too.",
    ),
    "output-lost": Explanation(
        "a result could not be printed, since the disk to which standard output goes is full",
        "Make room there, then give the same command again. What a run has done is in its files all the same, and "
        "`lsq-import report` prints it again.",
    ),
    "ledger": Explanation("the ledger can't be trusted", "The message says why."),
    "ledger-damaged": Explanation(
        "the ledger file can't be read as what it should be; nothing was sent",
        "Put back a copy from a backup, together with ledger.salt.",
    ),
    "ledger-salt": Explanation(
        "ledger.salt is missing or not the one that belongs to the ledger; nothing was sent",
        "Put back the copy from the same backup as the ledger.",
    ),
    "ledger-too-new": Explanation(
        "the ledger was written by a newer version; nothing was sent",
        "Update with: pip install --upgrade leadsquared-importer",
    ),
    "ledger-too-old": Explanation(
        "the ledger was made by another version, which kept less; nothing was sent",
        "Go on with the version that made it; or begin a new ledger in another folder with --state, for files that "
        "were not imported before.",
    ),
    "ledger-unwritable": Explanation(
        "the ledger or its folder can't be written; nothing was sent",
        "Make room on its disk, or make it writable. Only where there is no ledger yet, choose another folder with "
        "--state or LSQ_STATE_DIR, and keep to it: a new ledger does not know what was imported.",
    ),
    "ledger-busy": Explanation(
        "another run is at work on the ledger", "Wait until it has ended, and run again; nothing is sent twice."
    ),
    "counts-differ": Explanation(
        "rows are missing from a report, or stand in it twice",
        "Don't rely on the run's files. Keep the ledger, and report this as a bug.",
    ),
}
"""What stops a whole command; each stands in square brackets behind its message."""
