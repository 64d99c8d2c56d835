"""Manifests are checked as version 1.0 says, whatever they hold, and our own are valid."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from decomposer.display import display_safe
from decomposer.publish import unfragile
from decomposer.publish.validating import MOST, validate
from decomposer.records import Facts
from decomposer.sources import manifest
from tests.publishing import LONG, TEXTS, capability, entry, hostile
from tests.test_cli import run

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)
KEYS = (
    "unfragile_version", "artifact", "name", "slug", "type", "capabilities", "id", "description", "conditions",
    "bestFor", "intents_served", "pricing", "model", "failure_modes", "mode", "execution", "protocol",
)  # fmt: skip
NAMED = st.recursive(
    VALUES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=8)
)


def sound(**fields: Any) -> dict[str, Any]:
    """Return a manifest without a fault, less or more what is given."""
    records = [{"id": f"clip.{name}", "name": name, "description": LONG} for name in ("read", "find", "write")]
    whole: dict[str, Any] = {
        "unfragile_version": "1.0",
        "artifact": {"name": "Clip", "slug": "clip", "type": "repo"},
        "capabilities": records,
        "failure_modes": [{"mode": "a scan is blurred", "frequency": "occasional"}],
        "execution": {"protocol": "stdio", "auth_method": "none"},
    }
    return {key: value for key, value in (whole | fields).items() if value is not ...}


def record(**fields: Any) -> list[Any]:
    first, *others = sound()["capabilities"]
    return [{key: value for key, value in (first | fields).items() if value is not ...}, *others]


def test_a_manifest_without_a_fault_is_valid() -> None:
    assert validate(sound()).model_dump() == {"valid": True, "errors": (), "warnings": ()}
    assert validate(sound(unfragile_version=1.0)).valid  # YAML without quotes


@pytest.mark.parametrize(
    ("fields", "path", "message"),
    [
        ({"unfragile_version": ...}, "unfragile_version", "is missing"),
        ({"unfragile_version": "2.0"}, "unfragile_version", 'is not "1.0": 2.0'),
        ({"artifact": ...}, "artifact", "is missing"),
        ({"artifact": "clip"}, "artifact", "is text, not a mapping"),
        ({"artifact": {"slug": "clip", "type": "repo"}}, "artifact.name", "is missing"),
        ({"artifact": {"name": " ", "slug": "clip", "type": "repo"}}, "artifact.name", "is empty"),
        ({"artifact": {"name": "Clip", "slug": 7, "type": "repo"}}, "artifact.slug", "is a number, not text"),
        ({"artifact": {"name": "Clip", "slug": "clip"}}, "artifact.type", "is missing"),
        ({"artifact": {"name": "Clip", "slug": "clip", "type": "car"}}, "artifact.type", "is none of agent, api"),
        ({"capabilities": ...}, "capabilities", "is missing"),
        ({"capabilities": []}, "capabilities", "is empty"),
        ({"capabilities": {"id": "a.b"}}, "capabilities", "is a mapping, not a list"),
        ({"capabilities": [None]}, "capabilities[0]", "is nothing, not a mapping"),
        ({"capabilities": record(id=...)}, "capabilities[0].id", "is missing"),
        ({"capabilities": record(id="clip.find")}, "capabilities[1].id", "is that of capabilities[0] too: clip.find"),
        ({"capabilities": record(name=None)}, "capabilities[0].name", "is missing"),
        ({"capabilities": record(description=...)}, "capabilities[0].description", "is missing"),
        (
            {"capabilities": record(description="x" * 99)},
            "capabilities[0].description",
            "has 99 characters, at least 100",
        ),
        (
            {"capabilities": record(description="x " * 40 + " " * 90)},
            "capabilities[0].description",
            "has 79 characters",
        ),
        (
            {"capabilities": record(intents_served="a")},
            "capabilities[0].intents_served",
            "is text, not a list of texts",
        ),
        ({"capabilities": record(conditions={"bestFor": [1]})}, "capabilities[0].conditions.bestFor[0]", "is a number"),
        ({"capabilities": record(conditions=[])}, "capabilities[0].conditions", "is a list, not a mapping"),
        ({"pricing": {"model": "cheap"}}, "pricing.model", "is none of free, freemium"),
        ({"pricing": {}}, "pricing.model", "is missing"),
        ({"failure_modes": [{"frequency": "rare"}]}, "failure_modes[0].mode", "is missing"),
        ({"failure_modes": "none"}, "failure_modes", "is text, not a list"),
        ({"execution": {"protocol": "telnet"}}, "execution.protocol", "is none of mcp, http"),
        ({"execution": True}, "execution", "is yes or no, not a mapping"),
    ],
)
def test_each_fault_is_an_error_at_its_place(fields: dict[str, Any], path: str, message: str) -> None:
    found = validate(sound(**fields))
    assert not found.valid
    (error,) = found.errors
    assert error.path == path
    assert error.message.startswith(message)


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"failure_modes": ...}, "failure_modes"),
        ({"failure_modes": []}, "failure_modes"),
        ({"execution": ...}, "execution"),
        ({"capabilities": record()[:2]}, "capabilities"),
        ({"capabilities": record(id="clip")}, "capabilities[0].id"),
    ],
)
def test_what_could_be_better_is_a_warning_and_no_error(fields: dict[str, Any], path: str) -> None:
    found = validate(sound(**fields))
    assert (found.valid, found.errors, [one.path for one in found.warnings]) == (True, (), [path])


@settings(deadline=None)
@given(VALUES | NAMED)
def test_no_value_of_json_or_yaml_makes_it_fail_and_what_it_says_is_safe_to_show(value: object) -> None:
    found = validate(value)
    assert found.valid == (not found.errors)
    assert len(found.errors) <= MOST + 1
    for one in (*found.errors, *found.warnings):
        assert display_safe(one.message) == one.message
        assert len(one.message) < 300
    found.model_dump_json()


def test_what_is_huge_or_nested_deeply_is_told_in_few_words() -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    assert not validate(deep).valid
    assert [one.path for one in validate(sound(pricing={"model": deep})).errors] == ["pricing.model"]
    many = validate(
        sound(capabilities=[{}] * 5_000, artifact={"name": "x" * 10**6, "slug": 10**5000, "type": "y" * 10**6})
    )
    assert len(many.errors) == MOST + 1
    assert many.errors[-1].message.endswith("more of these")
    assert max(len(one.message) for one in many.errors) < 300


@settings(deadline=None)
@given(TEXTS)
def test_what_we_export_is_valid(text: str) -> None:
    one = hostile(text)
    made = unfragile.page(one, list(one.capabilities), Facts.of(one.artifact))
    for whole in (yaml.safe_load(made), manifest.read(made, "x.yml")):
        assert validate(whole).errors == ()


def test_the_command_names_faults_and_its_exit_code_says_whether_there_were_any(tmp_path: Path) -> None:
    whole = entry(capability("Read"), capability("Find"), capability("Write"))
    good = unfragile.page(whole, list(whole.capabilities), Facts.of(whole.artifact))
    (tmp_path / "good.yml").write_text(good, encoding="utf-8")
    (tmp_path / "bad.yml").write_text("artifact: {name: x}\nexecution: {protocol: telnet}\n")
    (tmp_path / "worse.yml").write_text("&a [*a")
    done = run(tmp_path, "validate", "good.yml")
    assert (done.exit_code, done.stderr) == (0, "1 manifest checked, 0 not valid\n")
    assert done.stdout.splitlines()[0] == "good.yml  valid"
    done = run(tmp_path, "validate", "good.yml", "bad.yml", "worse.yml", "missing.yml", "--format", "jsonl")
    assert done.exit_code == 1
    assert '"path":"execution.protocol"' in done.stdout.replace(" ", "")
    assert done.stderr.count("failed: ") == 2
    assert done.stderr.splitlines()[-1] == "4 manifests checked, 3 not valid"
    assert "* error: execution.protocol is none of" in run(tmp_path, "validate", "bad.yml", "--format", "md").stdout
