"""The menu: what this person may open. A page refused is never listed."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workflow.access import Actor
from workflow.models.organization import OrganizationKind
from workflow.models.person import Role
from workflow.store.inbound import sorts

if TYPE_CHECKING:
    from web.visit import Visit


@dataclass(frozen=True)
class Entry:
    path: str
    icon: str
    title: str
    is_here: bool


@dataclass(frozen=True)
class Group:
    title: str | None
    entries: list[Entry]


WORK = (
    ("/", "home", "Tổng quan", "Overview"),
    ("/ket-luan", "doc", "Kết luận", "Conclusions"),
    ("/nhiem-vu", "list", "Nhiệm vụ", "Directives"),
    ("/co-quan", "build", "Cơ quan", "Agencies"),
    ("/lich", "cal", "Lịch", "Calendar"),
    ("/bao-cao", "doc", "Báo cáo", "Reports"),
    ("/don-doc", "up", "Bảng đôn đốc", "Escalation board"),
)
RUNNING = (
    ("/hop-thu", "mail", "Hộp thư đến", "Inbox"),
    ("/luot-quet", "moon", "Lượt quét", "Sweeps"),
    ("/chinh-sach", "slid", "Chính sách", "Policy"),
    ("/nhap", "doc", "Nhập danh mục", "Import"),
    ("/hop-thu-thu", "mail", "Hộp thư thử", "Test mailbox"),
    ("/quan-tri/nhat-ky", "lock", "Nhật ký", "Journal"),
    ("/quan-tri", "gear", "Quản trị", "Administration"),
)


def menu(visit: "Visit") -> list[Group]:
    here, me = visit.request.url.path, visit.me
    work = [entry for entry in WORK if oversees(me) or entry[0] not in ("/ket-luan", "/don-doc")]
    running = [entry for entry in RUNNING if _may_open(visit, entry[0])]
    groups = [Group(None, [_entry(visit, here, *entry) for entry in work])]
    if running:
        groups.append(
            Group(visit.say("Vận hành", "Operation"), [_entry(visit, here, *entry) for entry in running])
        )
    return groups


def oversees(actor: Actor) -> bool:
    """On the side that gives directives, or above both."""
    givers = (OrganizationKind.DELEGATION, OrganizationKind.COMMITTEE)
    return actor.sees_all or bool(actor.organizations(*givers))


def _may_open(visit: "Visit", path: str) -> bool:
    me = visit.me
    if path in ("/quan-tri", "/nhap"):
        return me.role is Role.ADMINISTRATOR
    if path == "/quan-tri/nhat-ky":
        return me.role is Role.AUDITOR
    if path == "/hop-thu":
        return sorts(me)
    if path == "/hop-thu-thu":
        return visit.site.mailbox is not None
    return oversees(me)


def _entry(visit: "Visit", here: str, path: str, icon: str, vi: str, en: str) -> Entry:
    return Entry(path, icon, visit.say(vi, en), here == path or (path != "/" and here.startswith(path + "/")))
