"""dondoc directive list: one line each, worst first, and counts that add up."""

from typing import Any

import click

from cli.output import emit, remark, table
from cli.runtime import Runtime, pass_runtime
from cli.speech import Command, as_json
from workflow import standing
from workflow.standing import TITLES, Standing
from workflow.store import directives
from workflow.store.directives import Row
from workflow.store.filters import Filter
from workflow.store.orders import SORTS

DEADLINES = {
    "overdue": Standing.OVERDUE,
    "soon": Standing.SOON,
    "today": Standing.TODAY,
    "in-time": Standing.IN_TIME,
    "undated": Standing.UNDATED,
}
SIGNS = {
    Standing.OVERDUE: "!",
    Standing.TODAY: "~",
    Standing.SOON: "~",
    Standing.WAITING: "?",
    Standing.IN_TIME: ".",
    Standing.UNDATED: "-",
    Standing.PAUSED: "=",
    Standing.DRAFT: "+",
    Standing.DONE: "ok",
    Standing.ENDED: "x",
}
COLOURS = {"!!": "bold red", "!": "red", "~": "yellow", "?": "blue", "ok": "dim", "x": "dim"}
FOUND = 5


@click.command("list", cls=Command, help="Danh sách nhiệm vụ, lọc và sắp xếp / list directives.")
@click.option("--supervision", metavar="CODE", help="Cuộc giám sát / supervision.")
@click.option("--agency", metavar="CODE", help="Cơ quan chủ trì hoặc phối hợp / lead or coordinating agency.")
@click.option("--state", "states", multiple=True, metavar="STATE", help="Trạng thái, lặp lại được / state.")
@click.option("--deadline", type=click.Choice(list(DEADLINES)), help="Tình trạng thời hạn / where it stands.")
@click.option("--text", help="Tìm chữ, không cần dấu / text, accents optional.")
@click.option("--sort", type=click.Choice(SORTS), default="due", help="Sắp theo hạn hoặc mã / order.")
@click.option("--limit", type=int, default=50, help="Số dòng mỗi trang / rows a page.")
@click.option("--after", metavar="CURSOR", help="Trang sau: giá trị cuối trang trước / next page.")
@click.option("--fail-on", type=click.Choice(["overdue"]), help="Mã thoát 5 nếu có quá hạn / exit 5 if any.")
@as_json
@pass_runtime
def list_directives(
    runtime: Runtime,
    /,
    fail_on: str | None,
    as_json: bool,
    sort: str,
    limit: int,
    after: str | None,
    **given: Any,
) -> int:
    wanted = _filter(**given)
    with runtime.reading() as db:
        actor, as_of = runtime.actor(db), standing.as_of(db, runtime.today(db))
        _check_states(given["states"], as_of.states)
        page = directives.page(db, actor, as_of, wanted, sort=sort, limit=limit, after=after)
        counts = directives.counts(db, actor, as_of, wanted)
    if as_json:
        emit(_document(page.rows, counts, page.after, as_of.today))
    else:
        _show(runtime, page.rows, counts, page.after)
    return FOUND if fail_on and counts.get(Standing.OVERDUE) else 0


def _filter(
    supervision: str | None,
    agency: str | None,
    states: tuple[str, ...],
    deadline: str | None,
    text: str | None,
) -> Filter:
    standings = (DEADLINES[deadline],) if deadline else ()
    return Filter(supervision=supervision, agency=agency, states=states, standings=standings, text=text)


def _check_states(given: tuple[str, ...], known: dict[str, dict[str, str]]) -> None:
    unknown = [state for state in given if state not in known]
    if unknown:
        raise click.BadParameter(f"{', '.join(unknown)}: {', '.join(known)}", param_hint="--state")


def _show(runtime: Runtime, rows: tuple[Row, ...], counts: dict[Standing, int], after: str | None) -> None:
    headers = {
        "vi": ("", "Mã", "Nhiệm vụ", "Chủ trì", "Hạn", "Ngày", "Tình trạng"),
        "en": ("", "Code", "Directive", "Lead", "Due", "Days", "Standing"),
    }[runtime.lang]
    table(headers, [_cells(row, runtime.lang) for row in rows], style=COLOURS)
    remark(footer(counts, runtime.lang))
    if after is not None:
        remark(runtime.text(f"Trang sau: --after {after}", f"Next page: --after {after}"))


def _cells(row: Row, locale: str) -> tuple[object, ...]:
    days = "" if row.days is None else f"{row.days:+d}"
    return sign(row), row.code, row.title, row.lead_name, row.due_on, days, said(row, locale)


def sign(row: Row) -> str:
    """Carries the standing without colour."""
    return "!!" if row.standing is Standing.OVERDUE and row.level > 1 else SIGNS[row.standing]


def said(row: Row, locale: str) -> str:
    """The standing in words: the level with what is overdue, the verdict with what is done."""
    words = TITLES[row.standing][locale]
    words = words[0].upper() + words[1:]
    if row.standing is Standing.OVERDUE and row.level:
        return words + {"vi": f", cấp {row.level}", "en": f", level {row.level}"}[locale]
    if row.standing is Standing.ENDED:
        return row.state_title[locale]
    if row.on_time is not None:
        verdict = {"vi": ("quá hạn", "đúng hạn"), "en": ("late", "on time")}[locale]
        return f"{words} {verdict[row.on_time]}"
    return words


def footer(counts: dict[Standing, int], locale: str) -> str:
    parts = ", ".join(f"{number} {TITLES[one][locale]}" for one, number in counts.items())
    total = sum(counts.values())
    noun = {"vi": "nhiệm vụ", "en": "directives"}[locale]
    days = {"vi": "Ngày = ngày làm việc.", "en": "Days are working days."}[locale]
    return f"{total} {noun}{': ' + parts if parts else ''}. {days}"


def _document(
    rows: tuple[Row, ...], counts: dict[Standing, int], after: str | None, today: object
) -> dict[str, Any]:
    return {
        "as_of": today,
        "directives": [as_document(row) for row in rows],
        "counts": {one.value: number for one, number in counts.items()},
        "total": sum(counts.values()),
        "after": after,
    }


def as_document(row: Row) -> dict[str, Any]:
    return {
        "code": row.code,
        "title": row.title,
        "supervision": row.supervision,
        "lead": row.lead,
        "lead_name": row.lead_name,
        "state": row.state,
        "standing": row.standing.value,
        "level": row.level,
        "due_on": row.due_on,
        "original_due_on": row.original_due_on,
        "days": row.days,
        "rhythm": row.rhythm,
        "reported_on": row.reported_on,
        "on_time": row.on_time,
    }
