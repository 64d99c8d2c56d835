"""The suite of the Registry port."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from decomposer.ports import Canonical, Registry
from decomposer.ports.registry import Caught
from decomposer.records import (
    Artifact,
    Capability,
    Category,
    Document,
    Entry,
    Flag,
    Judgement,
    Provenance,
    Run,
    Source,
    SourceKind,
    State,
    Statement,
    Support,
)
from decomposer.registry import Prepared, Views
from decomposer.store.catalog import SqlCatalog
from decomposer.store.registry import SqlRegistry
from decomposer.store.registry_tables import addresses, likenesses, members, stems, texts
from decomposer.store.tables import entries

PROVENANCE = Provenance(model="m", prompt="v1")
SEARCH = ("Image search", "Finds pictures that fit a text query.")
SPEECH = ("Speech recognition", "Transcribes audio recordings to text with timestamps.")
HEARING = ("Audio transcription", "Converts spoken recordings into a timestamped transcript.")
LINTING = ("Python linting", "Checks Python code for style errors.")


@pytest.fixture
def registry(engine: Engine) -> Registry:
    return SqlRegistry(engine)


def record(
    identity: str, name: str, description: str = "", *, state: State = "proposed", support: Support = "supported",
    category: Category = "other", **fields: Any,
) -> Capability:  # fmt: skip
    said = Statement(text=description, support=support) if description else None
    fields = {"id": identity, "name": name, "category": category, "description": said, "state": state, **fields}
    return Capability(provenance=PROVENANCE, **fields)


def entry(slug: str, *capabilities: Capability, **fields: Any) -> Entry:
    return Entry(
        artifact=Artifact(slug=slug, name=slug.title(), type="repo", source=f"gh:acme/{slug}"),
        documents=(),
        source_kind=SourceKind(kind="software", reason="it is"),
        capabilities=capabilities,
        run=Run(model="m", prompt="v1"),
        **fields,
    )


def one(slug: str, said: tuple[str, str], **fields: Any) -> Entry:
    return entry(slug, record(f"{slug}/it", *said, **fields))


def home(registry: Registry, identity: str) -> Canonical:
    found = registry.canonical_of(identity.partition("/")[0], identity)
    assert found is not None
    return found


def of(registry: Registry, uri: str) -> list[str]:
    found = registry.find(uri)
    assert found is not None
    return [member.capability for member in registry.members(found.number)]


def test_an_empty_registry_knows_nothing(registry: Registry) -> None:
    assert registry.due() == 0
    assert list(registry.shared()) == []
    assert registry.find("capability://other/image-search") is None
    assert registry.canonical_of("lynx", "lynx/it") is None
    assert registry.catch_up(most=10).entries == 0


def test_a_record_alone_has_an_address_and_defines_it(registry: Registry) -> None:
    registry.add([one("lynx", SEARCH, category="image.visual")])
    found = home(registry, "lynx/it")
    assert found.uri == "capability://image.visual/image-search"
    assert (found.name, found.category, found.state) == ("Image search", "image.visual", "active")
    assert (found.artifacts, found.members) == (1, 1)
    assert found.definition is not None
    assert (found.definition.text, found.definition.capability) == (SEARCH[1], "lynx/it")
    assert list(registry.shared()) == []
    (member,) = registry.members(found.number)
    assert (member.artifact, member.state, member.support) == ("lynx", "proposed", "supported")
    assert (member.agreement, member.like, member.reasons) == (None, None, ())


def test_one_capability_in_other_words_is_one_canonical_capability(registry: Registry) -> None:
    registry.add([one("lynx", SPEECH), one("puma", HEARING), one("ibex", LINTING)])
    (shared,) = registry.shared()
    assert shared == home(registry, "lynx/it") == home(registry, "puma/it")
    assert (shared.artifacts, shared.members) == (2, 2)
    assert registry.aliases(shared.number) == ["Audio transcription"]
    assert home(registry, "ibex/it").members == 1
    for member, like in zip(registry.members(shared.number), ("puma/it", "lynx/it"), strict=True):
        assert member.agreement is not None
        assert member.agreement > 0.5
        assert member.like == like
        assert member.decided_by == "rule"
        assert "both are about" in member.reasons[0]


def test_the_names_of_artifacts_say_nothing(registry: Registry) -> None:
    registry.add([one("lynx", ("Lynx image search", SEARCH[1])), one("puma", ("Puma: image search", SEARCH[1]))])
    (shared,) = registry.shared()
    assert shared.uri == "capability://other/image-search"


def test_near_misses_stay_apart(registry: Registry) -> None:
    registry.add(
        [
            one("lynx", ("Text to image", "Generates images from text prompts.")),
            one("puma", ("Image to text", "Generates text from images.")),
            one("ibex", ("LoRA training", "Trains LoRA adapters on your images.")),
            one("orca", ("DreamBooth training", "Trains DreamBooth models on your images.")),
        ]
    )
    assert list(registry.shared()) == []


def test_a_wider_capability_is_linked_and_not_joined(registry: Registry) -> None:
    general = ("Fine-tuning", "Fine-tunes language models on your own data.")
    special = ("LoRA fine-tuning", "Fine-tunes language models on your own data with LoRA.")
    registry.add([one("lynx", general), one("puma", special)])
    wide, narrow = home(registry, "lynx/it"), home(registry, "puma/it")
    assert wide != narrow
    (below,), (above,) = registry.narrower(wide.number), registry.broader(narrow.number)
    assert (below.uri, above.uri) == (narrow.uri, wide.uri)
    assert (below.pairs, below.general, below.special) == (1, "lynx/it", "puma/it")
    assert "the first covers more" in " ".join(below.reasons)
    assert registry.broader(wide.number) == registry.narrower(narrow.number) == []


def test_an_address_stays_when_a_redraft_says_it_in_other_words(registry: Registry) -> None:
    registry.add([one("lynx", SPEECH), one("puma", SPEECH)])
    before = home(registry, "lynx/it")
    registry.add([one("lynx", HEARING)])
    registry.add([one("puma", SPEECH)])
    assert home(registry, "lynx/it").uri == before.uri
    registry.add([one("puma", HEARING)])
    after = home(registry, "puma/it")
    assert after.uri == "capability://other/audio-transcription"  # no member has the old name any more
    assert registry.addresses(after.number) == [before.uri]
    assert registry.find(before.uri) == after


def test_a_redraft_that_says_nothing_new_changes_nothing(registry: Registry, engine: Engine) -> None:
    def held() -> list[Any]:
        with engine.connect() as connection:
            return [connection.execute(select(table)).all() for table in (texts, members, addresses, likenesses, stems)]

    registry.add([one("lynx", SPEECH), one("puma", HEARING)])
    before = held()
    registry.add([one("puma", HEARING), one("lynx", SPEECH)])
    assert held() == before


def test_a_record_that_turns_to_something_else_leaves_for_another_address(registry: Registry) -> None:
    registry.add([one("lynx", SPEECH), one("puma", SPEECH), one("ibex", LINTING)])
    before = home(registry, "lynx/it")
    registry.add([one("puma", LINTING)])
    assert home(registry, "puma/it") == home(registry, "ibex/it")
    assert home(registry, "lynx/it").uri == before.uri
    assert [(one.uri, one.artifacts) for one in registry.shared()] == [("capability://other/python-linting", 2)]


@pytest.mark.parametrize("state", ["rejected", "retired"])
def test_what_is_rejected_or_retired_leaves_and_its_address_keeps_its_meaning(registry: Registry, state: State) -> None:
    registry.add([one("lynx", SEARCH)])
    before = home(registry, "lynx/it")
    registry.add([one("lynx", SEARCH, state=state)])
    assert registry.canonical_of("lynx", "lynx/it") is None
    left = registry.find(before.uri)
    assert left is not None
    assert (left.state, left.members, left.artifacts, left.name) == ("empty", 0, 0, "Image search")
    assert left.definition is not None
    assert (left.definition.text, left.definition.support) == (SEARCH[1], None)
    registry.add([one("lynx", SEARCH, state="accepted")])
    assert home(registry, "lynx/it") == before


def test_an_address_is_never_given_to_something_else(registry: Registry) -> None:
    registry.add([one("lynx", ("Streaming", "Streams tokens as they are generated."))])
    first = home(registry, "lynx/it")
    registry.add([entry("lynx")])
    registry.add([one("puma", ("Streaming!", "")), one("ibex", ("Streaming", "Streams video to phones."))])
    assert first.uri == "capability://other/streaming"
    uris = {home(registry, f"{slug}/it").uri for slug in ("puma", "ibex")}
    assert uris <= {"capability://other/streaming", "capability://other/streaming-2"}
    found = registry.find(first.uri)
    assert found is not None
    assert found.number == first.number


def test_a_number_in_a_name_and_a_number_in_an_address_do_not_meet(engine: Engine) -> None:
    registry = SqlRegistry(engine, comparing=Saying({}))
    registry.add(one(f"tool{at}", (name, "")) for at, name in enumerate(["Go 2", "Go", "go", "GO", "Go-2", "go 2"]))
    found = [home(registry, f"tool{at}/it").uri.removeprefix("capability://other/") for at in range(6)]
    assert found == ["go-2", "go", "go-3", "go-4", "go-2-2", "go-2-3"]


def test_what_a_person_joined_leads_on_from_its_old_address(registry: Registry) -> None:
    a, b = record("lynx/a", *SEARCH), record("lynx/b", *LINTING)
    registry.add([entry("lynx", a, b)])
    old, new = home(registry, "lynx/b"), home(registry, "lynx/a")
    registry.add([entry("lynx", a.model_copy(update={"merged": (a, b)}))])
    assert registry.find(old.uri) == home(registry, "lynx/a")
    assert registry.addresses(new.number) == [old.uri]
    registry.add([entry("lynx", a, b)])
    assert home(registry, "lynx/b").uri == old.uri


def test_two_canonical_capabilities_become_one_where_a_record_shows_that_they_are(engine: Engine) -> None:
    registry = SqlRegistry(engine, comparing=Saying(dict.fromkeys(["ac", "bc", "ad", "bd", "cd"], 1)))
    registry.add([one("a", ("a", "")), one("b", ("b", ""))])
    first, second = home(registry, "a/it"), home(registry, "b/it")
    registry.add([one("c", ("c", ""))])
    registry.add([one("d", ("d", ""))])
    assert of(registry, first.uri) == ["a/it", "b/it", "c/it", "d/it"]
    assert registry.find(second.uri) == home(registry, "a/it")
    registry.add([entry("c"), entry("d")])
    assert (of(registry, first.uri), of(registry, second.uri)) == (["a/it"], ["b/it"])
    assert home(registry, "b/it").uri == second.uri


def test_one_wrong_link_joins_one_record_and_not_two_groups(engine: Engine) -> None:
    right = [x + y for group in ("abcd", "uvwx") for x in group for y in group if x < y]
    registry = SqlRegistry(engine, comparing=Saying(dict.fromkeys([*right, "au"], 1)))
    registry.add(one(name, (name, "")) for name in "aubvcwdx")
    assert of(registry, home(registry, "a/it").uri) == [f"{name}/it" for name in "abcd"]
    assert of(registry, home(registry, "u/it").uri) == [f"{name}/it" for name in "uvwx"]


def test_what_a_person_holds_apart_is_not_joined_and_may_be_again(registry: Registry) -> None:
    a, b = record("lynx/a", *SEARCH), record("lynx/b", *SEARCH)
    registry.add([entry("lynx", a, b), one("puma", SEARCH)])
    together = home(registry, "lynx/a")
    assert together == home(registry, "lynx/b")
    assert (together.artifacts, together.members) == (2, 3)
    registry.add([entry("lynx", a, b, apart=(("lynx/a", "lynx/b"),))])
    assert home(registry, "lynx/a") != home(registry, "lynx/b")
    registry.add([entry("lynx", a, b)])
    assert home(registry, "lynx/a") == home(registry, "lynx/b")


def test_what_drafting_left_apart_in_one_entry_is_joined_only_where_the_names_are_equal(registry: Registry) -> None:
    registry.add([entry("lynx", record("lynx/a", *SPEECH), record("lynx/b", *HEARING))])
    assert home(registry, "lynx/a") != home(registry, "lynx/b")


def test_the_best_supported_description_defines(registry: Registry) -> None:
    hostile = Statement(
        text="Ignore this.", support="supported", flags=(Flag(kind="hidden_source", text="I", note=""),)
    )
    registry.add([one("lynx", SEARCH, support="partial")])
    registry.add([entry("puma", record("puma/it", SEARCH[0]).model_copy(update={"description": hostile}))])
    registry.add([one("ibex", (SEARCH[0], "Finds images by text."), support="supported")])
    found = home(registry, "ibex/it").definition
    assert found is not None
    assert (found.text, found.entry, found.support) == ("Finds images by text.", "ibex", "supported")
    registry.add([one("ibex", (SEARCH[0], "Finds images by text."), support="unsupported")])
    found = home(registry, "lynx/it").definition
    assert found is not None
    assert (found.text, found.support) == (SEARCH[1], "partial")


def test_texts_that_no_database_likes_are_kept_and_found(registry: Registry) -> None:
    name = "看图 \u202e\0 'a\" & | !\ud800 OR NEAR(*) c++"
    registry.add(
        [one("lynx", (name, "It's 50% \\ \0 \ud800 done.")), one("puma", (name, "It's 50% \\ \0 \ud800 done."))]
    )
    assert [one.artifacts for one in registry.shared()] == [2]
    assert registry.find("capability://\0\ud800'; DROP") is None


def test_a_canonical_capability_of_many_is_still_one(registry: Registry) -> None:
    registry.add(one(f"tool{number}", SPEECH if number % 3 else HEARING) for number in range(40))
    assert [(one.artifacts, one.members) for one in registry.shared()] == [(40, 40)]
    registry.add(entry(f"tool{number}") for number in range(30))
    assert [(one.artifacts, one.members) for one in registry.shared()] == [(10, 10)]


# --- catching up with the catalog


def drafted(catalog: SqlCatalog, *made: Entry) -> None:
    for each in made:
        text = Document(f"{each.artifact.slug}/README.md", each.artifact.slug, "text/markdown", each.artifact.slug * 8)
        source = Source(each.artifact, (text,))
        catalog.revise(source, lambda _previous, _slug, each=each: each)  # type: ignore[misc]


def test_what_changes_in_the_catalog_is_due_until_it_was_brought_in(engine: Engine) -> None:
    catalog, registry = SqlCatalog(engine), SqlRegistry(engine)
    drafted(catalog, one("lynx", SPEECH), one("puma", HEARING), one("ibex", LINTING))
    assert registry.due() == 3
    assert (registry.catch_up(most=2).left, registry.catch_up(most=2).left) == (1, 0)
    assert registry.due() == 0
    assert [one.artifacts for one in registry.shared()] == [2]
    drafted(catalog, one("ibex", SPEECH))
    registry.catch_up(most=2)
    assert [one.artifacts for one in registry.shared()] == [3]
    drafted(catalog, one("ibex", SPEECH, state="rejected"))
    registry.catch_up(most=2)
    assert [one.artifacts for one in registry.shared()] == [2]
    drafted(catalog, one("ibex", SPEECH))
    registry.catch_up(most=2)
    assert [one.artifacts for one in registry.shared()] == [3]


def test_it_is_there_when_the_database_is_opened_again(database_url: str) -> None:
    from decomposer.store.engine import open_database

    for said in (SPEECH, HEARING):
        engine = open_database(database_url)
        SqlRegistry(engine).add([one("lynx", SPEECH), one("puma", said)])
        assert [shared.artifacts for shared in SqlRegistry(engine).shared()] == [2]
        engine.dispose()


def test_what_was_judged_by_another_recipe_is_judged_again(engine: Engine) -> None:
    catalog = SqlCatalog(engine)
    drafted(catalog, one("a", ("a", "")), one("b", ("b", "")))
    before = SqlRegistry(engine, comparing=Saying({"ab": 1}))
    before.catch_up(most=10)
    assert [shared.members for shared in before.shared()] == [2]
    after = SqlRegistry(engine, comparing=Saying({}))
    assert (before.due(), after.due()) == (0, 2)
    drafted(catalog, one("b", ("b", "")), one("c", ("c", "")))
    assert (before.due(), after.due()) == (1, 3)
    assert after.catch_up(most=10).entries == 3
    assert after.due() == 0
    assert list(after.shared()) == []
    assert after.catch_up(most=10).entries == 0


def test_a_damaged_entry_is_passed_over_and_stays_due(engine: Engine) -> None:
    catalog, registry = SqlCatalog(engine), SqlRegistry(engine)
    drafted(catalog, one("ibex", SPEECH), one("lynx", SPEECH), one("puma", HEARING))
    with engine.begin() as connection:
        good = connection.scalar(select(entries.c.data).where(entries.c.slug == "ibex"))
        connection.execute(update(entries).where(entries.c.slug == "ibex").values(data="{"))
    first = registry.catch_up(most=2)
    assert (first.entries, first.left, first.last) == (1, 1, "lynx")
    assert [reason.partition(":")[0] for reason in first.damaged] == ["the entry 'ibex' is damaged"]
    rest = registry.catch_up(most=2, after=first.last)
    assert (rest.entries, rest.left, rest.damaged) == (1, 0, ())
    assert [shared.artifacts for shared in registry.shared()] == [2]
    assert registry.due() == 1
    with engine.begin() as connection:
        connection.execute(update(entries).where(entries.c.slug == "ibex").values(data=good))
    assert registry.catch_up(most=2) == Caught(1, 0, "ibex")
    assert [shared.artifacts for shared in registry.shared()] == [3]


_CATCHING_UP = """
import sys
from decomposer.store.engine import open_database
from decomposer.store.registry import SqlRegistry

engine = open_database(sys.argv[1])
registry, done = SqlRegistry(engine), 0
while True:
    step = registry.catch_up(most=3)
    done += step.entries
    if not step.entries:
        break
print(done)
engine.dispose()
"""


def test_processes_that_catch_up_at_once_do_each_entry_once(
    engine: Engine, race: Callable[[str, list[str]], list[str]]
) -> None:
    catalog, said = SqlCatalog(engine), (SPEECH, HEARING, LINTING, SEARCH)
    drafted(catalog, *(one(f"tool{number}", said[number % 4]) for number in range(24)))
    outputs = race(_CATCHING_UP, ["a", "b", "c"])
    assert sum(map(int, outputs)) == 24
    registry = SqlRegistry(engine)
    assert sorted(one.artifacts for one in registry.shared()) == [6, 6, 12]
    assert registry.due() == 0


class Saying:
    """Compares records by what it is told of their names: the score of pairs that are the same."""

    def __init__(self, same: dict[str, float]) -> None:
        self._same = same
        self.recipe = str(sorted(same))

    def prepare(self, capability: Capability, own: Iterable[str]) -> Prepared:
        return Prepared(capability.name, capability.name, ("word",), capability.name)

    def weights(self, words: Iterable[str]) -> dict[str, float]:
        return dict.fromkeys(words, 1.0)

    def judge(self, one: str, other: str) -> Judgement:
        score = self._same.get(min(one, other) + max(one, other), 0.0)
        return Judgement("same" if score else "different", score, ("told so",))

    def lead(self, data: str) -> str:
        return data


def test_the_judge_of_a_draft_is_the_judge_across_artifacts() -> None:
    views = Views()
    a, b = (views.prepare(record("x/it", *said), ()) for said in (SPEECH, HEARING))
    assert views.judge(a.data, b.data).verdict == "same"
    assert views.weights([*a.words, "_x_y"]).keys() == {*a.words, "_x_y"}
    assert "speech" in a.words
