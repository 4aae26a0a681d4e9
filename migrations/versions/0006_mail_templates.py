"""Edited mail templates, absences and deputies

Must fit the previous release's code too: expand first, contract one release later.
"""

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
