"""What stands in each report: figures, lists and remarks, read in one frozen moment of the database."""

from collections.abc import Callable
from datetime import date

from sqlmodel import Session

from reports import figure_tables, register_table, week_tables
from reports.document import Orientation, Report, Table
from reports.request import KINDS, ReportKind, Wanted
from workflow.access import Actor
from workflow.figures import counting, listing
from workflow.figures.bodies import check_known
from workflow.figures.cells import OVERDUE, Basis
from workflow.figures.counting import Counts
from workflow.figures.rules import RulesOn, rules_on
from workflow.figures.scope import Dimension, Scope
from workflow.figures.timing import Timing, timing
from workflow.figures.week import week
from workflow.words import Texts, pair


def report(db: Session, actor: Actor, wanted: Wanted, today: date) -> Report:
    """Raises NotFound for a part the actor may not know, FiguresDiffer rather than sums that do not close."""
    scope = wanted.scope
    check_known(db, actor, scope)
    rules = rules_on(db, scope.on, today)
    tables = BUILDERS[wanted.kind](db, actor, rules, wanted)
    spent = timing(db, actor, rules, scope)
    return Report(
        kind=wanted.kind.value,
        title=_title(wanted.kind),
        subtitle=_subtitle(scope),
        on=scope.on,
        since=scope.since,
        remarks=_remarks(rules, scope),
        tables=tuple(tables),
        orientation=Orientation.PORTRAIT if wanted.kind is ReportKind.WEEKLY else Orientation.LANDSCAPE,
        paragraphs=() if wanted.kind is ReportKind.REGISTER else (_spent(spent),),
    )


def _weekly(db: Session, actor: Actor, rules: RulesOn, wanted: Wanted) -> list[Table]:
    scope = wanted.scope
    found = week(db, actor, rules, scope)
    late = listing.rows(db, actor, rules, scope, OVERDUE)
    return [
        week_tables.figures(found, wanted.locale),
        week_tables.agencies(found, wanted.locale),
        week_tables.changes(found, wanted.locale),
        week_tables.waiting(found, wanted.locale),
        week_tables.directives(
            "overdue", pair("Nhiệm vụ quá hạn", "Overdue directives"), late, wanted.locale
        ),
        week_tables.directives(
            "upcoming",
            pair("Đến hạn trong 7 ngày tới", "Due in the next 7 days"),
            found.upcoming,
            wanted.locale,
        ),
    ]


def _agency(db: Session, actor: Actor, rules: RulesOn, wanted: Wanted) -> list[Table]:
    tables = _both_bases(db, actor, rules, wanted, (Dimension.AGENCY,))
    return tables + (_annexed(db, actor, rules, wanted) if wanted.scope.agency else [])


def _supervision(db: Session, actor: Actor, rules: RulesOn, wanted: Wanted) -> list[Table]:
    by = (Dimension.SUPERVISION, Dimension.PROGRAMME, Dimension.URGENCY, Dimension.MONTH)
    tables = _both_bases(db, actor, rules, wanted, by)
    return tables + (_annexed(db, actor, rules, wanted) if wanted.scope.supervision else [])


def _register(db: Session, actor: Actor, rules: RulesOn, wanted: Wanted) -> list[Table]:
    return [register_table.register(listing.rows(db, actor, rules, wanted.scope), wanted.locale)]


def _annexed(db: Session, actor: Actor, rules: RulesOn, wanted: Wanted) -> list[Table]:
    rows = listing.rows(db, actor, rules, wanted.scope)
    return [
        register_table.annex(rows, pair("Phụ lục: danh mục nhiệm vụ", "Annex: the directives"), wanted.locale)
    ]


def _both_bases(
    db: Session, actor: Actor, rules: RulesOn, wanted: Wanted, dimensions: tuple[Dimension, ...]
) -> list[Table]:
    """The date asked for first; the other beside it, so that no date is moved quietly."""
    scope, locale = wanted.scope, wanted.locale
    other = scope.by_basis(Basis.ORIGINAL if scope.basis is Basis.REVISED else Basis.REVISED)
    total = counting.whole(db, actor, rules, scope)
    tables = [_table(db, actor, rules, scope, by, locale, total) for by in dimensions]
    return [*tables, _table(db, actor, rules, other, dimensions[0], locale)]


def _table(
    db: Session,
    actor: Actor,
    rules: RulesOn,
    scope: Scope,
    by: Dimension,
    locale: str,
    total: Counts | None = None,
) -> Table:
    rows, total = counting.table(db, actor, rules, scope, by, total)
    rows.sort(key=lambda one: (one.title, one.key))
    return figure_tables.figure_table(rows, total, by, scope.basis, locale)


BUILDERS: dict[ReportKind, Callable[[Session, Actor, RulesOn, Wanted], list[Table]]] = {
    ReportKind.WEEKLY: _weekly,
    ReportKind.AGENCY: _agency,
    ReportKind.SUPERVISION: _supervision,
    ReportKind.REGISTER: _register,
}


def _title(kind: ReportKind) -> Texts:
    said = {
        ReportKind.WEEKLY: "tuần",
        ReportKind.AGENCY: "theo cơ quan",
        ReportKind.SUPERVISION: "theo cuộc giám sát",
        ReportKind.REGISTER: "",
    }[kind]
    if kind is ReportKind.REGISTER:
        return pair("Danh mục nhiệm vụ sau giám sát", "Register of directives after supervision")
    return pair(
        f"Tình hình thực hiện nhiệm vụ sau giám sát, tổng hợp {said}",
        f"Directives after supervision: {KINDS[kind]['en'].lower()}",
    )


def _subtitle(scope: Scope) -> Texts:
    on = f"{scope.on:%d/%m/%Y}"
    if scope.since is None:
        return pair(f"Số liệu đến ngày {on}", f"Figures up to {on}")
    since = f"{scope.since:%d/%m/%Y}"
    return pair(f"Kỳ từ {since} đến {on}; số liệu đến ngày {on}", f"From {since} to {on}; figures up to {on}")


def _remarks(rules: RulesOn, scope: Scope) -> tuple[Texts, ...]:
    chosen = scope.narrowed()
    vi, en = ("; ".join(f"{name[one]}: {value}" for name, value in chosen) for one in ("vi", "en"))
    narrowed = [pair(f"Phạm vi: {vi}.", f"Only {en}.")] if chosen else []
    return (
        *narrowed,
        pair(
            "Tổng giao gồm mọi nhiệm vụ đã phát hành trong phạm vi, trừ nhiệm vụ đã kết thúc trước kỳ; "
            "mỗi nhiệm vụ nằm ở đúng một cột, tổng các cột bằng tổng giao.",
            "All issued directives in scope, without those ended before the period; each stands in exactly one "
            "column, and the columns sum to the total.",
        ),
        pair(
            "Tỷ lệ đúng hạn tính trên nhiệm vụ đã đến hạn (hoàn thành có thời hạn, và đang quá hạn); "
            "tỷ lệ hoàn thành tính trên tổng giao. Dưới 05 nhiệm vụ thì không tính tỷ lệ.",
            "The on-time share is of directives that are due (done with a date, or overdue); the done share is of "
            "all issued. No share is given of fewer than five.",
        ),
        pair(
            f"Tính theo {rules.policy['vi']}; {rules.calendar_version['vi']}.",
            f"Counted by {rules.policy['en']}; {rules.calendar_version['en']}.",
        ),
    )


def _spent(spent: Timing) -> Texts:
    said, viewed, late = spent.acknowledge, spent.review, spent.late

    def days(value: float | None, locale: str) -> str:
        text = "–" if value is None else f"{value:.1f}"
        return text if locale == "en" else text.replace(".", ",")

    return pair(
        f"Tiếp nhận: {said.in_time}/{said.met} lượt đã tiếp nhận là trong thời hạn, trung bình {days(said.mean_days, 'vi')} ngày làm việc. "
        f"Duyệt báo cáo: {viewed.in_time}/{viewed.met} lượt đã duyệt là trong thời hạn, trung bình {days(viewed.mean_days, 'vi')} "
        f"ngày làm việc. Chậm trung bình {days(spent.mean_lateness, 'vi')} ngày theo lịch, trên {late} nhiệm vụ hoàn thành "
        "quá hạn hoặc đang quá hạn.",
        f"Acknowledged in time: {said.in_time} of {said.met} acknowledged, mean {days(said.mean_days, 'en')} working days. "
        f"Reviewed in time: {viewed.in_time} of {viewed.met} reviewed, mean {days(viewed.mean_days, 'en')} working days. "
        f"Mean lateness {days(spent.mean_lateness, 'en')} calendar days over {late} directives done late or overdue.",
    )
