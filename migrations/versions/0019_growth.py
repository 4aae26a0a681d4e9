"""What keeps a growing PostgreSQL quick: words found by trigrams, tables that are written to every night

Must fit the previous release's code too: expand first, contract one release later.

Nothing of it changes what a table holds. SQLite has neither.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ROOM = "fillfactor = 90, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.02"
"""A tenth of each page is left for the next version of a row, so that settling a level touches no index."""
CHANGED = ("obligation", "message")
APPENDED = ("event", "notice")
GROWS = "autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.02"


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in CHANGED:
        op.execute(f"ALTER TABLE {table} SET ({ROOM})")
    for table in APPENDED:
        op.execute(f"ALTER TABLE {table} SET ({GROWS})")
    if _has_trigrams():
        op.execute("CREATE INDEX ix_search_text_words ON search_text USING gin (folded gin_trgm_ops)")


def _has_trigrams() -> bool:
    """Where the server does not have the extension, or we may not add it, searches read the words in turn."""
    bind = op.get_bind()
    if bind.scalar(sa.text("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'")) is None:
        return False
    try:
        with bind.begin_nested():
            bind.execute(sa.text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
    except sa.exc.DBAPIError:
        return False
    return True


def downgrade() -> None:
    """The extension stays: something else may use it by now."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute("DROP INDEX IF EXISTS ix_search_text_words")
    for table, settings in (*((one, ROOM) for one in CHANGED), *((one, GROWS) for one in APPENDED)):
        names = ", ".join(part.partition(" = ")[0] for part in settings.split(", "))
        op.execute(f"ALTER TABLE {table} RESET ({names})")
