"""The catalogue, second part: files nobody can read, names that mislead, letters and links of others."""

import base64
import re
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage

from tests.conclusions.papers import pdf_of
from tests.inbound_letters import letter, report
from tests.security.bad_inputs import REFUSED, Answer, Case, Doors, Try, notes, read_file, upload
from tests.web.house import CONCLUSION

WIDE = "EncryptedPackage".encode("utf-16-le")
OWNER, USER = b"41" * 32, b"42" * 32
LOCK = b"/Root 1 0 R /ID [<00> <00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -44 /O <%b> /U <%b> >>" % (
    OWNER,
    USER,
)
TCVN3 = "Giao Së Y tÕ rµ so¸t c¸c c¬ së kh¸m ch÷a bÖnh; b¸o c¸o tr­íc ngµy 30/9.".encode("latin-1", "replace")
UNREADABLE: tuple[tuple[str, str, bytes, str], ...] = (
    ("docx có mật khẩu / encrypted docx", "a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + WIDE, "mật khẩu"),
    ("pdf có mật khẩu / encrypted pdf", "a.pdf", pdf_of(["Giao Sở Y tế."]).replace(b"/Root 1 0 R", LOCK), "mật khẩu"),
    ("pdf quét không chữ / scan without text", "a.pdf", pdf_of([""]), "ảnh quét"),
    ("chữ TCVN3 / TCVN3", "a.txt", TCVN3, "bảng mã"),
    ("UTF-16 đứt giữa chữ / broken UTF-16", "a.txt", b"\xff\xfeG\x00i\x00a", "bảng mã"),
    ("UTF-8 hỏng / broken UTF-8", "a.txt", b"Giao \xc3\x28 \xff\xfe\x81", "bảng mã"),
    ("HTML đội tên .pdf / HTML named .pdf", "a.pdf", b"<!DOCTYPE html><html><script>alert(1)</script></html>", ".pdf"),
    ("ảnh đội tên .docx / picture named .docx", "a.docx", b"\x89PNG\r\n\x1a\n" + b"\0" * 64, "PNG"),
    ("RTF", "a.rtf", b"{\\rtf1 Giao So Y te}", "RTF"),
    ("EXE giấu đuôi bằng U+202E / EXE behind an RTL name", "bao-cao-\u202efdp.exe", b"MZ\x90\x00" + b"\0" * 200, "Windows"),
)  # fmt: skip


def taken_by_api(name: str, content: bytes) -> Try:
    def attempt(doors: Doors) -> Answer:
        file = {"name": name, "content": base64.b64encode(content).decode()}
        sent = doors.secretary.post("/conclusions", {"supervision": "GS14", "file": file})
        return Answer(sent.status_code, sent.text)

    return attempt


def again_by_command(doors: Doors) -> Answer:
    path = doors.folder / "lan-hai.txt"
    path.write_text(CONCLUSION, encoding="utf-8")
    said = doors.shell("conclusion", "add", str(path), "--supervision", "GS14", who="ada")
    return Answer(said.code, said.err)


LINK_REFUSED = (400, 403, 404, 409, 410, 422)
Make = Callable[[Doors], EmailMessage | bytes]


def said(text: str, who: str = "ben", to: str = "", **headers: str) -> Make:
    return lambda doors: letter(text, who, to or doors.room.address(), **headers)


def html_alone(doors: Doors) -> EmailMessage:
    made = letter("x", "ben", doors.room.address())
    made.set_content("<p>GIA HẠN 30/2/2026 vì <script>alert(1)</script>mưa</p>", subtype="html")
    return made


def winmail(doors: Doors) -> EmailMessage:
    made = letter("HOÀN THÀNH", "ben", doors.room.address())
    made.add_attachment(
        b"\x78\x9f\x3e\x22", maintype="application", subtype="ms-tnef", filename="winmail.dat"
    )
    return made


def deep(_: Doors) -> bytes:
    head = b"From: ben@lamgiang.example\r\nMessage-ID: <deep@sct.example>\r\n"
    part = b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n'
    return head + b"".join(part % (n, n) for n in range(500))


FORGED = "tra-loi+gs14-01.aaaaaaaaaaaaaaaaaaaaaaaaaa@lamgiang.example"
LETTERS: tuple[tuple[str, Make], ...] = (
    ("không mã / no token", said("ĐÃ NHẬN", to="tra-loi@lamgiang.example")),
    ("mã sai / wrong token", said("ĐÃ NHẬN", to=FORGED)),
    ("người cơ quan khác / another agency's person", said("ĐÃ NHẬN", "cleo")),
    ("người lạ / a stranger", said("ĐÃ NHẬN", "la@nguoi.example")),
    ("DMARC trượt / DMARC fails", said("ĐÃ NHẬN", Authentication_Results="mx.lamgiang.example; dmarc=fail")),
    ("vắng mặt / out of office", said("Tôi nghỉ phép.", Auto_Submitted="auto-replied")),
    ("không Message-ID", said("ĐÃ NHẬN", Message_ID="")),
    ("rỗng / empty", said("\n\n> HOÀN THÀNH\n")),
    ("chỉ lời / no keyword", said("Chúng tôi đang làm.")),
    ("chỉ HTML, ngày sai / HTML alone, wrong day", html_alone),
    ("winmail.dat", winmail),
    ("500 lớp MIME / 500 parts deep", deep),
    ("30 MB", lambda doors: letter("ĐÃ NHẬN", "ben", doors.room.address()).as_bytes() + b"x" * 30_000_000),
    ("byte bất kỳ / noise", lambda _: b"\x00\xff\xfe not a mail \x81"),
    (
        "báo lỗi giả / forged DSN",
        lambda _: report("bounce+1.abc.aaaaaaaaaaaaaaaa@lamgiang.example", "ben@lamgiang.example"),
    ),
)
KEPT_LETTERS = ("held", "refused", "asked", "automatic")


def by_mail(make: Make) -> Try:
    def attempt(doors: Doors) -> Answer:
        doors.room.now += timedelta(hours=2)  # or the limit of mails for each hour would answer instead
        row = doors.room.take(make(doors))
        return Answer(str(row.outcome), row.reason or str(row.outcome))

    return attempt


def visit(path: str, method: str = "GET", **data: str) -> Try:
    """`TOKEN` in the path is the link that was mailed, `DEAD` one that was taken back."""

    def attempt(doors: Doors) -> Answer:
        address = path.replace("TOKEN", doors.token).replace("DEAD", doors.dead_token)
        sent = doors.anybody.request(method, address, data=data or None)
        return Answer(sent.status_code, notes(sent.text) or heading(sent.text))

    return attempt


def heading(html: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", html, re.DOTALL)
    return found[1].strip() if found else ""


def cut(path: str, by: Callable[[str], str]) -> Try:
    return lambda doors: visit(path.replace("CUT", by(doors.token)))(doors)


LINKS: tuple[tuple[str, Try], ...] = (
    ("cụt / truncated", cut("/t/CUT", lambda token: token[:-3])),
    ("đổi một chữ / changed", cut("/t/CUT", lambda token: token[:-1] + ("a" if token[-1] != "a" else "b"))),
    ("chữ lạ / strange letters", visit("/t/%00%ff")),
    ("dài 5.000 / 5,000 letters", visit("/t/" + "a" * 5000)),
    ("bị thu lại / taken back", visit("/t/DEAD")),
    ("nhiệm vụ không thuộc liên kết / not of this link", visit("/t/TOKEN/nv/GS14-99")),
    ("biên nhận người khác / another's receipt", visit("/t/TOKEN/bien-nhan/999")),
    ("gửi không khóa / posted without key", visit("/t/TOKEN/nv/GS14-01", "POST", move="acknowledge", name="An", post="Cán bộ")),
    ("gửi khóa giả / posted with a forged key", visit("/t/TOKEN/nv/GS14-01", "POST", move="acknowledge", form_key="a.b.c")),
)  # fmt: skip


def cases() -> list[Case]:
    found: list[Case] = []
    for what, name, content, why in UNREADABLE:
        found.append(Case("tệp / file", what, "page", upload(name, content), REFUSED["page"], says=why))
        found.append(Case("tệp / file", what, "api", taken_by_api(name, content), REFUSED["api"], says=why))
        found.append(Case("tệp / file", what, "cli", read_file(name, content), REFUSED["cli"], says=why))
    twice, text, known = "cùng văn bản / same document", CONCLUSION.encode(), "GS14-KL1"
    found.append(Case("lần hai / again", twice, "page", upload("hai.txt", text), REFUSED["page"], says=known))
    found.append(
        Case("lần hai / again", twice, "api", taken_by_api("hai.txt", text), REFUSED["api"], says=known)
    )
    found.append(Case("lần hai / again", twice, "cli", again_by_command, REFUSED["cli"], says=known))
    found += [
        Case("thư đến / mail in", what, "mail", by_mail(make), KEPT_LETTERS, keeps=("event",))
        for what, make in LETTERS
    ]
    found += [Case("liên kết / link", what, "page", attempt, LINK_REFUSED) for what, attempt in LINKS]
    return found
