"""Second walls: instance identity, row-level security

Must fit the previous release's code too: expand first, contract one release later.
"""

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
