import os
import re
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from bs4 import BeautifulSoup
from bs4.element import Comment, Doctype
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2.exceptions import SecurityError, TemplateError, UndefinedError

from notifications.kinds import MailKind
from notifications.payload import Letter, Locale
from notifications.rendering import (
    SUBJECT_LENGTH,
    Renderer,
    fit_subject,
    one_line,
    render,
    shorten,
)
from notifications.sample_shapes import shapes
from notifications.samples import sample
from notifications.sandbox import TEMPLATES
from tests.notifications.spikes import spiked

GOLDEN = Path(__file__).parent / "golden"
LOCALES: tuple[Locale, ...] = get_args(Locale)
EVERY_KIND = [(kind, locale) for locale in LOCALES for kind in MailKind]
EVERY_SHAPE = [(name, locale) for locale in LOCALES for name in shapes(locale)]
FACT = re.compile(r"GS14(?:-\d+)?|\d\d/\d\d/\d{4}|[0-9a-f]{64}|\d+")
TIMES_NOT_IN_WORDS = re.compile(r"\d{4}-\d\d-\d\d|\d\d:\d\d:\d\d")

every_kind = pytest.mark.parametrize(("kind", "locale"), EVERY_KIND)
every_shape = pytest.mark.parametrize(("name", "locale"), EVERY_SHAPE)


def visible(html: str) -> list[str]:
    """What a reader of the HTML part sees, in order."""
    soup = BeautifulSoup(html, "html.parser")
    for hidden in soup.select('style, div[style^="display:none"]'):
        hidden.decompose()
    strings = (s for s in soup.find_all(string=True) if not isinstance(s, Comment | Doctype))
    return [folded for s in strings if (folded := fold(s))]


def fold(text: str) -> str:
    return " ".join(text.split())


@every_kind
def test_every_kind_has_its_three_files(kind: MailKind, locale: Locale) -> None:
    names = {path.name for path in (TEMPLATES / locale / kind.value).iterdir()}
    assert names == {"subject.txt", "body.txt", "body.html"}


@every_kind
def test_every_kind_has_a_sample_of_its_own_kind(kind: MailKind, locale: Locale) -> None:
    letter = sample(kind, locale)
    assert (letter.kind, letter.locale) == (kind, locale)


@every_shape
def test_no_letter_shows_a_hole(name: str, locale: Locale) -> None:
    mail = render(shapes(locale)[name])
    whole = f"{mail.subject}\n{mail.preheader}\n{mail.text}\n{mail.html}"
    for hole in ("None", "Undefined", "{{", "}}", "{%", "()", " ,", " .\n", ": \n", "..", "\ue000"):
        assert hole not in whole.replace("--- ", ""), hole
    assert not TIMES_NOT_IN_WORDS.search(whole)


@every_shape
def test_the_text_part_says_all_that_the_html_part_shows(name: str, locale: Locale) -> None:
    mail = render(shapes(locale)[name])
    text = fold(mail.text)
    missing = [piece for piece in visible(mail.html) if piece not in text]
    # the hint that belongs to the button: the text part has an address instead
    hints = ("Không cần đăng nhập.", "Cần đăng nhập.", "No sign-in needed.", "Sign-in needed.")
    assert [piece for piece in missing if not piece.startswith(hints)] == []


@every_shape
def test_both_parts_carry_the_same_codes_dates_and_numbers(name: str, locale: Locale) -> None:
    mail = render(shapes(locale)[name])
    assert set(FACT.findall(mail.text)) == set(FACT.findall(" ".join(visible(mail.html))))


@every_shape
def test_every_subject_is_one_short_line(name: str, locale: Locale) -> None:
    subject = render(shapes(locale)[name]).subject
    assert 0 < len(subject) <= SUBJECT_LENGTH
    assert subject == one_line(subject)


@every_shape
def test_every_letter_says_why_it_came_and_whom_to_ask(name: str, locale: Locale) -> None:
    letter = shapes(locale)[name]
    text = render(letter).text
    assert ("Thư này gửi tới" if locale == "vi" else "You get this mail") in text
    assert letter.contact in text


@every_shape
def test_a_vietnamese_letter_ends_with_an_english_summary(name: str, locale: Locale) -> None:
    mail = render(shapes(locale)[name])
    summary = BeautifulSoup(mail.html, "html.parser").find("td", attrs={"lang": "en"})
    assert (summary is not None) == (locale == "vi")
    assert ("English summary." in mail.text) == (locale == "vi")


@every_shape
def test_at_most_one_button_and_its_address_also_as_text(name: str, locale: Locale) -> None:
    letter = shapes(locale)[name]
    mail = render(letter)
    buttons = BeautifulSoup(mail.html, "html.parser").find_all("a", class_="m-btn-a")
    assert len(buttons) <= 1
    for button in buttons:
        assert button["href"] == letter.answer_url
        assert letter.answer_url in mail.text


@every_shape
def test_nothing_is_loaded_from_anywhere(name: str, locale: Locale) -> None:
    html = render(shapes(locale)[name]).html
    assert not re.search(r"<(img|script|link|iframe|object)|url\(|@import", html)


@every_shape
def test_the_words_are_those_that_were_approved(name: str, locale: Locale) -> None:
    """DONDOC_RECORD_GOLDEN=1 writes them anew; the difference is then read by a person."""
    mail = render(shapes(locale)[name])
    parts = {".txt": f"{mail.subject}\n{mail.preheader}\n\n{mail.text}"}
    if name in set(MailKind):
        parts[".html"] = mail.html
    for suffix, content in parts.items():
        path = GOLDEN / locale / f"{name}{suffix}"
        if os.environ.get("DONDOC_RECORD_GOLDEN"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        assert path.read_text(encoding="utf-8") == content


def test_vietnamese_letters_write_small_counts_with_a_zero() -> None:
    assert "Còn 02 ngày làm việc" in render(sample(MailKind.REMINDER, "vi")).subject
    assert "quá hạn 10 ngày làm việc" in render(sample(MailKind.ESCALATION, "vi")).subject


@pytest.mark.parametrize("locale", LOCALES)
def test_a_secret_directive_leaves_nothing_but_its_number_of_items(locale: Locale) -> None:
    letter = shapes(locale)["reminder-secret"]
    mail = render(letter)
    line = letter.lines[0]
    whole = mail.subject + mail.text + mail.html
    for leaked in (line.code, line.title, str(line.quote), line.agency + ", ", "12/10/2023", "nhắc lần cuối"):
        assert leaked not in whole
    assert ("Có 01 nhiệm vụ cần xem" if locale == "vi" else "1 directive to look at") in mail.subject


def test_a_secret_directive_among_others_is_only_counted() -> None:
    letter = shapes("vi")["overdue-partly-secret"]
    mail = render(letter)
    assert "GS14-06" not in mail.text + mail.html
    assert "Có 01 nhiệm vụ cần xem" in mail.text


def test_a_mail_of_several_kinds_says_the_state_of_each_line() -> None:
    text = render(sample(MailKind.OVERDUE, "vi")).text
    assert "Quá hạn 10 ngày làm việc, cấp 3" in text
    assert "Còn 02 ngày làm việc; đã tiếp nhận ngày 22/08/2023" in text
    assert "Ngoài ra có 01 nhiệm vụ khác" in text


def test_a_long_list_ends_with_the_way_to_the_rest() -> None:
    letter = shapes("vi")["overdue-long"]
    text = render(letter).text
    assert "25 nhiệm vụ quá hạn" in text
    assert f"Còn 22 nhiệm vụ nữa, xem tại: {letter.list_url}" in text


def test_a_fact_that_is_missing_stops_the_letter() -> None:
    with pytest.raises(TemplateError):
        render(replace(sample(MailKind.ACCEPTED, "vi"), verdict=None))


def test_a_title_gives_way_to_the_facts_of_a_subject() -> None:
    long = replace(
        sample(MailKind.REMINDER, "vi").lines[0], title="Xem lại toàn bộ hạ tầng các cụm công nghiệp " * 5
    )
    subject = render(replace(sample(MailKind.REMINDER, "vi"), lines=(long,))).subject
    assert len(subject) <= SUBJECT_LENGTH
    assert subject.startswith("[GS14-05] Còn 02 ngày làm việc: Xem lại")
    assert subject.endswith("…, hạn 12/10/2023")


@given(st.text(max_size=300), st.text(max_size=300))
def test_a_subject_is_one_line_whatever_the_title(subject: str, title: str) -> None:
    line = fit_subject(f"[GS14] \ue000: {subject}", title)
    assert "\n" not in line
    assert "\r" not in line
    assert line == one_line(line)


def test_a_shortened_title_breaks_at_a_word() -> None:
    assert shorten("một hai ba bốn", 10) == "một hai…"
    assert shorten("một hai", 10) == "một hai"


def skeleton(html: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(tag.name, tuple(tag.attrs)) for tag in BeautifulSoup(html, "html.parser").find_all(True)]


@pytest.mark.parametrize(
    "spike", ['"><svg onload=alert(1)>', "</style><script>", "{{ 7*7 }}", "<!--", "&lt;b&gt;"]
)
@every_shape
def test_no_text_becomes_markup(name: str, locale: Locale, spike: str) -> None:
    letter = shapes(locale)[name]
    mail = render(spiked(letter, spike))
    assert skeleton(mail.html) == skeleton(render(letter).html)
    assert "49" not in mail.html.replace(spike, "")


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(EVERY_SHAPE), st.text(min_size=1, max_size=40))
def test_any_text_can_be_written(shape: tuple[str, Locale], text: str) -> None:
    mail = render(spiked(shapes(shape[1])[shape[0]], text))
    assert mail.subject == one_line(mail.subject)
    assert mail.preheader == one_line(mail.preheader)


def test_an_edited_template_takes_the_place_of_the_shipped_one() -> None:
    edited = Renderer({"vi/reminder/subject.txt": "[{{ words.codes(letter) }}] Nhắc việc"})
    letter = sample(MailKind.REMINDER, "vi")
    assert edited.render(letter).subject == "[GS14-05] Nhắc việc"
    assert edited.render(letter).html == render(letter).html
    assert render(letter).subject != "[GS14-05] Nhắc việc"


@pytest.mark.parametrize(
    "attack",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ letter.__class__ }}",
        "{{ letter.__init__.__globals__ }}",
        "{{ words.__dict__ }}",
        "{{ said.__init__ }}",
        "{{ letter.render.__func__ }}",
        "{{ range(10 ** 9) | list }}",
        "{{ undefined_fact }}",
        "{{ letter | attr('__class__') }}",
    ],
)
def test_an_edited_template_cannot_leave_the_sandbox(attack: str) -> None:
    edited = Renderer({"vi/reminder/subject.txt": attack})
    with pytest.raises((SecurityError, TemplateError, OverflowError)):
        edited.render(sample(MailKind.REMINDER, "vi"))


def test_an_edited_template_cannot_change_a_letter() -> None:
    edited = Renderer({"vi/reminder/subject.txt": "{% do letter.lines.append(1) %}{% set letter.kind = 1 %}"})
    with pytest.raises(TemplateError):
        edited.render(sample(MailKind.REMINDER, "vi"))


def letter_kinds_without_a_button(letter: Letter) -> bool:
    return letter.kind in {MailKind.RECEIPT, MailKind.REASSIGNED_OR_WITHDRAWN}


@every_kind
def test_a_receipt_and_a_release_ask_for_nothing(kind: MailKind, locale: Locale) -> None:
    letter = sample(kind, locale)
    buttons = BeautifulSoup(render(letter).html, "html.parser").find_all("a", class_="m-btn-a")
    assert (buttons == []) == letter_kinds_without_a_button(letter)


def test_a_coordinating_agency_does_not_read_of_the_lead_s_request() -> None:
    letter = shapes("vi")["reminder-coordinating"]
    assert letter.lines[0].extension_wanted_on is not None
    text = render(letter).text
    assert "gia hạn đến" not in text
    assert "Hạn phối hợp: Thứ Năm, 12/10/2023" in text


def test_the_agency_s_own_head_is_asked_for_a_report_and_never_for_a_sanction() -> None:
    text = render(shapes("vi")["escalation-4-own-head"]).text
    assert "chỉ đạo đơn vị báo cáo" in text
    assert "hình thức xử lý" not in text
    assert "hình thức xử lý" in render(shapes("vi")["escalation-4"]).text


def test_the_secretary_is_not_asked_to_acknowledge() -> None:
    text = render(shapes("vi")["unacknowledged-to-the-secretary"]).text
    assert "Sở Công Thương chưa xác nhận tiếp nhận" in text
    assert "quý cơ quan" not in text


def test_the_last_day_to_acknowledge_is_not_late() -> None:
    assert "quá thời hạn" not in render(shapes("vi")["unacknowledged-last-day"]).text
    assert "past the time" not in render(shapes("en")["unacknowledged-last-day"]).text


@pytest.mark.parametrize("kind", [MailKind.ESCALATION, MailKind.REVIEW_LATE, MailKind.ANSWERED])
def test_a_holder_is_addressed_as_a_person_even_where_a_body_is_named(kind: MailKind) -> None:
    letter = replace(sample(kind, "vi"), addressee="Đoàn giám sát", recipient_title=None)
    assert "Kính gửi: Đồng chí Nguyễn Văn Mẫu, Đoàn giám sát" in render(letter).text


def _body(source: str) -> str:
    """What this text, as the body of a reminder, makes of the sample."""
    whole = f"{{% extends 'base.txt' %}}{{% block facts %}}{source}{{% endblock %}}"
    return Renderer({"vi/reminder/body.txt": whole}).render(sample(MailKind.REMINDER, "vi")).text


def test_a_phrase_is_put_together_anew_when_what_it_tells_of_has_changed() -> None:
    words = "{% macro told_of(of) %}(x={{ of.x }}){% endmacro %}"
    changing = "{% set seen = namespace(x=1) %}{{ words.told_of(seen) }}{% set seen.x = 2 %}{{ words.told_of(seen) }}"
    whole = f"{{% extends 'base.txt' %}}{{% block facts %}}{changing}{{% endblock %}}"
    shipped_words = (TEMPLATES / "vi/words.txt").read_text(encoding="utf-8")
    edited = Renderer({"vi/reminder/body.txt": whole, "vi/words.txt": shipped_words + words})
    assert "(x=1)(x=2)" in edited.render(sample(MailKind.REMINDER, "vi")).text


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("{{ letter.nothing is defined }} {{ one.due_on is defined }}", "False True"),
        ("{{ words['directive'] }} {{ words.nothing is defined }}", "Nhiệm vụ False"),
        ("{{ {'count': 'của từ điển'}.count }}", "của từ điển"),
        ("{{ range(3) | join('-') }}", "0-1-2"),
    ],
)
def test_a_template_may_ask_for_anything_by_name(source: str, written: str) -> None:
    assert written in _body(source)


@pytest.mark.parametrize("name", ["letter.nothing", "one.nothing", "words.nothing", "letter.kind.nothing"])
def test_a_name_that_a_letter_does_not_know_is_refused(name: str) -> None:
    with pytest.raises(UndefinedError):
        _body(f"{{{{ {name} }}}}")
