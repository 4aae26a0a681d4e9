"""One draft on the review page."""

from dataclasses import dataclass

from web.form import Form
from workflow.models.directive import Directive


@dataclass(frozen=True)
class Shown:
    """One draft on the review page: as stored, or as it was just typed and refused."""

    number: int
    directive: Directive
    lead: str
    text: str
    due_on: str
    rhythm: str
    product: str
    urgency: str
    missing: tuple[str, ...]
    is_open: bool


def shown(
    number: int,
    one: Directive,
    leads: dict[int, str],
    lacking: dict[str, tuple[str, ...]],
    typed: Form | None,
) -> Shown:
    stored = {
        "lead": leads.get(one.lead_id or 0, ""),
        "text": one.text,
        "due_on": f"{one.due_on:%d/%m/%Y}" if one.due_on else "",
        "rhythm": one.rhythm or "",
        "product": one.product or "",
        "urgency": one.urgency or "",
    }
    values = {name: typed.text(name) if typed else value for name, value in stored.items()}
    missing = lacking.get(one.code, ())
    return Shown(number, one, **values, missing=missing, is_open=typed is not None)
