"""Run a command and print what it used: from a small process, since a child begins with its parent's peak."""

import json
import os
import subprocess
import sys
import time


def main() -> None:
    began = time.perf_counter()
    process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    assert os.waitstatus_to_exitcode(status) == 0, f"{' '.join(sys.argv[1:])} failed"
    cpu, megabytes = usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
    print(json.dumps({"wall": wall, "cpu": cpu, "megabytes": megabytes}))


if __name__ == "__main__":
    main()
