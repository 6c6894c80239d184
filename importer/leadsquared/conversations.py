"""Talks of several calls, written as what is asked and what is made of the answers, without a word on how calls travel.

A conversation yields the calls it wants made and is sent their endings; what it found out is what it returns. So the
same reading can be done call by call by a command, or between other calls by the sender, at the account's pace.
"""

from collections.abc import Callable, Generator
from typing import TypeAlias, TypeVar

from importer.leadsquared.calls import Call, Ending

T = TypeVar("T")

Conversation: TypeAlias = Generator[Call, Ending, T]


def held(conversation: Conversation[T], send: Callable[[Call], Ending]) -> T:
    """Holds a conversation, one call after the other, and returns what it found out.

    :raises ImporterError: whatever the conversation raises.
    """
    try:
        call = next(conversation)
        while True:
            call = conversation.send(send(call))
    except StopIteration as end:
        result: T = end.value
        return result
