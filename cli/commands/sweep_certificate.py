"""The certificate of a night: what was open, what was looked at, what each rung wrote, what became of it."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from cli.output import facts, table
from cli.runtime import Runtime
from workflow.models.message import MessageStatus
from workflow.models.rule_version import RuleVersion
from workflow.models.sweep_run import SweepRun
from workflow.store import rules, sweeps
from workflow.words import MESSAGES, SWEEPS


@dataclass(frozen=True)
class Certificate:
    run: SweepRun
    calendar: RuleVersion | None
    policies: list[RuleVersion]
    messages: dict[MessageStatus, int]

    def as_json(self) -> dict[str, Any]:
        return run_document(self.run) | {
            "calendar": _version(self.calendar) if self.calendar else None,
            "policies": [_version(one) for one in self.policies],
            "messages": {status.value: number for status, number in self.messages.items()},
        }


def _version(rule: RuleVersion) -> dict[str, Any]:
    return {"name": rule.name, "number": rule.number, "version": rule.version}


def certificate(db: Session, run: SweepRun) -> Certificate:
    calendar = db.get(RuleVersion, run.calendar_id) if run.calendar_id else None
    return Certificate(run, calendar, rules.policies_in_use(db), sweeps.messages_by_status(db, run))


def run_document(run: SweepRun) -> dict[str, Any]:
    names = (
        "id", "night_on", "since_on", "status", "told", "started_at", "completed_at", "open_count",
        "looked_at_count", "notice_count", "message_count", "held_count", "released_at", "counts", "seconds",
    )  # fmt: skip
    return {name: getattr(run, name) for name in names}


def show_run(runtime: Runtime, proof: Certificate) -> None:
    run, text, locale = proof.run, runtime.text, runtime.lang
    equal = "=" if run.open_count == run.looked_at_count else "≠"
    said = [f"{MESSAGES[status][locale]} {number}" for status, number in proof.messages.items()]
    zone = runtime.settings.timezone
    facts(
        [
            (text("Lượt", "Run"), run.id),
            (text("Đêm", "Night"), run.night_on),
            (text("Trả lời cho các ngày sau", "Answers for the days after"), run.since_on),
            (text("Tình trạng", "Status"), SWEEPS[run.status][locale]),
            (text("Ngày làm việc", "Open day"), text("có", "yes") if run.told else text("không", "no")),
            (text("Bắt đầu", "Started"), f"{run.started_at.astimezone(zone):%d/%m/%Y %H:%M:%S}"),
            (text("Đang mở = đã xét", "Open = looked at"), f"{run.open_count} {equal} {run.looked_at_count}"),
            (text("Dòng đã lập", "Lines written"), run.notice_count),
            (text("Thư", "Mails"), f"{run.message_count}" + (f" ({', '.join(said)})" if said else "")),
            (text("Đang giữ", "Held"), run.held_count),
            (text("Thời gian", "Time"), f"{run.seconds:.3f} s"),
            (text("Lịch", "Calendar"), _said(proof.calendar)),
            (text("Chính sách", "Policies"), ", ".join(map(_said, proof.policies))),
        ]
    )
    table((text("Mốc, cấp", "Rung, level"), text("Số", "Count")), sorted(run.counts.items()))


def _said(rule: RuleVersion | None) -> str:
    return f"{rule.name} {rule.number} ({rule.version[:8]})" if rule else "-"
