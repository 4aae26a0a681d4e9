"""Which kind of mail says what a move tells."""

from workflow.kinds import NoticeKind

KIND_OF = {
    "disputed": NoticeKind.ANSWERED,
    "reported": NoticeKind.ANSWERED,
    "contributed": NoticeKind.ANSWERED,
    "extension_requested": NoticeKind.ANSWERED,
    "extension_granted": NoticeKind.EXTENSION_DECISION,
    "extension_refused": NoticeKind.EXTENSION_DECISION,
    "dispute_refused": NoticeKind.DISPUTE_REFUSED,
    "noted": NoticeKind.ACCEPTED,
    "reopened": NoticeKind.SENT_BACK,
    "suspended": NoticeKind.SUSPENDED_OR_RESUMED,
    "resumed": NoticeKind.SUSPENDED_OR_RESUMED,
    "withdrawn": NoticeKind.REASSIGNED_OR_WITHDRAWN,
    "returned": NoticeKind.REASSIGNED_OR_WITHDRAWN,
    "reassigned": NoticeKind.REASSIGNED_OR_WITHDRAWN,
    "closed_not_done": NoticeKind.REASSIGNED_OR_WITHDRAWN,
}


def notice_kind(said: str) -> NoticeKind:
    """What the lifecycle calls it, or the kind of mail itself."""
    return KIND_OF.get(said) or NoticeKind(said)
