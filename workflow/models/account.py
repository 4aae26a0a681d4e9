"""How a person proves who they are: password, signed-in browsers, one-time codes. Only hashes are kept."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from workflow.models.columns import KEY, ONCE, choice, key, reference


class CodePurpose(StrEnum):
    """`first_run` names no person yet; `local_link` is accepted where mail never leaves the machine.

    `password`: the sign-in token of a browser let in by code, which may set a password it has forgotten.
    """

    SIGN_IN = "sign_in"
    LOCAL_LINK = "local_link"
    FIRST_RUN = "first_run"
    PASSWORD = "password"  # noqa: S105 - what the code is for, not a secret


class Credential(SQLModel, table=True):
    person_id: int = Field(primary_key=True, foreign_key="person.id", sa_type=KEY)
    password_hash: str = Field(max_length=255)
    changed_at: datetime


class SignIn(SQLModel, table=True):
    """One signed-in browser. `ends_at` is absolute; idleness is measured by the cookie's own seal."""

    __tablename__ = "sign_in"
    __table_args__ = (ONCE,)

    id: int = key()
    person_id: int = reference("person.id", index=True)
    token_hash: str = Field(unique=True, max_length=64)
    started_at: datetime
    ends_at: datetime
    ended_at: datetime | None = None
    browser: str = Field(default="", max_length=200)


class OneTimeCode(SQLModel, table=True):
    """`browser_hash`: a code sent by mail works only in the browser that asked for it."""

    __tablename__ = "one_time_code"
    __table_args__ = (ONCE,)

    id: int = key()
    purpose: CodePurpose = choice(CodePurpose, "purpose")
    person_id: int | None = reference("person.id", nullable=True, index=True)
    code_hash: str = Field(max_length=64, index=True)
    browser_hash: str | None = Field(default=None, max_length=64)
    created_at: datetime
    ends_at: datetime
    used_at: datetime | None = None
    failures: int = 0
