"""The database's shape: Alembic and nothing else changes it."""

from importlib import resources
from typing import ClassVar

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from workflow.errors import WorkflowError


class SchemaBehind(WorkflowError):
    """The program and the database are of different releases: nothing may run on it."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "Cơ sở dữ liệu ở phiên bản {found}, chương trình cần {wanted}. Chạy: dondoc db upgrade.",
        "en": "The database is at version {found}, the program needs {wanted}. Run: dondoc db upgrade.",
    }
    exit_code = 75
    http_status = 503


def upgrade(engine: Engine, revision: str = "head") -> None:
    with engine.begin() as connection:
        _serialise(connection)
        command.upgrade(_alembic(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    with engine.begin() as connection:
        command.downgrade(_alembic(connection), revision)


def check(engine: Engine) -> None:
    """Raise SchemaBehind unless the database has exactly the shape this program knows."""
    wanted, found = ScriptDirectory.from_config(_alembic(None)).get_current_head(), revision(engine)
    if found != wanted:
        raise SchemaBehind(found=found or "-", wanted=wanted)


def revision(engine: Engine) -> str | None:
    """The release the tables are of; None where there are none."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _alembic(connection: object) -> Config:
    alembic = Config()
    alembic.set_main_option("script_location", str(resources.files("migrations")))
    alembic.attributes["connection"] = connection
    return alembic


def _serialise(connection: object) -> None:
    """Two upgrades started at once run one after the other."""
    if connection.dialect.name == "postgresql":  # type: ignore[attr-defined]
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7205759)")  # type: ignore[attr-defined]
