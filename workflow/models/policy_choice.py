"""Which policy new directives get, where it is not the default one."""

from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from workflow.models.columns import ONCE, choice, key


class Scope(StrEnum):
    """The first that fits decides, in this order."""

    SUPERVISION = "supervision"
    URGENCY = "urgency"
    PROGRAMME = "programme"


class Urgency(StrEnum):
    """Degrees of urgency official papers carry: khẩn, thượng khẩn, hỏa tốc."""

    URGENT = "urgent"
    VERY_URGENT = "very_urgent"
    EXPRESS = "express"


class PolicyChoice(SQLModel, table=True):
    """`value`: a supervision's code, an urgency, or a programme; `policy` names a policy, never a version."""

    __tablename__ = "policy_choice"
    __table_args__ = (sa.UniqueConstraint("scope", "value"), ONCE)

    id: int = key()
    scope: Scope = choice(Scope, "scope")
    value: str = Field(max_length=80)
    policy: str = Field(max_length=80)
