from collections.abc import Iterable
from enum import StrEnum

from workflow.kinds import NoticeKind


class MailKind(StrEnum):
    """What a mail, or one line of it, is about. Names the template folder of the same name."""

    ISSUED = "issued"
    UNACKNOWLEDGED = "unacknowledged"
    REMINDER = "reminder"
    DUE_TODAY = "due_today"
    OVERDUE = "overdue"
    ESCALATION = "escalation"
    ESCALATION_COPY = "escalation_copy"
    EXTENSION_DECISION = "extension_decision"
    ACCEPTED = "accepted"
    SENT_BACK = "sent_back"
    WEEKLY = "weekly"
    RECEIPT = "receipt"
    REVIEW_LATE = "review_late"
    DECISION_LATE = "decision_late"
    ANSWERED = "answered"
    DISPUTE_REFUSED = "dispute_refused"
    OPERATIONS = "operations"
    REASSIGNED_OR_WITHDRAWN = "reassigned_or_withdrawn"
    SUSPENDED_OR_RESUMED = "suspended_or_resumed"

    @property
    def severity(self) -> int:
        """The higher, the worse; the worst line of a mail gives the mail its kind."""
        return NoticeKind(self.value).severity

    @property
    def slug(self) -> str:
        """Vietnamese name without accents, the value of the header X-Dondoc-Ly-Do."""
        return _SLUGS[self]

    @property
    def has_calendar_entry(self) -> bool:
        return self in _WITH_CALENDAR

    @property
    def can_be_answered(self) -> bool:
        """Whether the mail explains how to answer by mail; an answer is read in any case."""
        return self not in _ONLY_TOLD

    @property
    def is_for_the_delegation(self) -> bool:
        """Read by the supervising side, where lines of many agencies meet: each line names its agency."""
        return self in _FOR_THE_DELEGATION


def worst(kinds: Iterable[MailKind]) -> MailKind:
    return max(kinds, key=lambda kind: kind.severity)


_SLUGS = {
    MailKind.ISSUED: "phat-hanh",
    MailKind.UNACKNOWLEDGED: "chua-tiep-nhan",
    MailKind.REMINDER: "nhac-truoc-han",
    MailKind.DUE_TODAY: "den-han-hom-nay",
    MailKind.OVERDUE: "tong-hop-qua-han",
    MailKind.ESCALATION: "bao-cao-cap",
    MailKind.ESCALATION_COPY: "bao-cao-cap-ban-co-quan",
    MailKind.EXTENSION_DECISION: "quyet-dinh-gia-han",
    MailKind.ACCEPTED: "da-duyet",
    MailKind.SENT_BACK: "de-nghi-bo-sung",
    MailKind.WEEKLY: "tong-hop-tuan",
    MailKind.RECEIPT: "bien-nhan",
    MailKind.REVIEW_LATE: "duyet-cham",
    MailKind.DECISION_LATE: "quyet-dinh-cham",
    MailKind.ANSWERED: "co-tra-loi",
    MailKind.DISPUTE_REFUSED: "giu-nguyen-chu-tri",
    MailKind.OPERATIONS: "van-hanh",
    MailKind.REASSIGNED_OR_WITHDRAWN: "thoi-theo-doi",
    MailKind.SUSPENDED_OR_RESUMED: "tam-dung",
}

_WITH_CALENDAR = frozenset(
    {MailKind.ISSUED, MailKind.REMINDER, MailKind.EXTENSION_DECISION, MailKind.SENT_BACK}
)
_ONLY_TOLD = frozenset(
    {
        MailKind.ACCEPTED,
        MailKind.ANSWERED,
        MailKind.RECEIPT,
        MailKind.WEEKLY,
        MailKind.OPERATIONS,
        MailKind.REASSIGNED_OR_WITHDRAWN,
    }
)
_FOR_THE_DELEGATION = frozenset(
    {MailKind.ESCALATION, MailKind.REVIEW_LATE, MailKind.DECISION_LATE, MailKind.ANSWERED}
)
