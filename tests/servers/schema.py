"""The tables are built once a test process and kind of database; each test gets a copy."""

import shutil
from pathlib import Path

from config import schema
from config.database import open_database
from tests.servers.postgres import PostgresServer


class SchemaTemplates:
    def __init__(self, folder: Path) -> None:
        self.sqlite = folder / "template.db"
        self.postgres: str | None = None

    def copy_of_sqlite(self, path: Path) -> str:
        if not self.sqlite.exists():
            build(f"sqlite:///{self.sqlite}")
        shutil.copyfile(self.sqlite, path)
        return f"sqlite:///{path}"

    def of_postgres(self, server: PostgresServer) -> str:
        if self.postgres is None:
            self.postgres = server.create_database()
            build(server.url(self.postgres))
        return self.postgres


def build(url: str) -> None:
    engine = open_database(url)
    schema.upgrade(engine)
    engine.dispose()
