"""Real servers for every test that asks: started at the first asking, one of each a test process.

A server that cannot be had fails the test; nothing is skipped.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from config.database import open_database
from tests.servers.postgres import PostgresServer
from tests.servers.redis import RedisServer
from tests.servers.schema import SchemaTemplates
from tests.servers.smtp import SmtpServer

DATABASES = ["sqlite", "postgresql"]


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    server = PostgresServer()
    try:
        yield server.start()
    finally:
        server.remove()


@pytest.fixture(scope="session")
def _redis_server() -> Iterator[RedisServer]:
    server = RedisServer()
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture
def redis_server(_redis_server: RedisServer) -> RedisServer:
    """Running and empty, whatever the last test did to it."""
    if not _redis_server.answers():
        _redis_server.start()
    _redis_server.flush()
    return _redis_server


@pytest.fixture(scope="session")
def _smtp_server() -> Iterator[SmtpServer]:
    server = SmtpServer()
    try:
        yield server.start()
    finally:
        server.remove()


@pytest.fixture
def smtp_server(_smtp_server: SmtpServer) -> SmtpServer:
    """Running, empty and well-behaved, whatever the last test did to it."""
    if _smtp_server.process is None or _smtp_server.process.poll() is not None:
        _smtp_server.start()
    _smtp_server.empty()
    return _smtp_server


@pytest.fixture(scope="session")
def schema_templates(tmp_path_factory: pytest.TempPathFactory) -> SchemaTemplates:
    return SchemaTemplates(tmp_path_factory.mktemp("templates"))


@pytest.fixture(params=DATABASES)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without a single table, of each kind in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    name = server.create_database()
    yield server.url(name)
    server.drop_database(name)


@pytest.fixture(params=DATABASES)
def database_url(
    request: pytest.FixtureRequest, tmp_path: Path, schema_templates: SchemaTemplates
) -> Iterator[str]:
    """A database with all tables and no rows, of each kind in turn: a copy, so nothing of another test."""
    if request.param == "sqlite":
        yield schema_templates.copy_of_sqlite(tmp_path / "test.db")
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    name = server.create_database(template=schema_templates.of_postgres(server))
    yield server.url(name)
    server.drop_database(name)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    yield engine
    engine.dispose()
