"""Edited templates: proved before they write one letter, and never able to stop the mail."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import Engine, select

from config.database import reading, writing
from notifications import editing, wording
from notifications.editing import NoSuchTemplate, Proof, TemplateInvalid, prove
from notifications.kinds import MailKind
from notifications.rendering import render
from notifications.samples import sample
from notifications.wording import Wording, paths, shipped_source
from tests.world import World, at
from workflow import access, mail_templates
from workflow.desk import Desk
from workflow.errors import RoleNotAllowed
from workflow.models.event import Event

SUBJECT = "vi/reminder/subject.txt"
BODY = "vi/reminder/body.txt"
EDITED = "[{{ words.codes(letter) }}] Kính nhắc: {{ title }}"


def said(proof: Proof) -> str:
    return "\n".join(one.text("en") for one in proof.findings)


@pytest.fixture
def desk(engine: Engine) -> Iterator[Desk]:
    world = World(engine)
    actor = world.actor("quan")
    with writing(engine) as db:
        yield Desk(db, actor, at(date(2026, 8, 20)))


@pytest.mark.parametrize(
    "path", ["base.html", "base.txt", "vi/words.txt", "en/words.txt", SUBJECT, "en/bare/body.txt"]
)
def test_what_ships_passes_its_own_proof(path: str) -> None:
    assert said(prove({}, path, shipped_source(path))) == ""


@pytest.mark.parametrize(
    ("path", "source", "line", "words"),
    [
        (SUBJECT, "{% if %}", 1, "cannot be read"),
        (SUBJECT, "[{{ words.codes(letter) }}]\n{{ ''.__class__ }}", 2, "may not do this"),
        (SUBJECT, "{{ range(10 ** 9) | list }}", 1, "may not do this"),
        (SUBJECT, "[{{ words.codes(letter) }}]\n\n{{ nobody_knows }}", 3, "does not have"),
        (SUBJECT, " ", 1, "subject is empty"),
        (SUBJECT, "[{{ words.codes(letter) }}] " + "dài " * 30, 1, "longer than 78"),
        (BODY, "{% extends 'base.txt' %}{% block facts %}{% endblock %}", 1, "lacks 'GS14-05'"),
        ("vi/reminder/body.html", "{% extends 'base.html' %}{% block facts %}01/01/2030{% endblock %}", 1, "the text part has not"),
        ("vi/reminder/body.html", shipped_source("base.html").replace("<body", "<script>1</script><body"), 1, "no images"),
        ("vi/bare/subject.txt", "[x] {{ letter.lines[0].title }}", 1, "secret directive"),
        (SUBJECT, "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}", 1, "2 seconds"),
        (SUBJECT, "{{ 'x' * 5000000 }}", 1, "million"),
        (SUBJECT, "x" * 70_000, 1, "has more than 65536"),
    ],
)  # fmt: skip
def test_a_faulty_template_is_refused_with_its_line(path: str, source: str, line: int, words: str) -> None:
    findings = prove({}, path, source).findings
    assert any(words in one.text("en") and one.line == line for one in findings), said(Proof(findings))


def test_a_fault_in_a_sentence_is_found_on_its_line() -> None:
    source = shipped_source(BODY).replace("Đề nghị quý cơ quan báo cáo", "{{ oops }}")
    (finding,) = [one for one in prove({}, BODY, source).findings if "oops" in one.text("en")]
    assert "oops" in source.splitlines()[finding.line - 1]


def test_a_text_is_proved_together_with_the_others_in_force() -> None:
    words = shipped_source("vi/words.txt") + "{% set greeting = 'Xin chào' %}"
    uses = "[{{ words.codes(letter) }}] {{ words.greeting }}"
    assert prove({"vi/words.txt": words}, SUBJECT, uses).findings == ()
    assert "does not have" in said(prove({}, SUBJECT, uses))


def test_the_preview_shows_one_sample_as_edited() -> None:
    mail = prove({}, SUBJECT, EDITED, "vi/reminder").mail
    assert mail is not None
    assert mail.subject == "[GS14-05] Kính nhắc: Hạ tầng cụm công nghiệp"


def test_a_published_text_writes_the_next_mail_and_reverting_takes_it_back(desk: Desk) -> None:
    letter = sample(MailKind.REMINDER, "vi")
    shipped = render(letter).subject
    assert editing.publish(desk, SUBJECT, EDITED).number == 1
    assert wording.in_force(desk.db).render(letter).subject.startswith("[GS14-05] Kính nhắc")
    assert editing.publish(desk, SUBJECT, EDITED + "!").number == 2
    assert editing.revert(desk, SUBJECT, 1) is not None
    assert not wording.in_force(desk.db).render(letter).subject.endswith("!")
    assert editing.revert(desk, SUBJECT) is None
    assert wording.in_force(desk.db).render(letter).subject == shipped


def test_every_change_is_in_the_journal(desk: Desk, engine: Engine) -> None:
    editing.publish(desk, SUBJECT, EDITED)
    editing.revert(desk, SUBJECT)
    desk.db.commit()
    with reading(engine) as db:
        acts = [
            (one.act, one.actor, one.detail)
            for one in db.scalars(select(Event))
            if one.act.startswith("template")
        ]
    assert acts == [
        ("template.publish", "Quan", {"path": SUBJECT, "versions": [0, 1]}),
        ("template.revert", "Quan", {"path": SUBJECT, "versions": [1, 0]}),
    ]


def test_a_faulty_text_changes_nothing_in_force(desk: Desk) -> None:
    editing.publish(desk, SUBJECT, EDITED)
    with pytest.raises(TemplateInvalid, match="nothing was applied"):
        editing.publish(desk, SUBJECT, "{{ nobody_knows }}")
    assert mail_templates.active(desk.db)[SUBJECT].source == EDITED


def test_publishing_the_same_text_again_makes_no_version(desk: Desk) -> None:
    editing.publish(desk, SUBJECT, EDITED)
    assert editing.publish(desk, SUBJECT, EDITED.replace("\n", "\r\n")).number == 1
    assert len(mail_templates.versions(desk.db, SUBJECT)) == 1


def test_only_an_administrator_edits(desk: Desk) -> None:
    desk.actor = access.find_actor(desk.db, "ada@lamgiang.example")
    with pytest.raises(RoleNotAllowed):
        editing.publish(desk, SUBJECT, EDITED)


def test_a_letter_no_edited_text_can_write_is_written_by_the_shipped_one() -> None:
    letter = sample(MailKind.REMINDER, "vi")
    broken = Wording({SUBJECT: "{{ letter.verdict.reason }}"})
    assert broken.render(letter) == render(letter)


@pytest.mark.parametrize("path", ["../../etc/passwd", "vi/reminder", "vi/nobody/subject.txt", ""])
def test_only_templates_of_the_product_can_be_edited(path: str) -> None:
    with pytest.raises(NoSuchTemplate):
        editing.known(path)


def test_a_file_is_known_by_the_end_of_its_name() -> None:
    assert editing.known("/home/quan/mau/vi/reminder/subject.txt") == SUBJECT
    assert editing.known("base.html") == "base.html"
    assert len(paths()) == 4 + 2 * 3 * (len(MailKind) + 1)
