"""DKIM: what we sign, a receiver with our key in DNS accepts, and nobody else's change survives it."""

from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path

import dkim  # type: ignore[import-untyped]
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from notifications.kinds import MailKind
from notifications.mime import Envelope, Mailbox, build
from notifications.rendering import render
from notifications.samples import sample
from notifications.signing import KeyUnusable, Signer, signer

DOMAIN, SELECTOR = "dondoc.example", "thu2026"


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def ours(key: rsa.RSAPrivateKey, tmp_path: Path) -> Signer:
    path = tmp_path / "dkim.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
    )
    return signer(path, SELECTOR, DOMAIN)


def record(key: rsa.RSAPrivateKey) -> bytes:
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return b"v=DKIM1; k=rsa; p=" + b64encode(public)


def accepts(data: bytes, key: rsa.RSAPrivateKey) -> bool:
    def dns(name: bytes, timeout: int = 5) -> bytes:
        assert name == f"{SELECTOR}._domainkey.{DOMAIN}.".encode()
        return record(key)

    return bool(dkim.verify(data, dnsfunc=dns))


def mail(kind: MailKind = MailKind.REMINDER) -> bytes:
    envelope = Envelope(
        sender=Mailbox(f"dondoc@{DOMAIN}", "Đôn đốc"),
        recipient=Mailbox("ben@sct.example", "Nguyễn Văn Mẫu"),
        message_id=f"<a.1@{DOMAIN}>",
        date=datetime(2026, 8, 20, 2, 0, tzinfo=UTC),
        reason=kind.slug,
        codes=("GS14-05",),
        reply_to=f"tra-loi+gs14-05.{'a' * 26}@{DOMAIN}",
    )
    return build(render(sample(kind, "vi")), envelope)


@pytest.mark.parametrize("kind", list(MailKind))
def test_a_receiver_accepts_every_kind_of_mail_we_sign(
    kind: MailKind, ours: Signer, key: rsa.RSAPrivateKey
) -> None:
    assert accepts(ours(mail(kind)), key)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"To: ", b"To: evil@example.org, "),
        (b"Subject: ", b"Subject: x"),
        (b"Reply-To: tra-loi", b"Reply-To: evil"),
        (b"From: ", b"From: x"),
    ],
)
def test_a_changed_header_breaks_the_signature(
    before: bytes, after: bytes, ours: Signer, key: rsa.RSAPrivateKey
) -> None:
    signed = ours(mail())
    head, _, body = signed.partition(b"\r\n\r\n")
    assert b"\r\n" + before in head
    forged = head.replace(b"\r\n" + before, b"\r\n" + after, 1) + b"\r\n\r\n" + body
    assert not accepts(forged, key)


def test_a_changed_text_breaks_the_signature(ours: Signer, key: rsa.RSAPrivateKey) -> None:
    assert not accepts(ours(mail()).replace(b"base64\r\n\r\n", b"base64\r\n\r\nAAAA", 1), key)


def test_a_key_of_somebody_else_does_not_verify(ours: Signer) -> None:
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert not accepts(ours(mail()), other)


@pytest.mark.parametrize("content", [None, b"", b"not a key"])
def test_a_key_that_cannot_sign_is_refused_before_any_mail(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "dkim.pem"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(KeyUnusable, match=r"dkim\.pem"):
        signer(path, SELECTOR, DOMAIN)
