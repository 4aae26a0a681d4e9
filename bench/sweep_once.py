"""One sweep of the database given, measured: a process for bench.sweep to watch."""

import sys

from bench.sweep import once

if __name__ == "__main__":
    print(once(sys.argv[1]))
