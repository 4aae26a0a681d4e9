"""Random histories through the real desk and the real sweep: acts, pauses, extensions, outages, dead boxes."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from importlib import resources
from typing import Any

from sqlalchemy import Engine, update
from sqlmodel import col

from config import rules
from config.database import writing
from tests.world import World, at
from workflow.drafts import Draft
from workflow.errors import WorkflowError
from workflow.inputs import Evidence
from workflow.models.person import Mailbox, Person
from workflow.models.sweep_run import SweepRun
from workflow.sweep.run import release

DAY = timedelta(days=1)
AGENCIES = {"sct": ("ben", "syt"), "syt": ("cleo", "sct")}
ANSWERS = ("acknowledge", "progress", "report", "request_extension", "dispute", "contribute")
DECISIONS = (
    "grant_extension", "refuse_extension", "send_back", "suspend", "resume", "resume", "reassign", "keep",
    "escalate", "reopen", "take_note",
)  # fmt: skip
ENDS = ("accept", "withdraw")


@dataclass
class History:
    """One installation living from `first` to `last`; `busy` is how often a directive is acted on a day."""

    engine: Engine
    seed: int
    first: date = date(2026, 1, 12)
    days: int = 45
    busy: float = 0.45
    world: World = field(init=False)
    made: int = 0

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.world = World(self.engine, today=self.first)
        if self.dice.random() < 0.5:
            self._brake_hard()
        self.codes: list[str] = []
        self.down_until = self.first
        self.no_mail_until = self.first

    def _brake_hard(self) -> None:
        """Many a night is held, and let go late."""
        text = resources.files("config").joinpath("policies/default.yaml").read_text(encoding="utf-8")
        with writing(self.engine) as db:
            rules.publish_policy(db, text.replace("cap: 500", "cap: 3"), "default", at(self.first, 8))

    def live(self, evening: Callable[[date], None] = lambda _: None) -> Iterator[date]:
        """Day after day: the night's sweep, the morning's mails, the day's acts. Yields each evening."""
        for _ in range(3):
            self._issue()
        evening(self.first)
        yield self.first
        for _ in range(self.days):
            self._night()
            self._acts()
            evening(self.world.today)
            yield self.world.today

    def _issue(self) -> None:
        today, dice = self.world.today, self.dice
        code = f"GS14-{len(self.codes) + 1:02d}"
        lead = dice.choice(sorted(AGENCIES))
        draft = Draft(code=code, supervision="GS14", text=f"Việc {code}", lead=lead)
        others = (AGENCIES[lead][1],) if dice.random() < 0.5 else ()
        if dice.random() < 0.2:
            facts: dict[str, Any] = {"rhythm": "FREQ=WEEKLY;BYDAY=WE"}
        else:
            facts = {
                "due_on": today + timedelta(days=dice.randint(1, 30)),
                "due_is_express": dice.random() < 0.5,
            }
        self.world.issue_all([Draft(**{**draft.__dict__, "coordinating": others, **facts})])
        self.codes.append(code)

    def _night(self) -> None:
        world, dice = self.world, self.dice
        tonight = world.today + DAY
        if dice.random() < 0.06:
            self.down_until = tonight + timedelta(days=dice.randint(1, 5))
        if dice.random() < 0.06:
            self.no_mail_until = tonight + timedelta(days=dice.randint(1, 3))
        if tonight < self.down_until:
            world.today = tonight
            return
        world.night(tonight)
        if dice.random() < 0.7:
            self._let_go()
        if tonight >= self.no_mail_until:
            world.deliver()

    def _let_go(self) -> None:
        with writing(self.engine) as db:
            for run in [one for one in self.world.rows(SweepRun) if one.held_count]:
                release(db, run.night_on, at(self.world.today, 7))

    def _acts(self) -> None:
        if self.dice.random() < 0.25:
            self._issue()
        if self.dice.random() < 0.05:
            self._mailbox()
        for code in self.codes:
            while self.dice.random() < self.busy:
                self._act(code)

    def _mailbox(self) -> None:
        """Somebody's address dies, or is repaired."""
        who = self.dice.choice(["ben", "cleo", "huy", "ada", "duc"])
        state = self.dice.choice([Mailbox.DEAD, Mailbox.OPEN])
        with writing(self.engine) as db:
            person = col(Person.email) == f"{who}@lamgiang.example"
            db.execute(update(Person).where(person).values(mailbox=state))

    def _act(self, code: str) -> None:
        """What the lifecycle refuses did not happen."""
        dice, today = self.dice, self.world.today
        name = dice.choice(ENDS if dice.random() < 0.04 else ANSWERS + DECISIONS)
        who = "chi" if name not in ANSWERS else dice.choice(["ben", "cleo"])
        given = {
            "reason": "vì vậy", "text": "đã làm", "due_on": today + timedelta(days=dice.randint(1, 20)),
            "evidence": (Evidence("Biên bản"),), "lead": dice.choice(sorted(AGENCIES)),
        }  # fmt: skip
        if name == "suspend":
            given["resume_on"] = today + timedelta(days=9)
        try:
            self.world.move(who, code, name, **given)
            self.made += 1
        except WorkflowError:
            return
