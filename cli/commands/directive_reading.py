"""dondoc directive show, history, explain, moves."""

from datetime import date
from typing import Any

import click
from sqlmodel import Session

from cli.commands.directive_list import as_document, said
from cli.output import emit, facts, table
from cli.runtime import DAY, Runtime, pass_runtime
from cli.speech import Command, as_json
from workflow import plan, standing
from workflow.models.directive import Directive
from workflow.models.event import Event
from workflow.possible import Possible, lifecycle_of, possible_moves
from workflow.rhythm_words import rhythm_in_words
from workflow.store import directives, events, obligations
from workflow.store.directives import Row
from workflow.store.obligations import Owed
from workflow.why import Hindsight
from workflow.words import OBLIGATION_STATUS, OBLIGATIONS


@click.command(cls=Command, help="Một nhiệm vụ: nội dung, hạn, ai đang nợ gì / one directive.")
@click.argument("code")
@as_json
@pass_runtime
def show(runtime: Runtime, code: str, as_json: bool) -> None:
    with runtime.reading() as db:
        actor = runtime.actor(db)
        row = directives.row(db, actor, standing.as_of(db, runtime.today(db)), code)
        directive = directives.get(db, actor, code)
        owed = obligations.of_directive(db, directive)
        others = [body.name for body in directives.coordinating(db, directive)]
        files = events.files_of(db, directive)
    if as_json:
        emit(_document(row, directive, owed, others) | {"files": [[one.name, one.sha256] for one in files]})
        return
    facts(_facts(runtime, row, directive, others))
    facts([(runtime.text("Tệp", "Files"), ", ".join(one.name for one in files))])
    _show_owed(runtime, owed)


def _facts(runtime: Runtime, row: Row, directive: Directive, others: list[str]) -> list[tuple[str, object]]:
    text, locale = runtime.text, runtime.lang
    return [
        (text("Mã", "Code"), row.code),
        (text("Nhiệm vụ", "Directive"), row.title),
        (text("Nội dung", "Text"), directive.text),
        (text("Nguyên văn", "Evidence"), directive.quote),
        (text("Chủ trì", "Lead"), row.lead_name),
        (text("Phối hợp", "Coordinating"), ", ".join(others)),
        (text("Trạng thái", "State"), row.state_title[locale]),
        (text("Tình trạng", "Standing"), said(row, locale)),
        (text("Hạn", "Due"), row.due_on),
        (text("Hạn gốc", "Original due date"), row.original_due_on),
        (text("Số lần gia hạn", "Extensions"), directive.extensions or None),
        (text("Kỳ báo cáo", "Rhythm"), rhythm_in_words(row.rhythm)[locale] if row.rhythm else None),
        (text("Sản phẩm", "Product"), directive.product),
        (text("Phát hành", "Issued"), directive.issued_on),
        (text("Báo cáo", "Reported"), directive.reported_on),
        (text("Kết thúc", "Closed"), directive.closed_on),
        (text("Phiên bản", "Version"), directive.version),
    ]


def _show_owed(runtime: Runtime, owed: list[Owed]) -> None:
    locale = runtime.lang
    headers = {
        "vi": ("Việc", "Ai nợ", "Với ai", "Giao", "Hạn", "Cấp", "Tình trạng"),
        "en": ("Act", "Owed by", "Owed to", "Opened", "Due", "Level", "Status"),
    }[locale]
    rows = [
        (
            OBLIGATIONS[one.obligation.kind][locale], one.by, one.to, one.obligation.opened_on,
            one.obligation.due_on, one.obligation.level or "", OBLIGATION_STATUS[one.obligation.status][locale],
        )
        for one in owed
    ]  # fmt: skip
    table(headers, rows)


def _document(row: Row, directive: Directive, owed: list[Owed], others: list[str]) -> dict[str, Any]:
    return as_document(row) | {
        "text": directive.text,
        "quote": directive.quote,
        "product": directive.product,
        "coordinating": others,
        "issued_on": directive.issued_on,
        "closed_on": directive.closed_on,
        "extensions": directive.extensions,
        "version": directive.version,
        "obligations": [
            {
                "kind": one.obligation.kind, "owed_by": one.by, "owed_to": one.to,
                "opened_on": one.obligation.opened_on, "due_on": one.obligation.due_on,
                "status": one.obligation.status, "met_on": one.obligation.met_on, "level": one.obligation.level,
            }
            for one in owed
        ],
    }  # fmt: skip


@click.command(cls=Command, help="Nhật ký của một nhiệm vụ / every act on a directive.")
@click.argument("code")
@as_json
@pass_runtime
def history(runtime: Runtime, code: str, as_json: bool) -> None:
    with runtime.reading() as db:
        directive = directives.get(db, runtime.actor(db), code)
        acts = events.of_directive(db, directive)
        titles = _titles(db, directive)
    if as_json:
        emit([_event(one) for one in acts])
        return
    headers = {
        "vi": ("Lúc", "Ai", "Việc", "Sang", "Hạn", "Lý do"),
        "en": ("At", "Who", "Act", "To", "Due", "Why"),
    }[runtime.lang]
    states = _states(db, directive)
    table(headers, [_cells(runtime, one, titles, states) for one in acts])


def _titles(db: Session, directive: Directive) -> dict[str, dict[str, str]]:
    lifecycle = lifecycle_of(db, directive)
    own = {
        "draft": {"vi": "Soạn dự thảo", "en": "Draft"},
        "climb": {"vi": "Lên cấp", "en": "Climb a level"},
    }
    return {**{move.name: lifecycle.move_title(move.name) for move in lifecycle.moves}, **own}


def _states(db: Session, directive: Directive) -> dict[str, dict[str, str]]:
    return {name: state.title for name, state in lifecycle_of(db, directive).states.items()}


def _cells(
    runtime: Runtime, event: Event, titles: dict[str, dict[str, str]], states: dict[str, dict[str, str]]
) -> tuple[object, ...]:
    act = titles.get(event.act, {}).get(runtime.lang, event.act)
    level = f" {event.level}" if event.level else ""
    to = states.get(event.to_state or "", {}).get(runtime.lang, event.to_state)
    said_text = (event.detail or {}).get("text")
    why = " · ".join(str(part) for part in (event.reason, said_text) if part)
    at = event.at.astimezone(runtime.settings.timezone)
    return f"{at:%d/%m/%Y %H:%M}", event.actor, act + level, to, event.due_on, why


def _event(event: Event) -> dict[str, Any]:
    names = (
        "id",
        "at",
        "on",
        "actor",
        "act",
        "from_state",
        "to_state",
        "due_on",
        "level",
        "reason",
        "detail",
    )
    return {name: getattr(event, name) for name in names}


@click.command(
    "explain", cls=Command, help="Vì sao ngày này, thư này, hoặc không có thư / why this date and mail."
)
@click.argument("code")
@click.option("--on", "day", type=DAY, help="Tính đến ngày này / as of this day.")
@click.option("--night", type=DAY, help="Vì sao đêm ấy có thư hoặc không / why a mail that night, or none.")
@as_json
@pass_runtime
def explain_date(runtime: Runtime, code: str, day: date | None, night: date | None, as_json: bool) -> None:
    if night is not None:
        _explain_night(runtime, code, night, as_json=as_json)
        return
    with runtime.reading() as db:
        directive = directives.get(db, runtime.actor(db), code)
        explanation = plan.explain(db, directive, day or runtime.today(db))
    if as_json:
        emit(explanation.as_json())
    else:
        click.echo(explanation.text(runtime.lang))


def _explain_night(runtime: Runtime, code: str, night: date, *, as_json: bool) -> None:
    with runtime.reading() as db:
        answered = Hindsight(db, directives.get(db, runtime.actor(db), code)).night(night)
    if as_json:
        emit([of.as_json() for of in answered])
        return
    headers = {"vi": ("Việc", "Mốc", "Ngày", "Vì sao"), "en": ("Act", "Step", "Day", "Why")}[runtime.lang]
    rows = [
        (
            OBLIGATIONS[of.obligation.kind][runtime.lang], plan.step_name(answer)[runtime.lang],
            answer.step.on, answer.text[runtime.lang],
        )
        for of in answered
        for answer in of.answers
    ]  # fmt: skip
    table(headers, rows)


@click.command(cls=Command, help="Việc được phép lúc này và ai được làm / the moves allowed now.")
@click.argument("code")
@as_json
@pass_runtime
def moves(runtime: Runtime, code: str, as_json: bool) -> None:
    with runtime.reading() as db:
        actor = runtime.actor(db)
        found = possible_moves(db, actor, directives.get(db, actor, code))
    if as_json:
        emit([_move(one) for one in found])
        return
    headers = {
        "vi": ("Việc", "Tên", "Ai được làm", "Phải nêu", "Tôi"),
        "en": ("Move", "Name", "By", "Requires", "Me"),
    }[runtime.lang]
    me = {True: runtime.text("được", "may"), False: ""}
    rows = [
        (
            one.move.title[runtime.lang],
            one.move.name,
            one.by[runtime.lang],
            ", ".join(one.move.requires),
            me[one.may],
        )
        for one in found
    ]
    table(headers, rows)


def _move(one: Possible) -> dict[str, Any]:
    return {
        "move": one.move.name,
        "title": one.move.title,
        "by": list(one.move.by),
        "requires": list(one.move.requires),
        "may": one.may,
    }
