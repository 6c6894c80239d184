"""Every code that a row or a command can bear, with its meaning and its remedy."""
