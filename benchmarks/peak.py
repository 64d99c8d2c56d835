"""Run a command and print its peak memory and time as JSON.

A process of its own, because the peak that the system reports for a child is never below that of its parent.
"""

import json
import os
import subprocess
import sys
import time


def main() -> None:
    """Run the arguments as a command, its output thrown away."""
    start = time.perf_counter()
    process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = process.stderr.read() if process.stderr else b""
    _, status, usage = os.wait4(process.pid, 0)
    unit = 1 if sys.platform == "darwin" else 1024  # ru_maxrss is in bytes there, in KiB elsewhere
    print(
        json.dumps(
            {
                "exit": os.waitstatus_to_exitcode(status),
                "peak_mb": round(usage.ru_maxrss * unit / 1e6, 1),
                "seconds": round(time.perf_counter() - start, 2),
                "said": said.decode(errors="replace")[-400:],
            }
        )
    )


if __name__ == "__main__":
    main()
