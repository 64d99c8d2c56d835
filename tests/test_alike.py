"""Two entries may be one artifact: what speaks for it, what speaks against it, and in what relation they stand."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decomposer.likeness import PROPOSED, keys, likeness, traits
from decomposer.likeness.addresses import address, addresses, bare, hub_id, links
from decomposer.likeness.naming import name
from decomposer.likeness.sketches import KEPT, fixed, prose, resemblance, sketch
from decomposer.records import Artifact, SourceDocument
from decomposer.records.likeness import Likeness, Relation, Traits
from scripts.alike import main, marks

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
TEXT = """# Papertrail

Papertrail turns scanned invoices into structured records that an accounting program can read. It finds the total, the
tax and the supplier on every page, and writes what it found as JSON beside the scan. Pages that it can not read are put
into a folder of their own, so that nothing is lost and a person may look at them later on.

See [the guide](https://papertrail.example/guide/start) and [the schema](https://papertrail.example/schema/v1).

```sh
papertrail read inbox/ --out records/
papertrail check records/ --schema v1
git clone https://github.com/acme/papertrail
```
"""
GERMAN = """# Papertrail

Papertrail macht aus eingescannten Rechnungen Datensätze, die ein Programm der Buchhaltung lesen kann. Es findet die
Summe, die Steuer und den Lieferanten auf jeder Seite und schreibt das als JSON neben die Datei. Was es nicht lesen
kann, das legt es in einen eigenen Ordner, damit nichts verloren geht und ein Mensch es sich ansehen kann.

[Anleitung](https://papertrail.example/guide/start), [Schema](https://papertrail.example/schema/v1).

```sh
papertrail read inbox/ --out records/
papertrail check records/ --schema v1
git clone https://github.com/acme/papertrail
```
"""
OTHER = """# Lynx

A terminal game about a wild cat that hunts at night, with sounds, a map of the forest and a score for each of the
prey that was caught before the sun comes up over the hills; two people can play it side by side on one keyboard.
"""


def who(slug: str, text: str, **known: Any) -> Traits:
    artifact = Artifact(slug=slug, **{"name": slug, "type": "repo", "source": f"{slug}/README.md", **known})
    digest = sha256(text.encode()).hexdigest()
    return traits(
        artifact, [SourceDocument(uri="README.md", sha256=digest, chars=len(text), media_type="text/markdown")], [text]
    )


def told(a: Traits, b: Traits) -> tuple[str, Relation, str] | None:
    found = likeness(a, b)
    return (found.one, found.relation, found.other) if found and found.score >= PROPOSED else None


# --- names


@pytest.mark.parametrize(
    ("text", "core", "marks"),
    [
        ("openai/CLIP"[7:], "clip", {}),
        ("Meta-Llama-3-8B", "metallama", {"versions": ("3",), "sizes": ("8b",)}),
        ("gpt-2", "gpt", {"versions": ("2",)}),
        ("GPT2", "gpt", {"versions": ("2",)}),
        ("yolov5", "yolo", {"versions": ("5",)}),
        ("vllm-2023-06-26", "vllm", {"dates": ("2023-06-26",)}),
        ("context7-ar", "context", {"versions": ("7",), "language": "ar"}),
        ("README.zh-CN", "", {"language": "zh-cn"}),
        ("Model Card", "", {}),
        ("phi-2-GGUF", "phi", {"versions": ("2",), "formats": ("gguf",)}),
        ("gemma-2-9b-it", "gemma", {"versions": ("2",), "sizes": ("9b",)}),
        ("tool-v1.10.2", "tool", {"versions": ("1.10.2",)}),
        ("musicgen-small", "musicgen", {"sizes": ("small",)}),
        ("", "", {}),
    ],
)
def test_a_name_is_taken_apart(text: str, core: str, marks: dict[str, Any]) -> None:
    found = name(text)
    assert found.core == core
    for key, value in marks.items():
        assert getattr(found, key) == value


@given(st.text(max_size=300))
def test_any_text_is_taken_apart(text: str) -> None:
    assert name(text) == name(text)
    assert "".join(name(text).words) == name(text).core


# --- addresses


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://github.com/Acme/Papertrail.git", "gh:acme/papertrail"),
        ("git@github.com:acme/papertrail.git", "gh:acme/papertrail"),
        ("https://raw.githubusercontent.com/acme/papertrail/main/x.png", "gh:acme/papertrail"),
        ("https://huggingface.co/Acme/paper-7b/blob/main/README.md", "hf:acme/paper-7b"),
        ("https://huggingface.co/datasets/acme/pages", "hf:acme/pages"),
        ("https://huggingface.co/docs/transformers", None),
        ("gh:acme/papertrail@v1", "gh:acme/papertrail"),
        ("hf:acme/paper", "hf:acme/paper"),
        ("dist:Paper_Trail", "dist:paper-trail"),
        ("https://example.com/acme/papertrail", None),
        ("README.md", None),
    ],
)
def test_an_address_has_one_spelling(text: str, expected: str | None) -> None:
    found = address(text)
    assert (str(found) if found else None) == expected


def test_a_base_model_may_be_a_bare_hub_id() -> None:
    assert str(hub_id("Acme/Paper-7B")) == "hf:acme/paper-7b"
    assert hub_id("a model of ours") is None


def test_a_text_links_to_and_loads_what_it_mentions() -> None:
    text = 'see https://github.com/a/b/wiki, https://github.com/a/b. AutoModel.from_pretrained("c/d")'
    assert {str(one): count for one, count in addresses(text).items()} == {"gh:a/b": 2, "hf:c/d": 1}
    assert links("(https://x.example/a) <https://x.example/b>") == ["https://x.example/a", "https://x.example/b"]
    assert bare("https://www.x.example/a/?q=1#top") == "x.example/a"


# --- sketches


@given(st.sets(st.integers(0, 400), max_size=300), st.sets(st.integers(0, 400), max_size=300))
def test_what_two_sets_share_is_told_from_their_sketches(a: set[int], b: set[int]) -> None:
    one, other = sketch(map(str, a)), sketch(map(str, b))
    jaccard, contained = resemblance(one, other)
    assert resemblance(other, one) == (jaccard, contained)
    if not a or not b:
        assert (jaccard, contained) == (0.0, 0.0)
        return
    true = len(a & b) / len(a | b)
    if max(len(a), len(b)) <= KEPT:
        assert jaccard == pytest.approx(true)
        assert contained == pytest.approx(len(a & b) / min(len(a), len(b)))
    else:
        assert abs(jaccard - true) < 0.3
    assert 0.0 <= contained <= 1.0


def test_prose_is_read_without_code_and_fixed_lines_without_prose() -> None:
    runs = list(prose(TEXT))
    assert "papertrail papertrail turns scanned invoices" in runs
    assert not any("clone" in run or "schema v1" in run for run in runs)
    assert set(fixed(TEXT)) == {
        "papertrail.example/guide/start", "papertrail.example/schema/v1", "github.com/acme/papertrail",
        "papertrail read inbox/ --out records/", "papertrail check records/ --schema v1",
        "git clone https://github.com/acme/papertrail",
    }  # fmt: skip
    assert len(list(prose("这是一个用来读取发票的工具"))) == 9


# --- what two entries are


def test_two_listings_of_one_thing_are_the_same() -> None:
    one = who("papertrail", TEXT, source="gh:acme/papertrail")
    other = who("acme-papertrail", TEXT + "\nA new line.\n", homepage="https://github.com/acme/papertrail")
    assert told(one, other) == ("acme-papertrail", "same", "papertrail")
    found = likeness(one, other)
    assert found is not None
    assert any("both are found at gh:acme/papertrail" in reason for reason in found.reasons)
    assert found.score > 0.9


def test_a_readme_in_another_language_is_a_translation_of_the_other() -> None:
    assert told(who("papertrail", TEXT), who("papertrail-de", GERMAN)) == ("papertrail-de", "translation", "papertrail")


def test_a_dated_name_is_an_older_version() -> None:
    old = who("papertrail-2023-06-26", TEXT)
    assert told(old, who("papertrail", TEXT.replace("tax", "levy"))) == (
        "papertrail-2023-06-26",
        "older_version",
        "papertrail",
    )


def test_a_numbered_release_of_a_program_is_a_version_of_it() -> None:
    old, new = who("papertrail-1.2", TEXT), who("papertrail-1.10", TEXT)
    assert told(old, new) == ("papertrail-1.2", "older_version", "papertrail-1.10")


def test_another_owner_of_nearly_the_same_text_is_a_fork() -> None:
    one = who("papertrail", TEXT, source="gh:acme/papertrail")
    fork = who(
        "papertrail-turbine",
        TEXT + "Forked from https://github.com/acme/papertrail",
        source="gh:zed/papertrail-turbine",
    )
    assert told(one, fork) == ("papertrail-turbine", "fork", "papertrail")


@pytest.mark.parametrize(
    ("slug", "known"),
    [
        ("papertrail-7b-gguf", {}),
        ("papertrail-lora", {}),
        ("scribe", {"base_model": ("acme/papertrail-7b",)}),
    ],
)
def test_what_was_made_from_a_model_is_derived_and_not_the_same(slug: str, known: dict[str, Any]) -> None:
    model = who("papertrail-7b", TEXT, type="model", source="hf:acme/papertrail-7b")
    found = likeness(model, who(slug, TEXT + "more", type="model", **known))
    assert found is not None
    assert (found.one, found.relation, found.other) == (slug, "derived", "papertrail-7b")


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("papertrail-7b", "papertrail-13b"),
        ("papertrail-small", "papertrail-large"),
        ("papertrail-2", "papertrail-3"),
        ("papertrail-base", "papertrail-chat"),
    ],
)
def test_another_size_variant_or_generation_is_another_model_however_alike_the_texts(a: str, b: str) -> None:
    assert likeness(who(a, TEXT, type="model"), who(b, TEXT + ".", type="model")) is None


def test_one_owner_does_not_list_one_thing_twice() -> None:
    one = who("reader-ar", TEXT, source="hf:acme/reader-ar", type="model")
    assert likeness(one, who("reader-en-ar", TEXT + ".", source="hf:acme/reader-en-ar", type="model")) is None


def test_equal_texts_are_one_document_whatever_they_are_called() -> None:
    assert told(who("one", TEXT), who("another", TEXT)) == ("another", "same", "one")
    placeholder = "# TBD\n\nComing soon.\n"
    assert told(who("one", placeholder), who("another", placeholder)) is None


def test_a_common_name_or_common_links_alone_are_no_proposal() -> None:
    assert told(who("papertrail", TEXT), who("papertrail-2", OTHER.replace("Lynx", "Papertrail"))) is None
    footer = "\n".join(f"https://acme.example/{number}" for number in range(9))
    assert told(who("one", TEXT + footer), who("two", OTHER + footer)) is None
    assert told(who("papertrail", TEXT), who("lynx", OTHER)) is None


def test_capabilities_in_common_speak_for_it() -> None:
    one, other = who("papertrail", TEXT), who("papertrail-net", OTHER + "https://github.com/acme/papertrail")
    without, along = likeness(one, other), likeness(one, other, capabilities=0.9)
    assert without
    assert along
    assert along.score > without.score
    assert any("90% of the shorter list of capabilities" in reason for reason in along.reasons)
    assert likeness(one, other, capabilities=0.1) == without


WORDS = st.sampled_from(
    "papertrail lynx reads pages acme invoices fast 7b v2 gguf de https://github.com/acme/papertrail".split()
)


@given(
    st.lists(WORDS, min_size=1, max_size=60),
    st.lists(WORDS, min_size=1, max_size=60),
    st.integers(0, 3),
    st.integers(0, 3),
)
def test_the_order_of_two_entries_does_not_matter(a: list[str], b: list[str], cut: int, other: int) -> None:
    one = who("-".join(a[:cut]) or "one", " ".join(a))
    two = who("-".join(b[:other]) or "two", " ".join(b))
    assert likeness(one, two) == likeness(two, one)
    found = likeness(one, two)
    assert found is None or (0.0 < found.score <= 1.0 and found.reasons)


@given(st.text(max_size=2000))
def test_keys_are_few_whatever_the_text(text: str) -> None:
    found = keys(who("thing", text + "\n# x\n" + "https://github.com/a/b " * 50))
    assert len(found) <= 60
    assert len(set(found)) == len(found)


def test_what_is_one_artifact_shares_a_key() -> None:
    one = who("papertrail", TEXT)
    for other in (
        who("papertrail-de", GERMAN),
        who("acme", TEXT + "x"),
        who("papertrail-turbine", OTHER + "https://github.com/acme/papertrail"),
    ):
        assert set(keys(one)) & set(keys(other))
    assert not set(keys(one)) & set(keys(who("lynx", OTHER)))


def test_a_pair_is_known_by_its_slugs_in_order() -> None:
    assert Likeness(one="b", other="a", relation="fork", score=0.7).pair == ("a", "b")


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/corpus is not beside this checkout")
def test_versions_translations_and_forks_of_the_corpus_are_found(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["alike.py", str(CORPUS), "--leave-out", "gemma"])
    assert main() == 0
    lines = capsys.readouterr().out.splitlines()
    at = next(line.split() for line in lines if line.startswith(f"{PROPOSED:.2f} "))
    proposed, marked, precision, recall = int(at[1]), int(at[2]), float(at[3]), float(at[4])
    assert proposed >= 20
    assert precision >= 0.85
    assert recall >= 0.85
    right, of = int(at[5]), int(at[7])
    assert (right, marked) == (of, marked)


def test_marks_are_read_from_an_index() -> None:
    rows: list[dict[str, Any]] = [
        {"slug": "a-old", "traits": ["older_version_of:a", "long"]},
        {"slug": "a-de", "traits": ["translation_of:a"]},
        {"slug": "b", "traits": ["same_artifact:b"]},
        {"slug": "c", "traits": ["same_artifact:b"]},
    ]
    assert json.loads(json.dumps({" ".join(sorted(pair)): mark for pair, mark in marks(rows).items()})) == {
        "a a-old": "older_version",
        "a a-de": "translation",
        "b c": "one of a family",
        "a-de a-old": "by a third",
    }
    assert len(marks(rows, leave_out=["b"])) == 3
