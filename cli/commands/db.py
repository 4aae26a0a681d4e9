"""dondoc db: the database's tables and rules."""

import click

from cli.runtime import Runtime, pass_runtime
from cli.speech import Group
from config import rules, schema
from config.database import open_database, writing


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


def prepare(runtime: Runtime) -> None:
    """Idempotent: tables of this release, and default rules where there are none."""
    engine = open_database(runtime.settings.database_url)
    schema.upgrade(engine)
    with writing(engine) as db:
        rules.install(db, runtime.now())
    engine.dispose()
