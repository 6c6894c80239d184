"""A local LeadSquared: the same calls, checks, limits and answers, on SQLite, with a page that shows what arrived.

Shares no code with `importer.leadsquared`: if both had the same mistake, no test would see it.
"""
