"""The inspection bundle, checked by its own verifier in a Python that knows nothing of the product."""

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlmodel import col

from config.database import reading, writing
from reports.bundle import bundle
from tests.figures.story import CHAPTERS
from tests.web.house import CONCLUSION
from tests.world import World, at
from workflow import access, audit, intake
from workflow.access import SYSTEM
from workflow.conclusions.intake import read_pasted
from workflow.desk import Desk
from workflow.errors import NotFound, RoleNotAllowed
from workflow.models.event import Seal
from workflow.models.organization import Organization
from workflow.models.supervision import Supervision

NOW = at(date(2027, 2, 10))


@pytest.fixture
def world(engine: Engine) -> World:
    world = World(engine)
    with writing(engine) as db:
        body = db.scalars(select(Organization).where(col(Organization.code) == "doan14")).one()
        db.add(Supervision(code="GS15", delegation_id=body.id, subject="Bí mật khác", session_on=world.today))
        db.flush()
        desk = Desk(db, access.find_actor(db, "ada@lamgiang.example"), at(world.today))
        intake.take_in(desk, "GS14", read_pasted(CONCLUSION), "ket-luan.txt")
        intake.take_in(desk, "GS15", read_pasted(CONCLUSION + "\nNội dung riêng của GS15."), "khac.txt")
    for number in ("21", "22"):
        world.issue(f"GS14-{number}", date(2026, 9, 1))
    world.report("GS14-21")
    world.nights(date(2026, 9, 8))
    with writing(engine) as db:
        audit.seal(db, NOW)
    return world


def _bundle(world: World) -> bytes:
    with reading(world.engine) as db:
        return bundle(db, SYSTEM, "GS14", NOW)


def _verify(folder: Path, content: bytes, *anchor: str) -> tuple[int, str]:
    """With the verifier taken out of the bundle itself, far from our code."""
    (folder / "b.zip").write_bytes(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        (folder / "verify.py").write_bytes(archive.read("verify.py"))
    done = subprocess.run(
        [sys.executable, "-I", "verify.py", "b.zip", *anchor], cwd=folder, capture_output=True, text=True
    )
    return done.returncode, done.stdout + done.stderr


def _changed(content: bytes, name: str, change: tuple[bytes, bytes]) -> bytes:
    """The bundle with one file changed, and the manifest made to agree."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        files = {one: old.read(one) for one in old.namelist()}
        assert change[0] in files[name]
        files[name] = files[name].replace(*change)
        manifest = json.loads(files["manifest.json"])
        manifest["files"][name] = hashlib.sha256(files[name]).hexdigest()
        files["manifest.json"] = json.dumps(manifest).encode()
        for one, data in files.items():
            new.writestr(one, data)
    return out.getvalue()


def test_a_bundle_verifies_offline_and_reaches_its_anchor(world: World, tmp_path: Path) -> None:
    with reading(world.engine) as db:
        last = db.scalars(select(Seal).order_by(col(Seal.id).desc())).first()
    assert last is not None
    content = _bundle(world)
    assert _verify(tmp_path, content, str(last.last_event_id), last.hash)[0] == 0
    assert _verify(tmp_path, content, str(last.last_event_id), "0" * 64)[0] == 1
    assert content == _bundle(world)  # the same facts give the same bytes


def test_an_edited_event_source_or_file_is_found(world: World, tmp_path: Path) -> None:
    content = _bundle(world)
    for name, change in {
        "events.jsonl": (b'"report"', b'"accept"'),
        "sources/GS14-KL1.txt": ("Kết luận".encode(), b"Ket luan"),
        "seals.jsonl": (b'"previous_hash":"0', b'"previous_hash":"1'),
    }.items():
        code, said = _verify(tmp_path, _changed(content, name, change))
        assert code == 1, (name, said)
    broken = content.replace(b"manifest.json", b"manifesx.json")
    assert _verify(tmp_path, broken)[0] != 0


def test_nothing_of_another_supervision_is_told(world: World) -> None:
    with zipfile.ZipFile(io.BytesIO(_bundle(world))) as archive:
        words = b"".join(archive.read(one) for one in archive.namelist())
        codes = {json.loads(line)["code"] for line in archive.read("directives.jsonl").splitlines()}
        assert "sources/GS14-KL1.txt" in archive.namelist()
        mails = archive.read("mails.jsonl").splitlines()
    assert {"GS14-21", "GS14-22"} <= codes
    assert all(code.startswith("GS14") for code in codes)
    assert "riêng của GS15".encode() not in words
    assert "Bí mật khác".encode() not in words
    assert mails
    assert json.loads(mails[0])["email"].endswith("@lamgiang.example")


def test_only_those_who_inspect_make_one(world: World) -> None:
    with reading(world.engine) as db:
        with pytest.raises(RoleNotAllowed):
            bundle(db, access.find_actor(db, "ada@lamgiang.example"), "GS14", NOW)
        with pytest.raises(NotFound):
            bundle(db, SYSTEM, "GS99", NOW)


def test_the_verifier_is_short_and_needs_no_product() -> None:
    source = (Path(__file__).resolve().parents[2] / "reports" / "verify_bundle.py").read_text()
    assert len(source.splitlines()) <= 60
    imports = {line.split()[1] for line in source.splitlines() if line.startswith(("import", "from"))}
    assert imports == {"hashlib", "json", "sys", "zipfile"}


def test_a_chapter_of_the_story_leaves_a_bundle_too(engine: Engine, tmp_path: Path) -> None:
    world = World(engine)
    for chapter in CHAPTERS:
        chapter(world)
    code, said = _verify(tmp_path, _bundle(world))  # nothing is sealed yet: files hold, the chain is empty
    assert (code, said.strip()) == (0, "OK: files, sources and chain hold")
