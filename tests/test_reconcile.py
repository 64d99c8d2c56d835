"""Carrying ids and decisions over to a new draft."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decomposer.reconcile import Changes, reconcile, short_slug
from decomposer.records import (
    Artifact,
    Capability,
    Entry,
    Evidence,
    Note,
    Provenance,
    Run,
    Sentence,
    SourceDocument,
    SourceKind,
    State,
    Statement,
)


def a_document(sha256: str) -> SourceDocument:
    return SourceDocument(uri=f"{sha256}.md", sha256=sha256, chars=100, media_type="text/markdown")


def span(quote: str, document: int = 0) -> Evidence:
    return Evidence(document=document, start=0, end=len(quote), quote=quote, how="cited")


def a_capability(name: str, *quotes: str, text: str = "It does.", run: str = "1", document: int = 0) -> Capability:
    evidence = tuple(span(quote, document) for quote in quotes)
    return Capability(
        id="",
        name=name,
        category="other",
        description=Statement(text=text, evidence=evidence),
        provenance=Provenance(model="m", prompt="v1", run=run),
    )


def an_entry(*capabilities: Capability, documents: tuple[str, ...] = ("a",), slug: str = "lynx") -> Entry:
    return Entry(
        artifact=Artifact(slug=slug, name="Lynx", type="repo", source="gh:acme/lynx"),
        documents=tuple(a_document(sha256) for sha256 in documents),
        source_kind=SourceKind(kind="software", reason="it is"),
        capabilities=capabilities,
        run=Run(model="m", prompt="v1"),
    )


def first(*capabilities: Capability, documents: tuple[str, ...] = ("a",)) -> Entry:
    return reconcile(None, an_entry(*capabilities, documents=documents)).entry


def decided(entry: Entry, **states: State) -> Entry:
    """Return the entry with the states of the capabilities whose short slugs are named."""
    capabilities = tuple(
        capability.model_copy(update={"state": states.get(capability.id.partition("/")[2], capability.state)})
        for capability in entry.capabilities
    )
    return entry.model_copy(update={"capabilities": capabilities})


def fates(changes: Changes) -> dict[str, tuple[str, ...]]:
    found = {name: getattr(changes, name) for name in ("kept", "changed", "new", "gone")}
    return {name: ids for name, ids in found.items() if ids}


def test_everything_is_new_the_first_time() -> None:
    changes = reconcile(None, an_entry(a_capability("Image captioning"), a_capability("画像の説明")))
    assert fates(changes) == {"new": ("lynx/image-captioning", "lynx/画像の説明")}
    assert [capability.id for capability in changes.entry.capabilities] == list(changes.new)


def test_the_same_found_again_changes_nothing_whatever_the_run() -> None:
    before = first(a_capability("See", "q", run="1"))
    changes = reconcile(before, an_entry(a_capability("See", "q", run="2")))
    assert changes == Changes(entry=before, kept=("lynx/see",))


def test_the_same_name_keeps_its_id_and_takes_the_new_text() -> None:
    before = first(a_capability("See far", text="Old."))
    changes = reconcile(before, an_entry(a_capability("see-FAR", text="New.")))
    assert fates(changes) == {"changed": ("lynx/see-far",)}
    assert changes.entry.capabilities == (
        a_capability("see-FAR", text="New.").model_copy(update={"id": "lynx/see-far"}),
    )


def test_a_renamed_capability_is_known_by_half_of_its_evidence() -> None:
    before = first(a_capability("See", "one  two", "other"), a_capability("Aim", "three"))
    found = an_entry(a_capability("Look", "one\ntwo"), a_capability("Shoot", "something else"))
    changes = reconcile(before, found)
    assert fates(changes) == {"changed": ("lynx/see",), "new": ("lynx/shoot",), "gone": ("lynx/aim",)}
    assert [capability.name for capability in changes.entry.capabilities] == ["Look", "Shoot"]


def test_less_than_half_of_the_evidence_is_something_else() -> None:
    before = first(a_capability("See", "ab", "cde"))
    assert fates(reconcile(before, an_entry(a_capability("Look", "ab", "xyz")))) == {
        "new": ("lynx/look",),
        "gone": ("lynx/see",),
    }


def test_the_best_overlap_wins_and_each_is_used_once() -> None:
    before = first(a_capability("See", "shared", "mine"), a_capability("Aim", "shared"))
    changes = reconcile(before, an_entry(a_capability("Look", "shared"), a_capability("Watch", "shared", "mine", "x")))
    assert [(capability.id, capability.name) for capability in changes.entry.capabilities] == [
        ("lynx/aim", "Look"),
        ("lynx/see", "Watch"),
    ]


def test_evidence_of_sentences_and_notes_counts() -> None:
    sentence = Sentence(start=0, end=1, support="supported", reason="", evidence=(span("said"),))
    see = a_capability("See").model_copy(update={"unique": Statement(text="?", sentences=(sentence,))})
    aim = a_capability("Aim").model_copy(update={"requires": (Note(text="A gun", evidence=(span("gun"),)),)})
    changes = reconcile(first(see, aim), an_entry(a_capability("Look", "said"), a_capability("Shoot", "gun")))
    assert changes.changed == ("lynx/see", "lynx/aim")


def test_a_name_weighs_more_than_evidence() -> None:
    before = first(a_capability("See", "one"), a_capability("Aim", "two"))
    changes = reconcile(before, an_entry(a_capability("Aim", "one"), a_capability("See", "two")))
    assert [(capability.id, capability.name) for capability in changes.entry.capabilities] == [
        ("lynx/aim", "Aim"),
        ("lynx/see", "See"),
    ]


@pytest.mark.parametrize("state", ["accepted", "rejected", "retired"])
def test_what_a_person_decided_stays_as_decided(state: State) -> None:
    before = decided(first(a_capability("See", "one"), a_capability("Aim", "two")), see=state)
    renamed = reconcile(before, an_entry(a_capability("Look", "one", text="New.")))
    assert renamed.entry.capabilities == before.capabilities[:1]
    assert fates(renamed) == {"kept": ("lynx/see",), "gone": ("lynx/aim",)}
    assert reconcile(before, an_entry()).entry.capabilities == before.capabilities[:1]


def test_ids_of_what_was_there_are_not_given_away() -> None:
    before = first(a_capability("C++ bindings", "cpp"))
    changes = reconcile(before, an_entry(a_capability("C# bindings", "csharp"), a_capability("C bindings", "c")))
    assert fates(changes) == {
        "new": ("lynx/c-bindings-2", "lynx/c-bindings-3"),
        "gone": ("lynx/c-bindings",),
    }


def test_an_exact_duplicate_is_one_capability() -> None:
    found = an_entry(a_capability("See", "q", run="1"), a_capability("Aim"), a_capability("See", "q", run="2"))
    assert reconcile(None, found).new == ("lynx/see", "lynx/aim")


def test_the_entry_keeps_its_slug() -> None:
    changes = reconcile(first(a_capability("See")), an_entry(a_capability("Aim"), slug="lynx-2"))
    assert changes.entry.artifact.slug == "lynx"
    assert changes.new == ("lynx/aim",)


def test_the_rest_of_the_entry_is_what_was_found() -> None:
    found = an_entry(a_capability("See"), documents=("b",)).model_copy(
        update={"source_kind": SourceKind(kind="model", reason="weights"), "run": Run(model="n", prompt="v2")}
    )
    entry = reconcile(first(a_capability("See")), found).entry
    assert entry.model_copy(update={"capabilities": found.capabilities}) == found


def test_evidence_of_a_decided_capability_keeps_pointing_at_the_text_that_was_read() -> None:
    before = decided(first(a_capability("See", "q", document=1), documents=("a", "b")), see="accepted")
    moved = reconcile(before, an_entry(documents=("b", "c"))).entry
    assert moved.documents == (a_document("b"), a_document("c"))
    assert moved.capabilities[0].description == Statement(text="It does.", evidence=(span("q", 0),))
    gone = reconcile(moved, an_entry(documents=("c",))).entry
    assert gone.documents == (a_document("c"), a_document("b"))
    assert gone.capabilities[0].description == Statement(text="It does.", evidence=(span("q", 1),))


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Image captioning", "image-captioning"),
        ("  C++ / Rust: bindings!  ", "c-rust-bindings"),
        ("Straße ﬁx Ünïcode", "strasse-fix-ünïcode"),
        ("हिन्दी अनुवाद", "हिन्दी-अनुवाद"),
        ("تحليل النص", "تحليل-النص"),
        ("../../etc/passwd", "etc-passwd"),
        ("a\u202eb\x1b[31m", "a-b-31m"),
        ("🚀", "capability"),
        ("", "capability"),
        ("word " * 20, "-".join(["word"] * 12)),
        ("x" * 80, "x" * 60),
    ],
)
def test_a_short_slug_is_readable_and_safe(name: str, slug: str) -> None:
    assert short_slug(name) == slug


def test_long_names_that_start_alike_get_different_ids_of_at_most_sixty_characters() -> None:
    found = [a_capability("word " * 20 + str(number)) for number in range(12)] + [a_capability("x" * 80 + "y")]
    ids = reconcile(None, an_entry(*found, a_capability("x" * 80 + "z"))).new
    assert len(set(ids)) == 14
    assert max(len(identity) for identity in ids) == len("lynx/") + 60


names = st.sampled_from(["See", "see", "Aim", "C++", "C#", "", "Look far"]) | st.text(max_size=3)
quotes = st.lists(st.sampled_from(["one", "two", "three", "a much longer quote"]), max_size=3, unique=True)
texts = st.sampled_from(["Old.", "New."])
states = st.lists(st.sampled_from(["proposed", "accepted", "rejected", "retired"]), min_size=6, max_size=6)


@st.composite
def drafts(draw: st.DrawFn) -> Entry:
    found = [
        a_capability(draw(names), *draw(quotes), text=draw(texts), document=draw(st.integers(0, 1)))
        for _ in range(draw(st.integers(0, 6)))
    ]
    return an_entry(
        *found, documents=draw(st.sampled_from([("a", "b"), ("b", "a"), ("c", "a"), ("c", "d"), ("a", "a")]))
    )


@st.composite
def decided_entries(draw: st.DrawFn) -> Entry:
    entry = reconcile(None, draw(drafts())).entry
    capabilities = zip(entry.capabilities, draw(states), strict=False)
    marked = tuple(capability.model_copy(update={"state": state}) for capability, state in capabilities)
    return entry.model_copy(update={"capabilities": marked})


def read_for(entry: Entry, identity: str) -> list[tuple[str, str]]:
    """Return the evidence of a capability as what does not change: the text that was read, and the quote."""
    (description,) = [one.description for one in entry.capabilities if one.id == identity]
    assert description is not None
    return [(entry.documents[span.document].sha256, span.quote) for span in description.evidence]


@settings(deadline=None)
@given(before=decided_entries(), found=drafts())
def test_a_second_run_changes_nothing(before: Entry, found: Entry) -> None:
    once = reconcile(before, found).entry
    assert reconcile(once, found) == Changes(entry=once, kept=tuple(one.id for one in once.capabilities))


@settings(deadline=None)
@given(before=decided_entries(), found=drafts())
def test_ids_are_unique_and_each_has_one_fate(before: Entry, found: Entry) -> None:
    changes = reconcile(before, found)
    ids = [capability.id for capability in changes.entry.capabilities]
    assert len(set(ids)) == len(ids)
    assert sorted(changes.kept + changes.changed + changes.new) == sorted(ids)
    assert {*changes.kept, *changes.changed, *changes.gone} == {capability.id for capability in before.capabilities}


@settings(deadline=None)
@given(before=decided_entries(), found=drafts())
def test_nothing_decided_is_ever_lost(before: Entry, found: Entry) -> None:
    after = reconcile(before, found).entry
    states = {capability.id: capability.state for capability in after.capabilities}
    for capability in before.capabilities:
        if capability.state != "proposed":
            assert states[capability.id] == capability.state
            assert read_for(after, capability.id) == read_for(before, capability.id)
