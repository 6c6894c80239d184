"""The LeadSquared API: hosts, roads, calls and what their answers mean. It knows nothing of rows or spreadsheets."""
