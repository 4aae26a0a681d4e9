"""The command line over a world, as in tests/cli: on one kind of database, the words are the same on both."""

from pathlib import Path

import pytest

from tests.cli.conftest import shell, world
from tests.servers.schema import SchemaTemplates

__all__ = ["shell", "world"]


@pytest.fixture
def database_url(tmp_path: Path, schema_templates: SchemaTemplates) -> str:
    return schema_templates.copy_of_sqlite(tmp_path / "test.db")
