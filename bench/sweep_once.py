"""One sweep of the database given, measured: a process for bench.sweep to watch."""

import json
import sys

from bench.sweep import once

if __name__ == "__main__":
    print(json.dumps(once(sys.argv[1])))
