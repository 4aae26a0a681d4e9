"""Previews and journals of changed rules

Must fit the previous release's code too: expand first, contract one release later.
"""

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
