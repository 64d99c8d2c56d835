"""Pick the lines that state a capability, and name each in the source's own words."""

from collections.abc import Iterable, Iterator, Sequence

from decomposer.draft import Claim, DraftCapability
from decomposer.llm.extractive.reading import Line
from decomposer.llm.extractive.vocabulary import (
    BOLD,
    CAN_DO,
    COMPARES,
    CUT,
    DANGLING,
    DEFINES,
    IS_A,
    LEAD,
    MOSTLY_NUMBERS,
    NOT_ABOUT_IT,
    SELF,
    SETS_APART,
    SUBJECT,
    VERB,
    category,
)
from decomposer.records import Capability, Provenance, Statement
from decomposer.same import Judging

ENOUGH = 0.6
AT_LEAST = 0.25  # what the best of the first sentences needs where nothing is good enough
EARLY = 12
EXAMPLES = 3  # entries of a section that a collection is shown with
MOST = 40  # capabilities of one segment
LONGEST_NAME = 8  # words


def pick(lines: Sequence[Line]) -> list[DraftCapability]:
    """Return the capabilities that the lines of a software, model or dataset text state, in order; at most 40."""
    scored = [(_score(line, at), at) for at, line in enumerate(lines)]
    best = sorted(scored, key=lambda pair: (-pair[0], pair[1]))[:MOST]
    chosen = [pair for pair in best if pair[0] >= ENOUGH] or _opening(scored, lines)
    chosen.sort(key=lambda pair: pair[1])
    capabilities = [_capability(lines[at], lines) for _, at in chosen]
    return _with_comparisons(_told_once(_distinct(capabilities), _title(lines)), lines)


def pick_index(lines: Sequence[Line]) -> list[DraftCapability]:
    """Return the capabilities of a list or tutorial index: what it says it is, and what its sections collect."""
    first = next((line for line in lines if line.unit.kind == "sentence" and len(line.text.split()) >= 5), None)
    found = [_drafted(_short(first.text), first.text, [first.number])] if first else []
    headings = {line.unit.number: line for line in lines if line.unit.kind == "heading"}
    members: dict[int, list[Line]] = {}
    for line in lines:
        if line.unit.kind in ("item", "row") and line.unit.path and line.place != "elsewhere":
            members.setdefault(line.unit.path[-1], []).append(line)
    sections = [(headings[at], entries) for at, entries in members.items() if len(entries) >= 3 and at in headings]
    found += [_collection(heading, entries) for heading, entries in sections[:MOST]]
    return list(_distinct(found))


def _collection(heading: Line, entries: Sequence[Line]) -> DraftCapability:
    """Return a section of an index, with its first entries as examples."""
    shown = entries[:EXAMPLES]
    text = f"{heading.text}: {'; '.join(_short(entry.text) for entry in shown)}"
    units = [heading.number, *(entry.number for entry in shown)]
    return _drafted(f"Collection: {_short(heading.text)}", text, units)


def _opening(scored: list[tuple[float, int]], lines: Sequence[Line]) -> list[tuple[float, int]]:
    """Return the best of a text's first sentences, for texts that list nothing but say what they are about."""
    first = [pair for pair in scored[:EARLY] if pair[0] >= AT_LEAST and lines[pair[1]].unit.kind == "sentence"]
    return sorted(first, key=lambda pair: (-pair[0], pair[1]))[:1]


def _score(line: Line, at: int) -> float:
    text, kind = line.text, line.unit.kind
    words = len(text.split()) if text.isascii() else len(text) / 3
    if line.place == "elsewhere" or kind in ("code", "heading") or words < 2 or text.endswith("?"):
        return 0.0
    if SELF.match(text) or NOT_ABOUT_IT.search(text) or MOSTLY_NUMBERS.fullmatch(text):
        return 0.0
    if text.endswith((":", "：")) and not line.heads:
        return 0.0
    score = 0.4 if line.place == "use" else 0.1
    score += 0.3 if line.heads else 0.0
    score += 0.4 if line.introduced else 0.0
    score += 0.35 if CAN_DO.search(text) else 0.0
    if kind == "item":
        score += 0.2 if words >= 3 else 0.0
        score += 0.25 if BOLD.match(line.raw) or LEAD.match(text) else 0.0
        score -= 0.2 if line.unit.level > 1 else 0.0
    elif kind == "row":
        cells = [cell for cell in text.split(" | ") if cell]
        score += 0.2 if len(cells) >= 2 and not any(MOSTLY_NUMBERS.fullmatch(cell) for cell in cells) else -0.4
        score -= 1.0 if line.unit.header is None else 0.0
    else:
        score += 0.5 if IS_A.search(text) and at < 25 else 0.0
        score += 0.15 if at < 8 else 0.0
        score -= 0.3 if words > 60 or words < 5 else 0.0
    return score


def _capability(line: Line, lines: Sequence[Line]) -> DraftCapability:
    text = line.text
    if line.unit.kind == "row":
        cells = [cell for cell in text.split(" | ") if cell]
        return _drafted(_short(cells[0]), text, [line.number])
    lead = LEAD.match(text)
    if line.unit.kind == "item" and lead:
        return _drafted(_short(lead.group("lead")), text, [line.number])
    if line.heads and len(line.heads.split()) <= LONGEST_NAME:
        return _drafted(line.heads, text, [line.number])
    bold = BOLD.match(line.raw)
    if line.unit.kind == "item" and bold:
        return _drafted(_short(bold.group("bold")), text, [line.number])
    return _drafted(_short(_predicate(text, _title(lines))), text, [line.number])


def _title(lines: Sequence[Line]) -> str:
    return next((line.text for line in lines if line.unit.kind == "heading"), "")


def _predicate(text: str, title: str) -> str:
    """Return what a sentence says of its subject, or the whole of it where that is too little for a name."""
    for opening in (VERB.search(text), DEFINES.match(text), SUBJECT.match(text)):
        rest = text[opening.end() :] if opening else ""
        if len(rest.split()) >= 2:
            return rest
    if title and text.casefold().startswith(title.casefold() + " "):
        return text[len(title) :]
    return text


def _short(text: str) -> str:
    """Return the beginning of a text as a name: up to eight words, or 24 characters where words have no spaces."""
    text = text.strip(" \t*_`#-–—•|:：.\"'“”")
    found = CUT.search(text, 12)
    text = text[: found.start()] if found else text
    words = text.split()
    if len(words) <= 2 and len(text) > 40:
        return text[:24]
    return DANGLING.sub("", " ".join(words[:LONGEST_NAME])).strip(" ,;:.-–—")[:100]


def _drafted(name: str, text: str, units: list[int]) -> DraftCapability:
    return DraftCapability(
        name=name or text[:40], category=category(f"{name} {text}"), description=Claim(text=text, units=units)
    )


def _distinct(capabilities: Sequence[DraftCapability]) -> Iterator[DraftCapability]:
    seen: set[str] = set()
    for capability in capabilities:
        key = capability.name.casefold()
        if key not in seen and any(character.isalpha() for character in key):
            seen.add(key)
            yield capability


def _told_once(capabilities: Iterable[DraftCapability], title: str) -> list[DraftCapability]:
    """Return the capabilities without those that an earlier one states in other words; it cites their lines too."""
    judge = Judging([title])
    kept: list[tuple[Capability, DraftCapability]] = []
    for capability in capabilities:
        record = _as_record(capability)
        same = (at for at, (earlier, _) in enumerate(kept) if judge(earlier, record).verdict == "same")
        at = next(same, None)
        if at is None:
            kept.append((record, capability))
        else:
            kept[at] = kept[at][0], _citing(kept[at][1], capability)
    return [capability for _, capability in kept]


def _as_record(capability: DraftCapability) -> Capability:
    said = Statement(text=capability.description.text) if capability.description else None
    nobody = Provenance(model="", prompt="")
    return Capability(id="", name=capability.name, category=capability.category, description=said, provenance=nobody)


def _citing(capability: DraftCapability, other: DraftCapability) -> DraftCapability:
    if capability.description is None or other.description is None:
        return capability
    units = [*capability.description.units, *other.description.units]
    return capability.model_copy(update={"description": capability.description.model_copy(update={"units": units})})


def _with_comparisons(capabilities: list[DraftCapability], lines: Sequence[Line]) -> list[DraftCapability]:
    """Give each sentence that compares or sets apart to the last capability stated before it, once."""
    places = [capability.description.units[0] if capability.description else 0 for capability in capabilities]
    for line in lines:
        if line.place == "elsewhere" or line.unit.kind not in ("sentence", "item") or len(line.text) > 400:
            continue
        field = "vs_alternatives" if COMPARES.search(line.text) else "unique" if SETS_APART.search(line.text) else ""
        before = [at for at, place in enumerate(places) if place <= line.number]
        if field and before and getattr(capabilities[before[-1]], field) is None:
            claim = Claim(text=line.text, units=[line.number])
            capabilities[before[-1]] = capabilities[before[-1]].model_copy(update={field: claim})
    return capabilities
