"""What somebody asks for: which report, of what, in which layout and language."""

from dataclasses import dataclass
from enum import StrEnum

from workflow.errors import InputWrong
from workflow.figures.scope import Scope
from workflow.words import Texts, pair


class ReportKind(StrEnum):
    WEEKLY = "weekly"
    AGENCY = "agency"
    SUPERVISION = "supervision"
    REGISTER = "register"


class Format(StrEnum):
    DOCX = "docx"
    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"
    JSONL = "jsonl"
    ICS = "ics"
    HTML = "html"


class Profile(StrEnum):
    """Who signs: a body of the Party, or one of the State. The two write their papers differently."""

    PARTY = "dang"
    STATE = "nha-nuoc"


KINDS: dict[ReportKind, Texts] = {
    ReportKind.WEEKLY: pair("Tổng hợp tuần", "Weekly summary"),
    ReportKind.AGENCY: pair("Theo cơ quan", "By agency"),
    ReportKind.SUPERVISION: pair("Theo cuộc giám sát", "By supervision"),
    ReportKind.REGISTER: pair("Danh mục nhiệm vụ (phụ lục)", "Register (annex)"),
}
PROFILES: dict[Profile, Texts] = {
    Profile.PARTY: pair("Đảng", "Party"),
    Profile.STATE: pair("Nhà nước", "State"),
}
MEDIA: dict[Format, str] = {
    Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.CSV: "text/csv; charset=utf-8",
    Format.JSON: "application/json",
    Format.JSONL: "application/x-ndjson",
    Format.ICS: "text/calendar; charset=utf-8",
    Format.HTML: "text/html; charset=utf-8",
}
REGISTER_ONLY = (Format.JSONL, Format.ICS)


@dataclass(frozen=True)
class Wanted:
    kind: ReportKind
    scope: Scope
    locale: str = "vi"

    def check(self, format_: Format) -> None:
        """Raises InputWrong: JSON lines and calendars hold directives, not sums of them."""
        if format_ in REGISTER_ONLY and self.kind is not ReportKind.REGISTER:
            why = pair(
                "Dạng này chỉ có cho báo cáo register.", "This format is for the register report only."
            )
            raise InputWrong(field="format", value=format_.value, why=why)


@dataclass(frozen=True)
class Letterhead:
    """Who speaks: `parent` is the body above, `place` stands before the date."""

    body: str
    parent: str | None
    place: str | None
    profile: Profile
