"""dondoc audit: an intact journal is said to be so, a tampered one is found."""

import json
from datetime import date

from sqlalchemy import Engine, text

from tests.cli.conftest import Shell
from tests.world import World


def told(world: World) -> None:
    world.issue("GS14-01", due=date(2026, 10, 16))
    world.move("ben", "GS14-01", "acknowledge")


def forge(engine: Engine, statement: str) -> None:
    """As somebody with the database's password would: past the triggers."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET session_replication_role = replica"))
        else:
            names = connection.execute(
                text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            ).scalars()
            for name in list(names):
                connection.execute(text(f'DROP TRIGGER "{name}"'))
        connection.execute(text(statement))


def test_a_sealed_journal_is_intact(world: World, shell: Shell) -> None:
    told(world)
    assert shell("audit", "seal").out == "Đã niêm phong 3 sự kiện.\n"
    answer = shell("audit", "verify", "--json")
    verdict = json.loads(answer.out)
    assert (answer.code, verdict["intact"], verdict["events"], verdict["unsealed"]) == (0, True, 3, 0)
    assert verdict["anchors"] == 1
    assert shell("audit", "seal").out == "Đã niêm phong 0 sự kiện.\n"


def test_an_edited_event_is_found_with_exit_code_one(world: World, shell: Shell) -> None:
    told(world)
    shell("audit", "seal")
    forge(world.engine, "UPDATE event SET actor = 'Ai đó' WHERE act = 'acknowledge'")
    answer = shell("audit", "verify")
    assert answer.code == 1
    assert "nội dung đã bị sửa" in answer.err
    assert "nguyên vẹn" not in answer.out


def test_a_chain_that_was_taken_away_is_found_by_the_anchors(world: World, shell: Shell) -> None:
    told(world)
    shell("audit", "seal")
    forge(world.engine, "DELETE FROM seal")
    answer = shell("--lang", "en", "audit", "verify")
    assert answer.code == 1
    assert "no longer in the journal" in answer.err


def test_anchors_that_cannot_be_read_are_wrong_usage(world: World, shell: Shell) -> None:
    assert shell("audit", "verify", "--anchors", str(shell.home / "none.log")).code == 2
    broken = shell.home / "broken.log"
    broken.write_text("not an anchor at all\n")
    assert shell("audit", "verify", "--anchors", str(broken)).code == 2


def test_export_is_one_json_document_a_line_in_order(world: World, shell: Shell) -> None:
    told(world)
    rows = [json.loads(line) for line in shell("audit", "export").out.splitlines()]
    assert [row["act"] for row in rows] == ["draft", "issue", "acknowledge"]
    assert [row["id"] for row in rows] == sorted(row["id"] for row in rows)
    assert rows[2]["actor"] == "Ben"
    assert shell("audit", "export", "--since", "2026-08-21").out == ""


def test_the_whole_journal_does_not_exist_for_an_agency(world: World, shell: Shell) -> None:
    told(world)
    for words in (("audit", "export"), ("audit", "verify"), ("audit", "seal")):
        assert shell(*words, who="ben").code == 3
