"""Second factors, saved views and what pages remember

Must fit the previous release's code too: expand first, contract one release later.
"""

import unicodedata

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sqlmodel.sql.sqltypes.UTCDateTime
TEXT = sqlmodel.sql.sqltypes.AutoString
PURPOSES = ("sign_in", "local_link", "first_run", "password")
NEW_PURPOSES = (*PURPOSES, "reset", "second")
CLIMBED = "status = 'running' AND level > 0"
CHUNK = 2_000

# The day a lead owes next: of a rhythm the oldest open period, else the day of the directive.
NEXT_ON = (
    "coalesce((SELECT min(owed.due_on) FROM obligation owed WHERE owed.directive_id = directive.id"
    " AND owed.status = 'running' AND owed.kind = 'deliver'), directive.due_on, {no_day})"
)
SQLITE_NEXT = NEXT_ON.format(no_day="'9999-12-31'")
POSTGRES_NEXT = NEXT_ON.format(no_day="DATE '9999-12-31'")
SQLITE_SET = "UPDATE directive SET next_on = " + SQLITE_NEXT + " WHERE id = NEW.{id}"  # noqa: S608 - our own words only
TRIGGERS = {
    "sqlite": (
        f"CREATE TRIGGER directive_next_new AFTER INSERT ON directive BEGIN {SQLITE_SET.format(id='id')}; END",
        f"CREATE TRIGGER directive_next AFTER UPDATE OF due_on, rhythm ON directive BEGIN {SQLITE_SET.format(id='id')}; END",
        "CREATE TRIGGER obligation_next_new AFTER INSERT ON obligation WHEN NEW.kind = 'deliver'"
        f" BEGIN {SQLITE_SET.format(id='directive_id')}; END",
        "CREATE TRIGGER obligation_next AFTER UPDATE OF due_on, status ON obligation WHEN NEW.kind = 'deliver'"
        f" BEGIN {SQLITE_SET.format(id='directive_id')}; END",
    ),
    "postgresql": (
        "CREATE FUNCTION settle_next_on(which bigint) RETURNS void LANGUAGE sql AS $$"  # noqa: S608
        f" UPDATE directive SET next_on = {POSTGRES_NEXT} WHERE id = which"
        f" AND next_on <> {POSTGRES_NEXT} $$",
        "CREATE FUNCTION directive_next() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN PERFORM settle_next_on(NEW.id); RETURN NULL; END $$",
        "CREATE FUNCTION obligation_next() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN PERFORM settle_next_on(NEW.directive_id); RETURN NULL; END $$",
        "CREATE TRIGGER directive_next AFTER INSERT OR UPDATE OF due_on, rhythm ON directive"
        " FOR EACH ROW EXECUTE FUNCTION directive_next()",
        "CREATE TRIGGER obligation_next AFTER INSERT OR UPDATE OF due_on, status ON obligation"
        " FOR EACH ROW WHEN (NEW.kind = 'deliver') EXECUTE FUNCTION obligation_next()",
    ),
}
NO_TRIGGERS = {
    "sqlite": (
        "DROP TRIGGER directive_next_new", "DROP TRIGGER directive_next", "DROP TRIGGER obligation_next_new",
        "DROP TRIGGER obligation_next",
    ),
    "postgresql": (
        "DROP TRIGGER obligation_next ON obligation", "DROP TRIGGER directive_next ON directive",
        "DROP FUNCTION obligation_next()", "DROP FUNCTION directive_next()", "DROP FUNCTION settle_next_on(bigint)",
    ),
}  # fmt: skip


def upgrade() -> None:
    _accounts()
    op.create_table(
        "saved_view",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("name", TEXT(length=60), nullable=False),
        sa.Column("query", TEXT(length=1000), nullable=False),
        sa.Column("created_at", INSTANT(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_saved_view_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("person_id", "name", name=op.f("uq_saved_view_person_id_name")),
        sqlite_autoincrement=True,
    )
    _search()
    _next_on()


def _accounts() -> None:
    op.create_table(
        "second_factor",
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("secret", TEXT(length=400), nullable=False),
        sa.Column("began_at", INSTANT(), nullable=False),
        sa.Column("confirmed_at", INSTANT(), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_second_factor_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_second_factor")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("code_hash", TEXT(length=64), nullable=False),
        sa.Column("used_at", INSTANT(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_recovery_code_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_recovery_code_person_id"), "recovery_code", ["person_id"])
    op.create_table(
        "outside_identity",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("issuer", TEXT(length=300), nullable=False),
        sa.Column("subject", TEXT(length=255), nullable=False),
        sa.Column("since_at", INSTANT(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_outside_identity_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_identity")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_outside_identity_issuer_subject")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_outside_identity_person_id"), "outside_identity", ["person_id"])
    op.add_column("sign_in", sa.Column("proved_at", INSTANT(), nullable=True))
    _purposes(NEW_PURPOSES)


def _purposes(allowed: tuple[str, ...]) -> None:
    name = op.f("ck_one_time_code_purpose")
    said = ", ".join(f"'{word}'" for word in allowed)
    with op.batch_alter_table("one_time_code") as table:
        table.drop_constraint(name, type_="check")
        table.create_check_constraint(name, sa.text(f"purpose IN ({said})"))


def _search() -> None:
    op.create_table(
        "search_text",
        sa.Column("directive_id", KEY, nullable=False),
        sa.Column("folded", TEXT(), nullable=False),
        sa.ForeignKeyConstraint(["directive_id"], ["directive.id"], name=op.f("fk_search_text_directive_id")),
        sa.PrimaryKeyConstraint("directive_id", name=op.f("pk_search_text")),
    )
    after, connection = 0, op.get_bind()
    while rows := connection.execute(_unfolded(after)).all():
        after = rows[-1].id
        folded = [{"id": row.id, "folded": _plain(f"{row.code} {row.title} {row.text}")} for row in rows]
        connection.execute(
            sa.text("INSERT INTO search_text (directive_id, folded) VALUES (:id, :folded)"), folded
        )


def _unfolded(after: int) -> sa.TextClause:
    query = "SELECT id, code, title, text FROM directive WHERE id > :after ORDER BY id LIMIT :chunk"
    return sa.text(query).bindparams(after=after, chunk=CHUNK)


def _plain(text: str) -> str:
    parts = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return " ".join("".join(char for char in parts if not unicodedata.combining(char)).split())


def _next_on() -> None:
    op.add_column("directive", sa.Column("next_on", sa.Date(), nullable=False, server_default="9999-12-31"))
    dialect = op.get_bind().dialect.name
    settled = SQLITE_NEXT if dialect == "sqlite" else POSTGRES_NEXT
    op.execute(f"UPDATE directive SET next_on = {settled}")  # noqa: S608
    for statement in TRIGGERS[dialect]:
        op.execute(statement)
    op.create_index("ix_directive_next", "directive", ["next_on", "code", "state", "supervision_id"])
    op.create_index(
        "ix_directive_standing",
        "directive",
        ["state", "next_on", "rhythm", "supervision_id", "lead_id", "code"],
    )
    op.create_index(
        "ix_obligation_climbed", "obligation", ["level", "owed_to_id", "directive_id"],
        postgresql_where=sa.text(CLIMBED), sqlite_where=sa.text(CLIMBED),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_obligation_climbed", "obligation")
    op.drop_index("ix_directive_standing", "directive")
    op.drop_index("ix_directive_next", "directive")
    for statement in NO_TRIGGERS[op.get_bind().dialect.name]:
        op.execute(statement)
    op.drop_column("directive", "next_on")
    op.drop_table("search_text")
    op.drop_table("saved_view")
    op.execute("DELETE FROM one_time_code WHERE purpose IN ('reset', 'second')")
    _purposes(PURPOSES)
    op.drop_column("sign_in", "proved_at")
    for table in ("outside_identity", "recovery_code", "second_factor"):
        op.drop_table(table)
