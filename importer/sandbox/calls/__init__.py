"""The calls: one module for each thing that is written, read or looked up."""
