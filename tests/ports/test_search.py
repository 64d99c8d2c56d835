"""The suite of the Index port: what is found, by what, in which order, and how it follows the catalog."""

import random
from typing import Any, get_args

import pytest
from sqlalchemy import Engine, delete, insert, select, update

from decomposer.match.words import words
from decomposer.ports import Candidate, Term
from decomposer.records import Capability, Entry, Fact, Filters, Note, SourceDocument, State
from decomposer.store.catalog import SqlCatalog
from decomposer.store.engine import writing
from decomposer.store.facts import SqlFacts
from decomposer.store.review_tables import due
from decomposer.store.search import SqlIndex
from decomposer.store.search_tables import search_words, searched
from decomposer.store.tables import entries
from tests.ports.conftest import Race
from tests.ports.test_registry import entry, record

CAPTIONS = ("Image captioning", "Writes a caption for each photo.")
SPEECH = ("Speech recognition", "Transcribes recordings to text.")
LINTING = ("Python linting", "Checks code for errors of style.")
FULL = ("number", "entry", "id", "digest", "type", "price", "license", "languages", "weights", "words")


@pytest.fixture
def index(engine: Engine) -> SqlIndex:
    return SqlIndex(engine)


def stored(engine: Engine, *made: Entry) -> None:
    """Store entries as they are, over what the catalog holds of them."""
    for one in made:
        SqlCatalog(engine).take(one, lambda _previous, _slug, one=one: one)  # type: ignore[misc]


def caught_up(index: SqlIndex, *, most: int = 3) -> SqlIndex:
    after, left = "", index.due()
    while left:
        step = index.catch_up(most=most, after=after)
        after, left = step.last, step.left
    return index


def asked(need: str, **weights: float) -> list[Term]:
    return [Term(word, weights.get(word, 1.0)) for word in words(need)]


def found(index: SqlIndex, need: str, *, most: int = 10, **filters: str) -> list[str]:
    return [one.capability for one in index.candidates(asked(need), filters=Filters(**filters), most=most)]


def of(slug: str, said: tuple[str, str], **fields: Any) -> Entry:
    return entry(slug, record(f"{slug}/it", *said, **fields))


def about(one: Entry, *, languages: tuple[str, ...] = (), **fields: Any) -> Entry:
    read = tuple(
        SourceDocument(
            uri=f"{one.artifact.source}/{place}.md",
            sha256=f"{place}" * 64,
            chars=1,
            media_type="text/markdown",
            language=language,
        )
        for place, language in enumerate(languages)
    )
    return one.model_copy(update={"artifact": one.artifact.model_copy(update=fields), "documents": read})


def priced(one: Entry, model: str) -> Entry:
    pricing = one.artifact.pricing.model_copy(update={"model": model})
    return one.model_copy(update={"artifact": one.artifact.model_copy(update={"pricing": pricing})})


# --- what is found


def test_an_empty_index_finds_nothing(index: SqlIndex) -> None:
    assert (index.due(), index.size(), index.newest()) == (0, 0, 0)
    assert index.candidates(asked("image captions"), most=5) == []
    assert index.candidates([], most=5) == []
    assert index.among([1, 2]) == []
    assert index.commonness(["imag"]) == {}
    assert index.catch_up(most=5).entries == 0


def test_a_record_is_found_by_everything_it_shows_and_by_its_artifact(engine: Engine, index: SqlIndex) -> None:
    notes: dict[str, Any] = {name: (Note(text=text),) for name, text in {
        "intents": "describe holidays", "best_for": "archives", "limitations": "blurry scans", "requires": "a GPU",
        "input_types": "JPEG", "output_types": "Markdown",
    }.items()}  # fmt: skip
    shown = record("lynx/it", *CAPTIONS, **notes)
    said = shown.description
    assert said is not None
    statements = {
        "unique": said.model_copy(update={"text": "Knows mountains."}),
        "vs_alternatives": said.model_copy(update={"text": "Quicker than typing."}),
    }
    stored(engine, about(entry("lynx", shown.model_copy(update=statements)), name="Bobcat", tags=("wildlife",)))
    stored(engine, of("puma", SPEECH))
    caught_up(index)
    for need in (
        "captions", "photos", "mountain", "type quickly", "holiday", "archive", "blurry", "gpu", "jpeg", "markdown",
        "bobcat", "wildlife", "image-captioning",
    ):  # fmt: skip
        assert found(index, need) == ["lynx/it"], need
    assert found(index, "recognise speech") == ["puma/it"]
    assert index.size() == 2


def test_the_name_counts_more_than_what_a_person_wants_and_that_more_than_the_rest(
    engine: Engine, index: SqlIndex
) -> None:
    plain = ("Helper", "It does one thing after the other.")
    stored(engine, of("rest", ("Helper", "It does one caption after the other.")))
    stored(engine, of("intent", plain, intents=(Note(text="caption"),)))
    stored(engine, of("name", ("Helper caption", "It does one thing after the other.")))
    stored(engine, *(of(f"else{number}", SPEECH) for number in range(5)))
    assert found(caught_up(index), "caption") == ["name/it", "intent/it", "rest/it"]


def test_rare_words_and_heavy_words_count_more(engine: Engine, index: SqlIndex) -> None:
    stored(engine, *(of(f"many{number}", ("Photo tool", "It is one.")) for number in range(8)))
    stored(engine, of("few", ("Caption tool", "It is one.")))
    caught_up(index)
    first, *rest = index.candidates(asked("caption photo"), most=20)
    assert (first.capability, len(rest)) == ("few/it", 8)
    heavy = [Term("photo", 9.0), Term(words("caption")[0], 0.1)]
    assert [one.entry for one in index.candidates(heavy, most=9)][-1] == "few"


def test_the_order_is_by_score_and_ties_are_by_number(engine: Engine, index: SqlIndex) -> None:
    stored(engine, *(of(f"tool{number}", CAPTIONS) for number in range(6)))
    best = caught_up(index).candidates(asked("captions of photos"), most=4)
    assert [one.number for one in best] == sorted(one.number for one in best)
    assert len({one.score for one in best}) == 1
    assert [one.entry for one in best] == ["tool0", "tool1", "tool2", "tool3"]
    assert index.candidates(asked("photos of captions"), most=4) == best


def test_what_many_have_is_found_by_words_that_stand_together(engine: Engine, index: SqlIndex) -> None:
    """Every word is so common that it is asked for with others alone, and the record that has all of them is last."""
    common = ("model", "text", "image", "data")
    made = [
        record(f"big/{number}", f"Thing {number}", f"A {common[number % 4]} and {common[(number // 4) % 4]}.")
        for number in range(4000)
    ]
    stored(engine, entry("big", *made, record("big/all", "Thing", "A model of text, image and data.")))
    caught_up(index)
    assert found(index, "text image data model", most=3)[0] == "big/all"
    having = [n for n in range(4000) if n % 4 == 0 or (n // 4) % 4 == 0]
    assert sorted(found(index, "model", most=3000)) == sorted(["big/all", *(f"big/{n}" for n in having)])


def test_commonness_counts_records(engine: Engine, index: SqlIndex) -> None:
    stored(engine, of("lynx", CAPTIONS), of("puma", CAPTIONS), of("ibex", SPEECH))
    (caption,), (text,) = words("caption"), words("text")
    assert caught_up(index).commonness([caption, text, "never", "", ":", "type:1", "\0", "\ud800"]) == {
        caption: 2,
        text: 1,
    }


# --- filters


def test_filters_are_facts_in_lower_case_and_languages_of_documents(engine: Engine, index: SqlIndex) -> None:
    stored(engine, priced(about(of("lynx", CAPTIONS), languages=("en", "de"), license="MIT"), "open-source"))
    stored(engine, about(of("puma", CAPTIONS), type="model", license="Apache-2.0", languages=("en",)))
    stored(engine, of("ibex", CAPTIONS))
    caught_up(index)
    assert sorted(found(index, "captions")) == ["ibex/it", "lynx/it", "puma/it"]
    assert found(index, "captions", license="mit") == ["lynx/it"]
    assert found(index, "captions", license="MIT") == ["lynx/it"]
    assert sorted(found(index, "captions", type="repo")) == ["ibex/it", "lynx/it"]
    assert found(index, "captions", price="open-source") == ["lynx/it"]
    assert sorted(found(index, "captions", language="en")) == ["lynx/it", "puma/it"]
    assert found(index, "captions", language="de", type="repo") == ["lynx/it"]
    assert found(index, "captions", language="de", type="model") == []
    assert found(index, "captions", language="e") == []
    assert found(index, "captions", price="unknown") == []
    assert found(index, "captions", license="' OR 1=1 --\0\ud800") == []


def test_a_rare_filter_on_common_words_finds_what_it_lets_through(engine: Engine, index: SqlIndex) -> None:
    made = [record(f"big/{number}", "Text model", "A model of text.") for number in range(3000)]
    stored(engine, entry("big", *made), about(of("puma", ("Model", "One text.")), license="rare"))
    assert found(caught_up(index), "text model", license="rare") == ["puma/it"]


def test_numbers_are_looked_up_with_filters_in_the_order_given(engine: Engine, index: SqlIndex) -> None:
    stored(engine, about(of("lynx", CAPTIONS), languages=("en",)), about(of("puma", SPEECH), languages=("de", "en")))
    caught_up(index)
    lynx, puma = index.newer(0, most=9)
    assert (lynx.capability, puma.capability, index.newest()) == ("lynx/it", "puma/it", puma.number)
    assert index.among([puma.number, 99, lynx.number, puma.number]) == [puma, lynx]
    assert index.among([puma.number, lynx.number], filters=Filters(language="de")) == [puma]
    assert index.newer(lynx.number, most=1) == [Candidate(puma.number, "puma", "puma/it")]
    assert index.among(range(2000)) == [lynx, puma]


# --- following the catalog


def test_only_what_may_be_published_is_found(engine: Engine, index: SqlIndex) -> None:
    for state in get_args(State):
        stored(engine, of(state, CAPTIONS, state=state))
    stored(engine, of("dropped", ("Photo album", "Has captions."), dropped=("description",)))
    stored(engine, of("asked", CAPTIONS, flagged=True, disputed=True))
    assert sorted(found(caught_up(index), "captions")) == ["accepted/it", "asked/it", "proposed/it"]
    assert found(index, "album") == ["dropped/it"]


def test_what_changes_is_due_until_it_was_brought_in(engine: Engine, index: SqlIndex) -> None:
    stored(engine, of("lynx", CAPTIONS), of("puma", SPEECH), of("ibex", LINTING))
    assert index.due() == 3
    step = index.catch_up(most=2)
    assert (step.entries, step.left, step.last) == (2, 1, "lynx")
    assert (index.catch_up(most=2, after=step.last).left, index.due()) == (0, 0)
    before = index.newer(0, most=9)
    stored(engine, of("lynx", ("Photo captions", "Names what is on it.")), of("puma", SPEECH))
    assert index.due() == 1
    caught_up(index)
    assert found(index, "captioning images") == ["lynx/it"]
    assert found(index, "writes") == []
    (changed,) = [one for one in index.newer(0, most=9) if one not in before]
    assert changed.number > max(one.number for one in before)
    stored(engine, entry("lynx"))
    caught_up(index)
    assert (found(index, "captions"), index.size()) == ([], 2)
    stored(engine, of("lynx", CAPTIONS))
    caught_up(index)
    assert index.newest() > changed.number


def test_reviewing_what_is_seen_makes_it_due(engine: Engine, index: SqlIndex) -> None:
    two = entry("lynx", record("lynx/a", *CAPTIONS), record("lynx/b", *SPEECH))
    stored(engine, two)
    caught_up(index)
    accepted = two.capabilities[0].model_copy(update={"state": "accepted"})
    stored(engine, two.model_copy(update={"capabilities": (accepted, two.capabilities[1])}))
    assert index.due() == 0
    less = accepted.model_copy(update={"dropped": ("intents",)})
    stored(engine, two.model_copy(update={"capabilities": (less, two.capabilities[1])}))
    assert index.due() == 1
    retired = two.capabilities[1].model_copy(update={"state": "retired"})
    stored(engine, two.model_copy(update={"capabilities": (less, retired)}))
    assert found(caught_up(index), "speech") == []


def test_facts_that_filters_ask_for_make_it_due_and_keep_the_number(engine: Engine, index: SqlIndex) -> None:
    stored(engine, of("lynx", CAPTIONS))
    before = caught_up(index).newer(0, most=9)
    log = SqlFacts(engine)
    log.say([Fact(entry="lynx", key="stars", value="7", by="person")])
    assert index.due() == 0
    log.say([Fact(entry="lynx", key="license", value="MIT", by="person")])
    assert index.due() == 1
    assert found(caught_up(index), "captions", license="mit") == ["lynx/it"]
    assert index.newer(0, most=9) == before
    log.say([Fact(entry="lynx", key="license", value="unknown", by="person")])
    assert found(caught_up(index), "captions", license="mit") == []
    log.say([Fact(entry="lynx", key="type", value="model", by="person")])
    assert found(caught_up(index), "captions", type="model") == ["lynx/it"]
    assert found(index, "captions", type="repo") == []
    assert index.size() == 1


@pytest.mark.parametrize("seed", range(3))
def test_what_was_brought_in_step_by_step_is_what_is_brought_in_at_once(engine: Engine, seed: int) -> None:
    index, chance = SqlIndex(engine), random.Random(seed)
    said = [CAPTIONS, SPEECH, LINTING, ("写真の編集", "写真を編集する。"), ("Fine-tuning", "Adapts GPT-4o & LoRA.")]
    for _ in range(30):
        slug = f"tool{chance.randrange(6)}"
        made: list[Capability] = []
        for place in range(chance.randrange(4)):
            fields: dict[str, Any] = {"state": chance.choice(get_args(State))}
            fields["dropped"] = ("description",) if chance.random() < 0.2 else ()
            made.append(record(f"{slug}/{place}", *chance.choice(said), **fields))
        kind, license_ = chance.choice(["repo", "model"]), chance.choice([None, "MIT", "a b"])
        stored(engine, about(entry(slug, *made), type=kind, license=license_, languages=chance.choice([(), ("en",)])))
        if chance.random() < 0.4:
            index.catch_up(most=2)
    caught_up(index)
    before, counts, best = whole(engine), counted(engine), found(index, "captions for photo and code")
    with writing(engine) as connection:
        connection.execute(delete(searched))
        connection.execute(delete(search_words))
        connection.execute(insert(due).from_select(["task", "entry"], select_all()))
    caught_up(index)
    assert (whole(engine), counted(engine)) == (before, counts)
    assert sorted(found(index, "captions for photo and code")) == sorted(best)
    assert index.size() == len(before)


def select_all() -> Any:
    from sqlalchemy import literal

    return select(literal("search"), entries.c.slug)


def whole(engine: Engine) -> list[tuple[Any, ...]]:
    query = select(*(searched.c[name] for name in FULL[1:])).order_by(searched.c.entry, searched.c.id)
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(query)]


def counted(engine: Engine) -> dict[str, int]:
    query = select(search_words.c.word, search_words.c.records).where(search_words.c.records != 0)
    with engine.connect() as connection:
        return {row.word: row.records for row in connection.execute(query)}


def test_a_damaged_entry_stops_nothing_and_stays_due(engine: Engine, index: SqlIndex) -> None:
    stored(engine, of("ibex", CAPTIONS), of("lynx", SPEECH), of("puma", LINTING))
    caught_up(index)
    with writing(engine) as connection:
        connection.execute(update(entries).where(entries.c.slug == "lynx").values(data="{"))
        connection.execute(
            insert(due), [{"task": "search", "entry": slug} for slug in ("ibex", "lynx", "puma", "void")]
        )
    step = index.catch_up(most=9)
    assert (step.entries, step.left, index.due()) == (3, 0, 1)
    (reason,) = step.damaged
    assert "the entry 'lynx' is damaged" in reason
    assert found(index, "speech") == ["lynx/it"]


# --- hostile words


def test_hostile_words_are_words_or_nothing(engine: Engine, index: SqlIndex) -> None:
    name = "看图 \u202e\0 'a\" & | !\ud800 OR NEAR(*) c++ ^x col:umn AND -not \\"
    stored(engine, of("lynx", (name, "It's 50% \\ \0 \ud800 done. <b>%s :name ?</b>")), of("puma", CAPTIONS))
    caught_up(index)
    for need in ("NEAR", "看图", "C++", "umn", "50", name):
        assert found(index, need)[0] == "lynx/it", need
    bad = [
        '"', "'", "a OR b", "NEAR(", "*", "^a", "-", "{a}", "a:b", ":a", "type:x", "", " ", "\0", "\ud800", "a\\",
        "&|!", "'); DROP TABLE searched; --",
    ]  # fmt: skip
    assert index.candidates([Term(word) for word in bad], most=5) == []
    assert index.candidates([Term("done", 0.0), Term("done", -1.0)], most=5) == []


def test_a_need_of_ten_thousand_words_is_answered(engine: Engine, index: SqlIndex) -> None:
    stored(engine, of("lynx", CAPTIONS), of("puma", SPEECH))
    caught_up(index)
    many = [Term(f"w{number}") for number in range(10_000)]
    assert index.candidates(many, most=5) == []
    heavy = [*many, *asked("captions")]
    heavy[-1] = Term(heavy[-1].word, 2.0)
    assert [one.entry for one in index.candidates(heavy, most=5)] == ["lynx"]


def test_a_record_of_very_many_words_is_found(engine: Engine, index: SqlIndex) -> None:
    long = " ".join(f"word{number}" for number in range(5000))
    stored(engine, of("lynx", ("Long", long)), of("puma", ("Short", "word1 alone")), of("ibex", ("x" * 100_000, "")))
    caught_up(index)
    assert found(index, "word1") == ["puma/it", "lynx/it"]
    assert found(index, "long") == ["lynx/it"]
    assert index.size() == 3


# --- several processes

_CATCHING = """
import sys
from decomposer.store.engine import open_database
from decomposer.store.search import SqlIndex
engine = open_database(sys.argv[1])
index, done, left, after = SqlIndex(engine), 0, 1, ""
while left:
    step = index.catch_up(most=3, after=after)
    done, left, after = done + step.entries, step.left, step.last
engine.dispose()
print(done)
"""


def test_processes_that_catch_up_at_once_bring_in_each_entry_once(engine: Engine, race: Race) -> None:
    stored(engine, *(of(f"tool{number:02}", (CAPTIONS, SPEECH)[number % 2]) for number in range(30)))
    assert sum(int(output) for output in race(_CATCHING, ["a", "b"])) == 30
    index = SqlIndex(engine)
    assert (index.due(), index.size()) == (0, 30)
    assert index.commonness(words("caption")) == {words("caption")[0]: 15}
    assert len(found(index, "captions", most=99)) == 15
