"""Reading an import file: organisations, people, supervisions, directives, each row with its place."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from workflow.findings import FileInvalid
from workflow.ladder import Position
from workflow.models.organization import OrganizationKind
from workflow.models.person import Role
from workflow.yaml_source import Cell, Source

LONGEST = 20_000_000


class ImportInvalid(FileInvalid):
    """Nothing was imported; every faulty row is listed with its line, field and reason."""


@dataclass(frozen=True)
class OrganizationRow:
    cell: Cell
    code: str
    name: str
    kind: OrganizationKind
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class PersonRow:
    cell: Cell
    name: str
    email: str
    locale: str
    role: Role | None
    memberships: tuple[tuple[str, Position], ...]

    @property
    def code(self) -> str:
        return self.email


@dataclass(frozen=True)
class SupervisionRow:
    cell: Cell
    code: str
    delegation: str
    subject: str
    session_on: date | None


@dataclass(frozen=True)
class DirectiveRow:
    cell: Cell
    code: str
    supervision: str
    text: str
    title: str | None
    lead: str
    coordinating: tuple[str, ...]
    issued_on: date
    due_on: date | None
    due_is_express: bool
    rhythm: str | None
    product: str | None
    is_secret: bool


Row = OrganizationRow | PersonRow | SupervisionRow | DirectiveRow
SECTIONS = ("organizations", "people", "supervisions", "directives")


@dataclass(frozen=True)
class ImportFile:
    """`rows` with whether each was read without a fault."""

    source: Source
    rows: tuple[tuple[Row, bool], ...]


def read_rows(text: str, name: str) -> ImportFile:
    """All rows, faulty ones too: `source.findings` says which. Raises ImportInvalid when it is not YAML or JSON."""
    source = Source(text, name, limit=LONGEST)
    sections = source.root(ImportInvalid).fields((), optional=SECTIONS)
    readers: tuple[Callable[[Cell], Row], ...] = (_organization, _person, _supervision, _directive)
    rows = [
        _noted(source, read, cell)
        for section, read in zip(SECTIONS, readers, strict=True)
        if sections[section].given
        for cell in sections[section].items()
    ]
    return ImportFile(source, tuple(rows))


def _noted(source: Source, read: Callable[[Cell], Row], cell: Cell) -> tuple[Row, bool]:
    before = len(source.findings)
    row = read(cell)
    return row, len(source.findings) == before


def _organization(cell: Cell) -> OrganizationRow:
    fields = cell.fields(("code", "name", "kind"), optional=("aliases",))
    kind = OrganizationKind(fields["kind"].word([one.value for one in OrganizationKind]))
    return OrganizationRow(
        cell, fields["code"].text(), fields["name"].text(), kind, _texts(fields["aliases"])
    )


def _person(cell: Cell) -> PersonRow:
    fields = cell.fields(("name", "email"), optional=("locale", "role", "memberships"))
    posts = fields["memberships"].items() if fields["memberships"].given else []
    role = Role(fields["role"].word([one.value for one in Role])) if fields["role"].given else None
    locale = fields["locale"].word(("vi", "en")) if fields["locale"].given else "vi"
    email = fields["email"].text().strip().lower()
    return PersonRow(cell, fields["name"].text(), email, locale, role, tuple(_post(post) for post in posts))


def _post(cell: Cell) -> tuple[str, Position]:
    fields = cell.fields(("organization", "position"))
    return fields["organization"].text(), Position(fields["position"].word([one.value for one in Position]))


def _supervision(cell: Cell) -> SupervisionRow:
    fields = cell.fields(("code", "delegation", "subject"), optional=("session_on",))
    return SupervisionRow(
        cell,
        fields["code"].text(),
        fields["delegation"].text(),
        fields["subject"].text(),
        _day(fields["session_on"]),
    )


def _directive(cell: Cell) -> DirectiveRow:
    fields = cell.fields(
        ("code", "supervision", "text", "lead", "issued_on"),
        optional=("title", "coordinating", "due_on", "due_is_express", "rhythm", "product", "secret"),
    )
    if fields["due_on"].given == fields["rhythm"].given:
        (fields["rhythm"] if fields["rhythm"].given else cell).wrong(
            "due_or_rhythm", example="due_on: 2026-10-16"
        )
    return DirectiveRow(
        cell,
        code=fields["code"].text(),
        supervision=fields["supervision"].text(),
        text=fields["text"].text(),
        title=_optional(fields["title"]),
        lead=fields["lead"].text(),
        coordinating=_texts(fields["coordinating"]),
        issued_on=fields["issued_on"].day(),
        due_on=_day(fields["due_on"]),
        due_is_express=_flag(fields["due_is_express"], default=True),
        rhythm=_optional(fields["rhythm"]),
        product=_optional(fields["product"]),
        is_secret=_flag(fields["secret"], default=False),
    )


def _optional(cell: Cell) -> str | None:
    return cell.text() if cell.given else None


def _texts(cell: Cell) -> tuple[str, ...]:
    return tuple(item.text() for item in cell.items()) if cell.given else ()


def _day(cell: Cell) -> date | None:
    return cell.day() if cell.given else None


def _flag(cell: Cell, *, default: bool) -> bool:
    return cell.boolean(default=default) if cell.given else default
