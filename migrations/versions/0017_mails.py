"""Mails a person refused; mails that never left, found without reading the outbox

Must fit the previous release's code too: expand first, contract one release later.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0017"
down_revision = "0012"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sqlmodel.sql.sqltypes.UTCDateTime
UNTOLD = "status IN ('expired', 'parked')"


def upgrade() -> None:
    op.create_table(
        "mail_refusal",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column(
            "mails",
            sa.Enum("weekly", "reports", name="mails", native_enum=False, length=32, create_constraint=True),
            nullable=False,
        ),
        sa.Column("refused_at", INSTANT(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mail_refusal_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_refusal")),
        sa.UniqueConstraint("person_id", "mails", name=op.f("uq_mail_refusal_person_id_mails")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_message_untold",
        "message",
        ["id"],
        postgresql_where=sa.text(UNTOLD),
        sqlite_where=sa.text(UNTOLD),
    )


def downgrade() -> None:
    op.drop_index("ix_message_untold", table_name="message")
    op.drop_table("mail_refusal")
