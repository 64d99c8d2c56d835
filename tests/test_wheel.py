"""The wheel works where there is no checkout: commands, prompts and schemas are inside."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[1]
SAMPLE = CHECKOUT / "samples/tallowick/README.md"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of programs of an environment that holds the wheel, and sees our dependencies but not us."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "venv", "--without-pip", str(folder / "env"), cwd=folder)
    bin_folder = folder / "env" / "bin"
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    offline = ("--no-deps", "--no-index", "--quiet")
    run(*pip, "wheel", *offline, "--no-build-isolation", "--wheel-dir", str(folder), str(CHECKOUT), cwd=folder)
    (wheel,) = folder.glob("decomposer-*.whl")
    run(*pip, "--python", str(bin_folder / "python"), "install", *offline, str(wheel), cwd=folder)
    # A path file in the new environment: packages are found there, but path files there, such as ours, are not read.
    (site_packages,) = (folder / "env" / "lib").glob("python3*/site-packages")
    (site_packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return bin_folder


def run(*command: str, cwd: Path) -> str:
    """Run a command without what this shell has set, and return what it prints; it has to succeed."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "DECOMPOSER_", "OPENAI_"))
    }
    done = subprocess.run(command, cwd=cwd, env=kept, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_version_is_that_of_the_project(installed: Path, tmp_path: Path) -> None:
    assert run(str(installed / "decomposer"), "--version", cwd=tmp_path).strip().endswith("0.1.0")


def test_the_code_and_its_prompts_and_schemas_come_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    code = (
        "from decomposer import resources as r; print(r.__file__, r.folder('prompts'), r.folder('schemas'), sep='\\n')"
    )
    places = run(str(installed / "python"), "-c", code, cwd=tmp_path).split()
    assert [Path(place).is_relative_to(installed.parent) for place in places] == [True, True, True]
    for name, place in zip(("prompts", "schemas"), places[1:], strict=True):
        inside, ours = Path(place), CHECKOUT / name
        files = sorted(path.relative_to(ours) for path in ours.rglob("*") if path.is_file())
        assert sorted(path.relative_to(inside) for path in inside.rglob("*") if path.is_file()) == files
        assert [file for file in files if (inside / file).read_bytes() != (ours / file).read_bytes()] == []


def test_a_document_is_drafted_far_from_the_checkout(installed: Path, tmp_path: Path) -> None:
    shutil.copy(SAMPLE, tmp_path / "README.md")
    printed = run(
        str(installed / "decomposer"), "draft", "README.md", "--model", "extractive", "--format", "json", cwd=tmp_path
    )
    entry = json.loads(printed)
    text = SAMPLE.read_text(encoding="utf-8")
    evidence = [span for one in entry["capabilities"] for span in one["description"]["evidence"]]
    assert evidence
    assert [span["quote"] for span in evidence] == [text[span["start"] : span["end"]] for span in evidence]
    assert json.loads(run(str(installed / "decomposer"), "list", "--format", "json", cwd=tmp_path)) == [entry]


def test_every_command_starts_and_the_installation_is_whole(installed: Path, tmp_path: Path) -> None:
    checkup = json.loads(run(str(installed / "decomposer"), "doctor", "--format", "json", cwd=tmp_path))
    assert checkup["healthy"]
    assert "Commands:" in run(str(installed / "python"), "-m", "decomposer", "--help", cwd=tmp_path)
