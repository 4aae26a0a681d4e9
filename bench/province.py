"""Seeded bulk data: a province of agencies with many open directives, some of them due on one night.

Rows are written by COPY or executemany, past the product's acts: nothing here is a story, only a load.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib import resources
from typing import Any

from sqlalchemy import Connection, Engine, text

from config import rules
from config.database import writing
from workflow import rulebook
from workflow.ladder import limits, ranges
from workflow.models.rule_version import RuleKind

NIGHT = date(2026, 9, 17)
"""A Thursday without a holiday near it."""
SINCE = NIGHT - timedelta(days=1)
ISSUED = date(2026, 3, 2)
NOW = "2026-03-02 01:00:00.000000"
RUNG_SHARE = 0.7
"""Of what is due tonight this share meets a rung; the rest climbs to its first level."""
DELEGATIONS = 4


@dataclass(frozen=True)
class Size:
    """`due_share` of the open obligations speak on NIGHT. `closed` directives are history."""

    open: int
    due_share: float
    agencies: int = 300
    closed: int = 0

    @property
    def due(self) -> int:
        return round(self.open * self.due_share)


@dataclass(frozen=True)
class Days:
    """Due dates by what the default policy says about them on NIGHT."""

    rung: Sequence[date]
    late: date
    quiet: Sequence[date]


def fill(engine: Engine, size: Size, seed: int = 14) -> None:
    """The whole province, on an empty database of the current schema."""
    _install(engine)
    days = due_days(engine)
    with engine.connect() as connection:
        with without_triggers(connection):
            _bodies(connection, size.agencies)
            _directives(connection, size, days, random.Random(seed))
        connection.commit()
    _analyze(engine)


def _install(engine: Engine) -> None:
    """The default rules without the brake: a load is more than any night should send."""
    source = resources.files("config").joinpath("policies/default.yaml").read_text(encoding="utf-8")
    at = datetime.fromisoformat(NOW + "+00:00")
    with writing(engine) as db:
        rules.publish_policy(db, source.replace("cap: 500", "cap: 1000000"), "default", at)
        rules.install(db, at)


def due_days(engine: Engine) -> Days:
    with writing(engine) as db:
        policy, calendar = rulebook.active_policy(db), rulebook.active_calendar(db)
    ladder = policy.ladders["deliver"]
    hits = [one for one in ranges(ladder, calendar, SINCE, NIGHT) if not one.merged]
    rung = [one.due_to for one in hits if one.due_to > NIGHT]
    touched = {
        one.due_from + timedelta(days=n) for one in hits for n in range((one.due_to - one.due_from).days + 1)
    }
    future = (NIGHT + timedelta(days=n) for n in range(1, 400))
    late = next(one.due_until for one in limits(ladder, calendar, NIGHT) if one.level.level == 1)
    return Days(rung, late, [day for day in future if day not in touched])


def _bodies(connection: Connection, agencies: int) -> None:
    organizations = [
        *((n, f"doan{n}", f"Đoàn giám sát số {n}", "delegation", "[]") for n in range(1, DELEGATIONS + 1)),
        *((100 + n, f"cq{n}", f"Cơ quan số {n}", "agency", "[]") for n in range(agencies)),
    ]
    posts = [(body[0], post) for body in organizations for post in _posts(body[3])]
    people = [
        (n, f"Người số {n}", f"n{n}@tinh.example", "vi", True, "open") for n in range(1, len(posts) + 1)
    ]
    load(connection, "organization", ("id", "code", "name", "kind", "aliases"), organizations)
    load(connection, "person", ("id", "name", "email", "locale", "is_active", "mailbox"), people)
    load(
        connection, "membership", ("id", "person_id", "organization_id", "position"),
        [(n, n, body, post) for n, (body, post) in enumerate(posts, 1)],
    )  # fmt: skip
    load(
        connection, "supervision", ("id", "code", "delegation_id", "subject", "session_on"),
        [(n, f"GS{n}", n, f"Chuyên đề số {n}", ISSUED.isoformat()) for n in range(1, DELEGATIONS + 1)],
    )  # fmt: skip


def _posts(kind: str) -> tuple[str, ...]:
    return ("secretary", "deputy_chair", "chair") if kind == "delegation" else ("clerk", "head")


DIRECTIVE = (
    "id", "code", "supervision_id", "text", "title", "lead_id", "state", "is_secret", "issued_on", "due_on",
    "original_due_on", "due_is_express", "due_version", "extensions", "closed_on", "policy_id", "lifecycle_id",
    "calendar_id", "changed_at", "version", "next_on",
)  # fmt: skip
OBLIGATION = (
    "id", "directive_id", "kind", "ladder", "owed_by_id", "owed_to_id", "opened_on", "due_on", "original_due_on",
    "due_version", "span_days", "status", "met_on", "level", "policy_id",
)  # fmt: skip


def _directives(connection: Connection, size: Size, days: Days, chance: random.Random) -> None:
    rule = {
        kind.value: connection.scalar(
            text("SELECT min(id) FROM rule_version WHERE kind = :kind"), {"kind": kind.value}
        )
        for kind in RuleKind
    }
    due = list(_dues(size, days, chance))
    leads = [100 + chance.randrange(size.agencies) for _ in due]
    load(connection, "directive", DIRECTIVE, _directive_rows(due, leads, rule))
    load(connection, "obligation", OBLIGATION, _obligation_rows(due, leads, rule))
    load(connection, "search_text", ("directive_id", "folded"), _folded(len(due)))


def _dues(size: Size, days: Days, chance: random.Random) -> Iterator[tuple[date, bool]]:
    """(due day, is open): what speaks tonight first, then what is quiet, then the past."""
    for number in range(size.due):
        on_a_rung = number < size.due * RUNG_SHARE
        yield (days.rung[number % len(days.rung)] if on_a_rung else days.late), True
    for _ in range(size.open - size.due):
        yield chance.choice(days.quiet), True
    for _ in range(size.closed):
        yield NIGHT - timedelta(days=chance.randrange(30, 900)), False


def _directive_rows(
    due: Sequence[tuple[date, bool]], leads: Sequence[int], rule: dict[str, Any]
) -> Iterator[tuple[Any, ...]]:
    for number, ((day, is_open), lead) in enumerate(zip(due, leads, strict=True), 1):
        on, supervision = day.isoformat(), 1 + number % DELEGATIONS
        yield (
            number, f"GS{supervision}-{number}", supervision, f"Nội dung nhiệm vụ số {number}, báo cáo kết quả.",
            f"Nhiệm vụ số {number}", lead, "in_progress" if is_open else "done", False, ISSUED.isoformat(), on,
            on, True, 1, 0, None if is_open else on, rule["policy"], rule["lifecycle"], rule["calendar"], NOW, 1,
            on if is_open else "9999-12-31",
        )  # fmt: skip


def _obligation_rows(
    due: Sequence[tuple[date, bool]], leads: Sequence[int], rule: dict[str, Any]
) -> Iterator[tuple[Any, ...]]:
    for number, ((day, is_open), lead) in enumerate(zip(due, leads, strict=True), 1):
        on = day.isoformat()
        yield (
            number, number, "deliver", "deliver", lead, 1 + number % DELEGATIONS, ISSUED.isoformat(), on, on,
            1, 120, "running" if is_open else "met", None if is_open else on, 0, rule["policy"],
        )  # fmt: skip


def _folded(count: int) -> Iterator[tuple[int, str]]:
    for number in range(1, count + 1):
        yield (
            number,
            f"gs{1 + number % DELEGATIONS}-{number} nhiem vu so {number} noi dung nhiem vu so {number}",
        )


def load(connection: Connection, table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """COPY on PostgreSQL, executemany on SQLite."""
    names = ", ".join(columns)
    cursor: Any = connection.connection.cursor()
    if connection.dialect.name == "postgresql":
        with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        connection.execute(text(_NEXT_KEY.format(table=table))) if columns[0] == "id" else None
        return
    marks = ", ".join("?" * len(columns))
    cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608 - as above


_NEXT_KEY = "SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"


class without_triggers:
    """Loading a million rows past triggers whose result the rows already carry."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.is_postgresql = connection.dialect.name == "postgresql"
        self.triggers: list[tuple[str, str]] = []

    def __enter__(self) -> None:
        if self.is_postgresql:
            self.connection.execute(text("SET LOCAL session_replication_role = replica"))
            return
        found = self.connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
        self.triggers = [(name, sql) for name, sql in found]
        for name, _ in self.triggers:
            self.connection.execute(text(f"DROP TRIGGER {name}"))

    def __exit__(self, *error: object) -> None:
        if self.is_postgresql:
            self.connection.execute(text("SET LOCAL session_replication_role = origin"))
        for _, sql in self.triggers:
            self.connection.connection.cursor().execute(sql)


def _analyze(engine: Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        is_postgresql = engine.dialect.name == "postgresql"
        connection.execute(text("VACUUM ANALYZE" if is_postgresql else "ANALYZE"))
