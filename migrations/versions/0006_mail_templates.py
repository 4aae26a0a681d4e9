"""Edited mail templates, the stopped channel, deputies

Must fit the previous release's code too: expand first, contract one release later.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from workflow.models.columns import KEY

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mail_template",
        sa.Column("id", KEY, nullable=False),
        sa.Column("path", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("published_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("actor", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_template")),
        sa.UniqueConstraint("path", "number", name=op.f("uq_mail_template_path_number")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_mail_template_active", "mail_template", ["path"], unique=True,
        postgresql_where=sa.text("is_active"), sqlite_where=sa.text("is_active"),
    )  # fmt: skip
    op.create_table(
        "channel_stop",
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("since_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("retry_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("needs_operator", sa.Boolean(), nullable=False),
        sa.Column("response", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_channel_stop")),
    )
    _add_reference("person", "deputy_id")
    op.create_index("ix_person_deputy_id", "person", ["deputy_id"])
    _add_reference("notice", "stands_for_id")
    op.add_column("notice", sa.Column("instead_of", sqlmodel.sql.sqltypes.AutoString(length=20)))
    op.create_index("ix_message_handed_over", "message", ["handed_over_at"])


def _add_reference(table: str, column: str) -> None:
    """To a person. One statement both databases know; a copy of the table would lose what refers to it."""
    key = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN {column} {key} CONSTRAINT fk_{table}_{column} REFERENCES person (id)"
    )


def downgrade() -> None:
    op.drop_index("ix_message_handed_over", "message")
    op.drop_index("ix_person_deputy_id", "person")
    for table, column in (("notice", "instead_of"), ("notice", "stands_for_id"), ("person", "deputy_id")):
        _drop(table, column)
    op.drop_table("channel_stop")
    op.drop_table("mail_template")


def _drop(table: str, column: str) -> None:
    op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
