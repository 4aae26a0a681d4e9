"""Answers by mail on real tables: who is believed, what is done, what is held, what is written back."""

from collections.abc import Iterator
from datetime import date, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import Engine

from config import received
from tests.inbound_letters import PDF, Room, letter, room, with_file
from tests.world import World, at
from workflow.models.attachment import Attachment
from workflow.models.directive import Directive
from workflow.models.event import Event
from workflow.models.extension import Extension
from workflow.models.inbound import InboundOutcome
from workflow.models.message import Message

DAY = date(2026, 9, 11)


@pytest.fixture
def inbox(engine: Engine, tmp_path: Path) -> Iterator[Room]:
    world = World(engine)
    world.issue("GS14-01", due=date(2026, 9, 25), coordinating=("syt",))
    world.issue("GS14-02", due=date(2026, 9, 25))
    world.deliver()
    world.today = DAY
    with room(engine, world, tmp_path, at(DAY)) as inbox:
        yield inbox


def state(inbox: Room, code: str = "GS14-01") -> str:
    return next(one.state for one in inbox.world.rows(Directive) if one.code == code)


def acts(inbox: Room) -> list[str]:
    return [one.act for one in inbox.world.rows(Event) if one.at == inbox.now]


def written(inbox: Room) -> list[EmailMessage]:
    mails = [message_from_bytes(one.mime, policy=policy.default) for one in inbox.answers()]
    return [mail for mail in mails if isinstance(mail, EmailMessage)]


def body(mail: EmailMessage) -> str:
    return str(mail.get_content())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ĐÃ NHẬN", "acknowledged"),
        ("da nhan", "acknowledged"),
        ("Received", "acknowledged"),
        ("TIẾN ĐỘ\nĐang khảo sát tại hai mỏ.", "in_progress"),
        ("HOÀN THÀNH\nMinh chứng: Công văn số 12", "reported"),
        ("GIA HẠN 20/10/2026 còn chờ số liệu", "issued"),
        ("KHÔNG THUỘC THẨM QUYỀN\nViệc của Sở khác.", "issued"),
    ],
)
def test_a_keyword_of_a_contact_does_what_it_says(inbox: Room, text: str, expected: str) -> None:
    assert inbox.answer(text).outcome == "applied"
    assert state(inbox) == expected
    assert len(acts(inbox)) == 1


def test_an_extension_asked_by_mail_carries_its_date_and_reason(inbox: Room) -> None:
    inbox.answer("Gia han 20/10/2026\nCòn chờ số liệu.\n\nVào Th 6, Đoàn giám sát đã viết:\n> HOÀN THÀNH\n")
    (asked,) = inbox.world.rows(Extension)
    assert (asked.wanted_on, asked.reason) == (date(2026, 10, 20), "Còn chờ số liệu.")


def test_files_become_evidence_of_the_directive(inbox: Room) -> None:
    mail = with_file(letter("HOÀN THÀNH\nĐã xong.", "ben", inbox.address()), "Báo cáo 12.pdf")
    assert inbox.take(mail).outcome == "applied"
    (file,) = inbox.world.rows(Attachment)
    assert (file.name, file.size) == ("Báo cáo 12.pdf", len(PDF))
    assert (inbox.receiver.home / "files" / file.stored_as).read_bytes() == PDF


def test_an_accepted_answer_gets_one_receipt_and_nothing_else(inbox: Room) -> None:
    before = len(inbox.world.messages())
    inbox.answer("TIẾN ĐỘ\nĐang làm.")
    (receipt,) = inbox.world.messages()[before:]
    assert receipt.kind == "receipt"
    assert inbox.answers() == []


def test_the_same_mail_twice_is_one_act(inbox: Room) -> None:
    mail = letter("TIẾN ĐỘ\nĐang làm.", "ben", inbox.address())
    assert [inbox.take(mail).outcome for _ in range(3)] == ["applied", "duplicate", "duplicate"]
    assert acts(inbox) == ["progress"]
    assert len(inbox.rows()) == 1


def test_headers_added_on_the_way_do_not_make_another_mail(inbox: Room) -> None:
    mail = letter("TIẾN ĐỘ\nĐang làm.", "ben", inbox.address())
    inbox.take(mail)
    mail["X-Relay"] = "second"
    assert inbox.take(mail).outcome == "duplicate"


def test_another_body_under_the_same_message_id_is_held(inbox: Room) -> None:
    first = letter("ĐÃ NHẬN", "ben", inbox.address(), Message_ID="<one@sct.example>")
    second = letter("TIẾN ĐỘ\nKhác.", "ben", inbox.address(), Message_ID="<one@sct.example>")
    assert [inbox.take(mail).outcome for mail in (first, second)] == ["applied", "held"]
    assert inbox.rows()[1].reason == "same_id"


def test_a_coordinating_agency_sends_its_part_under_the_same_keyword(inbox: Room) -> None:
    assert inbox.answer("HOÀN THÀNH\nPhần y tế.", "cleo", body="syt").outcome == "applied"
    assert acts(inbox) == ["contribute"]
    assert state(inbox) == "issued"


@pytest.mark.parametrize(
    ("reason", "who", "headers"),
    [
        ("unknown_sender", "cleo", {}),
        ("unknown_sender", "la@nguoi.example", {}),
        ("bad_token", "ben", {"To": "tra-loi+gs14-01.aaaaaaaaaaaaaaaaaaaaaaaaaa@lamgiang.example"}),
        ("no_tag", "ben", {"To": "tra-loi@lamgiang.example"}),
        ("authentication", "ben", {"Authentication-Results": "mx.lamgiang.example; dmarc=fail"}),
        ("authentication", "ben", {"Authentication-Results": "mx.example; spf=fail; dkim=none"}),
        ("automatic", "ben", {"Auto-Submitted": "auto-replied"}),
        ("no_message_id", "ben", {"Message-ID": ""}),
    ],
)
def test_what_cannot_be_believed_is_held_and_changes_nothing(
    inbox: Room, reason: str, who: str, headers: dict[str, str]
) -> None:
    others = {name: value for name, value in headers.items() if name != "To"}
    taken = inbox.take(letter("ĐÃ NHẬN", who, headers.get("To", inbox.address()), **others))
    assert (taken.outcome, taken.reason) == ("held", reason)
    assert state(inbox) == "issued"
    assert acts(inbox) == ["mail.held"]
    (row,) = inbox.rows()
    assert b"sct.example" in received.read(inbox.receiver.home, row.stored_as) or reason == "no_message_id"


def test_the_same_words_without_a_message_id_are_two_mails_from_two_people(inbox: Room) -> None:
    for who in ("ben", "huy", "ben"):
        inbox.answer("ĐÃ NHẬN", who, Message_ID="")
    assert [(one.sender, one.reason) for one in inbox.rows()] == [
        ("ben@lamgiang.example", "no_message_id"),
        ("huy@lamgiang.example", "no_message_id"),
    ]


def test_a_token_of_one_directive_does_not_open_another(inbox: Room) -> None:
    forged = inbox.address("GS14-02").replace("gs14-02", "gs14-01")
    assert inbox.take(letter("ĐÃ NHẬN", "ben", forged)).reason == "bad_token"


def test_a_reply_after_the_directive_went_to_another_agency_is_held(inbox: Room) -> None:
    address = inbox.address("GS14-02")
    inbox.world.move("chi", "GS14-02", "reassign", lead="syt", reason="Đúng thẩm quyền.")
    assert inbox.take(letter("ĐÃ NHẬN", "ben", address)).reason == "not_theirs"


def test_a_member_of_the_agency_who_is_also_administrator_answers_as_a_member_only(inbox: Room) -> None:
    assert inbox.answer("HOÀN THÀNH\nMinh chứng: x", "quan@lamgiang.example").reason == "unknown_sender"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("GIA HẠN\nChờ số liệu.", "Chưa rõ ngày gia hạn"),
        ("GIA HẠN 31/09/2026\nChờ số liệu.", "không có trong lịch"),
        ("GIA HẠN 20/10/2026", "Chưa nêu lý do"),
        ("GIA HẠN 20/09/2026\nSớm hơn.", "Ngày mới phải sau hạn hiện tại"),
        ("HOÀN THÀNH\nXong cả.", "cần minh chứng"),
        ("TIẾN ĐỘ", "Chưa có nội dung tiến độ"),
    ],
)
def test_a_refusal_comes_back_as_a_sentence_with_what_was_kept(inbox: Room, text: str, sentence: str) -> None:
    assert inbox.answer(text).outcome == "refused"
    assert state(inbox) == "issued"
    (mail,) = written(inbox)
    assert sentence in body(mail)
    assert "Đã giữ nguyên thư nhận lúc 09:00, 11/09/2026" in body(mail)
    assert "chưa thay đổi" in body(mail)
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["To"] == "ben@lamgiang.example"
    assert mail["Reply-To"] == inbox.address()
    assert mail["Subject"] == "[GS14-01] Chưa ghi được trả lời"


def test_a_refused_answer_leaves_no_file_behind_but_the_mail_itself(inbox: Room) -> None:
    mail = with_file(letter("GIA HẠN 01/01/2020\nMuộn.", "ben", inbox.address()))
    assert inbox.take(mail).outcome == "refused"
    assert list((inbox.receiver.home / "files").iterdir()) == []
    assert "bao-cao.pdf" in body(written(inbox)[0])


def test_a_file_that_cannot_be_evidence_is_named_and_left_in_the_mail(inbox: Room) -> None:
    mail = with_file(
        letter("TIẾN ĐỘ\nĐang làm.", "ben", inbox.address()), "chay.exe", b"MZ\x90\x00" + bytes(60)
    )
    assert inbox.take(mail).outcome == "applied"
    assert inbox.world.rows(Attachment) == []
    assert "không nhận tệp chay.exe" in body(written(inbox)[0])


def test_an_empty_answer_is_asked_for_its_words(inbox: Room) -> None:
    assert inbox.answer("\n\n> HOÀN THÀNH\n").outcome == "asked"
    assert "dòng đầu ghi một trong các từ ĐÃ NHẬN" in body(written(inbox)[0])


def test_words_without_a_keyword_wait_for_a_person(inbox: Room) -> None:
    assert inbox.answer("Chúng tôi đang làm, sẽ báo cáo sau.").reason == "no_keyword"
    assert inbox.rows()[0].words == "Chúng tôi đang làm, sẽ báo cáo sau."
    assert written(inbox)[0]["Subject"] == "[GS14-01] Đã nhận thư, chờ thư ký xem"


def test_winmail_is_held(inbox: Room) -> None:
    mail = letter("HOÀN THÀNH\nXem tệp.", "ben", inbox.address())
    mail.add_attachment(
        b"\x78\x9f\x3e\x22", maintype="application", subtype="ms-tnef", filename="winmail.dat"
    )
    assert inbox.take(mail).reason == "winmail"


def test_a_mail_of_30_megabytes_is_kept_unread(inbox: Room) -> None:
    data = letter("ĐÃ NHẬN", "ben", inbox.address()).as_bytes() + b"x" * 30_000_000
    assert inbox.take(data).reason == "too_large"
    (row,) = inbox.rows()
    assert (row.sender, row.size) == ("ben@lamgiang.example", len(data))


def test_500_parts_within_parts_are_kept_unread(inbox: Room) -> None:
    deep = b"From: ben@lamgiang.example\r\nMessage-ID: <deep@sct.example>\r\n"
    deep += b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(500)
    )
    assert inbox.take(deep).reason == "too_deep"


def test_a_mail_of_html_alone_is_read(inbox: Room) -> None:
    mail = letter("x", "ben", inbox.address())
    mail.set_content("<p>TIẾN ĐỘ<br>Đang làm.</p>", subtype="html")
    assert inbox.take(mail).outcome == "applied"


@pytest.mark.parametrize("data", [b"", b"\xff\xfe" * 400, b"From: \x00\r\nSubject: =?x?y?z\r\n\r\n\x00"])
def test_noise_is_kept_too(inbox: Room, data: bytes) -> None:
    assert inbox.take(data).outcome == "held"
    assert received.read(inbox.receiver.home, inbox.rows()[0].stored_as) == data


def test_an_absence_notice_is_never_answered_and_changes_nothing(inbox: Room) -> None:
    taken = inbox.answer("Tôi nghỉ phép.", Auto_Submitted="auto-replied")
    assert (taken.outcome, inbox.answers(), state(inbox)) == ("automatic", [], "issued")


def test_the_fourth_mail_within_an_hour_waits_unanswered(inbox: Room) -> None:
    outcomes = [inbox.answer(f"TIẾN ĐỘ\nLần {n}.").outcome for n in range(5)]
    assert outcomes == ["applied"] * 3 + ["held"] * 2
    assert inbox.answers() == []
    inbox.now += timedelta(hours=1, minutes=1)
    assert inbox.answer("TIẾN ĐỘ\nSau một giờ.").outcome == "applied"


def test_two_machines_that_answer_each_other_end_within_three_mails_an_hour(inbox: Room) -> None:
    """A responder that marks nothing as automatic: what we write it answers, with new words each time."""
    out = 0
    for minute in range(60):
        inbox.now = at(DAY, 9, minute)
        inbox.answer(f"Cảm ơn quý vị, thư số {minute}.")
        out = len(inbox.answers())
    assert 0 < out <= 3
    assert len(inbox.rows()) == 60


def test_a_stranger_is_answered_once_a_day_and_only_on_a_mail_of_ours(inbox: Room) -> None:
    for _ in range(3):
        inbox.answer("ĐÃ NHẬN", "la@nguoi.example")
    assert len(inbox.answers()) == 1
    inbox.take(letter("ĐÃ NHẬN", "khac@nguoi.example", "tra-loi@lamgiang.example"))
    assert len(inbox.answers()) == 1
    inbox.now += timedelta(days=1, minutes=1)
    inbox.answer("ĐÃ NHẬN", "la@nguoi.example")
    assert len(inbox.answers()) == 2


def test_one_answer_acknowledges_all_that_a_mail_spoke_of(inbox: Room) -> None:
    message = _message_about_both(inbox)
    address = inbox.address(f"thu-{message.id}")
    assert inbox.take(with_file(letter("ĐÃ NHẬN", "ben", address))).outcome == "applied"
    assert (state(inbox, "GS14-03"), state(inbox, "GS14-04")) == ("acknowledged", "acknowledged")
    assert inbox.take(letter("TIẾN ĐỘ\nĐang làm.", "ben", address)).reason == "which"
    assert inbox.take(letter("GS14-04: TIẾN ĐỘ\nĐang làm.", "ben", address)).outcome == "applied"
    assert (state(inbox, "GS14-03"), state(inbox, "GS14-04")) == ("acknowledged", "in_progress")


def _message_about_both(inbox: Room) -> Message:
    from workflow.drafts import Draft

    drafts = [
        Draft(code, "GS14", f"Việc {code}", lead="sct", due_on=date(2026, 10, 30))
        for code in ("GS14-03", "GS14-04")
    ]
    inbox.world.issue_all(drafts)
    return inbox.world.messages()[-1]


def test_a_code_in_the_text_that_is_not_the_addressed_one_is_held(inbox: Room) -> None:
    assert inbox.answer("GS14-02: ĐÃ NHẬN").reason == "other_code"


def test_the_likely_directive_of_a_stray_mail_is_taken_from_its_subject(inbox: Room) -> None:
    inbox.take(letter("ĐÃ NHẬN", "ben", "tra-loi@lamgiang.example", Subject="Re: [GS14-02] Giao nhiệm vụ"))
    (row,) = inbox.rows()
    directive = next(one for one in inbox.world.rows(Directive) if one.code == "GS14-02")
    assert (row.directive_id, row.organization_id) == (directive.id, None)


def test_a_fault_of_ours_keeps_the_mail_for_a_person(inbox: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("notifications.receiving.judge", fails)
    taken = inbox.answer("ĐÃ NHẬN")
    assert (taken.outcome, taken.reason) == ("held", "broken")
    assert [one.outcome for one in inbox.rows()] == [InboundOutcome.HELD]
