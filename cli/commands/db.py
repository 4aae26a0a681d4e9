"""dondoc db: the database's tables and rules."""

import secrets
from functools import partial
from pathlib import Path

import click

from cli.runtime import Runtime, pass_runtime
from cli.speech import Group, plans
from config import rules, schema
from config.database import open_database, writing
from config.instant import real_now
from notifications import identity, sent_journal
from workflow import audit, checkpoint, instance
from workflow.desk import Desk


def command() -> click.Command:
    return db


@click.group(cls=Group, help="Cơ sở dữ liệu / the database.")
def db() -> None:
    pass


@db.command(help="Tạo hoặc nâng cấp bảng, nạp quy tắc mặc định / create or upgrade.")
@pass_runtime
def upgrade(runtime: Runtime) -> None:
    prepare(runtime)
    runtime.say("Cơ sở dữ liệu đã sẵn sàng.", "The database is ready.")


@db.command(help="Phiên bản bảng có khớp chương trình không / is the schema the program's?")
@pass_runtime
def check(runtime: Runtime) -> None:
    with runtime.reading() as db:
        db.connection()
    runtime.say("Cơ sở dữ liệu khớp với chương trình.", "The database fits the program.")


@db.command(name="checkpoint", help="Gộp sẵn số liệu của nhiệm vụ đã kết thúc / fold what is closed, once.")
@click.option("--anew", is_flag=True, help="Bỏ hết rồi gộp lại / forget all first.")
@pass_runtime
def fold_closed(runtime: Runtime, anew: bool) -> None:
    transaction = partial(writing, runtime.engine)
    if anew:
        checkpoint.forget_all(transaction)
    folded = checkpoint.make(transaction)
    runtime.say(f"Đã gộp {folded} nhiệm vụ đã kết thúc.", f"{folded} closed directives were folded.")


@db.command(help="Sao lưu khi đang chạy: mọi dòng, tệp, sổ thư đã gửi / back up while running.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@pass_runtime
def backup(runtime: Runtime, file: Path) -> None:
    from tasks.backup import back_up

    taken = back_up(runtime.engine, runtime.settings.home, file, real_now())
    rows = sum(taken.rows.values())
    runtime.say(
        f"Đã sao lưu {rows} dòng, {taken.files} tệp vào {file}. Khóa bí mật không nằm trong đó.",
        f"{rows} rows and {taken.files} files are in {file}. The secret key is not: keep it apart.",
    )


@db.command(help="Khôi phục vào cơ sở dữ liệu trống; sau đó hệ thống im lặng / restore, mute afterwards.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@pass_runtime
def restore(runtime: Runtime, file: Path) -> None:
    from tasks import backup as backups

    engine = open_database(runtime.settings.database_url)
    try:
        taken = backups.restore(engine, runtime.settings.home, file)
        with writing(engine) as db:
            if instance.identity(db) is None:  # taken by a release that had none
                instance.found(db, secrets.token_hex(16), runtime.now())
            verdict = audit.verify(db)
    finally:
        engine.dispose()
    for fault in verdict.broken:
        click.echo(fault[runtime.lang], err=True)
    runtime.say(
        f"Đã khôi phục {sum(taken.rows.values())} dòng, {taken.files} tệp. Chưa gửi gì: xem lại rồi chạy dondoc db release.",
        f"{sum(taken.rows.values())} rows and {taken.files} files are back. Nothing is sent yet: look, then dondoc db release.",
    )


@db.command(help="Cho bản khôi phục hoạt động; thư đã gửi không gửi lại / let a restored system speak.")
@plans
@pass_runtime
def release(runtime: Runtime, yes: bool, dry_run: bool) -> None:
    runtime.yes = runtime.yes or yes
    home = runtime.settings.home
    refusal = identity.muted(runtime.engine, home)
    if refusal is None:
        runtime.say("Hệ thống đang hoạt động, không có gì để cho phép.", "The system speaks already.")
        return
    runtime.say(refusal.text("vi"), refusal.text("en"))
    sent = list(sent_journal.lines(home / sent_journal.NAME))
    if not dry_run:
        runtime.confirm("Cho bản này gửi thư?", "Let this one send?")
    with runtime.writing() as db:
        desk = Desk(db, runtime.actor(db), runtime.now())
        words = secrets.token_hex(16)
        done = instance.release(desk, words, sent)
        if dry_run:
            db.rollback()
    if not dry_run:
        identity.noted(home, words)
    _report(runtime, done, len(sent), dry_run=dry_run)


def _report(runtime: Runtime, done: instance.Release, lines: int, *, dry_run: bool) -> None:
    runtime.say(
        f"Sổ thư đã gửi có {lines} dòng: {done.settled} thư được ghi là đã gửi, không gửi lại.",
        f"The sent journal has {lines} lines: {done.settled} mails are written down as sent, none goes again.",
    )
    for one in done.unknown:
        click.echo(f"? {one.at:%d/%m/%Y %H:%M} {one.address} {one.header_id}", err=True)
    if dry_run:
        runtime.say("Chạy thử: chưa ghi gì.", "Dry run: nothing was written.")


def prepare(runtime: Runtime) -> None:
    """Idempotent: tables of this release, default rules where there are none, an identity if it has none."""
    engine = open_database(runtime.settings.database_url)
    schema.upgrade(engine)
    with writing(engine) as db:
        rules.install(db, runtime.now())
    identity.settle(engine, runtime.settings.home, runtime.now())
    engine.dispose()
