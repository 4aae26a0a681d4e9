"""Scheduled reports, letters and signed scans

Must fit the previous release's code too: expand first, contract one release later.
"""

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
