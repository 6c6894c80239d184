"""The YAML mapping: read with the place of every fault, bound to a header, and applied to the rows, block by block."""
