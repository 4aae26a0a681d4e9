"""The servers the other tests stand on, broken on purpose."""

import os
import shutil
import smtplib
from email.message import EmailMessage
from pathlib import Path

import psycopg
import pytest

from tests.servers.postgres import PostgresServer, packaged_binaries
from tests.servers.redis import RedisServer
from tests.servers.smtp import SmtpServer


def mail(to: str = "an@sct.example.vn", number: int = 1) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "dondoc@example.vn"
    message["To"] = to
    message["Subject"] = f"[GS14-0{number}] Nhắc hạn"
    message["Message-ID"] = f"<{number}@example.vn>"
    message.set_content("Kính gửi quý cơ quan,")
    return message


def send(server: SmtpServer, message: EmailMessage) -> None:
    with smtplib.SMTP("127.0.0.1", server.port, timeout=5) as smtp:
        smtp.send_message(message)


def test_the_packaged_postgresql_runs_where_only_root_may_enter(tmp_path: Path) -> None:
    hidden = tmp_path / "hidden"
    package = packaged_binaries().parents[1]
    for source in (package, package.with_name(f"{package.name}.libs")):
        if source.is_dir():
            shutil.copytree(source, hidden / source.name, symlinks=True)
    hidden.chmod(0o700)
    server = PostgresServer(hidden / package.name / "pginstall" / "bin")
    try:
        server.start()
        with psycopg.connect(host=str(server.folder), user="postgres", dbname="postgres") as db:
            version = db.execute("SHOW server_version_num").fetchone()
    finally:
        server.remove()
    assert version is not None
    assert int(version[0]) >= 180_000


def test_a_database_is_a_copy_of_its_template(postgres: PostgresServer) -> None:
    template = postgres.create_database()
    with psycopg.connect(host=str(postgres.folder), user="postgres", dbname=template) as db:
        db.execute("CREATE TABLE kept (id integer)")
    copy = postgres.create_database(template)
    with psycopg.connect(host=str(postgres.folder), user="postgres", dbname=copy) as db:
        assert db.execute("SELECT count(*) FROM kept").fetchone() == (0,)
    postgres.drop_database(copy)
    postgres.drop_database(template)


def test_redis_keeps_what_it_wrote_to_disk_when_it_is_killed(redis_server: RedisServer) -> None:
    with redis_server.client() as client:
        client.config_set("appendfsync", "always")
        client.rpush("bells", *range(500))
    redis_server.kill()
    assert not redis_server.answers()
    redis_server.start()
    with redis_server.client() as client:
        assert client.llen("bells") == 500


def test_redis_listens_to_its_owner_alone(redis_server: RedisServer) -> None:
    assert redis_server.socket.stat().st_mode & 0o777 == 0o700
    with redis_server.client() as client:
        said = client.config_get("port", "appendonly", "appendfsync", "maxmemory-policy")
    assert said == {
        b"port": b"0",
        b"appendonly": b"yes",
        b"appendfsync": b"everysec",
        b"maxmemory-policy": b"noeviction",
    } or said == {
        "port": "0",
        "appendonly": "yes",
        "appendfsync": "everysec",
        "maxmemory-policy": "noeviction",
    }


def test_a_mail_is_kept_and_journalled_as_it_came(smtp_server: SmtpServer) -> None:
    send(smtp_server, mail())
    [entry] = smtp_server.journal()
    [kept] = smtp_server.mails()
    assert entry["to"] == ["an@sct.example.vn"]
    assert entry["message_id"] == "<1@example.vn>"
    assert entry["subject"] == kept["Subject"] == "[GS14-01] Nhắc hạn"
    assert entry["outcome"] == "accepted"
    assert entry["size"] == os.stat(smtp_server.folder / entry["file"]).st_size


def test_a_cut_after_the_dot_keeps_the_mail_and_says_nothing(smtp_server: SmtpServer) -> None:
    smtp_server.faults({"at": "data", "do": "cut after dot", "times": 1})
    with pytest.raises(smtplib.SMTPServerDisconnected):
        send(smtp_server, mail())
    send(smtp_server, mail())
    assert [entry["outcome"] for entry in smtp_server.journal()] == ["cut", "accepted"]


def test_a_fault_meets_only_whom_it_names(smtp_server: SmtpServer) -> None:
    smtp_server.faults({"at": "rcpt", "to": "@gone", "reply": "550 5.1.1 nobody here"})
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send(smtp_server, mail("an@gone.example.vn"))
    send(smtp_server, mail("an@sct.example.vn"))
    assert [entry["to"] for entry in smtp_server.journal()] == [["an@sct.example.vn"]]


def test_a_fault_may_come_every_third_time(smtp_server: SmtpServer) -> None:
    smtp_server.faults({"at": "data", "reply": "451 4.3.0 busy", "every": 3})
    for number in (1, 2, 4, 5):
        send(smtp_server, mail(number=number))
        if number in (2, 5):
            with pytest.raises(smtplib.SMTPDataError, match="451"):
                send(smtp_server, mail(number=number + 1))
    assert [entry["message_id"] for entry in smtp_server.journal()] == [
        f"<{n}@example.vn>" for n in (1, 2, 4, 5)
    ]


@pytest.mark.parametrize("step", ["ehlo", "mail", "rcpt", "data"])
def test_a_cut_before_the_250_keeps_nothing(smtp_server: SmtpServer, step: str) -> None:
    smtp_server.faults({"at": step, "do": "cut"})
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionResetError)):
        send(smtp_server, mail())
    assert smtp_server.journal() == []


def test_a_slow_server_outlasts_an_impatient_client(smtp_server: SmtpServer) -> None:
    smtp_server.faults({"at": "data", "do": "delay", "seconds": 3})

    def send_impatiently() -> None:
        with smtplib.SMTP("127.0.0.1", smtp_server.port, timeout=0.3) as smtp:
            smtp.send_message(mail())

    with pytest.raises((TimeoutError, smtplib.SMTPServerDisconnected)):
        send_impatiently()


def test_a_killed_mail_server_comes_back_on_its_port_with_its_mails(smtp_server: SmtpServer) -> None:
    send(smtp_server, mail(number=1))
    port = smtp_server.port
    smtp_server.kill()
    with pytest.raises(ConnectionRefusedError):
        send(smtp_server, mail(number=2))
    smtp_server.start()
    send(smtp_server, mail(number=2))
    assert smtp_server.port == port
    assert [entry["message_id"] for entry in smtp_server.journal()] == ["<1@example.vn>", "<2@example.vn>"]
