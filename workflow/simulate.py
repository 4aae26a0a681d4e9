"""Nights to come, played over a copy in memory by the sweep's own rules; nothing is sent or written."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session

from workflow.audiences import Audiences
from workflow.rehearsal import Rehearsal
from workflow.scenario import Scenario, answer, prepared


@dataclass(frozen=True, slots=True)
class PlannedMail:
    """One mail of one night, in the shape of the JSON answer."""

    night: date
    recipient: str
    kind: str
    lines: tuple[dict[str, Any], ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "night": self.night.isoformat(),
            "recipient": self.recipient,
            "kind": self.kind,
            "lines": list(self.lines),
        }


def simulate(
    source: Session, first: date, last: date, scenario: Scenario | None = None
) -> Iterator[tuple[date, list[PlannedMail]]]:
    """Night after night from `first` to `last`: what would be mailed if the scenario held.

    Nights between the last real sweep and `first` are played too, silently, as they will have passed.
    """
    supposed = scenario or Scenario()
    scratch = prepared(source, supposed, first, last)
    rehearsal = Rehearsal(scratch, Audiences(source))
    night = first if scratch.swept is None else min(first, scratch.swept + timedelta(days=1))
    while night <= last:
        mails = [PlannedMail(night, *mail) for mail in rehearsal.play(night)]
        answer(scratch, supposed, night)
        if night >= first:
            yield night, mails
        night += timedelta(days=1)
