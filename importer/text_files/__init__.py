"""Small things that reading and writing text files have in common."""
