"""lsq-import: spreadsheets in, LeadSquared activities out, one result per row."""

__version__ = "0.1.0"
