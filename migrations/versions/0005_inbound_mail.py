"""Mail received, held, matched and bounced

Must fit the previous release's code too: expand first, contract one release later.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OUTCOMES = ("applied", "refused", "asked", "held", "automatic", "bounced", "matched", "discarded")


def upgrade() -> None:
    _inbound_mail()
    _bounce_report()
    _mail_answer()


def _key(name: str = "id", *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=nullable)


def _choice(name: str, *values: str) -> sa.Column[str]:
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
    return sa.Column(name, kind, nullable=False)


def _points_to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _inbound_mail() -> None:
    op.create_table(
        "inbound_mail",
        _key(),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.Column("sent_at", UTCDateTime(), nullable=True),
        sa.Column("header_id", AutoString(length=250), nullable=False),
        sa.Column("body_hash", AutoString(length=64), nullable=False),
        sa.Column("sender", AutoString(length=254), nullable=False),
        sa.Column("sender_name", AutoString(length=200), nullable=False),
        sa.Column("subject", AutoString(length=300), nullable=False),
        _choice("outcome", *OUTCOMES),
        sa.Column("reason", AutoString(length=40), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("intent", AutoString(length=20), nullable=True),
        sa.Column("extension_on", sa.Date(), nullable=True),
        sa.Column("words", AutoString(), nullable=False),
        _key("directive_id", nullable=True),
        _key("organization_id", nullable=True),
        _key("person_id", nullable=True),
        _key("event_id", nullable=True),
        sa.Column("stored_as", AutoString(length=80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("decided_by", AutoString(length=200), nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("decision", AutoString(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_mail")),
        sa.UniqueConstraint("header_id", "body_hash", name=op.f("uq_inbound_mail_header_id_body_hash")),
        _points_to("inbound_mail", "directive_id", "directive"),
        _points_to("inbound_mail", "organization_id", "organization"),
        _points_to("inbound_mail", "person_id", "person"),
        _points_to("inbound_mail", "event_id", "event"),
        sqlite_autoincrement=True,
    )
    held = sa.text("outcome = 'held'")
    op.create_index(
        "ix_inbound_mail_waits", "inbound_mail", ["received_at"], postgresql_where=held, sqlite_where=held
    )
    op.create_index("ix_inbound_mail_sender", "inbound_mail", ["sender", "received_at"])
    op.create_index(op.f("ix_inbound_mail_directive_id"), "inbound_mail", ["directive_id"])


def _bounce_report() -> None:
    op.create_table(
        "bounce_report",
        _key(),
        _key("inbound_id"),
        _key("message_id"),
        sa.Column("address", AutoString(length=254), nullable=False),
        sa.Column("action", AutoString(length=10), nullable=False),
        sa.Column("is_hard", sa.Boolean(), nullable=False),
        sa.Column("status", AutoString(length=12), nullable=False),
        sa.Column("text", AutoString(), nullable=False),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bounce_report")),
        sa.UniqueConstraint(
            "message_id", "action", "is_hard", name=op.f("uq_bounce_report_message_id_action_is_hard")
        ),
        _points_to("bounce_report", "inbound_id", "inbound_mail"),
        _points_to("bounce_report", "message_id", "message"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_bounce_report_address"), "bounce_report", ["address"])


def _mail_answer() -> None:
    op.create_table(
        "mail_answer",
        _key(),
        _key("inbound_id"),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("address", AutoString(length=254), nullable=False),
        sa.Column("header_id", AutoString(length=250), nullable=False),
        sa.Column("mime", sa.LargeBinary(), nullable=False),
        _choice("status", "pending", "sent", "dropped"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", UTCDateTime(), nullable=False),
        sa.Column("sent_at", UTCDateTime(), nullable=True),
        sa.Column("response", AutoString(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_answer")),
        _points_to("mail_answer", "inbound_id", "inbound_mail"),
        sqlite_autoincrement=True,
    )
    unsent = sa.text("status = 'pending'")
    op.create_index(
        "ix_mail_answer_unsent",
        "mail_answer",
        ["next_attempt_at"],
        postgresql_where=unsent,
        sqlite_where=unsent,
    )
    op.create_index("ix_mail_answer_address", "mail_answer", ["address", "created_at"])
    op.create_index(op.f("ix_mail_answer_inbound_id"), "mail_answer", ["inbound_id"])


def downgrade() -> None:
    op.drop_table("mail_answer")
    op.drop_table("bounce_report")
    op.drop_table("inbound_mail")
