"""Who stands before an order verb: the speaker of the conclusion, a third party, or no subject at all."""

import re
from typing import Literal

from workflow.conclusions.lexicon import pattern, shape

Subject = Literal["speaker", "third", "content"]

SPEAKER = pattern("speech", "speakers")
THIRD = pattern("speech", "third_parties")
CONNECTOR = shape("heads", "connector")
TOPIC = shape("heads", "topic")
_BLOCKED = shape("heads", "blocked")
_CITED = shape("heads", "cited")
_BETWEEN = re.compile(r"(?: (?:cũng|đã|vẫn|tiếp tục|thống nhất|trực tiếp|còn|nhất trí))+$")
_JOINT = re.compile(r"(?:(?:^|,? )(?:và|đồng thời|trong đó|riêng))+$")
_PREDICATE = re.compile(r" (?:đã|sẽ|đang|cần|phải|có trách nhiệm) ")
_TOLD = re.compile(r"(?<!\w)(?:đã|sẽ|đang)(?!\w)")
_LONGEST_SUBJECT = 120


def is_noun(before: str) -> bool:
    """Do the words before make the verb a noun or a passive ("theo yêu cầu", "được giao")?"""
    words = before.rstrip()
    return bool(_BLOCKED.match(words)) and not words.endswith("đồng chí")


def who_speaks(before: str) -> Subject:
    """Reads the words between the start of a clause and its order verb."""
    ending = before.rstrip()
    subject = _BETWEEN.sub("", before.rstrip(" ,:\"'"))
    joined = subject.endswith((" và", "đồng thời", " cũng như")) or ending.endswith((",", ";"))
    subject = _JOINT.sub("", subject).rstrip(" ,")
    if not subject:
        return "speaker"
    if ending.endswith(("trong đó", "theo đó")):
        return "content" if _CITED.search(subject) else "speaker"
    last = subject.rsplit(", ", 1)[-1].strip()
    if THIRD.match(subject) or THIRD.match(last):
        return "third"
    return "speaker" if _is_speaker(subject, last, joined, ending) else "content"


def _is_speaker(subject: str, last: str, joined: bool, ending: str) -> bool:
    if SPEAKER.match(last) and len(last) < _LONGEST_SUBJECT and not _PREDICATE.search(f" {last} "):
        return True
    if joined and (SPEAKER.match(subject) or CONNECTOR.match(subject)):
        return True
    return bool(TOPIC.match(subject)) and ending.endswith(",") and not _TOLD.search(subject)
