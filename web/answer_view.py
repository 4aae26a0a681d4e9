"""What the public answer page shows: only this agency's directives of this link, and what it may say to each."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlmodel import col
from starlette.responses import Response

from web import answer_keys, moves
from web.form import Form
from web.look import look_of
from web.moves import Choice
from web.visit import Visit
from workflow import link_answers, links
from workflow.errors import InputMissing, InputWrong, WorkflowError
from workflow.inputs import Evidence
from workflow.ladder import Position
from workflow.link_answers import ANSWERS
from workflow.links import Opened
from workflow.models.directive import Directive
from workflow.models.person import Membership, Person
from workflow.models.supervision import Supervision
from workflow.possible import possible_moves
from workflow.store import directives


@dataclass
class Desk:
    """One visitor with a link that holds. `proven`: the registered mailbox was read just now."""

    visit: Visit
    token: str
    opened: Opened
    proven: bool

    @classmethod
    def of(cls, visit: Visit, token: str) -> "Desk":
        """Raises the refusal that tells why the link opens nothing."""
        link = links.find(visit.db, token)
        proven = answer_keys.is_proof(visit.site, link.id, visit.request.cookies.get(cookie(visit, link.id)))
        opened = links.open_link(visit.db, link, visit.today, proven=proven)
        visit.look = look_of(visit.request, opened.person.locale)
        return cls(visit, token, opened, proven)

    @property
    def shown(self) -> list[Directive]:
        return [one for one in self.opened.directives if self.proven or not one.is_secret]

    @property
    def secret_count(self) -> int:
        return len(self.opened.directives) - len(self.shown)

    def key(self, code: str, due_version: int = 0) -> str:
        return answer_keys.new_form_key(self.visit.site, self.token, code, due_version)

    def page(self, template: str, status: int = 200, **context: Any) -> Response:
        return self.visit.page(
            template, status, desk=self, opened=self.opened, token=self.token,
            whole_key=self.key(answer_keys.WHOLE_LINK), **context,
        )  # fmt: skip

    def secretaries(self, directive: Directive) -> list[Person]:
        """Whom to turn to."""
        supervision = self.supervision(directive)
        query = (
            select(Person)
            .join(Membership, col(Membership.person_id) == col(Person.id))
            .where(col(Membership.organization_id) == supervision.delegation_id, col(Person.is_active))
            .where(col(Membership.position) == Position.SECRETARY)
        )
        return list(self.visit.db.scalars(query.order_by(col(Membership.id))))

    def supervision(self, directive: Directive) -> Supervision:
        return self.visit.db.get_one(Supervision, directive.supervision_id)


def cookie(visit: Visit, link_id: int) -> str:
    return f"{visit.cookies.prefix}dondoc_mailbox_{link_id}"


def directive_page(
    desk: Desk, directive: Directive, typed: Form | None = None, refusal: WorkflowError | None = None,
    held: tuple[Evidence, ...] = (),
) -> Response:  # fmt: skip
    visit, opened = desk.visit, desk.opened
    choices, too_late = _choices(desk, directive, typed)
    link = opened.link
    return desk.page(
        "answer.html",
        refusal.http_status if refusal else 200,
        directive=directive,
        row=directives.row(visit.db, opened.actor, visit.rules.as_of, directive.code),
        supervision=desk.supervision(directive),
        parts=link_answers.history(visit.db, opened, directive),
        choices=choices,
        too_late=too_late,
        chosen=typed.text("move") if typed else "",
        form_key=desk.key(directive.code, directive.due_version),
        name=typed.text("name") if typed else link.name or "",
        post=typed.text("post") if typed else link.post or "",
        typed=typed,
        refusal=refusal,
        fault=fault(refusal),
        sentence=said(visit, refusal) if refusal else "",
        held=[(one, answer_keys.seal_file(visit.site, link.id, one)) for one in held],
        moved=opened.due_versions.get(directive.id, directive.due_version) != directive.due_version,
        secretaries=desk.secretaries(directive),
        state=visit.rules.as_of.states.get(directive.state, {}),
    )


def list_page(desk: Desk, typed: Form | None = None, refusal: WorkflowError | None = None) -> Response:
    visit, link = desk.visit, desk.opened.link
    shown = desk.shown
    rows = directives.rows_of(visit.db, desk.opened.actor, visit.rules.as_of, [one.code for one in shown])
    waiting = [one for one in shown if "acknowledge" in _may(desk, one)]
    return desk.page(
        "answer_list.html",
        refusal.http_status if refusal else 200,
        rows=rows,
        waiting={one.code: f"{one.code}:{one.due_version}" for one in waiting},
        form_key=desk.key(answer_keys.WHOLE_LINK),
        name=typed.text("name") if typed else link.name or "",
        post=typed.text("post") if typed else link.post or "",
        ticked=typed.texts("directive") if typed else None,
        refusal=refusal,
        fault=fault(refusal),
        sentence=said(visit, refusal) if refusal else "",
        supervision=desk.supervision(desk.opened.directives[0]),
        secretaries=desk.secretaries(desk.opened.directives[0]),
    )


def _choices(desk: Desk, directive: Directive, typed: Form | None) -> tuple[list[Choice], bool]:
    """In the order of a directive's life; asking for more time ends with the due day."""
    possible = [
        one
        for one in possible_moves(desk.visit.db, desk.opened.actor, directive)
        if one.may and one.move.name in ANSWERS
    ]
    found = moves.desk_of(possible, directive, None, typed)
    choices = sorted((*found.first, *found.other), key=lambda one: ANSWERS.index(one.name))
    too_late = directive.due_on is not None and desk.visit.today > directive.due_on
    kept = [one for one in choices if not (too_late and one.name == "request_extension")]
    return [_plain(one) for one in kept], len(kept) < len(choices)


def _plain(choice: Choice) -> Choice:
    """Receipt is acknowledged by signing; a note of it can follow as progress."""
    return replace(choice, fields=[]) if choice.name == "acknowledge" else choice


def _may(desk: Desk, directive: Directive) -> set[str]:
    possible = possible_moves(desk.visit.db, desk.opened.actor, directive)
    return {one.move.name for one in possible if one.may}


def fault(refusal: WorkflowError | None) -> str:
    """The field a refusal is about, as the page names it."""
    field = refusal.facts.get("field") if refusal is not None else None
    if isinstance(field, str):
        return field.rpartition(".")[2]
    return next((name for name, text in link_answers.FIELDS.items() if text is field), "")


def said(visit: Visit, refusal: WorkflowError) -> str:
    """The same refusal with the label that stands on the page in place of the rule's own name."""
    label = moves.LABELS.get(fault(refusal))
    if label is None:
        return refusal.text(visit.look.locale)
    if isinstance(refusal, InputMissing):
        return visit.say("Chưa ghi: {field}.", "Not filled in: {field}.", field=visit.look.pick(label))
    named = InputWrong(**{**refusal.facts, "field": label})
    return named.text(visit.look.locale)
