"""A mapping beside the account it is for: what would be refused row by row is found before the first call."""
