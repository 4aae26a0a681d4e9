"""Bodies that take part: agencies, delegations, committees."""

from enum import StrEnum

from sqlmodel import Field, SQLModel

from workflow.models.columns import ONCE, choice, document, key


class OrganizationKind(StrEnum):
    AGENCY = "agency"
    DELEGATION = "delegation"
    COMMITTEE = "committee"


class Organization(SQLModel, table=True):
    __table_args__ = (ONCE,)

    id: int = key()
    code: str = Field(unique=True, max_length=40)
    name: str = Field(max_length=300)
    kind: OrganizationKind = choice(OrganizationKind, "kind")
    aliases: list[str] = document(list)
