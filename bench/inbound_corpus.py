"""Five hundred received mails of every sort, and what must become of each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from tests.inbound_letters import Room, letter, report, with_file
from workflow.drafts import Draft

DUE = date(2026, 9, 25)
DIRECTIVES = 200
BATCH = 10
STRANGER = "tra-loi@lamgiang.example"


@dataclass(frozen=True)
class Case:
    """`expected` is the outcome of this mail and of no other."""

    sort: str
    expected: str
    data: bytes


def codes() -> list[str]:
    return [f"GS14-{number:03d}" for number in range(1, DIRECTIVES + 1)]


def drafts() -> Iterator[list[Draft]]:
    """In batches, so that there are as many mails to come back."""
    for first in range(0, DIRECTIVES, BATCH):
        yield [
            Draft(code, "GS14", f"Việc {code}", lead="sct", due_on=DUE)
            for code in codes()[first : first + BATCH]
        ]


def cases(room: Room, messages: list[int]) -> list[Case]:
    """In the order they are sent; a copy comes after its original. `messages` went to ben."""
    made = [*_valid(room), *_incomplete(room), *_forged(room), *_automatic(room), *_bounces(room, messages)]
    made += _bad(room)
    return [*made, *(Case("copy", "duplicate", one.data) for one in made[:60])]


def _valid(room: Room) -> Iterator[Case]:
    texts = ("ĐÃ NHẬN", "tien do: đang khảo sát", "GIA HẠN 20/10/2026 chờ số liệu", "HOÀN THÀNH\nĐã xong.")
    for number, code in enumerate(codes()):
        mail = letter(texts[number % 4], "ben" if number % 3 else "huy", room.address(code))
        yield Case("valid", "applied", (with_file(mail) if number % 4 == 3 else mail).as_bytes())


def _incomplete(room: Room) -> Iterator[Case]:
    for code in codes()[:30]:
        yield Case(
            "no evidence", "refused", letter("HOÀN THÀNH\nXong cả.", "ben", room.address(code)).as_bytes()
        )
    for code in codes()[30:50]:
        yield Case("empty", "asked", letter("\n> HOÀN THÀNH\n", "ben", room.address(code)).as_bytes())


def _forged(room: Room) -> Iterator[Case]:
    for number, code in enumerate(codes()[:20]):
        other = room.address(code).replace(code.lower(), codes()[number + 1].lower())
        yield Case("wrong token", "held", letter("ĐÃ NHẬN", "ben", other).as_bytes())
        yield Case("wrong sender", "held", letter("ĐÃ NHẬN", "cleo", room.address(code)).as_bytes())
        failed = {"Authentication-Results": "mx.lamgiang.example; dmarc=fail"}
        yield Case("DMARC fails", "held", letter("ĐÃ NHẬN", "ben", room.address(code), **failed).as_bytes())


def _automatic(room: Room) -> Iterator[Case]:
    headers = ({"Auto-Submitted": "auto-replied"}, {"X-Autoreply": "yes"}, {"Precedence": "bulk"})
    for number, code in enumerate(codes()[:40]):
        mail = letter("Tôi nghỉ phép.", "ben", room.address(code), **headers[number % 3])
        yield Case("auto-reply", "automatic", mail.as_bytes())


def _bounces(room: Room, messages: list[int]) -> Iterator[Case]:
    routes, ben = room.answering, "ben@lamgiang.example"
    for number in messages[:20]:
        to = routes.envelope_sender(number, room.now)
        hard = number == messages[19]
        said = ("failed", "5.1.1") if hard else ("delayed", "4.4.1")
        yield Case("bounce", "bounced", report(to, ben, *said))
    for number in messages[:15]:
        old = routes.envelope_sender(number, room.now - timedelta(days=8))
        yield Case("forged bounce", "automatic", report(old, ben))
        yield Case(
            "forged bounce", "automatic", report(f"bounce+m{number}.1sd.{'a' * 16}@lamgiang.example", ben)
        )


def _bad(room: Room) -> Iterator[Case]:
    for number, code in enumerate(codes()[100:108]):
        wrapped = letter("HOÀN THÀNH\nXem tệp.", "ben", room.address(code))
        wrapped.add_attachment(
            b"\x78\x9f\x3e\x22", maintype="application", subtype="ms-tnef", filename="winmail.dat"
        )
        yield Case("winmail.dat", "held", wrapped.as_bytes())
        nameless = letter("ĐÃ NHẬN", "ben", room.address(code), Message_ID="")
        yield Case("no Message-ID", "held", nameless.as_bytes())
        markup = letter("x", "ben", room.address(codes()[4 * number]))
        markup.set_content(f"<p>TIẾN ĐỘ<br>Đang làm, lần {number}.</p>", subtype="html")
        yield Case("HTML only", "applied", markup.as_bytes())
        yield Case("noise", "held", bytes([number + 128]) * 500)
    for number in range(6):
        yield Case("500 parts deep", "held", _deep(number))
    for number in range(2):
        large = letter(f"ĐÃ NHẬN {number}", "ben", STRANGER).as_bytes() + b"x" * 30_000_000
        yield Case("over 30 MB", "held", large)


def _deep(number: int) -> bytes:
    head = b"From: ben@lamgiang.example\r\nMessage-ID: <deep%d@sct.example>\r\n" % number
    parts = (b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(500))
    return head + b"".join(parts)
