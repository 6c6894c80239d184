"""From the rows of a file to a commented draft of a mapping. All rows are looked at; what two readings fit is asked."""

from importer.drafting.account import AccountField, FieldMatch, match_headers
from importer.drafting.draft import Decision, Draft, Wishes, draft_mapping

__all__ = ["AccountField", "Decision", "Draft", "FieldMatch", "Wishes", "draft_mapping", "match_headers"]
