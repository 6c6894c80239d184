"""Everything that can stop a command; base.py draws the whole tree."""
