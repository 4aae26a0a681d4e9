"""`/nhiem-vu`: the list. Filters are a GET form, so that every view is an address."""

from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from web.visit import Signed, Visit
from workflow.standing import Standing
from workflow.store import directives
from workflow.store.filters import Filter
from workflow.store.orders import SORTS
from workflow.views import choices
from workflow.views.groups import MEMBERS, Group

router = APIRouter()
PAGE = 50


@dataclass(frozen=True)
class Asked:
    """The filter as it stands in the address; what it does not know is ignored."""

    q: str
    group: Group | None
    standing: Standing | None
    state: str
    agency: str
    supervision: str
    sort: str

    def filter(self, states: dict[str, dict[str, str]]) -> Filter:
        return Filter(
            supervision=self.supervision or None,
            agency=self.agency or None,
            states=(self.state,) if self.state in states else (),
            standings=self._standings(),
            text=self.q or None,
        )

    def _standings(self) -> tuple[Standing, ...]:
        if self.standing is not None:
            return (self.standing,)
        return MEMBERS[self.group] if self.group is not None else ()

    @property
    def is_any(self) -> bool:
        return bool(self.q or self.group or self.standing or self.state or self.agency or self.supervision)

    def address(self, **changes: str | None) -> str:
        """This list, changed in one point; a new order starts on the first page."""
        now = {
            "q": self.q, "group": self.group, "standing": self.standing, "state": self.state,
            "agency": self.agency, "supervision": self.supervision,
            "sort": self.sort if self.sort != SORTS[0] else None,
        }  # fmt: skip
        kept = {name: str(value) for name, value in {**now, **changes}.items() if value}
        return f"/nhiem-vu?{urlencode(kept)}" if kept else "/nhiem-vu"


def asked(visit: Visit) -> Asked:
    given = visit.request.query_params
    sort = given.get("sort", "")
    return Asked(
        q=given.get("q", "").strip()[:100],
        group=next((one for one in Group if one == given.get("group")), None),
        standing=next((one for one in Standing if one == given.get("standing")), None),
        state=given.get("state", ""),
        agency=given.get("agency", ""),
        supervision=given.get("supervision", ""),
        sort=sort if sort in SORTS else SORTS[0],
    )


@router.get("/nhiem-vu")
def directive_list(visit: Signed) -> Response:
    db, me, rules, wanted = visit.db, visit.me, visit.rules.as_of, asked(visit)
    narrowed = wanted.filter(rules.states)
    counts = directives.counts(db, me, rules, narrowed)
    page = directives.page(
        db, me, rules, narrowed, sort=wanted.sort, limit=PAGE, after=visit.request.query_params.get("after")
    )
    return visit.page(
        "directives.html",
        asked=wanted,
        rows=page.rows,
        next=wanted.address(after=page.after) if page.after else None,
        is_first="after" not in visit.request.query_params,
        total=sum(counts.values()),
        counts=counts,
        states=rules.states,
        agencies=choices.agencies(db, me),
        supervisions=choices.supervisions(db, me),
    )
