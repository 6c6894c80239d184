"""What `doctor` looks at, one check at a time: each is a value that says how things are and what to do."""
