"""The routes for people: HTML pages, in Dutch unless asked otherwise, and errors as pages too."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import date
from functools import wraps
from importlib.resources import files
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from sdkg.namespaces import BASE
from sdkg.web import catalogue
from sdkg.web.asking import ask, site_of
from sdkg.web.catalogued import ask_about
from sdkg.web.formats import GRAPHS
from sdkg.web.html_jobs import links_for
from sdkg.web.negotiation import language, negotiate

JOBS = "sdkg.web.html_jobs:"
LANGUAGES = ("nl", "en")
LONGEST = 100
"""Up to how many parameters a question may be sent with."""

_MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
Endpoint = Callable[[Request], Awaitable[Response]]


def language_of(request: Request) -> tuple[str, bool]:
    """The language of a page, and whether the reader chose it: `lang`, else Accept-Language, else Dutch."""
    asked = request.query_params.get("lang", "")
    if asked in LANGUAGES:
        return asked, True
    return language(request.headers.get("accept-language")), False


def wants_html(request: Request) -> bool:
    """Whether a client would rather have a page than a problem for programs."""
    offers = ("application/problem+json", "application/json", "text/html")
    accept = request.headers.get("accept", "")
    return "html" in accept and negotiate(accept, offers) == "text/html"


def _for_people(endpoint: Endpoint) -> Endpoint:
    """An endpoint whose problems are pages too, for who asked for pages."""

    @wraps(endpoint)
    async def answer(request: Request) -> Response:
        response = await endpoint(request)
        if response.status_code < 400 or not wants_html(request):
            return response
        told = json.loads(bytes(response.body) or b"{}")
        return problem_response(request, response.status_code, str(told.get("detail", "")), response)

    return answer


def problem_response(request: Request, status: int, detail: str, told: Response | None = None) -> Response:
    """A problem as a page; with the headers of the problem it stands for."""
    from sdkg.pages.problems import problem_page

    lang, chosen = language_of(request)
    links = links_for(site_of(request).settings.base_url, BASE, lang, chosen, "")
    headers = {"Cache-Control": "no-store", "Vary": "Accept, Accept-Language"}
    if told is not None and "retry-after" in told.headers:
        headers["Retry-After"] = told.headers["retry-after"]
    body = problem_page(status, "" if status == 404 and told is None else detail, links)
    return Response(body, status, headers, media_type="text/html; charset=utf-8")


async def _ask(request: Request, job: str, /, **arguments: Any) -> Response:
    lang, chosen = language_of(request)
    return await ask(request, JOBS + job, lang=lang, chosen=chosen, **arguments)


def _today() -> str:
    return date.today().isoformat()


async def home(request: Request) -> Response:
    """The home page; the catalogue for who asks for data."""
    accept = request.headers.get("accept") or "text/html"
    if negotiate(accept, ("text/html", *GRAPHS)) not in ("text/html", None):
        return await catalogue.catalog(request)
    return await _ask(request, "home", day=_today())


async def resource(request: Request) -> Response:
    """The page of a thing."""
    lang, chosen = language_of(request)
    path = request.path_params["path"]
    return await ask_about(request, f"{JOBS}resource", path, lang=lang, chosen=chosen, day=_today())


async def register(request: Request) -> Response:
    """A register of names."""
    return await _ask(request, "register", kind=request.path_params.get("kind", ""))


async def vocabulary(request: Request) -> Response:
    """The page of the vocabulary."""
    return await _ask(request, "vocabulary")


async def rules(request: Request) -> Response:
    """The page of the rules."""
    return await _ask(request, "rules")


async def questions(request: Request) -> Response:
    """The list of saved questions."""
    return await _ask(request, "questions")


async def question(request: Request) -> Response:
    """A saved question."""
    given = [(k, v) for k, v in request.query_params.multi_items() if k not in ("lang", "waarom") and v]
    row = request.query_params.get("waarom", "")
    return await _ask(
        request,
        "question",
        name=request.path_params["name"],
        given=tuple(given[:LONGEST]) or ((("", ""),) if request.query_params.keys() - {"lang"} else ()),
        row=int(row) if row.isascii() and row.isdigit() and len(row) < 6 else 0,
    )


async def search(request: Request) -> Response:
    """The search page."""
    return await _ask(request, "search", text=request.query_params.get("q", "").strip()[:500])


async def query(request: Request) -> Response:
    """The query page."""
    asked = request.query_params
    return await _ask(request, "query", text=asked.get("query", ""), saved=asked.get("vraag", ""))


async def static(request: Request) -> Response:
    """A file of the design: one of those that exist, and no other path."""
    found = _static_files().get(request.path_params["path"])
    if found is None:
        raise HTTPException(404)
    return FileResponse(
        found, media_type=_MEDIA_TYPES.get(found.suffix), headers={"Cache-Control": "public, max-age=3600"}
    )


def _static_files() -> dict[str, Path]:
    folder = Path(str(files("sdkg.pages"))) / "static"
    return {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}


async def nothing(request: Request) -> Response:
    """What no other route knows."""
    if wants_html(request):
        return problem_response(request, 404, "")
    raise HTTPException(404)


PAGES = {
    "/": home,
    "/doc/{path:path}": resource,
    "/register": register,
    "/register/{kind}": register,
    "/def": vocabulary,
    "/shapes": rules,
    "/queries": questions,
    "/queries/{name}": question,
    "/search": search,
    "/query": query,
}

routes: list[BaseRoute] = [
    *(Route(path, _for_people(endpoint), methods=["GET"]) for path, endpoint in PAGES.items()),
    Route("/static/{path:path}", static, methods=["GET"]),
    Route("/{path:path}", nothing, methods=["GET"]),
]
