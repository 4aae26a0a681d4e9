"""Indexes for what the bench showed to be read every night

Must fit the previous release's code too: expand first, contract one release later.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

RAISED = "status = 'running' AND level_raised_on IS NOT NULL"


def upgrade() -> None:
    op.create_index(
        "ix_obligation_raised",
        "obligation",
        ["level_raised_on", "level"],
        postgresql_where=sa.text(RAISED),
        sqlite_where=sa.text(RAISED),
    )


def downgrade() -> None:
    op.drop_index("ix_obligation_raised", table_name="obligation")
