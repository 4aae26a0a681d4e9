"""Links by which an agency answers without an account

Must fit the previous release's code too: expand first, contract one release later.
"""

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
