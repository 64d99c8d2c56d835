"""Answer programs: search, resolve, passports, the check of a manifest, and feedback, as JSON under /api/v1."""

import json
from typing import Annotated, Any, cast

from fastapi import APIRouter, Body, Depends, FastAPI, Header, Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import Field, RootModel
from starlette.exceptions import HTTPException

from decomposer.draft import Reworded
from decomposer.errors import SourceError, UsageError
from decomposer.match import MOST_SAID
from decomposer.publish.passport import Passport
from decomposer.records import ArtifactType, Filters, Matches, Record, Resolved, Risk, Told, Validation
from decomposer.records.facts import Pricing
from decomposer.web import api_examples
from decomposer.web.api_document import answers, body_of, describe
from decomposer.web.etags import fresh, told
from decomposer.web.limiting import Doorkeeper, Limits
from decomposer.web.problems import tell_problems
from decomposer.web.security import Access, App
from decomposer.web.visit import Faces
from decomposer.wiring.answering import LONGEST, LONGEST_COMMENT, MOST, Answering

PREFIX = "/api/v1"
_VERSION = "1"
_WORDS = r"[\p{L}\p{N}]"
_MANIFESTS = ("application/json", "application/yaml", "application/x-yaml", "text/yaml")
_SEVERAL = ("also",)  # parameters that may stand several times
_COUNTED = ("id", "times_matched", "rank")  # what searching alone changes, be it by a point

Need = Annotated[str, Field(min_length=2, max_length=LONGEST, pattern=_WORDS, description="What is needed, in words")]
Also = Annotated[
    tuple[Annotated[str, Field(min_length=2, max_length=LONGEST, pattern=_WORDS)], ...],
    Field(max_length=MOST_SAID, description="The need in other words: what would serve it, as a README would put it"),
]
Limit = Annotated[int, Field(ge=1, le=MOST, description="How many answers at most")]
Kind = Annotated[ArtifactType | None, Field(description="Only artifacts of this type")]
Price = Annotated[Pricing | None, Field(description="Only where this pricing model is known")]
License = Annotated[str | None, Field(max_length=200, description="Only this license, such as apache-2.0")]
Language = Annotated[str | None, Field(max_length=40, description="Only where a document is in this language, as en")]


class Searched(Record):
    """What to search for. Filters are left out, or name what has to be known of the artifact."""

    q: Need
    also: Also = ()
    limit: Limit = 5
    type: Kind = None
    price: Price = None
    license: License = None
    language: Language = None

    def filters(self) -> Filters:
        """Return what a hit has to be."""
        return _filters(self)


class Wanted(Record):
    """What to resolve: an address, or a need in plain words, `also` in others. A stricter `risk` asks more."""

    intent: Annotated[str, Field(min_length=2, max_length=LONGEST, pattern=_WORDS)]
    also: Also = ()
    limit: Limit = 5
    risk: Risk = "default"
    type: Kind = None
    price: Price = None
    license: License = None
    language: Language = None

    def filters(self) -> Filters:
        """Return what an answer has to be."""
        return _filters(self)


class Feedback(Record):
    """What came of an answer: `id` is that of the match or choice."""

    id: Annotated[str, Field(pattern=r"^[a-z2-7]{10}\.[1-9][0-9]{0,2}$")]
    outcome: Told
    comment: Annotated[str, Field(max_length=LONGEST_COMMENT)] = ""


class Kept(Record):
    """What was kept of it."""

    id: str
    outcome: Told


_KEPT = Kept(id="k3v7mq2xza.1", outcome="success")
Described = RootModel[dict[str, Any]]

router = APIRouter(prefix=PREFIX)


def create_api(faces: Faces, *, access: Access, limits: Limits) -> App:
    """Return the ASGI application of the API, for whom `access` lets in and as often as `limits` lets them ask."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.state.faces = faces
    app.state.document = describe(router.routes, version=_VERSION, token=access.token is not None)
    app.include_router(router)
    tell_problems(app)
    return Doorkeeper(app, access=access, limits=limits)


def _answering(request: Request) -> Answering:
    return cast(Faces, request.app.state.faces).answering


def _once(request: Request) -> None:
    """Refuse a parameter that stands twice: one of the two would be left out unseen."""
    names = [name for name, _ in request.query_params.multi_items() if name not in _SEVERAL]
    if len(set(names)) < len(names):
        raise UsageError("a parameter stands twice", hint=f"give each one once, but for {', '.join(_SEVERAL)}")


def _none(request: Request) -> None:
    """Refuse parameters where there are none."""
    if request.query_params:
        raise UsageError("this address takes no parameters", hint="leave out what stands behind the question mark")


def _json(request: Request) -> None:
    """Refuse a body that is not called JSON: pages of other sites can send none of that kind."""
    _of_type(request, "application/json")


Asking = Annotated[Answering, Depends(_answering)]
IfNoneMatch = Annotated[str | None, Header(max_length=2000, description="The ETag of an answer that is at hand")]
Slug = Annotated[str, Path(min_length=1, max_length=300, description="The slug of an artifact")]


@router.get("/search", dependencies=[Depends(_once)], responses=answers(Matches, api_examples.MATCHES, cached=True))
def search(answering: Asking, asked: Annotated[Searched, Query()], if_none_match: IfNoneMatch = None) -> Response:
    """Find the capabilities that serve a need in plain words, the best first, each with why it matches.

    `also` says the need in other words, and may stand several times: those that a README of what serves it would use
    find more than those of who needs it. The server asks no model for them. Each search is counted for what it finds.
    Its words are kept nowhere, unless the server was told to.
    """
    found = answering.search(asked.q, also=_also(asked), filters=asked.filters(), limit=asked.limit)
    return fresh(found, if_none_match, but=_COUNTED)


@router.post(
    "/resolve",
    dependencies=[Depends(_json), Depends(_none)],
    responses=answers(Resolved, api_examples.RESOLVED, missing=True),
)
def resolve(answering: Asking, asked: Annotated[Wanted, Body(openapi_examples=api_examples.WANTED)]) -> Response:
    """Say what serves a need best, or which artifacts have the capability of a `capability://` address.

    Each answer says why it matches, cites its evidence, says how sure that is and what else would do. `risk` leaves out
    what does not fulfil its gates, which the answer names. `also` says a need in other words; an address needs none.
    """
    resolved = answering.resolve(
        asked.intent, also=_also(asked), filters=asked.filters(), limit=asked.limit, risk=asked.risk
    )
    return told(resolved)


@router.get(
    "/passport/{slug}",
    dependencies=[Depends(_none)],
    responses=answers(Passport, api_examples.PASSPORT, cached=True, missing=True),
)
def passport(answering: Asking, slug: Slug, if_none_match: IfNoneMatch = None) -> Response:
    """Return all that is known of an artifact: null is unknown, and nothing is signed."""
    return fresh(answering.passport(slug), if_none_match)


@router.post(
    "/validate",
    dependencies=[Depends(_none)],
    responses=answers(Validation, api_examples.VALIDATION),
    openapi_extra=body_of(_MANIFESTS, api_examples.MANIFEST),
)
async def validate(request: Request, answering: Asking) -> Response:
    """Say what is wrong with a manifest of `unfragile.yml`, and what could be better. Nothing is kept of it."""
    media_type = _of_type(request, *_MANIFESTS)
    body = await request.body()
    return told(await run_in_threadpool(_validated, answering, body, as_json=media_type == "application/json"))


@router.post(
    "/feedback",
    dependencies=[Depends(_json), Depends(_none)],
    responses=answers(Kept, _KEPT, missing=True),
)
def feedback(answering: Asking, given: Annotated[Feedback, Body(openapi_examples=api_examples.FEEDBACK)]) -> Response:
    """Say what came of an answer. Told again, the last one holds."""
    answering.feedback(given.id, given.outcome, comment=given.comment)
    return told(Kept(id=given.id, outcome=given.outcome))


@router.get("/openapi.json", include_in_schema=False)
def document(request: Request, if_none_match: IfNoneMatch = None) -> Response:
    """Return the description of the API."""
    return fresh(Described(request.app.state.document), if_none_match)


def _of_type(request: Request, *media_types: str) -> str:
    found = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if found not in media_types:
        raise HTTPException(415, f"This takes {' or '.join(media_types)}.")
    return found


def _validated(answering: Answering, body: bytes, *, as_json: bool) -> Validation:
    try:
        text = body.decode("utf-8-sig")
        manifest = json.loads(text) if as_json else None
    except (ValueError, RecursionError) as error:
        raise HTTPException(400) from error
    if as_json:
        if not isinstance(manifest, dict):
            raise UsageError("a manifest is an object", hint="it has `artifact` and `capabilities`")
        return answering.validate(manifest)
    try:
        return answering.validate_text(text)
    except SourceError as error:
        raise UsageError(str(error)) from error


def _also(asked: Searched | Wanted) -> tuple[Reworded, ...]:
    return tuple(Reworded(name=text) for text in asked.also)


def _filters(asked: Searched | Wanted) -> Filters:
    named = {name: getattr(asked, name) for name in ("type", "price", "license", "language")}
    return Filters.model_validate({name: value.casefold() for name, value in named.items() if value})
