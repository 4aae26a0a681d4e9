from notifications.kinds import MailKind, worst
from workflow.kinds import NoticeKind


def test_the_worst_line_gives_a_mail_its_kind() -> None:
    ladder = [
        MailKind.ESCALATION,
        MailKind.OVERDUE,
        MailKind.ESCALATION_COPY,
        MailKind.UNACKNOWLEDGED,
        MailKind.REVIEW_LATE,
        MailKind.DECISION_LATE,
        MailKind.DUE_TODAY,
        MailKind.REMINDER,
    ]
    for place, kind in enumerate(ladder):
        assert worst(reversed(ladder[place:])) is kind


def test_no_two_kinds_share_a_rank_or_a_header_value() -> None:
    assert len({kind.severity for kind in MailKind}) == len(MailKind)
    assert len({kind.slug for kind in MailKind}) == len(MailKind)


def test_header_values_are_plain_ascii() -> None:
    for kind in MailKind:
        assert kind.slug.replace("-", "").isascii()
        assert kind.slug.replace("-", "").isalpha()


def test_everything_that_can_be_told_has_a_mail_to_tell_it() -> None:
    assert {kind.value for kind in NoticeKind} == {kind.value for kind in MailKind}
