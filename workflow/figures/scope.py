"""What a report is about: which day, which period, which part of the whole."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, String, cast, func, literal, null, or_
from sqlmodel import col

from workflow.figures.cells import Basis
from workflow.figures.ledger import Ledger
from workflow.figures.rules import RulesOn
from workflow.models.directive import Directive
from workflow.models.organization import Organization
from workflow.models.supervision import Supervision
from workflow.moves import Phase
from workflow.words import Texts, pair

LIST = "/bao-cao/danh-sach"


class Dimension(StrEnum):
    AGENCY = "agency"
    SUPERVISION = "supervision"
    PROGRAMME = "programme"
    URGENCY = "urgency"
    MONTH = "month"


DIMENSIONS: dict[Dimension, Texts] = {
    Dimension.AGENCY: pair("Cơ quan chủ trì", "Lead agency"),
    Dimension.SUPERVISION: pair("Cuộc giám sát", "Supervision"),
    Dimension.PROGRAMME: pair("Chương trình", "Programme"),
    Dimension.URGENCY: pair("Độ khẩn", "Urgency"),
    Dimension.MONTH: pair("Tháng giao", "Month of issue"),
}
NONE = "-"


@dataclass(frozen=True)
class Scope:
    """`on` is the evening figures count to; `since` begins the period: what had ended before it is left out.

    Every other part narrows; `-` means "none stated".
    """

    on: date
    since: date | None = None
    basis: Basis = Basis.REVISED
    agency: str | None = None
    supervision: str | None = None
    programme: str | None = None
    urgency: str | None = None
    month: str | None = None

    def of(self, dimension: Dimension, key: str) -> "Scope":
        """This scope, narrowed to one row of a table."""
        return replace(self, **{dimension.value: key})  # type: ignore[arg-type]

    def by_basis(self, basis: Basis) -> "Scope":
        return replace(self, basis=basis)

    def narrowed(self) -> list[tuple[Texts, str]]:
        """What was chosen of the whole, in words for a remark."""
        chosen = [(DIMENSIONS[one], getattr(self, one.value)) for one in Dimension]
        return [(name, key) for name, key in chosen if key is not None]

    def link(self, name: str) -> str:
        """The address of the list behind one figure: a path, without the host."""
        given = {
            "muc": name, "den-ngay": self.on.isoformat(),
            "tu-ngay": self.since.isoformat() if self.since else None,
            "theo": self.basis.value if self.basis is not Basis.REVISED else None,
            "agency": self.agency, "supervision": self.supervision, "programme": self.programme,
            "urgency": self.urgency, "month": self.month,
        }  # fmt: skip
        return f"{LIST}?{urlencode({name: value for name, value in given.items() if value})}"

    @property
    def led_by(self) -> str | None:
        """The body, where one was chosen; not where those without any were."""
        return None if self.agency == NONE else self.agency

    def conditions(self, ledger: Ledger, rules: RulesOn) -> Iterator[ColumnElement[bool]]:
        if self.since is not None:
            closed = ledger.state.in_(rules.states_in(Phase.CLOSED))
            yield or_(~closed, ledger.entered_on >= self.since)
        for dimension in Dimension:
            if (key := getattr(self, dimension.value)) is not None:
                yield key_of(dimension, ledger) == key


def key_of(dimension: Dimension, ledger: Ledger) -> ColumnElement[str]:
    """What a table by this dimension groups by."""
    columns: dict[Dimension, Any] = {
        Dimension.AGENCY: func.coalesce(col(Organization.code), literal(NONE)),
        Dimension.SUPERVISION: col(Supervision.code),
        Dimension.PROGRAMME: func.coalesce(col(Supervision.programme), literal(NONE)),
        Dimension.URGENCY: func.coalesce(col(Directive.urgency), literal(NONE)),
        Dimension.MONTH: func.substr(cast(ledger.issued_on, String), 1, 7),
    }
    return columns[dimension]  # type: ignore[no-any-return]


def title_of_key(dimension: Dimension) -> Any:
    """What a row of that table is called; the key itself where there is no name."""
    names = {
        Dimension.AGENCY: col(Organization.name),
        Dimension.SUPERVISION: col(Supervision.subject),
    }
    return names.get(dimension, null())
