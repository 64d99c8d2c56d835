"""Sign people in and out: by name on this machine, by name and token elsewhere."""

import hmac
import re
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from decomposer.web.pages import draw
from decomposer.web.security import Access
from decomposer.web.sessions import Sessions, new_key
from decomposer.web.visit import field, form_of

router = APIRouter()
MOST_NAME = 80
START = "/queue"
_OURS = re.compile(r"/(?:[a-z]+(?:/[a-z]+)?(?:\?[^\s\\]*)?)?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def login_address(back: str) -> str:
    """Return the address of the login form that leads on to a page of ours."""
    return f"/login?{urlencode({'next': back})}" if _ours(back) != START else "/login"


@router.get("/login")
def login(request: Request, next: str = START) -> Response:
    """Show the form; its CSRF token goes with a cookie that nobody is signed in by yet."""
    return _form(request, next)


@router.post("/login")
def sign_in(request: Request) -> Response:
    """Start a session under a new cookie, or say what is missing."""
    form = form_of(request)
    access: Access = request.app.state.access
    sessions: Sessions = request.app.state.sessions
    name, back = field(form, "name").strip(), field(form, "next")
    if not name or len(name) > MOST_NAME or _CONTROL.search(name):
        return _form(request, back, problem="Write a name of 1 to 80 characters.", status=400)
    if access.token is not None and not _same(field(form, "token"), access.token):
        return _form(request, back, name=name, problem="That is not the token of this server.", status=403)
    sessions.close(_key(request))
    answer = RedirectResponse(_ours(back), 303)
    _give(answer, access, sessions.open(name))
    return answer


@router.post("/logout")
def sign_out(request: Request) -> Response:
    """End the session, and give the records back that the person held."""
    sessions: Sessions = request.app.state.sessions
    session = sessions.find(_key(request))
    if session is not None:
        request.app.state.faces.leave(session.name)
    sessions.close(_key(request))
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(request.app.state.access.cookie, path="/")
    return answer


def _form(request: Request, back: str, *, name: str = "", problem: str = "", status: int = 200) -> Response:
    access: Access = request.app.state.access
    sessions: Sessions = request.app.state.sessions
    key = _key(request) or new_key()
    page = draw(
        "login.html", who="", place="login", notice="", csrf=sessions.token(key), next=_ours(back),
        name=name or access.actor, problem=problem, needs_token=access.token is not None,
    )  # fmt: skip
    answer = HTMLResponse(page, status)
    _give(answer, access, key)
    return answer


def _key(request: Request) -> str:
    key = request.cookies.get(request.app.state.access.cookie, "")
    return key if re.fullmatch(r"[\w-]{43}", key) else ""


def _give(answer: Response, access: Access, key: str) -> None:
    answer.set_cookie(access.cookie, key, path="/", httponly=True, samesite="strict", secure=access.secure)


def _same(given: str, token: str) -> bool:
    return hmac.compare_digest(given.strip().encode(), token.encode())


def _ours(address: str) -> str:
    """Return an address of ours to go on to: another one is replaced, as a form could be made to lead away."""
    return address if _OURS.fullmatch(address) and address != "/" else START
