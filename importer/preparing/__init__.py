"""From paths and a mapping to rows that are checked and mapped; no ledger and no network is needed for it."""
