"""What the API says of a directive, and what it takes."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from web.api.files import GivenFile
from web.api.strict import Given
from workflow.ladder import ObligationKind
from workflow.models.obligation import ObligationStatus
from workflow.models.policy_choice import Urgency
from workflow.standing import Standing
from workflow.store.filters import Clock, Filter

Code = Annotated[str, Field(min_length=1, max_length=40)]
Words = Annotated[str, Field(min_length=1, max_length=20_000)]
Pair = dict[str, str]
Sort = Literal["due", "code", "title", "lead", "-due", "-code", "-title", "-lead"]


class Row(BaseModel):
    """One line of the list. `days`: working days to the due day, negative when late."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    title: str
    supervision: str
    lead: str | None
    lead_name: str | None
    state: str
    state_title: Pair
    due_on: date | None
    original_due_on: date | None
    days: int | None
    standing: Standing
    level: int
    rhythm: str | None
    reported_on: date | None


class ListWanted(BaseModel):
    """The filters of the list; each narrows. `q` needs no accents; `mine`: what the caller's bodies owe.

    A minus turns the order round.
    """

    q: str | None = Field(default=None, max_length=200)
    standing: list[Standing] = Field(default=[], max_length=20)
    state: list[Annotated[str, Field(max_length=40)]] = Field(default=[], max_length=20)
    agency: str | None = Field(default=None, max_length=40)
    supervision: str | None = Field(default=None, max_length=40)
    due_from: date | None = None
    due_until: date | None = None
    level: int | None = Field(default=None, ge=0, le=99)
    clock: Clock | None = None
    mine: bool = False
    silent_days: int | None = Field(default=None, ge=0, le=3650)
    sort: Sort = "due"
    limit: int = Field(default=50, ge=1, le=200)
    after: str | None = Field(default=None, max_length=500, description="`after` of the page before.")

    def as_filter(self) -> Filter:
        return Filter(
            self.supervision, self.agency, tuple(self.state), tuple(self.standing), self.q, self.due_from,
            self.due_until, self.level, self.clock, self.mine, self.silent_days,
        )  # fmt: skip


class Rows(BaseModel):
    """`after` is the cursor of the next page, null on the last."""

    total: int
    rows: list[Row]
    after: str | None


class Owed(BaseModel):
    """Who owes which act to whom by which day."""

    kind: ObligationKind
    status: ObligationStatus
    owed_by: str
    owed_to: str
    opened_on: date
    due_on: date
    original_due_on: date
    level: int
    met_on: date | None


class Act(BaseModel):
    """One line of the journal."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    at: datetime
    on: date
    actor: str
    act: str
    from_state: str | None
    to_state: str | None
    due_on: date | None
    level: int | None
    reason: str | None
    detail: dict[str, Any] | None


class PossibleMove(BaseModel):
    """`may`: whether the caller may make it now."""

    move: str
    title: Pair
    by: list[str]
    requires: list[str]
    may: bool


class File(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str
    media_type: str
    size: int
    sha256: str
    received_at: datetime


class AskedExtension(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    status: str
    asked_on: date
    wanted_on: date
    due_on: date
    reason: str
    decided_on: date | None
    decision_reason: str | None


class Whole(Row):
    """Everything about one directive; `version` guards against overwriting somebody else's change."""

    text: str
    quote: str | None
    product: str | None
    coordinating: list[str]
    issued_on: date | None
    closed_on: date | None
    extensions: list[AskedExtension]
    version: int
    moves: list[PossibleMove]
    obligations: list[Owed]
    files: list[File]
    events: list[Act]


class Moved(Act):
    """The journal's line of the move, and the version after it."""

    version: int


class MoveWanted(Given):
    """One move of the lifecycle with what it requires."""

    move: str = Field(min_length=1, max_length=60)
    version: int = Field(ge=0, le=2**31 - 1)
    reason: Words | None = None
    text: Words | None = None
    due_on: date | None = None
    resume_on: date | None = None
    lead: Code | None = None
    coordinating: Annotated[list[Code], Field(max_length=50)] | None = None
    proof: str | None = Field(
        default=None, max_length=2_000, description="Evidence in words: a document number, minutes, a visit."
    )
    files: list[GivenFile] = Field(default=[], max_length=10)


class DraftWanted(Given):
    """A directive before it is issued: a day, a rhythm, or neither yet."""

    code: str = Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9._-]+$")
    supervision: Code
    text: Words
    lead: Code | None = None
    coordinating: list[Code] = Field(default=[], max_length=50)
    due_on: date | None = None
    rhythm: str | None = Field(default=None, max_length=200)
    title: str | None = Field(default=None, min_length=1, max_length=200)
    product: str | None = Field(default=None, max_length=2_000)
    is_secret: bool = False
    urgency: Urgency | None = None


class CorrectionWanted(Given):
    """Only what is given changes. `due_on` and `rhythm` replace each other; urgency `none` takes it off."""

    version: int = Field(ge=0, le=2**31 - 1)
    text: Words | None = None
    title: str | None = Field(default=None, min_length=1, max_length=200)
    product: str | None = Field(default=None, max_length=2_000)
    lead: Code | None = None
    coordinating: Annotated[list[Code], Field(max_length=50)] | None = None
    due_on: date | None = None
    rhythm: str | None = Field(default=None, max_length=200)
    incomplete_reason: str | None = Field(default=None, max_length=2_000)
    urgency: Urgency | Literal["none"] | None = None


class SplitWanted(Given):
    """The first part keeps the code, the second gets the next."""

    first: Words
    second: Words


class MergeWanted(Given):
    """The draft that is merged into this one, and dropped."""

    other: Code


class Drafted(BaseModel):
    code: str
    title: str
    text: str
    state: str
    version: int
