"""The database's shape: Alembic and nothing else changes it; every command asks which shape it is."""

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy import Engine, inspect, text

from workflow.errors import WorkflowError

if TYPE_CHECKING:
    from alembic.config import Config


class SchemaBehind(WorkflowError):
    """The program and the database are of different releases: nothing may run on it."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "Cơ sở dữ liệu ở phiên bản {found}, chương trình cần {wanted}. Chạy: dondoc db upgrade.",
        "en": "The database is at version {found}, the program needs {wanted}. Run: dondoc db upgrade.",
    }
    exit_code = 75
    http_status = 503


def upgrade(engine: Engine, revision: str = "head") -> None:
    from alembic import command  # a seventh of a second that no other command needs

    with engine.begin() as connection:
        _serialise(connection)
        command.upgrade(_alembic(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    from alembic import command

    with engine.begin() as connection:
        command.downgrade(_alembic(connection), revision)


def check(engine: Engine) -> None:
    """Raise SchemaBehind unless the database has exactly the shape this program knows."""
    wanted, found = newest(), revision(engine)
    if found != wanted:
        raise SchemaBehind(found=found or "-", wanted=wanted)


def revision(engine: Engine) -> str | None:
    """The release the tables are of; None where there are none."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


@cache
def newest() -> str:
    """The release of this program. Each migration's file begins with its number."""
    files = (resources.files("migrations") / "versions").iterdir()
    return max(file.name.partition("_")[0] for file in files if file.name.endswith(".py"))


def _alembic(connection: object) -> "Config":
    from alembic.config import Config

    alembic = Config()
    alembic.set_main_option("script_location", str(resources.files("migrations")))
    alembic.attributes["connection"] = connection
    return alembic


def _serialise(connection: object) -> None:
    """Two upgrades started at once run one after the other."""
    if connection.dialect.name == "postgresql":  # type: ignore[attr-defined]
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7205759)")  # type: ignore[attr-defined]
