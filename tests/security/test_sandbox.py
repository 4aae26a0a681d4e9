"""Sixty ways out of a template sandbox: each is refused or leads nowhere, and none reads what it should not."""

import pytest

from notifications.editing import prove

SUBJECT = "vi/reminder/subject.txt"
WAYS_OUT = [
    "{{ ''.__class__ }}", "{{ ''.__class__.__mro__ }}", "{{ [].__class__.__base__.__subclasses__() }}",
    "{{ letter.__class__ }}", "{{ letter.__init__.__globals__ }}", "{{ letter.__dict__ }}", "{{ letter.__reduce__() }}",
    "{{ self.__init__.__globals__ }}", "{{ self._TemplateReference__context }}", "{{ cycler.__init__.__globals__.os }}",
    "{{ joiner.__init__.__globals__ }}", "{{ namespace.__init__.__globals__ }}", "{{ lipsum.__globals__ }}",
    "{{ lipsum.__globals__['os'].popen('id').read() }}", "{{ config }}", "{{ request }}", "{{ settings }}",
    "{{ get_flashed_messages.__globals__ }}", "{{ url_for.__globals__ }}", "{{ range.__class__ }}",
    "{{ dict.__class__ }}", "{{ ''|attr('__class__') }}", "{{ letter|attr('__class__') }}",
    "{{ ''|attr('\\x5f\\x5fclass\\x5f\\x5f') }}", "{{ ''|attr(['__','class','__']|join) }}",
    "{{ ''['__class__'] }}", "{{ ''['\\x5f\\x5fclass\\x5f\\x5f'] }}", "{{ ()['__cla'+'ss__'] }}",
    "{{ 'a'.format.__globals__ }}", "{{ '{0.__class__}'.format(letter) }}", "{{ '{0.__init__.__globals__}'.format(letter) }}",
    "{{ '{a.__class__}'.format_map({'a': letter}) }}", "{{ '%s'|format(letter.__class__) }}",
    "{{ letter.lines.append(1) }}", "{% set x = letter.__class__ %}{{ x }}", "{% for a in letter.__dict__ %}{{ a }}{% endfor %}",
    "{% import 'os' as os %}{{ os }}", "{% include '/etc/passwd' %}", "{% include '../../../etc/passwd' %}",
    "{% extends '/etc/passwd' %}", "{% from 'os' import path %}", "{% include letter %}",
    "{{ (1).__class__.__base__ }}", "{{ none.__class__ }}", "{{ true.__class__.__mro__[1] }}",
    "{% macro a() %}{{ caller.__globals__ }}{% endmacro %}{{ a() }}", "{{ loop.__class__ }}",
    "{{ undefined.__class__ }}", "{{ x.__init__ }}", "{{ [].append.__self__.__class__ }}",
    "{{ letter|map(attribute='__class__')|list }}", "{{ [letter]|map(attribute='__class__')|list }}",
    "{{ [letter]|map(attribute='__init__.__globals__')|list }}", "{{ [letter]|groupby('__class__') }}",
    "{{ [letter]|selectattr('__class__')|list }}", "{{ [letter]|sum(attribute='__class__') }}",
    "{{ [letter]|sort(attribute='__class__') }}", "{{ [letter]|unique(attribute='__class__')|list }}",
    "{{ letter|pprint }}{{ letter.__module__ }}", "{{ debug }}{% debug %}", "{{ ().__getattribute__('__class__') }}",
    "{% do letter.__class__ %}", "{{ ''.join.__self__.__class__ }}",
]  # fmt: skip
LOOT = ("<class", "__globals__", "root:x", "<module", "builtins", "uid=")


def test_there_are_sixty() -> None:
    assert len(set(WAYS_OUT)) >= 60


def test_what_a_template_writes_would_be_seen() -> None:
    proof = prove({}, SUBJECT, "[{{ words.codes(letter) }}] <class", "vi/reminder")
    assert proof.mail is not None
    assert LOOT[0] in proof.mail.subject


@pytest.mark.parametrize(
    "batch", [WAYS_OUT[start : start + 8] for start in range(0, len(WAYS_OUT), 8)], ids=str
)
def test_no_way_leads_out_of_the_sandbox(batch: list[str]) -> None:
    for way in batch:
        proof = prove({}, SUBJECT, f"[{{{{ words.codes(letter) }}}}] {way}", "vi/reminder")
        assert proof.findings or proof.mail
        written = proof.mail.subject if proof.mail else ""
        assert not any(loot in written for loot in LOOT), (way, written)
