"""Tokens, idempotency keys and webhooks

Must fit the previous release's code too: expand first, contract one release later.

Triggers write the webhook calls, so that no path of the code can change something and forget to tell.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sqlmodel.sql.sqltypes.AutoString
INSTANT = sqlmodel.sql.sqltypes.UTCDateTime
CALL = (
    "INSERT INTO webhook_call (webhook_id, source, source_id, status, token, attempts) "
    "SELECT id, {source}, NEW.id, 'pending', 0, 0 FROM webhook WHERE ended_at IS NULL"
)
WHEN = {
    "event": ("INSERT", "NEW.directive_id IS NOT NULL"),
    "message": (
        "UPDATE OF status",
        "NEW.status IN ('rejected', 'parked', 'expired') AND OLD.status <> NEW.status",
    ),
    "sweep_run": ("UPDATE OF status", "NEW.status = 'completed' AND OLD.status <> NEW.status"),
}


def upgrade() -> None:
    _tokens()
    _keys()
    _webhooks()
    _triggers(op.get_bind().dialect.name)


def _tokens() -> None:
    op.create_table(
        "api_token",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("name", TEXT(length=100), nullable=False),
        sa.Column("start", TEXT(length=16), nullable=False),
        sa.Column("token_hash", TEXT(length=64), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("created_at", INSTANT(), nullable=False),
        sa.Column("ends_at", INSTANT(), nullable=False),
        sa.Column("last_used_at", INSTANT(), nullable=True),
        sa.Column("revoked_at", INSTANT(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_api_token_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_api_token_person_id"), "api_token", ["person_id"])


def _keys() -> None:
    op.create_table(
        "idempotency_key",
        sa.Column("id", KEY, nullable=False),
        sa.Column("whose", TEXT(length=100), nullable=False),
        sa.Column("key_hash", TEXT(length=64), nullable=False),
        sa.Column("request_hash", TEXT(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("answer", TEXT(), nullable=False),
        sa.Column("created_at", INSTANT(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotency_key")),
        sa.UniqueConstraint("whose", "key_hash", name=op.f("uq_idempotency_key_whose_key_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_idempotency_key_created_at"), "idempotency_key", ["created_at"])


def _webhooks() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("url", TEXT(length=500), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("secret", TEXT(length=500), nullable=False),
        sa.Column("created_at", INSTANT(), nullable=False),
        sa.Column("ended_at", INSTANT(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_webhook_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "webhook_call",
        sa.Column("id", KEY, nullable=False),
        sa.Column("webhook_id", KEY, nullable=False),
        sa.Column("source", _choice("source", "event", "message", "sweep_run", "test"), nullable=False),
        sa.Column("source_id", KEY, nullable=False),
        sa.Column(
            "status",
            _choice("status", "pending", "sending", "delivered", "dead", "dropped"),
            nullable=False,
        ),
        sa.Column("kind", TEXT(length=60), nullable=True),
        sa.Column("body", TEXT(), nullable=True),
        sa.Column("created_at", INSTANT(), nullable=True),
        sa.Column("next_attempt_at", INSTANT(), nullable=True),
        sa.Column("lease_until", INSTANT(), nullable=True),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("response", TEXT(length=300), nullable=True),
        sa.Column("delivered_at", INSTANT(), nullable=True),
        sa.ForeignKeyConstraint(["webhook_id"], ["webhook.id"], name=op.f("fk_webhook_call_webhook_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_call")),
        sqlite_autoincrement=True,
    )
    still_open = sa.text("status IN ('pending', 'sending')")
    op.create_index(
        "ix_webhook_call_open",
        "webhook_call",
        ["next_attempt_at"],
        postgresql_where=still_open,
        sqlite_where=still_open,
    )
    op.create_index("ix_webhook_call_webhook", "webhook_call", ["webhook_id"])


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _triggers(dialect: str) -> None:
    if dialect == "postgresql":
        call = CALL.format(source="TG_TABLE_NAME")
        op.execute(
            "CREATE FUNCTION call_webhooks() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {call}; RETURN NULL; END $$"
        )
    for table, (act, when) in WHEN.items():
        begin = f"CREATE TRIGGER {table}_calls AFTER {act} ON {table} FOR EACH ROW WHEN ({when})"
        call = CALL.format(source=f"'{table}'")
        end = "EXECUTE FUNCTION call_webhooks()" if dialect == "postgresql" else f"BEGIN {call}; END"
        op.execute(f"{begin} {end}")


def downgrade() -> None:
    on_table = op.get_bind().dialect.name == "postgresql"
    for table in WHEN:
        op.execute(f"DROP TRIGGER IF EXISTS {table}_calls" + (f" ON {table}" if on_table else ""))
    if on_table:
        op.execute("DROP FUNCTION call_webhooks()")
    for table in ("webhook_call", "webhook", "idempotency_key", "api_token"):
        op.drop_table(table)
