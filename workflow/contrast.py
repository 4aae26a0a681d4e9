"""Two simulations side by side: mails a night, per recipient, and every line only one of them would write."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from workflow.simulate import PlannedMail


@dataclass(frozen=True)
class Planned:
    """One line of one mail, so that two plans can be compared."""

    night: date
    recipient: str
    directive: str
    obligation: str
    step: str

    def as_json(self) -> dict[str, Any]:
        return {
            "night": self.night.isoformat(), "recipient": self.recipient, "directive": self.directive,
            "obligation": self.obligation, "step": self.step,
        }  # fmt: skip


def lines(mails: Iterable[PlannedMail]) -> set[Planned]:
    return {
        Planned(mail.night, mail.recipient, line["directive"], line["obligation"], step_of(line))
        for mail in mails
        for line in mail.lines
    }


def step_of(line: dict[str, Any]) -> str:
    return f"L{line['level']}" if "level" in line else f"{line['rung']:+d}"


@dataclass(frozen=True)
class Totals:
    mails: int
    lines: int
    by_night: dict[date, int]
    by_recipient: dict[str, int]

    def as_json(self) -> dict[str, Any]:
        return {
            "mails": self.mails,
            "lines": self.lines,
            "by_night": {night.isoformat(): count for night, count in self.by_night.items()},
            "by_recipient": self.by_recipient,
        }


def totals(mails: list[PlannedMail]) -> Totals:
    nights = Counter(mail.night for mail in mails)
    people = Counter(mail.recipient for mail in mails)
    return Totals(
        len(mails),
        sum(len(mail.lines) for mail in mails),
        dict(sorted(nights.items())),
        dict(people.most_common()),
    )


@dataclass(frozen=True)
class Contrast:
    """`only_a` and `only_b` are the lines the other plan would not write on that night to that person."""

    a: Totals
    b: Totals
    only_a: tuple[Planned, ...]
    only_b: tuple[Planned, ...]

    @property
    def recipients(self) -> list[tuple[str, int, int]]:
        names = sorted({*self.a.by_recipient, *self.b.by_recipient})
        return [(name, self.a.by_recipient.get(name, 0), self.b.by_recipient.get(name, 0)) for name in names]

    @property
    def differences(self) -> list[tuple[Planned, bool]]:
        """By night; True: only the second plan has it."""
        both = [*((one, False) for one in self.only_a), *((one, True) for one in self.only_b)]
        return sorted(both, key=lambda pair: (pair[0].night, pair[0].directive, pair[0].recipient, pair[1]))

    def as_json(self) -> dict[str, Any]:
        return {
            "a": self.a.as_json(),
            "b": self.b.as_json(),
            "only_a": [one.as_json() for one in self.only_a],
            "only_b": [one.as_json() for one in self.only_b],
        }


def contrast(a: list[PlannedMail], b: list[PlannedMail]) -> Contrast:
    in_a, in_b = lines(a), lines(b)
    return Contrast(totals(a), totals(b), _sorted(in_a - in_b), _sorted(in_b - in_a))


def _sorted(found: set[Planned]) -> tuple[Planned, ...]:
    return tuple(sorted(found, key=lambda one: (one.night, one.directive, one.recipient, one.step)))


def known_to(mails: Iterable[PlannedMail], codes: set[str]) -> list[PlannedMail]:
    """Lines of directives a reader may not know are left out, and mails of nothing else."""
    kept = [
        PlannedMail(
            mail.night,
            mail.recipient,
            mail.kind,
            tuple(line for line in mail.lines if line["directive"] in codes),
        )
        for mail in mails
    ]
    return [mail for mail in kept if mail.lines]
