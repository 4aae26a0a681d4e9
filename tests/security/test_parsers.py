"""I20: whatever bytes come in, every parser answers with a result or one of its own refusals, and ends: a hang is cut by the limit of every test."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cli.runtime import parse_day
from config.instant import read_instant
from notifications.addresses import BadAddress, checked_address
from notifications.sent_journal import last, lines
from notifications.smtp import parse_channel
from workflow.calendar_file import load_source
from workflow.conclusions.decoding import decode
from workflow.conclusions.sniffing import sniff
from workflow.errors import WorkflowError
from workflow.importing.rows import read_rows
from workflow.lifecycle import load_lifecycle
from workflow.policy import load_policy
from workflow.recurrence import check_rhythm

FEW = settings(
    max_examples=150, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
SOUP = st.text(
    alphabet=st.sampled_from("abc012:-{}[]&*!|>'\"#%@,.\n\t\\ \x00\ufeff\u202eđạĐ"), max_size=200
) | st.text(max_size=200)
YAML = st.sampled_from(
    [
        "a: 1\na: 2", "a: &x [*x]", "x: !!python/object/apply:os.system ['true']", "? [a]\n: b", "a: no\nb: 08",
        "<<: *y", "\t- a", "a: " + "[" * 500, "&a [*a,*a]", "--- a\n--- b", "a: 2026-02-30", "%YAML 9.9\n---\na",
    ]
)  # fmt: skip


def survives(parse: Callable[[str], object], text: str) -> None:
    try:
        parse(text)
    except WorkflowError as refusal:
        said = [refusal.text("vi"), refusal.text("en")]
        if not all(said):
            raise AssertionError("a refusal without words") from refusal


PARSERS: dict[str, Callable[[str], object]] = {
    "policy": lambda text: load_policy(text, "p.yaml"),
    "lifecycle": lambda text: load_lifecycle(text, "l.yaml"),
    "calendar": lambda text: load_source(text, "c.yaml"),
    "import": lambda text: read_rows(text, "i.yaml"),
    "rhythm": check_rhythm,
    "day": parse_day,
    "relay": lambda text: parse_channel(f"smtp://{text}"),
}


@pytest.mark.parametrize("name", sorted(PARSERS))
def test_no_parser_answers_anything_but_its_own_refusals(name: str) -> None:
    @FEW
    @given(SOUP | YAML)
    def holds(text: str) -> None:
        survives(PARSERS[name], text)

    holds()


@FEW
@given(st.binary(max_size=300))
def test_any_bytes_are_sniffed_to_a_kind_or_refused(data: bytes) -> None:
    try:
        sniff(data, "tep.txt")
    except WorkflowError:
        pass
    except Exception as error:  # the reader's own refusals are of its own family
        assert type(error).__module__.startswith("workflow."), error  # noqa: PT017


@FEW
@given(st.binary(max_size=300) | SOUP.map(lambda text: text.encode("cp1258", "replace")))
def test_any_bytes_become_clean_text_or_are_refused(data: bytes) -> None:
    def clean(_: str) -> None:
        text, _encoding = decode(data)
        assert not set(text) & set(map(chr, range(0xD800, 0xE000)))
        text.encode("utf-8")

    survives(clean, "")


@FEW
@given(SOUP | st.emails() | st.builds(lambda mail, noise: f"{mail}{noise}", st.emails(), SOUP))
def test_an_address_is_one_mailbox_or_refused(text: str) -> None:
    try:
        address = checked_address(text)
    except BadAddress:
        return
    assert address.count("@") == 1
    assert not set(address) & set("\r\n\x00 ,;<>")


@settings(FEW, max_examples=60)
@given(st.binary(max_size=300))
def test_a_journal_of_any_bytes_is_read_as_far_as_it_goes(data: bytes) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        path = Path(folder) / "sent.jsonl"
        path.write_bytes(data)
        assert list(lines(path)) == []
        assert last(path) is None


@settings(FEW, max_examples=60)
@given(st.text(max_size=60))
def test_a_clock_file_of_any_text_is_an_instant_or_refused(text: str) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        path = Path(folder) / "clock"
        path.write_text(text, encoding="utf-8", errors="surrogatepass")
        survives(lambda _: read_instant(path), "")


def test_the_soup_can_hit_something() -> None:
    """The refusals above are not all of one kind: what is right is taken."""
    assert parse_day("20/08/2026") == date(2026, 8, 20)
    assert check_rhythm("FREQ=MONTHLY") == "FREQ=MONTHLY"
