"""The ledger: the durable memory of every run, every row and every activity. It holds no key and no settled value."""
