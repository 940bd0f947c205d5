"""Runs a command and writes what it took, with all its children, as one line of JSON.

usage: measure.py LOG COMMAND [ARGUMENT...]

The command's output goes to the file LOG.
"""

import ctypes
import json
import os
import subprocess
import sys
import time

PR_SET_CHILD_SUBREAPER = 36

# The child waits for our word, so that it cannot end while the shell could still take note of it.
SHELL = """
log=$1; shift; exec 3<&0
{ read -r go <&3; exec "$@" >"$log" 2>&1 </dev/null 3<&-; } &
echo $!
"""


def main() -> None:
    log, command = sys.argv[1], sys.argv[2:]
    # Linux counts the memory of the process that forked towards the peak of the one that it became, and this one is
    # larger than some that are measured. So a small shell forks, and when it has gone its child is ours.
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    shell = subprocess.Popen(
        ["/bin/sh", "-c", SHELL, "sh", log, *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    child = int(shell.stdout.readline())
    shell.wait()
    start = time.monotonic()
    shell.stdin.write("go\n")
    shell.stdin.close()
    _, status, used = os.wait4(child, 0)
    wall = time.monotonic() - start
    print(
        json.dumps(
            {
                "exit": os.waitstatus_to_exitcode(status),
                "wall": wall,
                "cpu": used.ru_utime + used.ru_stime,
                "memory": used.ru_maxrss * 1024,
            }
        )
    )


if __name__ == "__main__":
    main()
