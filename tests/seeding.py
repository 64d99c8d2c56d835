"""Run a script in processes whose sets are in other orders."""

import os
import subprocess
import sys
from pathlib import Path


def printed_by_seeds(script: str, *arguments: str) -> set[str]:
    """Return what a script prints under two hash seeds, without what is around it: one text where both are equal."""
    return {
        subprocess.run(
            [sys.executable, "-c", script, *arguments],
            cwd=Path(__file__).parents[1],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
