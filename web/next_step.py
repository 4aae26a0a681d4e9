"""What a body still lacks before mails reach it, or the work that can begin; said on its page, one thing at a time."""

from dataclasses import dataclass

from workflow.ladder import Position
from workflow.models.organization import OrganizationKind
from workflow.words import POSITIONS, Texts, pair

ADD = "#name"
NEEDED: dict[OrganizationKind, list[tuple[tuple[Position, ...], Texts]]] = {
    OrganizationKind.AGENCY: [
        (
            (Position.CLERK, Position.DEPUTY_HEAD, Position.HEAD),
            pair(
                "Chưa có ai nhận thư: nhiệm vụ giao lúc này không đến được cơ quan.",
                "Nobody receives mail: what is given now would not reach this body.",
            ),
        ),
        (
            (Position.HEAD, Position.DEPUTY_HEAD),
            pair(
                "Chưa có thủ trưởng hay phó thủ trưởng: khi quá hạn không có ai ở cơ quan để báo lên.",
                "There is no head or deputy: once overdue, nobody above the contact is told.",
            ),
        ),
    ],
    OrganizationKind.DELEGATION: [
        (
            (Position.SECRETARY,),
            pair(
                "Chưa có thư ký: không ai tiếp nhận kết luận và nhận trả lời.",
                "There is no secretary: nobody takes conclusions in or receives answers.",
            ),
        ),
        (
            (Position.CHAIR, Position.DEPUTY_CHAIR),
            pair(
                "Chưa có trưởng đoàn hay phó trưởng đoàn: không ai phát hành và duyệt được.",
                "There is no chair or deputy: nobody can issue or review.",
            ),
        ),
    ],
}


@dataclass(frozen=True)
class Next:
    """`way` leads to where it is done."""

    said: Texts
    words: Texts
    way: str
    is_ready: bool = False


READY = Next(
    pair("Đã đủ người nhận thư; họ không cần tài khoản.", "Mails reach this body; no account is needed."),
    pair("Tiếp nhận một kết luận", "Take in a conclusion"),
    "/ket-luan/moi",
    is_ready=True,
)


def next_step(kind: OrganizationKind, held: set[Position], has_begun: bool) -> Next | None:
    """`held`: posts somebody holds. None once there is nothing left to say."""
    for posts, said in NEEDED.get(kind, []):
        if not held.intersection(posts):
            return Next(said, _add(posts[0]), ADD)
    return None if has_begun else READY


def _add(post: Position) -> Texts:
    vi, en = (POSITIONS[post][locale] for locale in ("vi", "en"))
    return pair(f"Thêm {vi[:1].lower()}{vi[1:]}", f"Add the {en[:1].lower()}{en[1:]}")
