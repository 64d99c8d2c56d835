"""Review in plain lines: no colour, no drawing, one question at a time; for screen readers and slow connections."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

import click

from decomposer.cli.deciding import summary
from decomposer.cli.entry import title
from decomposer.display import display_safe, one_line
from decomposer.errors import DecomposerError

if TYPE_CHECKING:
    from decomposer.ports import Queued
    from decomposer.review import Desk, Done, Field, Sheet

_VERDICT = {
    "supported": "supported",
    "vendor_claim": "vendor claim",
    "partial": "partly supported",
    "unsupported": "NOT FOUND in the source",
}
_KEYS = """\
a       accept, without the fields that are marked as left out
1 2 3 4 leave a field out, or put it back (4: the lists)
x       reject; a reason may follow: x not in the source
space   skip (or an empty line)
u U     take back what you did last; put it in place again
e       edit a field: e description New text.
m       merge with the record that may be the same
k       keep the text, put the newer draft aside
s       split a merged record
f       flag it for another look; a reason may follow
A       accept everything in this entry that the source bears out
h       history
o       the whole source
?       these keys
q       leave"""


def review(open_desk: "Callable[[str], Desk]", *, query: str) -> None:
    """Show one record after the other, and do what each answer says, until nothing waits or somebody leaves."""
    desk = open_desk(query)
    try:
        Lines(desk).run()
    finally:
        desk.leave()


class Lines:
    """A conversation: a record is read out, an answer is a key, and what may follow it."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._last: Queued | None = None
        self._shown_again = ""
        self._dropped: set[str] = set()
        self._answers: dict[str, Callable[[Sheet, str], bool]] = {
            "a": self._accept,
            "x": self._reject,
            "u": self._undo,
            "U": self._redo,
            "e": self._edit,
            "m": self._merge,
            "k": self._keep,
            "s": self._split,
            "f": self._flag,
            "A": self._accept_passing,
            "h": self._history,
            "o": self._source,
            "?": self._help,
        }

    def run(self) -> None:
        """Go through the queue."""
        while (queued := self._next()) is not None:
            sheet = self._desk.sheet(queued.id)
            self._dropped = set(sheet.dropped)
            _say(sheet, self._desk.waiting())
            if not self._ask(queued.id):
                return
            self._last = queued
        _line("Nothing more waits.")

    def _next(self) -> "Queued | None":
        again, self._shown_again = self._shown_again, ""
        if again and (place := self._desk.place(again)) is not None and place.waits:
            return place
        for after in (self._last, None) if self._last else (None,):
            found = self._desk.window(after, count=1)
            if found:
                return found[0]
        return None

    def _ask(self, identity: str) -> bool:
        """Ask until the record is done with; False where somebody leaves."""
        while True:
            answer = _read("a accept, x reject, space skip, ? for more: ")
            if answer is None or answer.strip() == "q":
                return False
            if not answer.strip():
                return True
            key, rest = answer.strip()[0], answer.strip()[1:].strip()
            if key in "1234":
                self._toggle(self._desk.sheet(identity), int(key))
                continue
            act = self._answers.get(key)
            if act is None:
                _line(f"There is no key {key!r}; ? names them.")
                continue
            self._desk.touch()
            try:
                if act(self._desk.sheet(identity), rest):
                    return True
            except DecomposerError as error:
                _line(str(error))
                return True

    # --- one key each; True where the next record is wanted

    def _accept(self, sheet: "Sheet", reason: str) -> bool:
        dropped = None if self._dropped == set(sheet.dropped) else {sheet.queued.id: sorted(self._dropped)}
        return _told(self._desk.accept([sheet.queued.id], dropped=dropped, reason=reason))

    def _reject(self, sheet: "Sheet", reason: str) -> bool:
        return _told(self._desk.reject([sheet.queued.id], reason=reason))

    def _toggle(self, sheet: "Sheet", number: int) -> None:
        meant = {one.name for one in (*sheet.fields, *sheet.lists) if one.number == number}
        if not meant:
            _line(f"The record has nothing under {number}.")
        elif meant <= self._dropped:
            self._dropped -= meant
            _line(f"Will be accepted: {', '.join(map(title, sorted(meant)))}.")
        else:
            self._dropped |= meant
            _line(f"Will be left out: {', '.join(map(title, sorted(meant)))}.")

    def _undo(self, _sheet: "Sheet", _rest: str) -> bool:
        done = self._desk.undo()
        self._shown_again = done.ids[0] if done.ids else ""
        return _told(done)

    def _redo(self, _sheet: "Sheet", _rest: str) -> bool:
        _told(self._desk.redo())
        return False

    def _edit(self, sheet: "Sheet", rest: str) -> bool:
        field, _, text = rest.partition(" ")
        if not field:
            _line("Write the field and its new text: e description New text.")
            return False
        done = self._desk.edit(sheet.queued.id, cast(Any, field), text.strip())
        _told(done)
        if done.decisions:
            _say(self._desk.sheet(sheet.queued.id), self._desk.waiting())
        return False

    def _merge(self, sheet: "Sheet", _rest: str) -> bool:
        if sheet.twin is None:
            _line("No other record is proposed to be the same.")
            return False
        return _told(self._desk.merge([sheet.queued.id, sheet.twin.other.id]))

    def _keep(self, sheet: "Sheet", reason: str) -> bool:
        return _told(self._desk.dismiss(sheet.queued.id, reason=reason))

    def _split(self, sheet: "Sheet", reason: str) -> bool:
        return _told(self._desk.split(sheet.queued.id, reason=reason))

    def _flag(self, sheet: "Sheet", reason: str) -> bool:
        return _told(self._desk.flag([sheet.queued.id], reason=reason))

    def _accept_passing(self, sheet: "Sheet", _rest: str) -> bool:
        return _told(self._desk.accept_passing(sheet.queued.entry))

    def _history(self, sheet: "Sheet", _rest: str) -> bool:
        decisions = self._desk.history(sheet.queued.id)
        for one in decisions:
            _line(summary(one))
        if not decisions:
            _line("Nothing was decided about it.")
        return False

    def _source(self, sheet: "Sheet", _rest: str) -> bool:
        for document in sheet.documents:
            _line(document.source.uri)
            click.echo(display_safe(document.text if document.text is not None else "(its text is not held)"))
        return False

    def _help(self, _sheet: "Sheet", _rest: str) -> bool:
        click.echo(_KEYS)
        return False


# --- reading out


def _say(sheet: "Sheet", waiting: int) -> None:
    one, queued = sheet.capability, sheet.queued
    click.echo("")
    _line(f"{one.name} ({queued.id}), {one.category}, {queued.state}; {waiting:,} waiting")
    if queued.disputed:
        _line("DISPUTED: two people decided differently.")
        for decision in sheet.opinions:
            _line(f"  {summary(decision)}")
    elif queued.flagged:
        _line("FLAGGED for another look.")
    for field in (*sheet.fields, *sheet.lists):
        _say_field(field)
    for differing in sheet.revision or ():
        _line(f"A newer draft has {title(differing.field)} otherwise. Now: {differing.before or 'nothing'}")
        _line(f"  Then: {differing.after or 'nothing'}")
    if sheet.twin is not None:
        why = "; ".join(sheet.twin.twin.reasons)
        _line(f"May be the same as {sheet.twin.other.name} ({sheet.twin.other.id}): {why}")
    _line(f"Written by {sheet.model}, prompt {sheet.prompt}.")


def _say_field(field: "Field") -> None:
    left = ", LEFT OUT unless you say otherwise" if field.dropped else ""
    _line(f"{field.number} {title(field.name)}{left}:")
    for phrase in field.sentences:
        verdict = f" [{_VERDICT[phrase.support]}]" if phrase.support else ""
        _line(f"  {phrase.text}{verdict}")
        if phrase.support not in (None, "supported") and phrase.reason:
            _line(f"    because {phrase.reason}")
        for span in phrase.spans:
            _line(f"    source: {span.quote}")
    for flag in field.flags:
        _line(f"  flag {flag.kind}: {flag.text}: {flag.note}")


def _told(done: "Done") -> bool:
    """Say what became of a decision, and whether it was taken."""
    _line(done.text)
    return bool(done.decisions)


def _line(text: str) -> None:
    lead = text[: len(text) - len(text.lstrip(" "))]
    click.echo(lead + one_line(text))


def _read(question: str) -> str | None:
    click.echo(question, nl=False)
    line = sys.stdin.readline()
    return line if line else None
