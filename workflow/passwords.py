"""Which passwords are refused: too short, or guessed first. No rules of composition."""

import itertools
import re
from collections.abc import Iterable

from workflow.errors import InputWrong
from workflow.models.person import Person
from workflow.plain import plain
from workflow.words import pair

LENGTH = range(12, 129)
LEAST_DIFFERENT = 6
LONG_ENOUGH_TO_TELL = 4
# What people begin with when they must think of something: alone, doubled, or with figures around it.
SAID = """password passwort motdepasse matkhau matkhaumoi matkhaucuatoi mothaibabon qwerty qwertyuiop asdfghjkl
zxcvbnm qazwsxedc onetwothreefour iloveyou anhyeuem emyeuanh welcome letmein administrator admin quantri quantrivien
superuser changeme doimatkhau default secret bimat football baseball superman batman dragon monkey princess sunshine
whatever trustno computer internet master vietnam vietnamvodich hanoi saigon hochiminh dangcongsan uyban vanphong
giamsat doangiamsat thuky chuyenvien conthuong conheo xinchao chucmungnammoi hoilamgi khongbiet testing dondoc"""
COMMON = frozenset(SAID.split())
LETTERS = re.compile(r"[^a-z]+")
LOOKALIKES = str.maketrans("0134578@$", "oieastbas")


def check(password: str, person: Person, site_words: Iterable[str] = ()) -> None:
    """`site_words` are the names of the house: its body, its host. Raises InputWrong."""
    if len(password) not in LENGTH:
        raise _wrong("Cần từ 12 đến 128 ký tự.", "Use 12 to 128 characters.")
    folded = plain(password).replace(" ", "")
    own = {*re.split(r"[@.\s_-]+", plain(person.email)), *plain(person.name).split()}
    site = {word for said in site_words for word in re.split(r"[^a-z0-9]+", plain(said))}
    named = {word for word in own | site if len(word) > LONG_ENOUGH_TO_TELL}
    if len(set(folded)) < LEAST_DIFFERENT or _is_run(folded) or _is_common(folded, named):
        raise _wrong("Mật khẩu này dễ đoán.", "This password is easy to guess.")


def _is_common(folded: str, named: set[str]) -> bool:
    """Figures alone; or common words and names with little of one's own around them."""
    shapes = {LETTERS.sub("", folded), LETTERS.sub("", folded.translate(LOOKALIKES))}
    return "" in shapes or any(_is_made_of(shape, COMMON | named) for shape in shapes)


def _is_made_of(shape: str, words: Iterable[str]) -> bool:
    rest = shape
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    return rest != shape and len(rest) < LEAST_DIFFERENT


def _is_run(folded: str) -> bool:
    """12345678901234, abcdefghijkl: each sign follows the one before."""
    steps = [abs(ord(after) - ord(before)) for before, after in itertools.pairwise(folded)]
    return sum(step <= 1 for step in steps) > len(steps) * 0.7


def _wrong(vi: str, en: str) -> InputWrong:
    return InputWrong(field="password", value="…", why=pair(vi, en))
