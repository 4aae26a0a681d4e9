"""What a notice is about. The worst line of a mail gives the mail its kind."""

from enum import StrEnum


class NoticeKind(StrEnum):
    """Ordered from the least to the most severe."""

    OPERATIONS = "operations"
    WEEKLY = "weekly"
    RECEIPT = "receipt"
    ANSWERED = "answered"
    DISPUTE_REFUSED = "dispute_refused"
    ACCEPTED = "accepted"
    REASSIGNED_OR_WITHDRAWN = "reassigned_or_withdrawn"
    SUSPENDED_OR_RESUMED = "suspended_or_resumed"
    ISSUED = "issued"
    EXTENSION_DECISION = "extension_decision"
    SENT_BACK = "sent_back"
    REMINDER = "reminder"
    DUE_TODAY = "due_today"
    DECISION_LATE = "decision_late"
    REVIEW_LATE = "review_late"
    UNACKNOWLEDGED = "unacknowledged"
    ESCALATION_COPY = "escalation_copy"
    OVERDUE = "overdue"
    ESCALATION = "escalation"

    @property
    def severity(self) -> int:
        return _RANK[self]


_RANK = {kind: rank for rank, kind in enumerate(NoticeKind)}
BY_SEVERITY = tuple(NoticeKind)
