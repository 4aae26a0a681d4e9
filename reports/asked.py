"""A wish in the words of an address or a command line, read the same everywhere."""

from collections.abc import Callable
from datetime import date

from sqlmodel import Session

from config.settings import Settings
from reports.making import Office
from reports.request import Format, Letterhead, Profile, ReportKind, Wanted
from workflow import letterheads
from workflow.errors import InputWrong
from workflow.figures.cells import Basis
from workflow.figures.scope import Scope
from workflow.letterheads import Head
from workflow.words import pair

Given = Callable[[str], str | None]
EARLIEST, LATEST = 2000, 2100
NARROWING = ("agency", "supervision", "programme", "urgency", "month")


def office(db: Session, settings: Settings, profile: str | None = None, body: str | None = None) -> Office:
    """`body`: the delegation a paper speaks for, where it is about one."""
    ours = head(db, settings)
    layout = Profile(_word(profile or ours.layout, "profile", list(Profile)))
    top = Letterhead(body or ours.body, ours.parent_body, ours.place, layout)
    return Office(top, settings.home, settings.base_url.rstrip("/"))


def head(db: Session, settings: Settings) -> Head:
    """What an administrator wrote, else the settings."""
    return letterheads.head(db, of_settings(settings))


def of_settings(settings: Settings) -> Head:
    return Head(settings.delegation, settings.parent_body, settings.place, settings.letterhead)


def kind(word: str | None) -> ReportKind:
    return ReportKind(_word(word or ReportKind.WEEKLY.value, "report", list(ReportKind)))


def format_(word: str | None) -> Format:
    return Format(_word(word or Format.HTML.value, "format", list(Format)))


def wanted(which: ReportKind, given: Given, today: date, locale: str) -> Wanted:
    """`given` answers `as_of`, `since`, `basis` and the narrowing words; a future day is refused."""
    on = _day(given("as_of"), "as_of") or today
    if on > today:
        why = pair("Chưa có số liệu của ngày này.", "There are no figures of that day yet.")
        raise InputWrong(field="as_of", value=f"{on:%d/%m/%Y}", why=why)
    since = _day(given("since"), "since")
    if since is not None and since > on:
        why = pair("Ngày đầu kỳ phải trước ngày cuối kỳ.", "The period must begin before it ends.")
        raise InputWrong(field="since", value=f"{since:%d/%m/%Y}", why=why)
    basis = Basis(_word(given("basis") or Basis.REVISED.value, "basis", list(Basis)))
    narrowed = {name: given(name) or None for name in NARROWING}
    return Wanted(which, Scope(on, since, basis, **narrowed), locale)


def _word(
    word: str, field: str, allowed: list[Profile] | list[ReportKind] | list[Format] | list[Basis]
) -> str:
    names = [one.value for one in allowed]
    if word not in names:
        why = pair(f"Được phép: {', '.join(names)}.", f"Allowed: {', '.join(names)}.")
        raise InputWrong(field=field, value=word, why=why)
    return word


def _day(text: str | None, field: str) -> date | None:
    if not text or not text.strip():
        return None
    on = _read_day(text.strip())
    if on is None or not EARLIEST <= on.year <= LATEST:
        why = pair(
            "Ngày phải có thật, dạng 10/10/2026 hoặc 2026-10-10.", "A real date, 10/10/2026 or 2026-10-10."
        )
        raise InputWrong(field=field, value=text, why=why)
    return on


def _read_day(text: str) -> date | None:
    parts = text.replace(".", "/").replace("-", "/").split("/")
    try:
        numbers = [int(part) for part in parts]
        year, month, day = numbers if len(parts[0]) == 4 else numbers[::-1]
        return date(year, month, day)
    except ValueError:
        return None
