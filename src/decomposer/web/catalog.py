"""Show the catalog beside the review: the pages of the site, made when they are asked for, and a search."""

from dataclasses import replace
from typing import Annotated, TypeVar
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from decomposer.errors import UsageError
from decomposer.publish.site import drawing, links
from decomposer.publish.site.drawing import Chrome
from decomposer.publish.site.found import FoundView, found_page
from decomposer.records import Filters
from decomposer.web.addresses import LiveLinks
from decomposer.web.sessions import Sessions
from decomposer.web.visit import Faces, Id, SignInFirst

_FOR_EVER = {"cache-control": "public, max-age=31536000, immutable"}
_HITS, _MOST_NEED = 20, 500
View = TypeVar("View")


def _let_in(request: Request) -> Faces:
    """Return what there is to show, to whom may see it: on a server for this machine that is whoever can reach it."""
    app = request.app
    sessions: Sessions = app.state.sessions
    if app.state.access.token is not None and sessions.find(request.cookies.get(app.state.access.cookie, "")) is None:
        raise SignInFirst
    faces: Faces = app.state.faces
    return faces


router = APIRouter(prefix="/catalog")
Shown = Annotated[Faces, Depends(_let_in)]
Page = Annotated[int, Query(ge=1, le=1_000_000)]
Given = Annotated[str, Query(max_length=500)]


@router.get("")
def start(faces: Shown) -> Response:
    """Show the front of the catalog."""
    return HTMLResponse(drawing.start_page(faces.browsing.start(), _chrome(links.START)))


@router.get("/categories")
def categories(faces: Shown) -> Response:
    """List the categories."""
    return HTMLResponse(drawing.categories_page(faces.browsing.start(), _chrome(links.CATEGORIES)))


@router.get("/about")
def about(faces: Shown) -> Response:
    """Say how to read the pages."""
    return HTMLResponse(drawing.about_page(faces.browsing.start(), _chrome(links.ABOUT)))


@router.get("/entry")
def entry(faces: Shown, slug: Id) -> Response:
    """Show an entry as it is published."""
    view = _there(faces.browsing.entry(slug))
    own = ("Review this entry", f"/entry?{urlencode({'slug': slug}, errors='replace')}")
    return HTMLResponse(drawing.entry_page(view, _chrome(links.entry(slug), own)))


@router.get("/compare")
def compare(faces: Shown, a: Id, b: Id, need: Given = "") -> Response:
    """Show two entries side by side, whichever they are."""
    view = _there(faces.browsing.compare(a, b, need=need or None))
    return HTMLResponse(drawing.compare_page(view, _chrome(links.compared(a, b))))


@router.get("/category")
def category(faces: Shown, name: Id, page: Page = 1) -> Response:
    """List the records of a category."""
    view = _there(faces.browsing.category(name, page))
    return HTMLResponse(drawing.category_page(view, _chrome(links.category(name, page))))


@router.get("/capabilities")
def canonicals(faces: Shown, page: Page = 1) -> Response:
    """List the capabilities that several artifacts have."""
    view = _there(faces.browsing.canonicals(page))
    return HTMLResponse(drawing.canonicals_page(view, _chrome(links.canonicals(page))))


@router.get("/capability")
def canonical(faces: Shown, uri: Id, page: Page = 1) -> Response:
    """Show a capability, and who has it; an old address leads to it too."""
    view = _there(faces.browsing.canonical(uri, page))
    return HTMLResponse(drawing.canonical_page(view, _chrome(links.canonical(view.uri, page))))


@router.get("/list")
def listed(faces: Shown, type: Given = "", letter: Given = "", page: Page = 1) -> Response:
    """List the entries of a type, or of a letter."""
    found = faces.browsing.of_type(type, page) if type else faces.browsing.of_letter(letter or "A", page)
    place = links.kind(type, page) if type else links.names(letter or "A", page)
    return HTMLResponse(drawing.list_page(_there(found), _chrome(place)))


@router.get("/search")
def search(
    faces: Shown, q: str = "", type: Given = "", price: Given = "", license: Given = "", language: Given = ""
) -> Response:
    """Search by need; without one there is the form alone. Each search is counted."""
    named = {"type": type, "price": price, "license": license, "language": language}
    view = FoundView(
        need=q[:_MOST_NEED],
        filters=Filters.model_validate({name: value.strip().casefold() for name, value in named.items() if value}),
        types=faces.browsing.types(),
    )
    if q.strip():
        try:
            view = replace(view, found=faces.answering.search(q, filters=view.filters, limit=_HITS))
        except UsageError as error:
            view = replace(view, problem=str(error))
    status = 400 if view.problem else 200
    return HTMLResponse(found_page(view, _chrome(links.SEARCH)), status)


@router.get("/static/{digest}/site.css")
def style(digest: str) -> Response:
    """Return the stylesheet; its address changes with what it says, so it may be kept for ever."""
    return Response(drawing.style(), media_type="text/css", headers=_FOR_EVER)


def is_catalog(path: str) -> bool:
    """Say whether the path of a request is that of a page of the catalog, whether there is one or not."""
    return path == router.prefix or path.startswith(f"{router.prefix}/")


def sentence(title: str, told: str, status: int) -> Response:
    """Return the page that says in a sentence why there is no other."""
    return HTMLResponse(drawing.sentence_page(title, told, _chrome(links.START)), status)


def _chrome(place: str, *nav: tuple[str, str]) -> Chrome:
    return Chrome(links=LiveLinks(), place=place, live=True, nav=(*nav, ("Review", "/queue")))


def _there(view: View | None) -> View:
    if view is None:
        raise HTTPException(404)
    return view
