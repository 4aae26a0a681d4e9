from datetime import UTC, date, datetime
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.intent import Intent
from notifications.links import ReplyTag
from notifications.replies import Reply, UnreadableMail, body_hash, parse_reply

TOKEN = "k7q2m5xf3hztk7q2m5xf3hztab"
TO = f"tra-loi+gs14-05.{TOKEN}@giamsat.example"
TEXT = "GIA HẠN 20/10/2023 còn chờ số liệu\n\nVào Th 3, Đoàn giám sát đã viết:\n> HOÀN THÀNH\n"


def mail(text: str = TEXT, html: str | None = None, **headers: str) -> EmailMessage:
    message = EmailMessage()
    known = {
        "From": "Nguyễn Thị Mẫu <Mau@SCT.example>",
        "To": TO,
        "Subject": "Re: [GS14-05] Còn 02 ngày làm việc",
        "Date": "Tue, 10 Oct 2023 09:12:00 +0700",
        "Message-ID": "<a1@sct.example>",
        "In-Reply-To": "<gs14-05.nhac-2@giamsat.example>",
        "References": "<gs14-05@giamsat.example> <gs14-05.nhac-2@giamsat.example>",
    }
    for name, value in (known | {n.replace("_", "-"): v for n, v in headers.items()}).items():
        message[name] = value
    if text:
        message.set_content(text)
    if html is not None:
        message.add_alternative(html, subtype="html") if text else message.set_content(html, subtype="html")
    return message


def read(message: EmailMessage, **envelope: str) -> Reply:
    return parse_reply(message.as_bytes(), **envelope)


def test_an_answer_is_read_in_full() -> None:
    reply = read(mail())
    assert (reply.sender, reply.sender_name) == ("mau@sct.example", "Nguyễn Thị Mẫu")
    assert reply.tag == ReplyTag("gs14-05", TOKEN)
    assert reply.message_id == "<a1@sct.example>"
    assert reply.answers_to == ("<gs14-05.nhac-2@giamsat.example>", "<gs14-05@giamsat.example>")
    assert reply.sent_at is not None
    assert reply.sent_at.astimezone(UTC) == datetime(2023, 10, 10, 2, 12, tzinfo=UTC)
    assert (reply.wish.intent, reply.wish.extension_on) == (Intent.EXTENSION, date(2023, 10, 20))
    assert reply.wish.text == "còn chờ số liệu"
    assert reply.automatic is None


def test_the_token_may_stand_in_the_envelope_only() -> None:
    reply = read(mail(To="Đoàn giám sát <dondoc@giamsat.example>"), envelope_recipient=TO)
    assert reply.tag == ReplyTag("gs14-05", TOKEN)


@pytest.mark.parametrize("header", ["Cc", "Delivered-To", "X-Original-To"])
def test_the_token_may_stand_in_another_header(header: str) -> None:
    message = mail(To="dondoc@giamsat.example")
    message[header] = TO
    assert read(message).tag == ReplyTag("gs14-05", TOKEN)


def test_an_answer_without_a_token_is_still_read() -> None:
    reply = read(mail(To="dondoc@giamsat.example"))
    assert reply.tag is None
    assert reply.wish.intent is Intent.EXTENSION


def test_attachments_keep_their_names_and_bytes() -> None:
    message = mail("HOÀN THÀNH\nXem tệp.")
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="Báo cáo số 12.pdf")
    message.add_attachment("một dòng", filename="ghi-chu.txt")
    reply = read(message)
    assert [(each.name, each.content_type) for each in reply.attachments] == [
        ("Báo cáo số 12.pdf", "application/pdf"),
        ("ghi-chu.txt", "text/plain"),
    ]
    assert reply.attachments[0].content == b"%PDF-1.7"
    assert reply.wish.text == "Xem tệp."


def test_a_logo_in_the_signature_is_no_evidence() -> None:
    message = mail("ĐÃ NHẬN", html="<p>ĐÃ NHẬN</p><img src='cid:logo'>")
    parts = message.get_payload()
    assert isinstance(parts, list)
    html: Any = parts[1]
    html.add_related(b"\x89PNG", maintype="image", subtype="png", cid="<logo>")
    assert read(message).attachments == ()


def test_an_html_only_answer_is_read_without_its_quotation() -> None:
    html = "<div>Đ&Atilde; NHẬN<br>Cảm ơn.</div><div class='gmail_quote'>HOÀN THÀNH</div><style>a</style>"
    reply = read(mail("", html=html))
    assert (reply.wish.intent, reply.wish.text) == (Intent.ACKNOWLEDGE, "Cảm ơn.")


def test_an_empty_answer_is_unclear() -> None:
    assert read(mail("> HOÀN THÀNH\n")).wish.intent is Intent.UNCLEAR


def test_a_forwarded_mail_is_an_attachment_whose_inside_is_not_our_answer() -> None:
    message = mail("TIẾN ĐỘ\nXem thư kèm.")
    message.add_attachment(mail("HOÀN THÀNH"))
    reply = read(message)
    assert reply.wish.intent is Intent.PROGRESS
    assert [each.content_type for each in reply.attachments] == ["message/rfc822"]
    assert b"a1@sct.example" in reply.attachments[0].content


def test_a_mail_without_message_id_is_known_by_its_body() -> None:
    message = mail()
    del message["Message-ID"]
    reply = read(message)
    assert reply.message_id is None
    assert len(reply.body_hash) == 64


def test_headers_added_on_the_way_do_not_change_the_hash_of_the_body() -> None:
    data = mail().as_bytes()
    assert body_hash(b"Received: from x by y\n" + data) == body_hash(data)
    assert body_hash(data.replace(b"\n", b"\r\n")) != body_hash(data + b"x")


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"Auto_Submitted": "auto-replied"}, "auto_submitted"),
        ({"Auto_Submitted": "auto-generated (vacation)"}, "auto_submitted"),
        ({"Return_Path": "<>"}, "null_sender"),
        ({"Precedence": "bulk"}, "precedence"),
        ({"X_Autoreply": "yes"}, "autoreply_header"),
        ({"X_Dondoc_Ma": "GS14-05"}, "autoreply_header"),
        ({"From": "Mail Delivery <MAILER-DAEMON@sct.example>"}, "robot"),
        ({"Subject": "Automatic reply: [GS14-05]"}, "subject"),
        ({"Subject": "Trả lời tự động: đi công tác"}, "subject"),
    ],
)
def test_automatic_mail_is_known_for_what_it_is(headers: dict[str, str], reason: str) -> None:
    assert read(mail(**headers)).automatic == reason


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "no"},
        {"X_Auto_Response_Suppress": "All"},
        {"Return_Path": "<mau@sct.example>"},
        {"Precedence": "first-class"},
        {"Subject": "Re: tự động hóa"},
    ],
)
def test_people_are_not_taken_for_machines(headers: dict[str, str]) -> None:
    assert read(mail(**headers)).automatic is None


def test_the_envelope_decides_who_sent_where_it_is_known() -> None:
    assert read(mail(), envelope_sender="<>").automatic == "null_sender"
    assert read(mail(Return_Path="<>"), envelope_sender="mau@sct.example").automatic is None


def nested(depth: int) -> bytes:
    head = b"From: a@sct.example\r\nTo: " + TO.encode() + b"\r\n"
    for level in range(depth):
        head += f'Content-Type: multipart/mixed; boundary="b{level}"\r\n\r\n--b{level}\r\n'.encode()
    return head + b"Content-Type: text/plain\r\n\r\nHOAN THANH\r\n"


@pytest.mark.parametrize("depth", [30, 500, 3000])
def test_parts_within_parts_end_somewhere(depth: int) -> None:
    with pytest.raises(UnreadableMail, match="too_deep"):
        parse_reply(nested(depth))


def test_a_few_parts_within_parts_are_ordinary() -> None:
    assert parse_reply(nested(5)).wish.intent is Intent.DONE


def test_too_many_parts_are_refused() -> None:
    part = b"--b\r\nContent-Type: text/plain\r\n\r\na\r\n"
    with pytest.raises(UnreadableMail, match="too_many_parts"):
        parse_reply(b'From: a@b.example\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n' + part * 300)


def test_a_mail_over_the_limit_is_refused_unread() -> None:
    with pytest.raises(UnreadableMail, match="too_large"):
        parse_reply(b"x" * 30_000_001)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\r\n\r\n",
        b"no header at all",
        b"From: \xff\xfe\r\nTo: <<<>>>,,;\r\nSubject: =?x?q?a?=\r\nDate: 99 Foo\r\nMessage-ID: \r\n\r\nHOAN THANH",
        b"Content-Type: text/plain; charset=khong-co\r\n\r\nHOAN THANH",
        b"Content-Type: multipart/mixed\r\n\r\nno boundary",
        b"Content-Transfer-Encoding: base64\r\n\r\n!!!!",
        b"Content-Disposition: attachment; filename*=x''%ff; filename=\"\x00\"\r\n\r\na",
        b"From: a@b@c, d <e\r\nReply-To: (((\r\n\r\n",
    ],
)
def test_broken_mail_is_read_as_far_as_it_goes(data: bytes) -> None:
    assert isinstance(parse_reply(data), Reply)


def test_an_unknown_charset_does_not_hide_the_answer() -> None:
    data = b"Content-Type: text/plain; charset=khong-co\r\n\r\nHOAN THANH"
    assert parse_reply(data).wish.intent is Intent.DONE


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.binary(max_size=200))
def test_no_bytes_break_the_reader(head: bytes, body: bytes) -> None:
    assert isinstance(parse_reply(head + b"\r\n\r\n" + body), Reply)
    assert isinstance(parse_reply(b"Subject: " + head + b"\r\nFrom: " + head + b"\r\n\r\n" + body), Reply)
