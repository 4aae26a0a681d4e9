"""Scheduled reports

Must fit the previous release's code too: expand first, contract one release later.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sqlmodel.sql.sqltypes.AutoString
INSTANT = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    op.create_table(
        "report_schedule",
        sa.Column("id", KEY, nullable=False),
        sa.Column("kind", TEXT(length=20), nullable=False),
        sa.Column("format", TEXT(length=10), nullable=False),
        sa.Column("profile", TEXT(length=20), nullable=True),
        sa.Column("scope", sa.JSON(), nullable=False),
        sa.Column("rhythm", TEXT(length=200), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=False),
        sa.Column("made_by_id", KEY, nullable=True),
        sa.Column("made_at", INSTANT(), nullable=False),
        sa.Column("ended_at", INSTANT(), nullable=True),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_report_schedule_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_schedule")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "report_recipient",
        sa.Column("schedule_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["schedule_id"], ["report_schedule.id"], name=op.f("fk_report_recipient_schedule_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_report_recipient_person_id")),
        sa.PrimaryKeyConstraint("schedule_id", "person_id", name=op.f("pk_report_recipient")),
    )
    op.create_index(op.f("ix_report_recipient_person_id"), "report_recipient", ["person_id"])


def downgrade() -> None:
    op.drop_table("report_recipient")
    op.drop_table("report_schedule")
