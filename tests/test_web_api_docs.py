"""The page about the API is true: its commands are answered by a real server."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from decomposer.records.answers import Risk
from decomposer.wiring.gates import gates
from tests.test_cli import run
from tests.test_cli_serve import serving
from tests.test_docs import CHECKOUT, blocks

PAGE = CHECKOUT / "docs" / "api.md"
ADDRESS = "http://127.0.0.1:8765"
MANIFEST = """unfragile_version: "1.0"
artifact: {name: tallowick, slug: tallowick, type: cli}
capabilities: []
"""


def asked(command: str, folder: Path) -> str:
    """Run a command of the page, and return what the server answers."""
    done = subprocess.run(
        command.replace("curl ", "curl --silent --show-error --fail-with-body "),
        shell=True, cwd=folder, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    return done.stdout


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.block_network(allowed_hosts=["127.0.0.1"])
def test_every_command_of_the_page_is_answered(tmp_path: Path) -> None:
    (tmp_path / "unfragile.yml").write_text(MANIFEST)
    assert run(tmp_path, "draft", str(CHECKOUT / "samples" / "tallowick"), "--model", "extractive").exit_code == 0
    with serving(tmp_path) as (_, line):
        address = re.findall(r"http://\S+", line)[0]
        found, told = "", 0
        for block in blocks(PAGE, "sh"):
            for command in block.splitlines():
                assert ADDRESS in command
                answer = json.loads(asked(command.replace(ADDRESS, address).replace("k3v7mq2xza.1", found), tmp_path))
                for one in answer.get("resolved", answer.get("matches", [])):
                    found = one["id"]
                told += 1
        assert (told, bool(found)) == (8, True)
        assert asked(f"curl {address}/api/v1/openapi.json", tmp_path).startswith("{")


@pytest.mark.parametrize("risk", ["production", "enterprise", "strict"])
def test_the_page_names_every_risk(risk: Risk) -> None:
    row = next(line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith(f"| `{risk}` |"))
    for gate in gates(risk)[-2:]:
        words = [word for word in re.findall(r"[a-z]{5,}", gate.says) if word not in ("every",)]
        assert all(word in row for word in words), gate.says
