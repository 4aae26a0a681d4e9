"""A province of made-up conclusions: bodies, people, directives with their clocks, journal, nights and mails.

Rows are written straight into the tables, in the proportions of a register some years old; nothing of it is
random between two runs of the same size.
"""

import random
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Engine, insert, text
from sqlmodel import Session, SQLModel

from config import rules
from config.database import writing
from workflow import rulebook
from workflow.ladder import ObligationKind, Position
from workflow.models.directive import NO_DAY, Coordination, Directive, SearchText
from workflow.models.event import Event
from workflow.models.message import Message, MessageStatus
from workflow.models.notice import Notice
from workflow.models.obligation import Obligation, ObligationStatus
from workflow.models.organization import Organization, OrganizationKind
from workflow.models.person import Membership, Person, Role
from workflow.models.rule_version import RuleKind
from workflow.models.supervision import Conclusion, ConclusionState, Supervision
from workflow.models.sweep_run import SweepRun, SweepStatus
from workflow.plain import plain

TODAY = date(2026, 9, 15)
NOW = datetime(2026, 9, 15, 3, tzinfo=UTC)
AGENCIES = 300
EACH = 50  # directives of one conclusion
NIGHTS = 30
CHUNK = 5_000
SAID = """rà soát quy hoạch khoáng sản báo cáo kết quả xử lý vi phạm tại các mỏ kiểm tra môi trường chợ đầu tư hạ tầng
cụm công nghiệp tuyên truyền phổ biến nghị quyết ứng dụng công nghệ số đánh giá mục tiêu chỉ tiêu giải ngân vốn đất đai
giáo dục y tế giao thông thủy lợi lâm nghiệp bảo hiểm cải cách hành chính tiếp công dân"""
WORDS = tuple(SAID.split())
STATES = ("done",) * 55 + ("withdrawn",) * 3 + ("in_progress",) * 22 + ("acknowledged",) * 8 + (
    "issued", "issued", "issued", "issued", "reported", "reported", "reported", "sent_back", "suspended",
    "closed_not_done", "draft", "draft",
)  # fmt: skip
CLOSED = {"done", "withdrawn", "closed_not_done"}
PEOPLE = (
    ("thuky@tinh.example", "Thư ký Mẫu", "doan", Position.SECRETARY, None),
    ("truong@tinh.example", "Trưởng đoàn Mẫu", "doan", Position.CHAIR, None),
    ("vanthu@tinh.example", "Văn thư Mẫu", "cq001", Position.CLERK, None),
    ("lanhdao@tinh.example", "Lãnh đạo Mẫu", None, None, Role.LEADERSHIP),
)


def build(engine: Engine, rows: int) -> None:
    """`rows` directives and everything around them."""
    chance = random.Random(14)
    with writing(engine) as db:
        rules.install(db, NOW)
        _bodies(db)
        _conclusions(db, rows)
        pinned = {kind.value: rulebook.active(db, kind).id for kind in RuleKind}
        made = list(_directives(chance, rows, pinned))
        _write(db, Directive, made)
        _write(db, SearchText, (_folded(one) for one in made))
        _write(db, Coordination, (_helper(one) for one in made if one["id"] % 5 == 0))
        _write(db, Obligation, _obligations(made, pinned["policy"]))
        _write(db, Event, _events(made))
        _nights(db, made)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
        if engine.dialect.name == "postgresql":
            connection.execute(text("VACUUM"))


def _bodies(db: Session) -> None:
    agencies = [f"cq{number:03d}" for number in range(1, AGENCIES + 1)]
    db.add(Organization(id=1, code="doan", name="Đoàn giám sát", kind=OrganizationKind.DELEGATION))
    db.add_all(
        Organization(id=number, code=code, name=f"Sở, ngành số {number}", kind=OrganizationKind.AGENCY)
        for number, code in enumerate(agencies, 2)
    )
    db.flush()
    ids = {"doan": 1} | {code: number for number, code in enumerate(agencies, 2)}
    for email, name, body, position, role in PEOPLE:
        person = Person(email=email, name=name, role=role)
        db.add(person)
        db.flush()
        if body is not None and position is not None:
            db.add(Membership(person_id=person.id, organization_id=ids[body], position=position))
    db.flush()


def _conclusions(db: Session, rows: int) -> None:
    many = range(1, rows // EACH + 2)
    _write(
        db,
        Supervision,
        ({"id": n, "code": f"GS{n}", "delegation_id": 1, "subject": f"Giám sát chuyên đề {n}"} for n in many),
    )
    _write(
        db, Conclusion,
        (
            {
                "id": n, "code": f"GS{n}-KL1", "supervision_id": n, "state": ConclusionState.ISSUED,
                "source_name": "ket-luan.txt", "text": "Kết luận.", "text_sha256": f"{n:064d}", "received_at": NOW,
            }
            for n in many
        ),
    )  # fmt: skip


def _directives(chance: random.Random, rows: int, pinned: dict[str, int]) -> Iterator[dict[str, Any]]:
    for number in range(1, rows + 1):
        supervision = (number - 1) // EACH + 1
        state = chance.choice(STATES)
        issued = TODAY - timedelta(days=chance.randrange(1, 900 if state in CLOSED else 120))
        rhythm = "FREQ=MONTHLY;INTERVAL=3" if chance.random() < 0.06 else None
        due = None if rhythm else issued + timedelta(days=chance.randrange(20, 180))
        said = " ".join(chance.choices(WORDS, k=32))
        yield {
            "id": number, "code": f"GS{supervision}-{(number - 1) % EACH + 1:02d}", "supervision_id": supervision,
            "conclusion_id": supervision, "text": said, "title": said[:76], "quote": said, "product": "Báo cáo",
            "lead_id": 2 + chance.randrange(AGENCIES), "state": state, "is_secret": False,
            "issued_on": None if state == "draft" else issued, "due_on": due, "original_due_on": due,
            "due_is_express": True, "due_version": 1, "rhythm": rhythm, "extensions": 0,
            "reported_on": due if state in ("done", "reported") else None,
            "closed_on": issued + timedelta(days=60) if state in CLOSED else None,
            "policy_id": pinned["policy"], "lifecycle_id": pinned["lifecycle"], "calendar_id": pinned["calendar"],
            "changed_at": NOW, "version": 3, "next_on": due or NO_DAY,
        }  # fmt: skip


def _folded(one: dict[str, Any]) -> dict[str, Any]:
    return {"directive_id": one["id"], "folded": plain(f"{one['code']} {one['title']} {one['text']}")}


def _helper(one: dict[str, Any]) -> dict[str, Any]:
    return {"directive_id": one["id"], "organization_id": 2 + (one["lead_id"] - 1) % AGENCIES}


def _obligations(made: Iterable[dict[str, Any]], policy: int) -> Iterator[dict[str, Any]]:
    for one in made:
        if one["state"] in CLOSED or one["state"] == "draft":
            continue
        reported = one["state"] == "reported"
        due = one["due_on"] or TODAY + timedelta(days=20)
        late = not reported and due < TODAY
        yield {
            "directive_id": one["id"], "kind": ObligationKind.REVIEW if reported else ObligationKind.DELIVER,
            "ladder": "review" if reported else "periodic" if one["rhythm"] else "deliver",
            "owed_by_id": 1 if reported else one["lead_id"], "owed_to_id": one["lead_id"] if reported else 1,
            "opened_on": one["issued_on"], "due_on": due, "original_due_on": due, "due_version": 1, "span_days": 40,
            "status": ObligationStatus.PAUSED if one["state"] == "suspended" else ObligationStatus.RUNNING,
            "level": min((TODAY - due).days // 7 + 1, 4) if late else 0,
            "level_settled_on": TODAY - timedelta(days=3) if late else None, "policy_id": policy,
        }  # fmt: skip


def _events(made: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for one in made:
        for act in ("draft", "issue", "acknowledge"):
            yield {
                "at": NOW - timedelta(days=40), "on": TODAY - timedelta(days=40), "actor": "Mẫu", "act": act,
                "directive_id": one["id"], "due_on": one["due_on"],
            }  # fmt: skip


def _nights(db: Session, made: list[dict[str, Any]]) -> None:
    """Of each night some mails, each with the notices it carried."""
    nights = [TODAY - timedelta(days=back) for back in range(NIGHTS, 0, -1)]
    _write(
        db, SweepRun,
        (
            {
                "id": n, "night_on": night, "since_on": night - timedelta(days=1), "status": SweepStatus.COMPLETED,
                "stage": 9, "told": True, "started_at": NOW, "completed_at": NOW, "open_count": len(made) // 3,
                "looked_at_count": len(made) // 100, "notice_count": 300, "message_count": 100, "held_count": 0,
                "counts": {}, "seconds": 1.0,
            }
            for n, night in enumerate(nights, 1)
        ),
    )  # fmt: skip
    keys = [(n, f"N:{n}:{mail}", nights[n - 1]) for n in range(1, NIGHTS + 1) for mail in range(100)]
    _write(db, Message, (_message(*key) for key in keys))
    running = [one["id"] for one in made if one["state"] == "in_progress"]
    lines = ((key, number) for key in keys for number in range(3))
    chosen = zip(lines, (running[n % len(running)] for n in range(len(keys) * 3)), strict=False)
    _write(db, Notice, (_notice(*key, line, directive) for (key, line), directive in chosen))


def _message(run: int, key: str, night: date) -> dict[str, Any]:
    return {
        "key": key, "person_id": 3, "kind": "overdue", "night_on": night, "sweep_run_id": run,
        "status": MessageStatus.HANDED_OVER, "created_at": NOW, "not_before_at": NOW, "next_attempt_at": NOW,
        "use_by_at": NOW, "token": 1, "attempts": 1, "repeats": 0, "handed_over_at": NOW,
    }  # fmt: skip


def _notice(run: int, key: str, night: date, line: int, directive: int) -> dict[str, Any]:
    return {
        "key": f"{key}:{line}", "kind": "overdue", "severity": 5, "status": "wanted", "directive_id": directive,
        "sweep_run_id": run, "person_id": 3, "night_on": night, "bundle": key,
    }  # fmt: skip


def _write(db: Session, table: type[SQLModel], rows: Iterable[dict[str, Any]]) -> None:
    rows = iter(rows)
    while chunk := list(islice(rows, CHUNK)):
        db.execute(insert(table.__table__), chunk)  # type: ignore[attr-defined]
