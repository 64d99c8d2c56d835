"""Know who asks and what for: the person signed in, the form that was sent, and the part of the queue that is meant."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Protocol, cast, get_args
from urllib.parse import urlencode

from fastapi import Depends, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import FormData

from decomposer.ports import Catalog, Order
from decomposer.records import Decision
from decomposer.review import Desk
from decomposer.web.pages import draw
from decomposer.web.security import Access
from decomposer.web.sessions import Session, Sessions
from decomposer.wiring.answering import Answering
from decomposer.wiring.browsing import Browsing

MOST_CONTEXT = 200
CONTEXT = 6


class SignInFirst(Exception):
    """Nobody is signed in."""


class WrongForm(Exception):
    """The form does not carry the token of the session."""


class Faces(Protocol):
    """What the application shows: desks for the people who review, and the catalog behind them."""

    @property
    def catalog(self) -> Catalog:
        """The entries."""
        ...

    @property
    def answering(self) -> Answering:
        """What answers programs."""
        ...

    @property
    def browsing(self) -> Browsing:
        """What fills the pages of the catalog."""
        ...

    def desk(self, reviewer: str, *, query: str = "", order: Order = "risk", entry: str | None = None) -> Desk:
        """Return the desk of a person over a part of the queue. Raises UsageError for wrong conditions."""
        ...

    def decided(self, reviewer: str, *, entry: str | None, before: int, count: int) -> list[Decision]:
        """Return what was decided as a person may see it, the newest first, before a seq unless that is 0."""
        ...

    def leave(self, reviewer: str) -> None:
        """Give back what a person holds."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the queue, as addresses carry it.

    `where` are conditions, `after` is the id to go on behind, `context` counts lines around the evidence.
    """

    where: str = ""
    order: Order = "risk"
    entry: str = ""
    after: str = ""
    context: int = CONTEXT

    def at(self, path: str, **extra: str | int) -> str:
        """Return the address of a page that keeps this place."""
        return f"{path}?{urlencode(self.values() | extra)}" if self.values() | extra else path

    def values(self) -> dict[str, str | int]:
        """Return what differs from the start of the whole queue, for an address or a form."""
        usual = Place()
        named: dict[str, str | int] = {
            "where": self.where, "order": self.order, "entry": self.entry, "after": self.after, "context": self.context,
        }  # fmt: skip
        return {name: value for name, value in named.items() if value != getattr(usual, name)}

    def behind(self, id: str) -> "Place":
        """Return the place behind a record."""
        return replace(self, after=id)


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of somebody who is signed in."""

    request: Request
    session: Session
    csrf: str
    place: Place

    @property
    def faces(self) -> Faces:
        """What there is to show."""
        return cast(Faces, self.request.app.state.faces)

    @property
    def form(self) -> FormData:
        """What was sent."""
        return form_of(self.request)

    def desk(self) -> Desk:
        """Return the desk of whoever asks, at the place that is asked for."""
        where = self.place
        query = as_conditions(where.where)
        return self.faces.desk(self.session.name, query=query, order=where.order, entry=where.entry or None)

    def page(self, template: str, *, tab: str, notice: str = "", address: str = "", **values: Any) -> Response:
        """Return a page. `notice` is what it says first; `address` is where it is found again, where that differs."""
        waiting, self.session.notice = self.session.notice, ""
        common = {"who": self.session.name, "csrf": self.csrf, "at": self.place, "place": tab}
        drawn = draw(template, **common, notice=notice or waiting, **values)
        return HTMLResponse(drawn, headers={"hx-push-url": address} if address and self.swaps else None)

    def go(self, address: str, notice: str = "") -> Response:
        """Return the way to another page, which says `notice` first."""
        self.session.notice = notice or self.session.notice
        return RedirectResponse(address, 303)

    @property
    def swaps(self) -> bool:
        """Whether htmx asks and takes the next page at once."""
        return self.request.headers.get("hx-request") == "true"


def as_conditions(text: str) -> str:
    """Return conditions in which plain words are parts of a name, so that one can search without knowing any."""
    words = text.split()
    plain = [word for word in words if not set("=<>~") & set(word) and word not in ("all", "stale")]
    if '"' in text or "'" in text or not plain:
        return text
    return " ".join([*(word for word in words if word not in plain), *(f"name~{word}" for word in plain)])


def place_of(values: Mapping[str, Any]) -> Place:
    """Return the place that an address or a form names; what can't be read there is the usual."""
    order = str(values.get("order", ""))
    context = str(values.get("context", ""))
    return Place(
        where=str(values.get("where", ""))[:2000].strip(),
        order=cast(Order, order) if order in get_args(Order) else "risk",
        entry=str(values.get("entry", ""))[:500],
        after=str(values.get("after", ""))[:1000],
        context=min(MOST_CONTEXT, int(context)) if context.isdecimal() and len(context) < 6 else CONTEXT,
    )


async def checked(request: Request) -> None:
    """Read the form of a POST and refuse one that does not carry the token of the session."""
    if request.method in ("GET", "HEAD"):
        return
    form = await request.form(max_files=0, max_fields=2000)
    sessions: Sessions = request.app.state.sessions
    access: Access = request.app.state.access
    if not sessions.right(request.cookies.get(access.cookie, ""), field(form, "csrf")):
        raise WrongForm
    request.state.form = form


def form_of(request: Request) -> FormData:
    """Return the form that `checked` has read."""
    return cast(FormData, request.state.form)


def field(form: FormData, name: str) -> str:
    """Return a field of a form, or nothing."""
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def _visit(request: Request) -> Visit:
    key = request.cookies.get(request.app.state.access.cookie, "")
    sessions: Sessions = request.app.state.sessions
    session = sessions.find(key)
    if session is None:
        raise SignInFirst
    given = form_of(request) if request.method == "POST" else request.query_params
    return Visit(request, session, sessions.token(key), place_of(given))


Visiting = Annotated[Visit, Depends(_visit)]
Id = Annotated[str, Query(max_length=2000)]
