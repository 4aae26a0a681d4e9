"""Mail received, held, matched and bounced

Must fit the previous release's code too: expand first, contract one release later.
"""

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
