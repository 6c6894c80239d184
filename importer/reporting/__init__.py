"""What users keep of a run: files that appear whole or not at all, and words on the terminal."""
