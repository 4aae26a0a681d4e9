"""Previews and journals of changed rules

Must fit the previous release's code too: expand first, contract one release later.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sqlmodel.sql.sqltypes.AutoString
INSTANT = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    op.add_column("directive", sa.Column("urgency", TEXT(length=20), nullable=True))
    op.add_column("supervision", sa.Column("programme", TEXT(length=80), nullable=True))
    op.add_column("obligation", sa.Column("opened_at", INSTANT(), nullable=True))
    _obligation_past()
    op.create_table(
        "policy_choice",
        sa.Column("id", KEY, nullable=False),
        sa.Column("scope", _choice("scope", "supervision", "urgency", "programme"), nullable=False),
        sa.Column("value", TEXT(length=80), nullable=False),
        sa.Column("policy", TEXT(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_choice")),
        sa.UniqueConstraint("scope", "value", name=op.f("uq_policy_choice_scope_value")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "ledger_check",
        sa.Column("id", KEY, nullable=False),
        sa.Column("night_on", sa.Date(), nullable=False),
        sa.Column("checked_at", INSTANT(), nullable=False),
        sa.Column("obligation_count", sa.Integer(), nullable=False),
        sa.Column("step_count", sa.Integer(), nullable=False),
        sa.Column("difference_count", sa.Integer(), nullable=False),
        sa.Column("differences", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_check")),
        sa.UniqueConstraint("night_on", name=op.f("uq_ledger_check_night_on")),
        sqlite_autoincrement=True,
    )


def _obligation_past() -> None:
    op.create_table(
        "obligation_past",
        sa.Column("id", KEY, nullable=False),
        sa.Column("obligation_id", KEY, nullable=False),
        sa.Column("until_at", INSTANT(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("original_due_on", sa.Date(), nullable=False),
        sa.Column("due_version", sa.Integer(), nullable=False),
        sa.Column("span_days", sa.Integer(), nullable=False),
        sa.Column("status", _choice("past_status", "running", "paused", "met", "void"), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("policy_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["obligation_id"], ["obligation.id"], name=op.f("fk_obligation_past_obligation_id")
        ),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["rule_version.id"], name=op.f("fk_obligation_past_policy_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_obligation_past")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_obligation_past_obligation_until", "obligation_past", ["obligation_id", "until_on"])


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def downgrade() -> None:
    op.drop_table("obligation_past")
    op.drop_table("policy_choice")
    op.drop_table("ledger_check")
    op.drop_column("obligation", "opened_at")
    op.drop_column("supervision", "programme")
    op.drop_column("directive", "urgency")
