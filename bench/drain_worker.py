"""One sender process for bench.drain: says `ready`, waits for a line, empties the outbox, reports."""

import json
import resource
import sys
from time import perf_counter

from tasks.jobs import post

if __name__ == "__main__":
    sender = post()
    print("ready", flush=True)
    sys.stdin.readline()
    before, began = resource.getrusage(resource.RUSAGE_SELF), perf_counter()
    tally = sender.drain()
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(
        json.dumps(
            {"sent": tally["handed_over"], "others": sum(tally.values()) - tally["handed_over"], "cpu": cpu,
             "seconds": perf_counter() - began, "mib": after.ru_maxrss // 1024}
        )
    )  # fmt: skip
