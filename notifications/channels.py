"""What a mail channel promises, and what may become of one mail handed to it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, Self


class Fate(StrEnum):
    """What became of one mail; each class asks for another next step."""

    HANDED_OVER = "handed_over"  # the relay said 250: done
    NOT_ACCEPTED = "not_accepted"  # refused for now or cut before the final dot: back off, render anew
    REJECTED = "rejected"  # 5xx for this recipient or this mail: dead, somebody must look
    CHANNEL_FAULT = "channel_fault"  # no mail can go this way now: stop, keep every row
    AMBIGUOUS = "ambiguous"  # cut after the final dot: the same bytes again, nothing else


@dataclass(frozen=True, slots=True)
class Outcome:
    """`code` is the relay's, None where it said nothing. A channel fault that no retry can cure
    (password, certificate, name, policy) has `needs_operator`."""

    fate: Fate
    code: int | None = None
    text: str = ""
    needs_operator: bool = False


OVERDUE = Outcome(Fate.NOT_ACCEPTED, None, "the lease was nearly over: not sent")
MayFinish = Callable[[], bool]


def always() -> bool:
    return True


class Connection(Protocol):
    """Kept open between mails; one thread at a time. What may not finish any more is NOT_ACCEPTED by nobody."""

    def send(self, sender: str, recipient: str, data: bytes, may_finish: MayFinish = always) -> Outcome: ...

    def close(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *error: object) -> None: ...


class Channel(Protocol):
    """`describe` names the place without its password."""

    def open(self) -> Connection: ...

    def describe(self) -> str: ...
