"""Blocks of rows in, checked blocks out: which rows are good, and every issue of those that are not."""

from importer.validation.validator import CheckedBlock, Validator
from importer.validation.ways import Checks, validator_of

__all__ = ["CheckedBlock", "Checks", "Validator", "validator_of"]
