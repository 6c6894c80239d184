"""What the promises are proven with: real processes that are killed, a server that goes wrong, and its own list."""
