"""Named places where a test may end or freeze this very process; without an order, one look at a variable.

`DONDOC_FAILPOINT=name:n` kills at the n-th pass of that place, `name:n:stop` freezes there instead. The name
`statement` counts every statement sent to the database: each instruction of a transaction in turn.
"""

import os
import signal
from dataclasses import dataclass
from itertools import count

VARIABLE = "DONDOC_FAILPOINT"
STATEMENT = "statement"
PLACES = (
    "claim.commit", "claim.done", "smtp.mail", "smtp.body", "smtp.dot", "smtp.answer", "mark.commit",
    "sweep.stage", "sweep.commit",
)  # fmt: skip


@dataclass(frozen=True)
class Order:
    place: str
    passes: "count[int]"
    at: int
    deed: signal.Signals


_order: Order | None = None


def arm(order: str | None) -> None:
    """Replaces the order in force; raises ValueError for a place nobody passes."""
    global _order
    if not order:
        _order = None
        return
    place, _, rest = order.partition(":")
    times, _, deed = rest.partition(":")
    if place not in (*PLACES, STATEMENT):
        raise ValueError(f"{VARIABLE}: no place is called {place}")
    _order = Order(place, count(1), int(times or 1), signal.SIGSTOP if deed == "stop" else signal.SIGKILL)


def passing(place: str) -> None:
    if _order is not None and _order.place == place and next(_order.passes) == _order.at:
        os.kill(os.getpid(), _order.deed)


def is_armed() -> bool:
    return _order is not None


arm(os.environ.get(VARIABLE))
