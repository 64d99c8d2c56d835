"""What a word means by the table of near words, which abbreviations stand for what, and which words say little."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from decomposer.text.near_words import COVERS, GROUPS
from decomposer.text.stems import stem

_ABBREVIATIONS = """
ram: memory; vram: gpu memory; vram: graphics memory; cpu: processor; pc: computer; cv: computer vision;
ai: artificial intelligence; ml: machine learning; nlp: natural language processing; llm: large language model; llm:
language model; gpu: graphics card; gpu: graphics processor; ui: user interface; gui: graphical user interface; ui:
interface; cli: command line; api: programming interface; ide: editor; js: javascript; ts: typescript; k8s:
kubernetes; postgres: postgresql; postgresql: postgres; macos: mac os; mac: macos; osx: macos; vscode: vs code;
vscode: visual studio code; moe: mixture experts; rag: retrieval augmented generation; rlhf: human feedback; sft:
supervised fine tuning; rl: reinforcement learning; ocr: text recognition; asr: speech recognition; tts: text speech;
stt: speech text; ner: entity recognition; qa: question answering; pr: pull request; repo: repository; os: operating
system; db: database; url: address; sdk: library; http: https; https: http; mcp: model context protocol; lora: low
rank adaptation; dpo: direct preference optimization; ssl: tls; usa: us; us: united states
"""

ABBREVIATIONS: dict[str, list[frozenset[str]]] = {}
for _pair in _ABBREVIATIONS.split(";"):
    _short, _, _long = _pair.partition(":")
    ABBREVIATIONS.setdefault(_short.strip(), []).append(frozenset(map(stem, _long.split())))
"""Abbreviations of the field with the stems of what they stand for."""

WEAK = frozenset(
    stem(word)
    for word in """
        able about above according act actual additional affect ago aim almost along already amount and another
    anything     around aside ask available away back based basic be because become before behind being below
    besides between bring     can case certain come comes common completely concern consider correspond could
    current currently deal decide deem     depend describe desire different direct directly do does done due during
    each earlier either else enough entire     especially even ever everything exist expect far fact feature few
    find first follow following for form found from     further general give given go goes good great handle happen
    help high hold idea important instead intend itself just     keep kind know known large last later least leave
    like likely line little look lot main make many matter mean means     meant merely mention might more most much
    name named namely need needed never new next normal normally note nothing     number occur offer often one two
    three four five six seven eight nine ten open order ordinary otherwise out over own part particular people
    perform person place     plain plus point possible possibly present previous put quite rather reach ready real
    really reason regard relate     require respect result right said same say second see seem serve set several
    show side similar simply since single     small so some something sort special specific start state still such
    suit take tell thanks thing think though     through time today together too toward try turn two type under
    unless until up upon use used useful user usual     various want way well what whatever whether while whole why
    wide wish with within without word work would yet
    """.split()
)
"""Words that say little of what a claim is about: their absence weighs little."""


_WORD = re.compile(r"[^\W_]+")


class Meanings(NamedTuple):
    """The numbers of the groups that a word asks for in a claim, and of those that it answers in a source."""

    asks: frozenset[int] = frozenset()
    says: frozenset[int] = frozenset()


NONE = Meanings()


def meanings(stems: tuple[str, ...]) -> Meanings:
    """Return what a word, or a phrase of up to three words, means; NONE where the table does not have it."""
    return _table().get(stems, NONE)


def meaning(word: str) -> Meanings:
    """Return what one word means by its stem, as `meanings((word,))` does."""
    return _single_words().get(word, NONE)


def meanings_of(words: Iterable[str]) -> dict[str, Meanings]:
    """Return what each of the words means by itself."""
    table = _single_words()
    return {word: table.get(word, NONE) for word in words}


@cache
def _single_words() -> dict[str, Meanings]:
    return {words[0]: found for words, found in _table().items() if len(words) == 1}


@cache
def _table() -> dict[tuple[str, ...], Meanings]:
    asks: dict[tuple[str, ...], set[int]] = {}
    says: dict[tuple[str, ...], set[int]] = {}
    for number, (general, special) in enumerate(_groups()):
        for word in general:
            asks.setdefault(word, set()).add(number)
        for word in special:
            says.setdefault(word, set()).add(number)
    return {
        word: Meanings(frozenset(asks.get(word, ())), frozenset(says.get(word, ())))
        for word in asks.keys() | says.keys()
    }


def _groups() -> Iterator[tuple[list[tuple[str, ...]], list[tuple[str, ...]]]]:
    """Yield each group as the words that ask for it and those that answer it."""
    for group in GROUPS.split(";"):
        words = [_stems(word) for word in group.split(",") if word.strip()]
        yield words, words
    for line in COVERS.split(";"):
        general, _, covered = line.partition(":")
        head = _stems(general)
        yield [head], [head, *map(_stems, covered.split(","))]


def _stems(phrase: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in _WORD.findall(phrase.lower()))
