"""Writing an import file into the database: all of it or nothing, unless a part was asked for."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from workflow import addresses, audit, effects, lookalikes
from workflow.access import Actor
from workflow.desk import Desk
from workflow.drafts import Draft, draft_directive
from workflow.errors import WorkflowError
from workflow.findings import Finding
from workflow.importing.rows import (
    DirectiveRow,
    ImportFile,
    ImportInvalid,
    OrganizationRow,
    PersonRow,
    Row,
    SupervisionRow,
    read_rows,
)
from workflow.ladder import Position
from workflow.models.directive import Directive
from workflow.models.organization import Organization
from workflow.models.person import Membership, Person
from workflow.models.supervision import Supervision


@dataclass
class ImportReport:
    """Counts per outcome (created, changed, unchanged, refused) and what was refused, row by row."""

    counts: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)


def import_text(
    db: Session,
    text: str,
    name: str,
    *,
    actor: Actor,
    now: datetime,
    partial: bool = False,
    announce: bool = False,
) -> ImportReport:
    """Import everything, or raise ImportInvalid; with `partial` the good rows stay and the others are reported.

    The same file twice changes nothing. Directives enter as already issued on their day and nobody is
    told so again, unless `announce`.
    """
    file = read_rows(text, name)
    loader = _Loader(db, file, actor, now, announce=announce)
    for row, is_sound in file.rows:
        loader.load(row, is_sound=is_sound)
    if file.source.findings and not partial:
        raise ImportInvalid(name, file.source.findings)
    loader.report.findings = sorted(file.source.findings, key=lambda one: (one.line, one.column))
    audit.record(
        db,
        actor,
        "import",
        at=now,
        on=loader.today,
        reason=name,
        detail=dict(sorted(loader.report.counts.items())),
    )
    return loader.report


class _Loader:
    def __init__(self, db: Session, file: ImportFile, actor: Actor, now: datetime, *, announce: bool) -> None:
        self.db, self.file, self.actor, self.now = db, file, actor, now
        self.announce = announce
        self.report = ImportReport()
        self.today = Desk(db, actor, now).today

    @cached_property
    def names(self) -> lookalikes.BodyNames:
        return lookalikes.BodyNames(self.db)

    def load(self, row: Row, *, is_sound: bool) -> None:
        self.report.counts[self._outcome(row) if is_sound else "refused"] += 1

    def _outcome(self, row: Row) -> str:
        try:
            with self.db.begin_nested():
                return self._write(row)
        except WorkflowError as refusal:
            row.cell.wrong("refused", why={locale: refusal.text(locale) for locale in ("vi", "en")})
            return "refused"

    def _write(self, row: Row) -> str:
        if isinstance(row, OrganizationRow):
            return self._organization(row)
        if isinstance(row, PersonRow):
            return self._person(row)
        return self._supervision(row) if isinstance(row, SupervisionRow) else self._directive(row)

    def _organization(self, row: OrganizationRow) -> str:
        found = self.db.scalar(select(Organization).where(col(Organization.code) == row.code))
        facts: dict[str, Any] = {"name": row.name, "kind": row.kind, "aliases": list(row.aliases)}
        self._check_names(row, found)
        if found is None:
            self.db.add(Organization(code=row.code, **facts))
            self.db.flush()
        outcome = "created" if found is None else self._changed(found, facts)
        self.names.add(row.code, row.name, row.aliases)
        return outcome

    def _check_names(self, row: OrganizationRow, found: Organization | None) -> None:
        """What stands there already is not judged again."""
        old = {found.name, *found.aliases} if found is not None else set()
        fresh = [one for one in row.aliases if one not in old]
        self.names.check(row.code, None if row.name in old else row.name, fresh)

    def _changed(self, found: Organization | Person | Supervision, facts: dict[str, Any]) -> str:
        different = {name: value for name, value in facts.items() if getattr(found, name) != value}
        for name, value in different.items():
            setattr(found, name, value)
        self.db.add(found)
        self.db.flush()
        return "changed" if different else "unchanged"

    def _person(self, row: PersonRow) -> str:
        addresses.check(row.email)
        found = self.db.scalar(select(Person).where(col(Person.email) == row.email))
        facts: dict[str, Any] = {"name": row.name, "locale": row.locale, "role": row.role}
        if found is None or found.name != row.name:
            lookalikes.check_person(self.db, row.name, row.email)
        outcome = "created" if found is None else self._changed(found, facts)
        if found is None:
            found = Person(email=row.email, **facts)
            self.db.add(found)
            self.db.flush()
        added = [self._post(found.id, organization, position) for organization, position in row.memberships]
        return "changed" if outcome == "unchanged" and any(added) else outcome

    def _post(self, person_id: int, code: str, position: Position) -> bool:
        organization_id = self._organization_id(code)
        query = select(Membership).where(
            col(Membership.person_id) == person_id,
            col(Membership.organization_id) == organization_id,
            col(Membership.position) == position,
        )
        if self.db.scalar(query) is not None:
            return False
        self.db.add(Membership(person_id=person_id, organization_id=organization_id, position=position))
        self.db.flush()
        return True

    def _organization_id(self, code: str) -> int:
        return effects.organization(self.db, code).id

    def _supervision(self, row: SupervisionRow) -> str:
        delegation_id = self._organization_id(row.delegation)
        found = self.db.scalar(select(Supervision).where(col(Supervision.code) == row.code))
        facts: dict[str, Any] = {
            "subject": row.subject,
            "session_on": row.session_on,
            "delegation_id": delegation_id,
        }
        if found is None:
            self.db.add(Supervision(code=row.code, **facts))
            self.db.flush()
            return "created"
        return self._changed(found, facts)

    def _directive(self, row: DirectiveRow) -> str:
        if self._is_known(row):
            return "unchanged"
        desk = Desk(self.db, self.actor, self.now, today=row.issued_on, tells=self.announce)
        draft_directive(desk, _draft(row))
        desk.issue_from_record(row.code)
        desk.finish()
        return "created"

    def _is_known(self, row: DirectiveRow) -> bool:
        """Already imported from the same row; another text under the same code is refused by the draft."""
        found = self.db.scalar(select(Directive).where(col(Directive.code) == row.code))
        if found is None:
            return False
        stated = (row.text, row.issued_on, self._organization_id(row.lead))
        return stated == (found.text, found.issued_on, found.lead_id)


def _draft(row: DirectiveRow) -> Draft:
    return Draft(
        code=row.code,
        supervision=row.supervision,
        text=row.text,
        title=row.title,
        lead=row.lead,
        coordinating=row.coordinating,
        due_on=row.due_on,
        due_is_express=row.due_is_express,
        rhythm=row.rhythm,
        product=row.product,
        is_secret=row.is_secret,
    )
