"""dondoc sweep: the nights, what each would write, wrote and proved."""

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import date
from typing import Any

import click
from sqlmodel import Session

from cli.commands.sweep_audit import audit as audit_ledger
from cli.commands.sweep_certificate import certificate, run_document, show_run
from cli.commands.sweep_pause import pause, unpause
from cli.output import emit, remark, table
from cli.runtime import DAY, Runtime, parse_day, pass_runtime
from cli.speech import Group, as_json, plans
from notifications import identity
from workflow import audit, rulebook
from workflow.access import Actor
from workflow.errors import RoleNotAllowed
from workflow.models.notice import NoticeStatus
from workflow.models.sweep_run import SweepRun
from workflow.quiet import Quiet, how_many, quiet
from workflow.reasons import why
from workflow.store import sweeps, tellings
from workflow.store.tellings import Telling
from workflow.sweep.run import OverCap, release
from workflow.sweep.run import sweep as run_sweep
from workflow.words import OBLIGATIONS, SWEEPS, Texts, notice_title


def command() -> click.Command:
    return sweep


@click.group(cls=Group, help="Lượt quét hằng đêm / the nightly sweep.")
def sweep() -> None:
    pass


sweep.add_command(pause)
sweep.add_command(unpause)
sweep.add_command(audit_ledger)


ALL = click.option("--all", "everything", is_flag=True, help="Cả các dòng không gửi / unsent lines too.")


@sweep.command(help="Chạy lượt quét của một đêm; chạy lại không gửi lặp / sweep a night.")
@click.option("--date", "night", type=DAY, help="Đêm nào; mặc định là đêm gần nhất / which night.")
@click.option("--dry-run", is_flag=True, help="Chạy thử: không ghi, không gửi / write and send nothing.")
@ALL
@as_json
@pass_runtime
def run(runtime: Runtime, night: date | None, dry_run: bool, everything: bool, as_json: bool) -> None:
    if dry_run:
        _rehearse(runtime, night, everything=everything, as_json=as_json)
        return
    from tasks.nights import checked_night

    with runtime.reading() as db:
        _check_may_run(runtime.actor(db))
        identity.check(db, runtime.settings.home)
    wanted = checked_night(runtime.settings, runtime.now(), night)
    done = run_sweep(runtime.writing, wanted, runtime.now())
    with runtime.reading() as db:
        lines = tellings.of_run(db, runtime.actor(db), done.id)
        _show(runtime, db, done, lines, everything=everything, as_json=as_json, dry_run=False)
    if done.held_count:
        cap = _cap(runtime)
        raise OverCap(count=done.held_count, cap=cap, night=f"{done.night_on:%d/%m/%Y}")


@sweep.command(help="Chạy thử đêm kế tiếp / a dry run of the night to come.")
@ALL
@as_json
@pass_runtime
def tonight(runtime: Runtime, everything: bool, as_json: bool) -> None:
    _rehearse(runtime, None, everything=everything, as_json=as_json)


def _rehearse(runtime: Runtime, night: date | None, *, everything: bool, as_json: bool) -> None:
    """Every stage of the real sweep in one transaction that is rolled back."""
    with runtime.writing() as db:
        wanted = night or sweeps.next_night(db, runtime.today(db))
        policy = rulebook.active_policy(db)
        at = rulebook.local_instant(wanted, policy.sweep_at, policy.zone)
        done = run_sweep(lambda: nullcontext(db), wanted, max(at, runtime.now()))
        db.flush()
        lines = tellings.of_run(db, runtime.actor(db), done.id)
        _show(runtime, db, done, lines, everything=everything, as_json=as_json, dry_run=True)
        db.rollback()


def _show(
    runtime: Runtime,
    db: Session,
    done: SweepRun,
    lines: list[Telling],
    *,
    everything: bool,
    as_json: bool,
    dry_run: bool,
) -> None:
    calendar = rulebook.active_policy(db).counted(rulebook.calendar(db, done.calendar_id))
    explained = [(line, why(line, calendar)) for line in lines]
    silent = list(quiet(db, runtime.actor(db), done)) if everything else []
    if as_json:
        document = run_document(done) | {"dry_run": dry_run, "lines": [_line(*one) for one in explained]}
        emit(document | ({"quiet": [_quiet(one) for one in silent]} if everything else {}))
        return
    sent = [one for one in explained if one[0].status is NoticeStatus.WANTED]
    show_lines(runtime, explained if everything else sent, silent)
    unsent = len(explained) - len(sent) + how_many(db, runtime.actor(db), done)
    _sum_up(runtime, done, unsent, dry_run=dry_run)


def show_lines(
    runtime: Runtime, explained: list[tuple[Telling, Texts]], silent: Sequence[Quiet] = ()
) -> None:
    headers = {
        "vi": ("Mã", "Thư", "Gửi tới", "Cơ quan", "Vì sao"),
        "en": ("Code", "Mail", "To", "Body", "Why"),
    }[runtime.lang]
    locale = runtime.lang
    told = [_cells(line, said, locale) for line, said in explained]
    table(
        headers,
        [
            *told,
            *((one.code, OBLIGATIONS[one.obligation][locale], "-", "", one.why[locale]) for one in silent),
        ],
    )


def _cells(line: Telling, said: Texts, locale: str) -> tuple[object, ...]:
    kind = notice_title(line.kind, line.level, locale)
    return line.code, kind, line.person or "-", line.organization, said[locale]


def _line(line: Telling, said: Texts) -> dict[str, Any]:
    step = {"rung": line.rung} if line.level is None else {"level": line.level}
    return {
        "directive": line.code,
        "kind": line.kind,
        "recipient": line.email,
        "organization": line.organization,
        "obligation": line.obligation,
        **step,
        "due_on": line.due_on,
        "status": line.status,
        "why": said,
    }


def _quiet(one: Quiet) -> dict[str, Any]:
    return {"directive": one.code, "obligation": one.obligation, "due_on": one.due_on, "why": one.why}


def _sum_up(runtime: Runtime, done: SweepRun, unsent: int, *, dry_run: bool) -> None:
    night = f"{done.night_on:%d/%m/%Y}"
    if not done.told:
        remark(
            runtime.text(f"Đêm {night} là ngày nghỉ: không gửi thư.", f"{night} is a closed day: no mails.")
        )
    quiet = f" Không gửi: {unsent} dòng (xem lý do: --all)." if unsent else ""
    silent = f" Not sent: {unsent} lines (see why: --all)." if unsent else ""
    if dry_run:
        remark(
            runtime.text(
                f"Đêm {night}: {done.message_count} thư.{quiet} Chạy thử: chưa ghi, chưa gửi gì.",
                f"Night of {night}: {done.message_count} mails.{silent} Dry run: nothing was written or sent.",
            )
        )
        return
    remark(
        runtime.text(
            f"Lượt quét đêm {night} xong trong {done.seconds:.1f} giây: {done.message_count} thư.{quiet}",
            f"Sweep of {night} done in {done.seconds:.1f} s: {done.message_count} mails.{silent}",
        )
    )


def _cap(runtime: Runtime) -> int:
    with runtime.reading() as db:
        return rulebook.active_policy(db).cap


def _check_may_run(actor: Actor) -> None:
    if actor.is_system or actor.role == "administrator":
        return
    raise RoleNotAllowed(
        actor=actor.name,
        move={"vi": "chạy lượt quét", "en": "run"},
        code={"vi": "hệ thống", "en": "the sweep"},
        allowed={"vi": "Quản trị", "en": "Administrator"},
    )


@sweep.command(help="Các đêm gần đây / recent nights.")
@click.option("--limit", type=click.IntRange(1, 1000), default=30, help="Số đêm / how many.")
@as_json
@pass_runtime
def runs(runtime: Runtime, limit: int, as_json: bool) -> None:
    with runtime.reading() as db:
        found = sweeps.recent(db, runtime.actor(db), limit=limit)
    if as_json:
        emit([run_document(one) for one in found])
        return
    headers = {
        "vi": ("Lượt", "Đêm", "Tình trạng", "Mở", "Đã xét", "Thư", "Đang giữ", "Giây"),
        "en": ("Run", "Night", "Status", "Open", "Looked at", "Mails", "Held", "Seconds"),
    }[runtime.lang]
    rows = [
        (
            one.id, one.night_on, SWEEPS[one.status][runtime.lang], one.open_count, one.looked_at_count,
            one.message_count, one.held_count, f"{one.seconds:.3f}",
        )
        for one in found
    ]  # fmt: skip
    table(headers, rows)


@sweep.command(help="Giấy chứng của một lượt: số lượt hoặc ngày / the certificate of a run or night.")
@click.argument("which", metavar="RUN|NIGHT")
@click.option("--lines", is_flag=True, help="Cả từng dòng đã lập / every line it wrote.")
@as_json
@pass_runtime
def show(runtime: Runtime, which: str, lines: bool, as_json: bool) -> None:
    with runtime.reading() as db:
        actor = runtime.actor(db)
        found = _found(db, actor, which)
        told = tellings.of_run(db, actor, found.id)
        proof = certificate(db, found)
        calendar = rulebook.active_policy(db).counted(rulebook.calendar(db, found.calendar_id))
    explained = [(line, why(line, calendar)) for line in told]
    if as_json:
        emit(proof.as_json() | {"lines": [_line(*one) for one in explained]})
        return
    show_run(runtime, proof)
    if lines:
        show_lines(runtime, explained)


def _found(db: Session, actor: Actor, which: str) -> SweepRun:
    if which.isdigit():
        return sweeps.get(db, actor, run_id=int(which))
    return sweeps.get(db, actor, night=parse_day(which))


@sweep.command(help="Cho gửi lượt bị giữ vì quá mức trần / let held runs go.")
@click.option("--over-cap", is_flag=True, help="Xác nhận cho gửi quá mức trần / release over the cap.")
@plans
@pass_runtime
def resume(runtime: Runtime, over_cap: bool, yes: bool, dry_run: bool) -> None:
    runtime.yes = runtime.yes or yes
    with runtime.reading() as db:
        _check_may_run(runtime.actor(db))
        waiting = sweeps.held(db)
    if not waiting:
        runtime.say("Không có lượt nào đang bị giữ.", "No run is held.")
        return
    if not over_cap:
        raise OverCap(count=waiting[0].held_count, cap=_cap(runtime), night=f"{waiting[0].night_on:%d/%m/%Y}")
    total = sum(one.held_count for one in waiting)
    if dry_run:
        runtime.say(f"Sẽ cho gửi {total} thư. Chạy thử.", f"Would release {total} mails. Dry run.")
        return
    runtime.confirm(f"Cho gửi {total} thư?", f"Release {total} mails?")
    with runtime.desk() as desk:
        for one in waiting:
            released = release(desk.db, one.night_on, desk.now)
            audit.record(
                desk.db, desk.actor, "sweep.release", at=desk.now, on=desk.today,
                reason=one.night_on.isoformat(), detail={"messages": released},
            )  # fmt: skip
    runtime.say(f"Đã cho gửi {total} thư.", f"{total} mails released.")
