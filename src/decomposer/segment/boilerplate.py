"""Tell what is not worth sending: badges, tables of contents, licence texts, contributor walls, translation menus."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import groupby, pairwise

from decomposer.records import Document, LeftOut, Unit
from decomposer.text import seen

_ANCHOR = re.compile(r"(?:\[[^\]]*(?:\][^\[\]]*)*\]\(\s*#[^)]*\)|<a\s[^>]*href=[\"']#[^>]*>.*?</a>)", re.I | re.S)
_CONTENTS = re.compile(
    r"(?:table of )?contents?|toc|index|目次|目录|目錄|содержание|оглавление|зміст|المحتويات|فهرست|inhalt(?:sverzeichnis)?"
    r"|sommaire|table des matières|tabla de contenidos|índice",
    re.IGNORECASE,
)
_LICENCE = re.compile(
    r"permission is hereby granted, free of charge|the software is provided \W?as is|terms and conditions for use, repro"
    r"|redistribution and use in source and binary forms|without warranties or conditions of any kind"
    r"|gnu general public license as published|unless required by applicable law or agreed to in writing"
    r"|licensed under the apache license, version 2\.0 \(the|this program is distributed in the hope that".replace(
        " ", r"\s+"
    ),
    re.IGNORECASE,
)
_PROFILE = re.compile(r"(?:\(|href=[\"'])https?://github\.com/[\w-]+/?(?=[)\"'])", re.IGNORECASE)
_PEOPLE = re.compile(r"contribut|sponsor|backers|supporters|stargazers|贡献|貢献|спонсор|المساهم", re.IGNORECASE)
_LINK_ONLY = re.compile(
    r"\W*(?:\[[^\]]*\]\([^)]*\)|<a\s[^>]*>.*?</a>|@[\w-]+|https?://\S+)\W*", re.IGNORECASE | re.DOTALL
)
_LANGUAGES = frozenset(
    "english 中文 简体中文 繁體中文 繁体中文 正體中文 中文版 日本語 日本语 한국어 한국인 deutsch français francais español espanol "
    "português portugues portuguese русский рyсский українська العربية العربیة فارسی हिन्दी हिंदी తెలుగు "
    "italiano türkçe turkce tiếng việt tieng viet bahasa indonesia indonesian polski nederlands svenska "
    "čeština magyar română ελληνικά עברית ไทย اردو বাংলা தமிழ் chinese japanese korean german french "
    "spanish russian arabic traditional simplified brasil brazil melayu malay català suomi dansk norsk "
    "български srpski српски ქართული".split()
)
_MENU = re.compile(r"\]\(|[|•·/<]")
_WORD = re.compile(r"[^\W\d_]+(?:[\u0300-\u036f\u0900-\u0dff\u0e00-\u0e7f]+[^\W\d_]*)*")


def leave_out(units: list[Unit], document: Document) -> list[Unit]:
    """Return the units, those not worth sending marked with why. Their numbers and offsets stay."""
    marks: dict[int, LeftOut] = {unit.number: "front_matter" for unit in units if unit.kind == "front_matter"}
    text = document.text
    for section in _sections(units):
        _mark_runs(section, lambda unit: _is_anchor(unit, text), 3, "contents", marks)
        _mark_runs(section, lambda unit: _is_language_menu(unit, document), 1, "translations", marks, names=3)
        _mark_licence(section, document, marks)
        _mark_people(section, document, marks)
    _mark_empty_headings(units, marks, text)
    return [replace(unit, left_out=marks[unit.number]) if unit.number in marks else unit for unit in units]


def _sections(units: list[Unit]) -> Iterator[list[Unit]]:
    """Yield the units of each section; a heading stands at the beginning of its own."""
    section: list[Unit] = []
    for unit in units:
        if unit.kind == "heading" and section:
            yield section
            section = []
        section.append(unit)
    if section:
        yield section


def _mark_runs(
    section: list[Unit],
    belongs: Callable[[Unit], int],
    least: int,
    why: LeftOut,
    marks: dict[int, LeftOut],
    *,
    names: int = 0,
) -> None:
    """Mark runs of at least `least` units that belong, whose counts add up to at least `names`."""
    visible = [unit for unit in section if unit.hidden in (None, "collapsed") and unit.kind != "heading"]
    for found, run in groupby(visible, key=lambda unit: belongs(unit) > 0):
        members = list(run)
        if found and len(members) >= least and sum(map(belongs, members)) >= names:
            marks.update({unit.number: why for unit in members})


def _is_anchor(unit: Unit, text: str) -> int:
    if unit.kind not in ("item", "sentence"):
        return 0
    raw = text[unit.start : unit.end]
    if "#" not in raw:
        return 0
    anchors = _ANCHOR.findall(raw)
    rest = _ANCHOR.sub("", raw)
    return len(anchors) if anchors and not re.search(r"\w{2,}", re.sub(r"<[^>]*>|\d", "", rest)) else 0


def _is_language_menu(unit: Unit, document: Document) -> int:
    if unit.end - unit.start > 6000 or unit.kind == "code" or not _MENU.search(document.text, unit.start, unit.end):
        return 0
    words = [word.lower() for word in _WORD.findall(seen(unit, document))]
    known = sum(word in _LANGUAGES for word in words)
    return known if known and known >= 0.8 * len(words) else 0


def _mark_licence(section: list[Unit], document: Document, marks: dict[int, LeftOut]) -> None:
    found = False
    for unit in section:
        found = found or bool(unit.kind != "heading" and _LICENCE.search(document.text, unit.start, unit.end))
        if found:
            marks[unit.number] = "licence"


def _mark_people(section: list[Unit], document: Document, marks: dict[int, LeftOut]) -> None:
    text = document.text
    heading = section[0] if section[0].kind == "heading" else None
    about_people = heading is not None and bool(_PEOPLE.search(seen(heading, document)))
    links = [unit for unit in section if about_people and _LINK_ONLY.fullmatch(text[unit.start : unit.end])]
    walls = [unit for unit in section if len(_PROFILE.findall(text, unit.start, unit.end)) >= 4]
    for unit in (links if len(links) >= 4 else []) + walls:
        marks[unit.number] = "contributors"


def _mark_empty_headings(units: list[Unit], marks: dict[int, LeftOut], text: str) -> None:
    """Leave out the heading of a table of contents together with it."""
    for unit, after in pairwise(units):
        if unit.kind == "heading" and marks.get(after.number) == "contents":
            words = re.sub(r"[^\w\s]|\d", " ", text[unit.start : unit.end]).strip()
            if _CONTENTS.fullmatch(words):
                marks[unit.number] = "contents"
