"""One file that holds an installation: every row, the attachments, the anchors and the journal of sent mails.

A tar: `manifest.json`, `rows/TABLE.jsonl` for each table, `home/…`. Rows are read in one snapshot while the
product runs. The same file fits SQLite and PostgreSQL. The secret key is not in it: keep that apart.
"""

import base64
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Engine, Table, func, select, text

from config import attachments, schema
from notifications import identity, sent_journal
from workflow.errors import WorkflowError
from workflow.models.registry import metadata

FORM = 1
BATCH = 1000
KEPT = ("anchors.log", sent_journal.NAME)
WHEN, DAY, BYTES, DOCUMENT = "$when", "$day", "$bytes", "$document"


class BackupUnreadable(WorkflowError):
    sentences = {
        "vi": "{file} không phải bản sao lưu dùng được: {why}",
        "en": "{file} is no backup that can be used: {why}",
    }
    exit_code = 2


class OtherRelease(WorkflowError):
    """Rows of another shape."""

    sentences = {
        "vi": "{file} ở phiên bản bảng {found}, chương trình này ở {wanted}. Khôi phục bằng đúng bản phát hành đã sao lưu, "
        "rồi nâng cấp.",
        "en": "{file} is of schema {found}, this program of {wanted}. Restore with the release that took it, then upgrade.",
    }
    exit_code = 2


class NotEmpty(WorkflowError):
    """A restore never writes over anything."""

    sentences = {
        "vi": "Chỉ khôi phục vào cơ sở dữ liệu trống; bảng {table} đã có dòng.",
        "en": "A restore needs an empty database; table {table} has rows.",
    }
    exit_code = 2


@dataclass(frozen=True)
class Taken:
    revision: str
    rows: dict[str, int]
    files: int


def tables() -> list[Table]:
    """Parents before children."""
    return list(metadata().sorted_tables)


def back_up(engine: Engine, home: Path, target: Path, now: datetime) -> Taken:
    """The file appears whole or not at all."""
    draft = target.with_name(f".{target.name}.draft")
    with open(draft, "wb", opener=_private) as out, tarfile.open(fileobj=out, mode="w") as archive:
        counts = {}
        with _snapshot(engine) as connection:
            for table in tables():
                counts[table.name] = _add_rows(archive, connection, table)
        files = [*(home / name for name in KEPT), *sorted(attachments.folder(home).glob("*"))]
        files = [path for path in files if path.is_file()]
        for path in files:
            archive.add(path, f"home/{path.relative_to(home)}")
        taken = Taken(schema.revision(engine) or "", counts, len(files))
        manifest = {"form": FORM, "taken_at": now.isoformat(), **vars(taken)}
        _add(archive, "manifest.json", json.dumps(manifest, indent=1).encode())
        out.flush()
        os.fsync(out.fileno())
    draft.replace(target)
    return taken


def _snapshot(engine: Engine) -> Connection:
    if engine.dialect.name == "sqlite":
        return engine.execution_options(reading=True).connect()
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True).connect()


def _add_rows(archive: tarfile.TarFile, connection: Connection, table: Table) -> int:
    query = select(table).order_by(*table.primary_key.columns)
    with tempfile.TemporaryFile() as draft:
        count = 0
        for row in connection.execute(query).mappings():
            draft.write(json.dumps({name: _written(row[name]) for name in table.c.keys()}).encode() + b"\n")  # noqa: SIM118
            count += 1
        size = draft.tell()
        draft.seek(0)
        entry = tarfile.TarInfo(f"rows/{table.name}.jsonl")
        entry.size = size
        archive.addfile(entry, draft)
    return count


def _written(value: object) -> object:
    if isinstance(value, datetime):
        return {WHEN: value.isoformat()}
    if isinstance(value, date):
        return {DAY: value.isoformat()}
    if isinstance(value, bytes):
        return {BYTES: base64.b64encode(value).decode()}
    return {DOCUMENT: value} if isinstance(value, dict | list) else value


def _read(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    ((kind, stored),) = value.items()
    if kind == DOCUMENT:
        return stored
    if kind == BYTES:
        return base64.b64decode(stored)
    return datetime.fromisoformat(stored) if kind == WHEN else date.fromisoformat(stored)


def restore(engine: Engine, home: Path, source: Path) -> Taken:
    """All or nothing into an empty database of this release, mute afterwards. What this home sent stays noted."""
    try:
        with tarfile.open(source) as archive:
            taken = _manifest(archive, source)
            schema.upgrade(engine)
            if schema.revision(engine) != taken.revision:
                raise OtherRelease(file=source, found=taken.revision, wanted=schema.revision(engine))
            with engine.begin() as connection:
                _refuse_rows(connection)
                for table in tables():
                    _insert(connection, table, _rows(archive, table))
                _go_on_counting(connection)
                _compare(connection, taken, source)
            _put_files(archive, home)
    except (tarfile.TarError, ValueError, KeyError, OSError) as error:
        raise BackupUnreadable(file=source, why=str(error)) from error
    identity.forgotten(home)
    return taken


def _manifest(archive: tarfile.TarFile, source: Path) -> Taken:
    facts = json.loads(_member(archive, "manifest.json").read())
    if facts["form"] != FORM:
        raise BackupUnreadable(file=source, why=f"form {facts['form']}")
    return Taken(facts["revision"], facts["rows"], facts["files"])


def _member(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    member = archive.extractfile(name)
    if member is None:
        raise KeyError(name)
    return member


def _rows(archive: tarfile.TarFile, table: Table) -> Iterator[dict[str, Any]]:
    for line in _member(archive, f"rows/{table.name}.jsonl"):
        yield {name: _read(value) for name, value in json.loads(line).items()}


def _insert(connection: Connection, table: Table, rows: Iterator[dict[str, Any]]) -> None:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            connection.execute(table.insert(), batch)
            batch = []
    if batch:
        connection.execute(table.insert(), batch)


def _refuse_rows(connection: Connection) -> None:
    for table in tables():
        if connection.scalar(select(func.count()).select_from(table)):
            raise NotEmpty(table=table.name)


def _go_on_counting(connection: Connection) -> None:
    """PostgreSQL's sequences do not follow ids that were given."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables():
        if "id" in table.c and table.c.id.autoincrement:
            connection.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), m) FROM"  # noqa: S608 - our own table names
                    f" (SELECT max(id) AS m FROM {table.name}) AS top WHERE m IS NOT NULL"
                )
            )


def _compare(connection: Connection, taken: Taken, source: Path) -> None:
    for table in tables():
        found = connection.scalar(select(func.count()).select_from(table))
        if found != taken.rows.get(table.name):
            raise BackupUnreadable(file=source, why=f"{table.name}: {found} / {taken.rows.get(table.name)}")


def _put_files(archive: tarfile.TarFile, home: Path) -> None:
    """Nothing that is there is replaced: this home's own journal and anchors are newer than the backup."""
    folder = attachments.folder(home)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for member in archive.getmembers():
        name = member.name.removeprefix("home/")
        allowed = name in KEPT or (name == f"files/{Path(name).name}" and member.isfile())
        if not member.name.startswith("home/") or not allowed or (home / name).exists():
            continue
        content = archive.extractfile(member)
        assert content is not None
        with open(home / name, "xb", opener=_private) as out:
            while chunk := content.read(1 << 20):
                out.write(chunk)


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(data)
    archive.addfile(entry, io.BytesIO(data))


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
