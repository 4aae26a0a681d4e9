"""What was answered to a request that carried a key, so that the same request is answered the same."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from workflow.models.columns import ONCE, key


class IdempotencyKey(SQLModel, table=True):
    """Written in the transaction of the effect; `answer` is empty only while that transaction runs."""

    __tablename__ = "idempotency_key"
    __table_args__ = (sa.UniqueConstraint("whose", "key_hash"), ONCE)

    id: int = key()
    whose: str = Field(max_length=100)
    key_hash: str = Field(max_length=64)
    request_hash: str = Field(max_length=64)
    status: int = 0
    answer: str = ""
    created_at: datetime = Field(index=True)
