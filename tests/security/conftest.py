"""A house on each kind of database, and the command line over it."""

from tests.web.conftest import house

__all__ = ["house"]
