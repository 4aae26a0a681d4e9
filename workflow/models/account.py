"""How a person proves who they are: password, second factor, signed-in browsers, one-time codes.

Only hashes are kept; the one secret that must be read again is sealed with the site's key.
"""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from workflow.models.columns import KEY, ONCE, choice, key, reference


class CodePurpose(StrEnum):
    """`first_run` names no person yet; `local_link` is accepted where mail never leaves the machine.

    `password`: the sign-in token of a browser let in by code, which may set a password it has forgotten.
    `reset`: the token in a mailed address that sets a new password.
    `second`: a browser whose first factor was right and that still owes the second.
    """

    SIGN_IN = "sign_in"
    LOCAL_LINK = "local_link"
    FIRST_RUN = "first_run"
    PASSWORD = "password"  # noqa: S105 - what the code is for, not a secret
    RESET = "reset"
    SECOND = "second"


class Credential(SQLModel, table=True):
    person_id: int = Field(primary_key=True, foreign_key="person.id", sa_type=KEY)
    password_hash: str = Field(max_length=255)
    changed_at: datetime


class SignIn(SQLModel, table=True):
    """One signed-in browser. `ends_at` is absolute; idleness is measured by the cookie's own seal.

    `proved_at`: when the person last proved here who they are; what touches accounts asks for it anew.
    """

    __tablename__ = "sign_in"
    __table_args__ = (ONCE,)

    id: int = key()
    person_id: int = reference("person.id", index=True)
    token_hash: str = Field(unique=True, max_length=64)
    started_at: datetime
    ends_at: datetime
    ended_at: datetime | None = None
    proved_at: datetime | None = None
    browser: str = Field(default="", max_length=200)


class SecondFactor(SQLModel, table=True):
    """An app that shows codes. `secret` is sealed; `last_step` is the newest 30 seconds whose code was used."""

    __tablename__ = "second_factor"

    person_id: int = Field(primary_key=True, foreign_key="person.id", sa_type=KEY)
    secret: str = Field(max_length=400)
    began_at: datetime
    confirmed_at: datetime | None = None
    last_step: int = 0


class RecoveryCode(SQLModel, table=True):
    """Lets in once when the app is lost."""

    __tablename__ = "recovery_code"
    __table_args__ = (ONCE,)

    id: int = key()
    person_id: int = reference("person.id", index=True)
    code_hash: str = Field(max_length=64)
    used_at: datetime | None = None


class OutsideIdentity(SQLModel, table=True):
    """Who a person is at the site's OpenID provider, as an administrator linked them."""

    __tablename__ = "outside_identity"
    __table_args__ = (sa.UniqueConstraint("issuer", "subject"), ONCE)

    id: int = key()
    person_id: int = reference("person.id", index=True)
    issuer: str = Field(max_length=300)
    subject: str = Field(max_length=255)
    since_at: datetime


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
