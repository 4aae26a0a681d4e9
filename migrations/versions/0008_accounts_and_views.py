"""Second factors, saved views and what pages remember

Must fit the previous release's code too: expand first, contract one release later.
"""

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
