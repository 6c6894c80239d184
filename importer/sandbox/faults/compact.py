"""A rule in one line: `reset bulk 3 commit=late:2`."""

import re
import shlex
from typing import Final

from importer.sandbox.faults.errors import DoubledKeyError, EmptyRuleError, RuleQuotesError, RuleTextError
from importer.sandbox.faults.targets import GROUPS

_KEY_VALUE: Final = re.compile(r"([a-z_]+)=(.*)", re.DOTALL)


def read_compact(text: str) -> dict[str, object]:
    """The keys of a rule, `FAULT[,FAULT…] [CALLS] [NUMBERS] [KEY=VALUE…]`; raises RuleError."""
    try:
        words = shlex.split(text)
    except ValueError:
        raise RuleQuotesError from None
    if not words or "=" in words[0]:
        raise EmptyRuleError
    rule: dict[str, object] = {"fault": words[0]}
    for word in words[1:]:
        key, value = _key_and_value(word)
        if key in rule:
            raise DoubledKeyError(key)
        rule[key] = value
    return rule


def _key_and_value(word: str) -> tuple[str, str]:
    if word in GROUPS or word.startswith("/"):
        return "calls", word
    if word[0:1].isdecimal() or word == "last":
        return "number", word
    found = _KEY_VALUE.fullmatch(word)
    if found is None:
        raise RuleTextError(word, GROUPS)
    return found[1], found[2]
