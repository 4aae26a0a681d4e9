"""The command line over a world, as in tests/cli."""

from tests.cli.conftest import shell, world

__all__ = ["shell", "world"]
