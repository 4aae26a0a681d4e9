"""Tokens, idempotency keys and webhooks

Must fit the previous release's code too: expand first, contract one release later.
"""

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
