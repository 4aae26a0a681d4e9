"""The last run of each job; the head of papers as an administrator wrote it

Must fit the previous release's code too: expand first, contract one release later.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

INSTANT = sqlmodel.sql.sqltypes.UTCDateTime
TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table(
        "job_run",
        sa.Column("name", TEXT(length=60), nullable=False),
        sa.Column("began_at", INSTANT(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("error", TEXT(length=300), nullable=True),
        sa.Column("done_at", INSTANT(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_run")),
    )
    op.create_table(
        "house_head",
        sa.Column("name", TEXT(length=20), nullable=False),
        sa.Column("body", TEXT(length=300), nullable=False),
        sa.Column("parent_body", TEXT(length=300), nullable=True),
        sa.Column("place", TEXT(length=100), nullable=True),
        sa.Column("layout", TEXT(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", INSTANT(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_house_head")),
    )


def downgrade() -> None:
    op.drop_table("house_head")
    op.drop_table("job_run")
