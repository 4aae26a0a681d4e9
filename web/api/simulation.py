"""Nights to come under any policy, calendar and answers; nothing is written or sent."""

from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel

from web.api.caller import Reader
from web.api.noun import noun
from web.api.rules import only_overseers
from web.visit import Visit
from workflow import contrast
from workflow.contrast import Totals
from workflow.errors import InputWrong
from workflow.models.rule_version import RuleKind
from workflow.scenario import Answer, Scenario
from workflow.simulate import PlannedMail, simulate
from workflow.store import directives, rules
from workflow.words import pair

router = noun("sweeps")
LONGEST = timedelta(days=91)
MOST = 500
Which = Annotated[
    str | None, Query(max_length=80, description="A number, the beginning of a hash, or a name.")
]


class Planned(BaseModel):
    """How many mails there are, and how many on which night and to whom."""

    mails: int
    lines: int
    by_night: dict[date, int]
    by_recipient: dict[str, int]


class Simulation(BaseModel):
    """`mails` is cut at 500, `difference` too; `totals` count all. `against` and the rest only when asked for."""

    totals: Planned
    mails: list[dict[str, Any]]
    against: Planned | None
    difference: list[dict[str, Any]]
    difference_total: int


@router.get("/simulation")
def simulation(
    visit: Reader, since: date, until: date, policy: Which = None, calendar: Which = None, against: Which = None,
    answer: Answer = Answer.NEVER, late: Annotated[int, Query(ge=0, le=365)] = 0,
) -> Simulation:  # fmt: skip
    """At most 92 nights; of the directives the caller may know."""
    only_overseers(visit)
    _check(visit, since, until)
    visit.site.limit("simulate", str(visit.me.person_id))
    text = _source(visit, RuleKind.CALENDAR, calendar)

    def played(which: str | None) -> list[PlannedMail]:
        scenario = Scenario(_source(visit, RuleKind.POLICY, which), text, answer, late)
        known = directives.codes(visit.db, visit.me)
        nights = simulate(visit.db, since, until, scenario)
        return [mail for _, mails in nights for mail in contrast.known_to(mails, known)]

    mails = played(policy)
    found = contrast.contrast(mails, played(against)) if against else None
    lines = (
        [{**one.as_json(), "only_in": "against" if b else "policy"} for one, b in found.differences]
        if found
        else []
    )
    return Simulation(
        totals=_totals(contrast.totals(mails)),
        mails=[one.as_json() for one in mails[:MOST]],
        against=_totals(found.b) if found else None,
        difference=lines[:MOST],
        difference_total=len(lines),
    )


def _check(visit: Visit, since: date, until: date) -> None:
    calendar = visit.rules.calendar
    if not calendar.first <= since <= until <= calendar.last or until - since > LONGEST:
        why = pair(
            "Từ một đến 92 đêm, trong các năm của lịch.", "One to 92 nights within the calendar's years."
        )
        raise InputWrong(field="until", value=until.isoformat(), why=why)


def _source(visit: Visit, kind: RuleKind, which: str | None) -> str | None:
    return rules.find(visit.db, kind, which).source if which else None


def _totals(found: Totals) -> Planned:
    return Planned(
        mails=found.mails, lines=found.lines, by_night=found.by_night, by_recipient=found.by_recipient
    )
