"""A sender beside the pages: says `ready`, sends the town's mails over and over until its input closes, reports.

Started by bench.pages with the settings of the product in its environment.
"""

import json
import select
import sys
from collections import Counter
from datetime import timedelta
from time import perf_counter

from sqlalchemy import text

from bench.pages.town import NOW
from config.database import writing
from notifications.delivery import Post
from tasks.app import engine
from tasks.jobs import post

AT_ONCE = 1.0  # seconds between two looks at the input
AGAIN = text(
    "UPDATE message SET status = 'pending', mime = NULL, header_id = NULL, lease_until = NULL, handed_over_at = NULL,"
    " not_before_at = :at, next_attempt_at = :at, use_by_at = :until WHERE status = 'handed_over'"
)


def main() -> None:
    sender = post()
    _fill()
    tally = sender.drain(AT_ONCE)  # what is held for good in a sender is made now
    assert set(+tally) == {"handed_over"}, tally
    print("ready", flush=True)
    began = perf_counter()
    tally = _send(sender)
    print(json.dumps({"sent": tally["handed_over"], "seconds": perf_counter() - began}))


def _send(sender: Post) -> Counter[str]:
    tally: Counter[str] = Counter()
    while not select.select([sys.stdin], [], [], 0)[0]:
        some = sender.drain(AT_ONCE)
        tally += some
        if not some["handed_over"]:
            _fill()
    return tally


def _fill() -> None:
    with writing(engine()) as db:
        db.execute(AGAIN, {"at": NOW - timedelta(hours=1), "until": NOW + timedelta(days=9)})


if __name__ == "__main__":
    main()
