"""Migrations build exactly the tables the models describe, and take them down again."""

from importlib import resources

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from config import schema
from config.database import open_database
from config.schema import SchemaBehind
from tests.servers.postgres import PostgresServer
from workflow.models.registry import metadata

TRIGRAMS = "ix_search_text_words"
"""Only where PostgreSQL has the extension, so that no model can speak of it."""


def test_the_migrations_build_what_the_models_say(empty_database_url: str) -> None:
    engine = open_database(empty_database_url)
    schema.upgrade(engine)
    schema.check(engine)
    with engine.connect() as connection:
        options = {"compare_type": True, "include_name": lambda name, *_place: name != TRIGRAMS}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata()) == []
    engine.dispose()


def test_every_migration_can_be_taken_back_and_made_again_with_rows_in_place(empty_database_url: str) -> None:
    engine = open_database(empty_database_url)
    schema.upgrade(engine, "0001")
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO organization (code, name, kind, aliases) VALUES ('sct', 'Sở', 'agency', '[]')")
        )
    schema.upgrade(engine)
    schema.downgrade(engine, "0001")
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT code FROM organization")) == "sct"
    schema.downgrade(engine, "base")
    assert set(inspect(engine).get_table_names()) <= {"alembic_version", "sqlite_sequence"}
    schema.upgrade(engine)
    schema.check(engine)
    engine.dispose()


def test_the_newest_release_is_the_head_of_the_chain() -> None:
    assert schema.newest() == ScriptDirectory(str(resources.files("migrations"))).get_current_head()


def test_a_program_refuses_a_database_of_another_release(empty_database_url: str) -> None:
    engine = open_database(empty_database_url)
    schema.upgrade(engine, "0002")
    with pytest.raises(SchemaBehind, match="0002"):
        schema.check(engine)
    engine.dispose()


def test_words_are_found_by_trigrams_where_the_server_has_them(postgres: PostgresServer) -> None:
    engine = open_database(postgres.url(postgres.create_database()))
    schema.upgrade(engine)
    with engine.connect() as connection:
        known = text("SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_trgm'")
        built = text("SELECT count(*) FROM pg_indexes WHERE indexname = :name").bindparams(name=TRIGRAMS)
        assert connection.scalar(built) == connection.scalar(known)
    engine.dispose()
