"""Make the web application: who may come in, what every form must carry, and how errors are told."""

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.exceptions import HTTPException

from decomposer.errors import CatalogError, DecomposerError, UsageError
from decomposer.web import catalog, entries, looking, review, signing
from decomposer.web.api import create_api
from decomposer.web.limiting import Limits
from decomposer.web.pages import KINDS, draw, static_files
from decomposer.web.security import Access, App, Guard, Receive, Scope, Send, TooLong, is_api
from decomposer.web.sessions import Sessions
from decomposer.web.visit import Faces, SignInFirst, WrongForm, checked

_LOG = logging.getLogger("decomposer.web")
_FOR_EVER = {"cache-control": "public, max-age=31536000, immutable"}
_SENTENCES = {
    404: ("Not found", "There is no such page here."),
    405: ("Not possible", "That page can't be used in this way."),
}


def create_app(
    faces: Faces,
    *,
    access: Access,
    sessions: Sessions | None = None,
    limits: Limits | None = None,
) -> Guard:
    """Return the ASGI application that shows what `faces` gives to whom `access` lets in.

    The pages of the catalog stand beside the review, and the API, which `limits` keeps from being asked too often.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, dependencies=[Depends(checked)])
    app.state.faces = faces
    app.state.access = access
    app.state.sessions = sessions or Sessions()
    static_files()  # a missing file is told at the start, not by the first page
    app.add_api_route("/static/{digest}/{name}", _static, methods=["GET"])
    app.add_api_route("/favicon.ico", _icon, methods=["GET"])
    app.include_router(signing.router)
    app.include_router(review.router)
    app.include_router(looking.router)
    app.include_router(entries.router)
    app.include_router(catalog.router)
    for kind, tell in _TOLD.items():
        app.add_exception_handler(kind, tell)
    api = create_api(faces, access=access, limits=limits or Limits())
    return Guard(_Split(app, api), access=access)


class _Split:
    """ASGI: what stands under /api is for programs, the rest for people."""

    def __init__(self, pages: App, api: App) -> None:
        self._pages = pages
        self._api = api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        asked = self._api if scope["type"] == "http" and is_api(scope) else self._pages
        await asked(scope, receive, send)


def _static(digest: str, name: str) -> Response:
    content = static_files().get(name)
    if content is None:
        raise HTTPException(404)
    return Response(content, media_type=KINDS[name.rpartition(".")[2]], headers=_FOR_EVER)


def _icon() -> Response:
    """Return what browsers ask for on pages that name no icon."""
    return Response(static_files()["icon.svg"], media_type=KINDS["svg"], headers={"cache-control": "max-age=86400"})


# --- errors: a sentence on a page, whatever it was


def _page(request: Request, status: int, title: str, sentence: str) -> Response:
    if catalog.is_catalog(request.url.path):
        return catalog.sentence(title, sentence, status)
    sessions: Sessions = request.app.state.sessions
    key = request.cookies.get(request.app.state.access.cookie, "")
    session = sessions.find(key)
    who = session.name if session else ""
    common = {"who": who, "csrf": sessions.token(key), "place": "", "notice": ""}
    return HTMLResponse(draw("sentence.html", **common, title=title, sentence=sentence), status)


def _sign_in(request: Request, _: Exception) -> Response:
    back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    target = signing.login_address(back if request.method == "GET" else "/queue")
    if request.headers.get("hx-request"):
        return Response(headers={"hx-redirect": target})
    return RedirectResponse(target, 303)


def _wrong_form(request: Request, _: Exception) -> Response:
    sentence = "This form was made for another session: nothing was done. Open the page again, and do it there."
    return _page(request, 403, "Not done", sentence)


def _too_long(request: Request, _: Exception) -> Response:
    return _page(request, 413, "Too long", "That is too long to be sent at once. Go back and send less.")


def _plain(request: Request, error: Exception) -> Response:
    status = 404 if isinstance(error, UsageError) else 503 if isinstance(error, CatalogError) else 400
    return _page(request, status, "That did not work", _sentence(error))


def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 400
    title, sentence = _SENTENCES.get(status, ("That did not work", f"{HTTPStatus(status).phrase}."))
    return _page(request, status, title, sentence)


def _invalid(request: Request, _: Exception) -> Response:
    return _page(request, 400, "That did not work", "The address is not complete, or a value in it can't be read.")


def _bug(request: Request, error: Exception) -> Response:
    _LOG.error("unexpected %s while showing %s", type(error).__name__, request.url.path)
    sentence = "That went wrong, and it is a bug. What was decided before is saved; the server's log says more."
    return _page(request, 500, "That did not work", sentence)


def _sentence(error: Exception) -> str:
    text = str(error)
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")


_TOLD: dict[Any, Callable[[Request, Exception], Response]] = {
    SignInFirst: _sign_in,
    WrongForm: _wrong_form,
    TooLong: _too_long,
    DecomposerError: _plain,
    HTTPException: _http,
    RequestValidationError: _invalid,
    Exception: _bug,
}
