"""Carrying ids and decisions over to a new draft."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decomposer.reconcile import reconcile as reconcile_by
from decomposer.reconcile import short_slug
from decomposer.reconcile.pairing import folded
from decomposer.records import (
    Artifact,
    Capability,
    Changes,
    Entry,
    Evidence,
    Fate,
    Gone,
    Judge,
    Judgement,
    Note,
    Provenance,
    Run,
    Sentence,
    SourceDocument,
    SourceKind,
    State,
    Statement,
)
from tests.making import by_name


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


def an_entry(*capabilities: Capability, documents: tuple[str, ...] = ("b",), slug: str = "lynx") -> Entry:
    return Entry(
        artifact=Artifact(slug=slug, name="Lynx", type="repo", source="gh:acme/lynx"),
        documents=tuple(a_document(sha256) for sha256 in documents),
        source_kind=SourceKind(kind="software", reason="it is"),
        capabilities=capabilities,
        run=Run(model="m", prompt="v1"),
    )


def reconcile(previous: Entry | None, found: Entry, *, judge: Judge = by_name) -> Changes:
    return reconcile_by(previous, found, judge=judge)


def judged_same(*groups: set[str]) -> Judge:
    """Return a judge to whom the names in each group are one capability."""

    def judge(one: Capability, other: Capability) -> Judgement:
        same = one.name == other.name or any({one.name, other.name} <= group for group in groups)
        return Judgement("same", 0.9) if same else Judgement("different", 0.1)

    return judge


def first(*capabilities: Capability, documents: tuple[str, ...] = ("a",)) -> Entry:
    return reconcile(None, an_entry(*capabilities, documents=documents)).entry


def decided(entry: Entry, **states: State) -> Entry:
    """Return the entry with the states of the capabilities whose short slugs are named."""
    capabilities = tuple(
        capability.model_copy(update={"state": states.get(capability.id.partition("/")[2], capability.state)})
        for capability in entry.capabilities
    )
    return entry.model_copy(update={"capabilities": capabilities})


FATES: tuple[Fate, ...] = ("kept", "reworded", "changed", "new", "gone")


def fates(changes: Changes) -> dict[Fate, tuple[str, ...]]:
    found = {fate: changes.ids(fate) for fate in FATES}
    return {fate: ids for fate, ids in found.items() if ids}


def test_everything_is_new_the_first_time() -> None:
    changes = reconcile(None, an_entry(a_capability("Image captioning"), a_capability("画像の説明")))
    assert fates(changes) == {"new": ("lynx/image-captioning", "lynx/画像の説明")}
    assert [capability.id for capability in changes.entry.capabilities] == list(changes.ids("new"))


def with_id(capability: Capability, identity: str) -> Capability:
    return capability.model_copy(update={"id": identity})


def test_what_comes_with_a_free_id_of_the_entry_keeps_it() -> None:
    found = an_entry(with_id(a_capability("See"), "lynx/own"), with_id(a_capability("Aim"), "cat/aim-far"))
    assert [one.id for one in reconcile(None, found).entry.capabilities] == ["lynx/own", "lynx/aim"]


def test_an_id_that_comes_along_is_never_that_of_another_or_of_what_is_gone() -> None:
    before = first(a_capability("See", "one"), a_capability("Hear", "two"))
    gone = reconcile(before, an_entry(a_capability("See", "one"), documents=("b",))).entry
    assert gone.gone == (Gone(id="lynx/hear", name="Hear"),)
    aim, run = with_id(a_capability("Aim", "three"), "lynx/see"), with_id(a_capability("Run", "x"), "lynx/hear")
    found = an_entry(aim, run, documents=("c",))
    assert [one.id for one in reconcile(gone, found).entry.capabilities] == ["lynx/aim", "lynx/run"]


def test_what_comes_back_has_the_id_that_it_had_whatever_it_comes_with() -> None:
    before = first(a_capability("See", "one"), a_capability("Hear", "two"))
    gone = reconcile(before, an_entry(a_capability("See", "one"), documents=("b",))).entry
    back = an_entry(with_id(a_capability("Hear", "three"), "lynx/other"), documents=("c",))
    assert [one.id for one in reconcile(gone, back).entry.capabilities] == ["lynx/hear"]


def test_a_part_of_a_merged_record_keeps_the_id_that_it_comes_with() -> None:
    parts = (with_id(a_capability("See"), "lynx/own"), with_id(a_capability("Look"), "lynx/second"))
    merged = parts[0].model_copy(update={"merged": parts})
    (one,) = reconcile(None, an_entry(merged)).entry.capabilities
    assert [part.id for part in one.parts()] == ["lynx/own", "lynx/own", "lynx/second"]


def test_a_decision_that_comes_along_with_the_same_text_is_taken_over() -> None:
    before = first(a_capability("See", "one"))
    theirs = an_entry(a_capability("See", "one").model_copy(update={"state": "accepted"}), documents=("a",))
    after = reconcile(before, theirs).entry
    assert [one.state for one in after.capabilities] == ["accepted"]
    assert reconcile(after, theirs).entry == after


def test_the_same_found_again_changes_nothing_whatever_the_run() -> None:
    before = first(a_capability("See", "q", run="1"))
    changes = reconcile(before, an_entry(a_capability("See", "q", run="2"), documents=("a",)))
    assert changes.entry == before
    assert fates(changes) == {"kept": ("lynx/see",)}


def test_the_same_name_keeps_its_id_and_takes_the_new_text() -> None:
    before = first(a_capability("See far", text="Old."))
    changes = reconcile(before, an_entry(a_capability("see-FAR", text="New.")))
    assert fates(changes) == {"reworded": ("lynx/see-far",)}
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
    assert changes.ids("changed") == ("lynx/see", "lynx/aim")


def test_a_name_weighs_more_than_evidence() -> None:
    before = first(a_capability("See", "one"), a_capability("Aim", "two"))
    changes = reconcile(before, an_entry(a_capability("Aim", "one"), a_capability("See", "two")))
    assert [(capability.id, capability.name) for capability in changes.entry.capabilities] == [
        ("lynx/aim", "Aim"),
        ("lynx/see", "See"),
    ]


@pytest.mark.parametrize("state", ["accepted", "rejected", "retired"])
def test_what_a_person_decided_stays_as_decided(state: State) -> None:
    before = decided(first(a_capability("See", "one"), a_capability("Aim")), see=state)
    renamed = reconcile(before, an_entry(a_capability("Look", "one", text="New."), documents=("a",))).entry
    assert tuple(one.model_copy(update={"revision": None}) for one in renamed.capabilities) == before.capabilities[:1]
    assert renamed.gone == (Gone(id="lynx/aim", name="Aim"),)
    assert reconcile(before, an_entry(documents=("a",))).entry.capabilities == before.capabilities[:1]


def test_ids_of_what_was_there_are_not_given_away() -> None:
    before = first(a_capability("C++ bindings", "cpp"))
    found = an_entry(a_capability("C# bindings", "csharp"), a_capability("C bindings", "c"))
    changes = reconcile(before, found, judge=judged_same())
    assert fates(changes) == {
        "new": ("lynx/c-bindings-2", "lynx/c-bindings-3"),
        "gone": ("lynx/c-bindings",),
    }


def test_an_exact_duplicate_is_one_capability() -> None:
    found = an_entry(a_capability("See", "q", run="1"), a_capability("Aim"), a_capability("See", "q", run="2"))
    assert reconcile(None, found).ids("new") == ("lynx/see", "lynx/aim")


def test_the_entry_keeps_its_slug() -> None:
    changes = reconcile(first(a_capability("See")), an_entry(a_capability("Aim"), slug="lynx-2"))
    assert changes.entry.artifact.slug == "lynx"
    assert changes.ids("new") == ("lynx/aim",)


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
    ids = reconcile(None, an_entry(*found, a_capability("x" * 80 + "z"))).ids("new")
    assert len(set(ids)) == 14
    assert max(len(identity) for identity in ids) == len("lynx/") + 60


def test_other_words_for_the_same_keep_the_id_by_what_they_mean() -> None:
    before = first(a_capability("Image captioning", "old quote"), a_capability("Aim", "x"))
    found = an_entry(a_capability("Describing pictures", "new quote"), a_capability("Shoot", "y"))
    changes = reconcile(before, found, judge=judged_same({"Image captioning", "Describing pictures"}))
    assert fates(changes) == {"reworded": ("lynx/image-captioning",), "new": ("lynx/shoot",), "gone": ("lynx/aim",)}
    assert changes.each[0].reason == "the same in other words: name"


def test_the_assignment_is_the_best_on_the_whole_not_the_best_first() -> None:
    scores = {("A", "x"): 0.9, ("A", "y"): 0.8, ("B", "x"): 0.8}

    def judge(one: Capability, other: Capability) -> Judgement:
        score = scores.get((one.name, other.name), 0.0)
        return Judgement("same" if score else "different", score)

    changes = reconcile(first(a_capability("A"), a_capability("B")), an_entry(*map(a_capability, "xy")), judge=judge)
    assert [(one.id, one.name) for one in changes.entry.capabilities] == [("lynx/b", "x"), ("lynx/a", "y")]


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("category", "audio.speech", "category: other, now audio.speech"),
        ("description", Statement(text="It does 5 of them."), "description: other numbers"),
        ("description", Statement(text="It does.", support="supported"), "description: unsupported, now supported"),
        ("unique", Statement(text="Alone."), "unique: nothing was said"),
        ("description", None, "description: nothing is said any more"),
        ("input_types", (Note(text="audio"),), "input_types: others"),
    ],
)
def test_a_change_of_substance_says_what_it_is(field: str, value: object, reason: str) -> None:
    (change,) = reconcile(
        first(a_capability("See")), an_entry(a_capability("See").model_copy(update={field: value}))
    ).each
    assert (change.fate, change.reason) == ("changed", reason)


def test_what_is_judged_to_be_less_is_a_change_of_substance_with_the_reasons_of_the_judge() -> None:
    before = first(a_capability("Editing images and video", "one"))
    (change,) = reconcile(
        before,
        an_entry(a_capability("Editing images", "one")),
        judge=lambda one, other: Judgement("broader", 0.6, ("video is not said",)),
    ).each
    assert (change.fate, change.reason) == ("changed", "judged broader (video is not said)")


def test_each_change_carries_both_records_with_their_evidence() -> None:
    before = first(a_capability("See", "one"), a_capability("Aim", "two"))
    seen, aimed = reconcile(before, an_entry(a_capability("See", "three", text="New."))).each
    assert (seen.before, seen.after) == (
        before.capabilities[0],
        a_capability("See", "three", text="New.").model_copy(update={"id": "lynx/see"}),
    )
    assert (aimed.before, aimed.after, aimed.reason) == (before.capabilities[1], None, "not found again")


def test_new_evidence_for_the_same_words_is_no_change_and_is_taken() -> None:
    changes = reconcile(first(a_capability("See", "one")), an_entry(a_capability("See", "two")))
    assert fates(changes) == {"kept": ("lynx/see",)}
    assert [span.quote for span in changes.entry.capabilities[0].evidence()] == ["two"]


def test_a_proposal_that_was_not_drawn_this_time_stays_while_the_source_still_says_it() -> None:
    before = first(a_capability("See", "one"), a_capability("Aim"), documents=("a", "b"))
    changes = reconcile(before, an_entry(documents=("c", "a")))
    assert [(one.id, one.fate, one.reason) for one in changes.each] == [
        ("lynx/see", "kept", "not found again, but the source still says it"),
        ("lynx/aim", "gone", "not found again"),
    ]
    assert read_for(changes.entry, "lynx/see") == [("a", "one")]


@pytest.mark.parametrize(
    "update",
    [
        {"run": Run(model="another", prompt="v1")},
        {"run": Run(model="m", prompt="v2")},
        {"source_kind": SourceKind(kind="placeholder", reason="empty")},
        {"documents": (a_document("c"),)},
    ],
)
def test_a_proposal_goes_where_another_model_or_prompt_or_text_does_not_say_it(update: dict[str, object]) -> None:
    found = an_entry(documents=("a",)).model_copy(update=update)
    assert reconcile(first(a_capability("See", "one")), found).entry.capabilities == ()


def test_a_line_that_was_only_nearly_found_again_is_not_still_said() -> None:
    before = first(a_capability("See", "one"))
    near = before.capabilities[0].with_evidence(lambda span: span.model_copy(update={"how": "fuzzy", "score": 0.8}))
    moved = before.model_copy(update={"capabilities": (near,)})
    assert reconcile(moved, an_entry(documents=("a",))).entry.capabilities == ()


# --- what a person settled


def test_a_new_text_for_an_accepted_record_waits_as_its_revision() -> None:
    before = decided(first(a_capability("See", "one")), see="accepted")
    changes = reconcile(before, an_entry(a_capability("See", "two", text="New.", run="2"), documents=("a",)))
    (held,) = changes.entry.capabilities
    assert held.model_copy(update={"revision": None}) == before.capabilities[0]
    assert held.revision == a_capability("See", "two", text="New.", run="2").model_copy(update={"id": "lynx/see"})
    assert [(change.fate, change.open) for change in changes.each] == [("reworded", True)]
    again = reconcile(changes.entry, an_entry(a_capability("See", "two", text="New.", run="3"), documents=("a",)))
    assert again.entry == changes.entry
    back = reconcile(changes.entry, an_entry(a_capability("See", "one"), documents=("a",)))
    assert back.entry.capabilities == before.capabilities


def test_what_a_person_wrote_in_a_proposal_is_not_overwritten() -> None:
    before = first(a_capability("See", "one"))
    mine = before.capabilities[0]
    written = mine.provenance.model_copy(update={"edited": ("description",)})
    mine = mine.model_copy(update={"description": Statement(text="Mine."), "provenance": written})
    before = before.model_copy(update={"capabilities": (mine,)})
    (held,) = reconcile(before, an_entry(a_capability("See", "one"))).entry.capabilities
    assert held.description == Statement(text="Mine.")
    assert held.revision is not None
    assert held.revision.description == a_capability("See", "one").description
    assert reconcile(before, an_entry()).entry.capabilities == (mine,)


def test_an_accepted_record_that_is_not_found_again_stays_and_is_told_of() -> None:
    before = decided(first(a_capability("See", "one")), see="accepted")
    for documents, fate, reason, is_open in [
        (("a",), "kept", "not found again, but the source still says it", False),
        (("c",), "gone", "not found again; it stays until a person decides", True),
    ]:
        changes = reconcile(before, an_entry(documents=documents))
        assert [one.state for one in changes.entry.capabilities] == ["accepted"]
        assert [(one.fate, one.reason, one.open) for one in changes.each] == [(fate, reason, is_open)]


@pytest.mark.parametrize("state", ["rejected", "retired"])
def test_a_dismissed_record_does_not_come_back_in_other_words(state: State) -> None:
    before = decided(
        first(a_capability("Image captioning", "one"), a_capability("Aim", "two")), **{"image-captioning": state}
    )
    judge = judged_same({"Image captioning", "Describing pictures", "Words for pictures"})
    found = an_entry(
        a_capability("Describing pictures", "three"),
        a_capability("Words for pictures", "four"),
        a_capability("Aim", "two"),
    )
    changes = reconcile(before, found, judge=judge)
    assert {one.id: one.state for one in changes.entry.capabilities} == {
        "lynx/image-captioning": state,
        "lynx/aim": "proposed",
    }
    (left,) = changes.left_out
    assert (left.id, left.reason) == ("lynx/image-captioning", f"a person {state} it before: Image captioning")
    assert reconcile(changes.entry, found, judge=judge).entry == changes.entry


def test_a_rejected_record_does_not_come_back_under_the_id_of_another_that_shares_its_evidence() -> None:
    before = decided(
        first(a_capability("Sort", "both"), a_capability("Order", "both"), a_capability("Aim", "x")), sort="rejected"
    )
    judge = judged_same({"Sort", "Sorting", "Arranging"})
    found = an_entry(a_capability("Sorting", "both"), a_capability("Arranging", "both"))
    entry = reconcile(before, found, judge=judge).entry
    assert [(one.id, one.name, one.state) for one in entry.capabilities] == [("lynx/sort", "Sort", "rejected")]


# --- ids


def test_the_id_of_what_is_gone_is_given_to_nobody_else_and_is_its_own_again() -> None:
    gone = reconcile(first(a_capability("C++ bindings", "cpp")), an_entry()).entry
    assert gone.gone == (Gone(id="lynx/c-bindings", name="C++ bindings"),)
    other = reconcile(gone, an_entry(a_capability("C# bindings"))).entry
    assert [one.id for one in other.capabilities] == ["lynx/c-bindings-2"]
    back = reconcile(
        other, an_entry(a_capability("c++ bindings", "new"), a_capability("C bindings")), judge=judged_same()
    ).entry
    assert [one.id for one in back.capabilities] == ["lynx/c-bindings", "lynx/c-bindings-3"]
    assert back.gone == (Gone(id="lynx/c-bindings-2", name="C# bindings"),)


def merged(*parts: Capability) -> Capability:
    names = tuple(part.name for part in parts)
    provenance = parts[0].provenance.model_copy(update={"merged_from": names})
    return parts[0].model_copy(update={"merged": parts, "provenance": provenance})


def test_what_was_merged_has_ids_and_keeps_them_joined_or_apart() -> None:
    sort, order = a_capability("Sort", "one"), a_capability("Order", "two")
    joined = first(merged(sort, order))
    assert [part.id for part in joined.capabilities[0].merged] == ["lynx/sort", "lynx/order"]
    apart = reconcile(joined, an_entry(sort, order)).entry
    assert [one.id for one in apart.capabilities] == ["lynx/sort", "lynx/order"]
    changes = reconcile(apart, an_entry(merged(sort, order)))
    assert [part.id for part in changes.entry.capabilities[0].merged] == ["lynx/sort", "lynx/order"]
    assert [(one.id, one.fate, one.reason) for one in changes.each][1:] == [
        ("lynx/order", "gone", "joined into lynx/sort")
    ]
    assert changes.entry.gone == ()


def test_what_was_joined_into_an_accepted_record_does_not_come_back_alone() -> None:
    sort, order = a_capability("Sort", "one"), a_capability("Order", "two")
    before = decided(first(merged(sort, order)), sort="accepted")
    changes = reconcile(before, an_entry(sort, order))
    assert [one.id for one in changes.entry.capabilities] == ["lynx/sort"]
    assert [one.reason for one in changes.left_out] == ["a person joined it into another record: Sort"]


def test_links_lead_to_the_ids_that_records_have_now() -> None:
    before = first(a_capability("Edit", "one"), a_capability("Crop", "two"))
    edit = a_capability("Editing", "one").model_copy(update={"id": "other/editing", "broader_than": ("other/crop",)})
    crop = a_capability("Crop", "two").model_copy(update={"id": "other/crop"})
    entry = reconcile(before, an_entry(edit, crop)).entry
    assert [(one.id, one.broader_than) for one in entry.capabilities] == [
        ("lynx/edit", ("lynx/crop",)),
        ("lynx/crop", ()),
    ]
    rejected = decided(entry, crop="rejected")
    assert reconcile(rejected, an_entry(edit, crop)).entry.capabilities[0].broader_than == ()


# --- laws


def test_scipy_is_not_imported_where_nobody_contests_a_pair() -> None:
    script = (
        "import sys; from tests.test_reconcile import *;"
        "reconcile(first(a_capability('See', 'one')), an_entry(a_capability('Look', 'one')));"
        "raise SystemExit('scipy' in sys.modules or 'numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], cwd=Path(__file__).parents[1]).returncode == 0


SYNONYMS = judged_same({"See", "Look far"}, {"Aim", "C++", "Look far"})

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
    if len(found) > 2 and draw(st.booleans()):
        found = [merged(*found[:2]), *found[2:]]
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
    for judge in (by_name, SYNONYMS):
        once = reconcile(before, found, judge=judge).entry
        again = reconcile(once, found, judge=judge)
        assert again.entry == once
        assert [change for change in again.each if change.fate != "kept" and not change.open] == []


@settings(deadline=None)
@given(before=decided_entries(), found=drafts())
def test_ids_are_unique_and_each_has_one_fate(before: Entry, found: Entry) -> None:
    changes = reconcile(before, found, judge=SYNONYMS)
    ids = [capability.id for capability in changes.entry.capabilities]
    each = [change.id for change in changes.each]
    assert len(set(ids)) == len(ids)
    assert len(set(each)) == len(each)
    assert set(each) == {*ids, *(capability.id for capability in before.capabilities)}
    assert {*each} - {*ids} <= {*changes.ids("gone")}


def all_ids(entry: Entry) -> set[str]:
    """Return every id that an entry knows: of records, of what they were merged from, and of what is gone."""
    return {part.id for one in entry.capabilities for part in one.parts()} | {one.id for one in entry.gone}


@settings(deadline=None)
@given(before=decided_entries(), found=st.lists(drafts(), min_size=1, max_size=3))
def test_no_id_is_ever_forgotten_and_none_changes_its_owner_without_a_word(before: Entry, found: list[Entry]) -> None:
    entry = before
    for draft in found:
        changes = reconcile(entry, draft, judge=SYNONYMS)
        assert all_ids(entry) <= all_ids(changes.entry)
        remembered = [one.id for one in changes.entry.gone]
        used = [part.id for one in changes.entry.capabilities for part in one.parts()]
        assert not set(remembered) & set(used)
        lost = {one.id: one.name for one in entry.gone}
        for one in changes.entry.capabilities:
            if one.id in lost:
                assert folded(lost[one.id]) == folded(one.name)
        entry = changes.entry


@settings(deadline=None)
@given(before=decided_entries(), found=drafts())
def test_nothing_decided_is_ever_lost(before: Entry, found: Entry) -> None:
    after = reconcile(before, found, judge=SYNONYMS).entry
    states = {capability.id: capability.state for capability in after.capabilities}
    for capability in before.capabilities:
        if capability.state != "proposed":
            assert states[capability.id] == capability.state
            assert read_for(after, capability.id) == read_for(before, capability.id)
