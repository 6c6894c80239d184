"""Bad days to order: which calls go wrong, how, and what is stored of them all the same.

A schedule is a list of rules. A rule says which calls (kind and number), which fault, and when the rows are stored.
Names of faults and of their lines in the fault matrix stand in the modules of this package, one for each level:
`breaks` (the connection), `cuts` (the way of the answer), `statuses` and `bodies` (another answer), `receipts` and
`reads` (an answer that is not right), `values` (rows that are stored otherwise than sent).
"""

from importer.sandbox.faults.rules import Rule
from importer.sandbox.faults.schedule import Schedule

__all__ = ["Rule", "Schedule"]
