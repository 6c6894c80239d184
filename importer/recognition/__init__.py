"""Rows that came before in the same company: recognised a thousand at a time, before they are checked."""
