"""Second walls: instance identity, row-level security

Must fit the previous release's code too: expand first, contract one release later.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "instance",
        sa.Column("name", AutoString(length=20), nullable=False),
        sa.Column("identity", AutoString(length=32), nullable=False),
        sa.Column("since_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_instance")),
    )


def downgrade() -> None:
    op.drop_table("instance")
