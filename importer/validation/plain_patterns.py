"""Which regular expressions mean the same to Python and to Arrow, which looks at a whole column some ten times faster.

Arrow's RE2 reads the same notation, but not always alike: digits and letters of other scripts, line ends, what a `$`
is. So only patterns of the plainest kind are given to it: ASCII characters, sets of them, repetitions, groups and
alternatives. Which texts such a pattern fits does not depend on how it is searched for.
"""

import re
from typing import Final

_ITEM: Final = r"[A-Za-z0-9 _/:;,@#%&=<>~!'\"-]|\\[-.+*?()\[\]{}|^$/\\]"
_RANGE: Final = r"0-9|a-z|A-Z|a-f|A-F|1-9"
_SET: Final = r"\[(?:" + _RANGE + r"|[A-Za-z0-9 _/:;,@#%=.+*]|\\[-.+*/\[\]^\\])+\]"
_TIMES: Final = r"(?:\{[0-9]{1,2}(?:,[0-9]{0,2})?\}|[*+?])?(?![*+?{])"
_PLAIN: Final = re.compile(rf"(?:(?:{_ITEM}|{_SET}|\)){_TIMES}|\((?!\?)|\|)*")

LONGEST: Final = 200
"""Characters; repetitions of repetitions of a longer one could be more than RE2 takes."""


def is_plain(pattern: str) -> bool:
    """Whether a usable pattern is of the plainest kind."""
    return len(pattern) <= LONGEST and _PLAIN.fullmatch(pattern) is not None and not _NESTED.search(pattern)


_NESTED: Final = re.compile(r"\)[*+?{]")
"""Repeated groups: rare, and RE2 counts what they come to together."""
