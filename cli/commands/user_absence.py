"""dondoc user absence: from when to when somebody is away, and who stands in."""

from datetime import date
from typing import Any

import click

from cli.output import emit, facts
from cli.runtime import DAY, Runtime, pass_runtime
from cli.speech import Command, as_json
from workflow import absences
from workflow.absences import Absence
from workflow.access import Actor
from workflow.errors import NotFound
from workflow.models.person import Person
from workflow.store import people


@click.command(
    cls=Command, help="Vắng mặt và người nhận thay; không tùy chọn: xem / being away and deputies."
)
@click.argument("email")
@click.option("--from", "from_on", type=DAY, help="Ngày đầu vắng / first day away.")
@click.option("--until", "until_on", type=DAY, help="Ngày cuối; bỏ trống là chưa biết / last day.")
@click.option("--deputy", metavar="EMAIL", help="Người nhận thay, cùng cơ quan / who stands in.")
@click.option("--end", is_flag=True, help="Đã trở lại / is back.")
@as_json
@pass_runtime
def absence(
    runtime: Runtime,
    email: str,
    from_on: date | None,
    until_on: date | None,
    deputy: str | None,
    end: bool,
    as_json: bool,
) -> None:
    if end:
        with runtime.desk() as desk:
            absences.end_absence(desk, email)
    elif from_on is not None:
        with runtime.desk() as desk:
            absences.set_absence(desk, email, Absence(from_on, until_on, deputy))
    elif until_on is not None or deputy is not None:
        raise click.UsageError(runtime.text("Cần --from.", "Give --from."))
    with runtime.reading() as db:
        person = people.by_email(db, email)
        _check_may_see(runtime.actor(db), person)
        standing = absences.of(db, person)
    _show(runtime, person.email, standing, as_json=as_json)


def _check_may_see(actor: Actor, person: Person) -> None:
    if actor.person_id != person.id and not actor.sees_all:
        raise NotFound(what={"vi": "người dùng", "en": "Person"}, code=person.email)


def _show(runtime: Runtime, email: str, standing: Absence | None, *, as_json: bool) -> None:
    if as_json:
        emit(_document(email, standing))
        return
    if standing is None:
        runtime.say(f"{email}: không vắng mặt.", f"{email}: not away.")
        return
    text = runtime.text
    facts(
        [
            (text("Người", "Person"), email),
            (text("Vắng từ", "Away from"), standing.from_on),
            (text("Đến hết", "Until"), standing.until_on or text("chưa biết", "not known")),
            (text("Nhận thay", "Deputy"), standing.deputy or text("không có", "nobody")),
        ]
    )


def _document(email: str, standing: Absence | None) -> dict[str, Any]:
    return {
        "email": email,
        "from_on": standing.from_on if standing else None,
        "until_on": standing.until_on if standing else None,
        "deputy": standing.deputy if standing else None,
    }
