"""What was folded once of closed directives

Must fit the previous release's code too: expand first, contract one release later.

Both tables begin empty: the next checkpoint fills them, and until then everything is folded.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DAYS = ("issued_on", "due_on", "original_due_on", "first_due_on", "reported_on", "met_on")


def upgrade() -> None:
    op.create_table(
        "checkpoint",
        sa.Column("directive_id", KEY, autoincrement=False, nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.Column("lead_id", KEY, nullable=True),
        *(sa.Column(name, sa.Date(), nullable=True) for name in DAYS),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("extensions", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("directive_id", name=op.f("pk_checkpoint")),
    )
    op.create_table(
        "checkpoint_mark",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("last_event_id", KEY, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkpoint_mark")),
    )


def downgrade() -> None:
    op.drop_table("checkpoint_mark")
    op.drop_table("checkpoint")
