"""Keys of programs that act for a person. Only hashes are kept."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from workflow.models.columns import ONCE, document, key, reference


class ApiToken(SQLModel, table=True):
    """`start` is the beginning of the token, enough to recognise it and too little to use it."""

    __tablename__ = "api_token"
    __table_args__ = (ONCE,)

    id: int = key()
    person_id: int = reference("person.id", index=True)
    name: str = Field(max_length=100)
    start: str = Field(max_length=16)
    token_hash: str = Field(unique=True, max_length=64)
    scopes: list[str] = document(list)
    created_at: datetime
    ends_at: datetime
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None
