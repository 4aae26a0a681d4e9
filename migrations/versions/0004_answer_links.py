"""Links by which an agency answers without an account

Must fit the previous release's code too: expand first, contract one release later.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sqlmodel.sql.sqltypes.AutoString
INSTANT = sqlmodel.sql.sqltypes.UTCDateTime
STANDING = sa.text("revoked_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "answer_link",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("address", TEXT(length=254), nullable=False),
        sa.Column("scope", TEXT(length=64), nullable=False),
        sa.Column("salt", TEXT(length=32), nullable=False),
        sa.Column("token_hash", TEXT(length=64), nullable=False),
        sa.Column("made_at", INSTANT(), nullable=False),
        sa.Column("revoked_at", INSTANT(), nullable=True),
        sa.Column("name", TEXT(length=100), nullable=True),
        sa.Column("post", TEXT(length=100), nullable=True),
        sa.Column("code_hash", TEXT(length=64), nullable=True),
        sa.Column("code_ends_at", INSTANT(), nullable=True),
        sa.Column("code_failures", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_answer_link_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_answer_link_token_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_answer_link_person_id"), "answer_link", ["person_id"])
    op.create_index(
        "ix_answer_link_scope",
        "answer_link",
        ["scope"],
        unique=True,
        postgresql_where=STANDING,
        sqlite_where=STANDING,
    )
    op.create_table(
        "answer_link_item",
        sa.Column("link_id", KEY, nullable=False),
        sa.Column("directive_id", KEY, nullable=False),
        sa.Column("organization_id", KEY, nullable=False),
        sa.Column("due_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["link_id"], ["answer_link.id"], name=op.f("fk_answer_link_item_link_id")),
        sa.ForeignKeyConstraint(
            ["directive_id"], ["directive.id"], name=op.f("fk_answer_link_item_directive_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_answer_link_item_organization_id")
        ),
        sa.PrimaryKeyConstraint(
            "link_id", "directive_id", "organization_id", name=op.f("pk_answer_link_item")
        ),
    )
    op.create_index(op.f("ix_answer_link_item_directive_id"), "answer_link_item", ["directive_id"])
    op.create_table(
        "link_answer",
        sa.Column("id", KEY, nullable=False),
        sa.Column("link_id", KEY, nullable=False),
        sa.Column("form_key", TEXT(length=64), nullable=False),
        sa.Column("digest", TEXT(length=64), nullable=False),
        sa.Column("at", INSTANT(), nullable=False),
        sa.Column("name", TEXT(length=100), nullable=False),
        sa.Column("post", TEXT(length=100), nullable=False),
        sa.Column("event_ids", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["link_id"], ["answer_link.id"], name=op.f("fk_link_answer_link_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_answer")),
        sa.UniqueConstraint("form_key", name=op.f("uq_link_answer_form_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_link_answer_link_id"), "link_answer", ["link_id"])
    op.create_table(
        "calendar_feed",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("organization_id", KEY, nullable=True),
        sa.Column("salt", TEXT(length=32), nullable=False),
        sa.Column("token_hash", TEXT(length=64), nullable=False),
        sa.Column("made_at", INSTANT(), nullable=False),
        sa.Column("revoked_at", INSTANT(), nullable=True),
        sa.CheckConstraint(
            "(person_id IS NULL) <> (organization_id IS NULL)", name=op.f("ck_calendar_feed_one_owner")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_calendar_feed_person_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_calendar_feed_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feed_token_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_calendar_feed_person_id"), "calendar_feed", ["person_id"])
    op.create_index(op.f("ix_calendar_feed_organization_id"), "calendar_feed", ["organization_id"])


def downgrade() -> None:
    for table in ("calendar_feed", "link_answer", "answer_link_item", "answer_link"):
        op.drop_table(table)
