"""The ASGI application: routes, and `ask`, through which every route gets its answer from a worker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import Receive, Scope, Send

from sdkg.errors import ProblemError
from sdkg.web.caching import Kept, http_date, may_keep, unchanged
from sdkg.web.jobs import Answer, Ready
from sdkg.web.negotiation import accepts_gzip
from sdkg.web.pool import Pool, Reply, payload_of
from sdkg.web.problems import as_problem, of_status, problem
from sdkg.web.security import secured
from sdkg.web.settings import Settings

ROUTES = ("sparql", "resources", "api", "catalogue", "html")
"""The modules with routes, in the order in which they are tried."""

PATIENCE = 0.05
"""After so many seconds of waiting for an answer we look whether the client is still there."""


@dataclass
class Site:
    """What the routes share: the settings, the pool of workers, and the answers that are kept."""

    settings: Settings
    pool: Pool
    kept: Kept[bytes, Answer]
    modified: float = 0.0

    def changed(self, ready: Ready) -> None:
        """There is a new build: what was kept no longer holds."""
        self.kept.clear()
        self.modified = ready.modified


def site_of(request: Request) -> Site:
    """What the routes share."""
    site: Site = request.app.state.site
    return site


async def ask(request: Request, job: str, /, **arguments: Any) -> Response:
    """The answer of a worker to a job, from what is kept if it can be; every route uses this.

    Args:
        request: the request; what the answer depends on must all be in `arguments`.
        job: the name of the function, as `sdkg.web.sparql:answer_query`.
        arguments: its arguments beside the desk; they must pickle.

    Returns:
        The response, with its headers for caching; 304 if the client has it already; or a problem.
    """
    site = site_of(request)
    payload = payload_of(job, arguments, accepts_gzip(request.headers.get("accept-encoding")))
    answer = site.kept.get(payload)
    if answer is None:
        try:
            reply = await _unless_gone(request, site.pool.submit(payload))
        except ProblemError as error:
            return respond(problem(error))
        answer = reply.answer
        if may_keep(answer) and reply.generation == site.pool.generation:
            site.kept.put(payload, answer, len(payload) + len(answer.body))
    return respond(answer, request, site)


async def _unless_gone(request: Request, future: asyncio.Future[Reply]) -> Reply:
    """What a job gives, unless the client hangs up first: then the job is called off."""
    try:
        done, _ = await asyncio.wait({future}, timeout=PATIENCE)
        if done:
            return future.result()
        gone: asyncio.Future[Any] = asyncio.ensure_future(_gone(request))
        both: set[asyncio.Future[Any]] = {future, gone}
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
        if future.done():
            return future.result()
        raise of_status(503, "The client has gone.")
    finally:
        future.cancel()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def respond(answer: Answer, request: Request | None = None, site: Site | None = None) -> Response:
    """An answer as a response; to a request that has the same already, only that it has."""
    headers = dict(answer.headers)
    if answer.status == 200 and site is not None and request is not None:
        headers.setdefault("Cache-Control", _cache_control(site.settings.max_age))
        headers.setdefault("Last-Modified", http_date(site.modified))
        headers["Vary"] = "Accept, Accept-Language, Accept-Encoding"
        if request.method in ("GET", "HEAD") and unchanged(
            request.headers, headers.get("ETag"), site.modified
        ):
            headers.pop("Content-Encoding", None)
            return Response(status_code=304, headers=headers)
    else:
        headers.setdefault("Cache-Control", "no-store")
    return Response(
        answer.body, answer.status, headers, media_type=None if not answer.media_type else answer.media_type
    )


def _cache_control(max_age: int) -> str:
    return f"public, max-age={max_age}" if max_age else "public, no-cache"


def accept_of(request: Request) -> str | None:
    """The Accept header of a request, however many lines it has."""
    return ",".join(request.headers.getlist("accept")) or None


async def body_of(request: Request) -> bytes:
    """The body of a request.

    Raises:
        ProblemError: 413, it is larger than the settings allow.
    """
    limit = site_of(request).settings.max_request
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise ProblemError(413, "Too large", f"A request may have {limit:,} bytes.", limit=limit)
    return bytes(body)


def create_app(settings: Settings) -> Starlette:
    """The application; its workers start and end with it.

    Example:
        >>> create_app(Settings()).state.site.settings.max_rows
        100000
    """
    handlers: dict[Any, Any] = {
        HTTPException: _on_http,
        ProblemError: _on_error,
        Exception: _on_error,
    }
    app = _Application(routes=_routes(), exception_handlers=handlers, lifespan=_lifespan)
    kept = Kept[bytes, Answer](settings.max_cache)
    app.state.site = site = Site(settings, Pool(settings, lambda ready: site.changed(ready)), kept)
    return app


class _Application(Starlette):
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["app"] = self
        await super().__call__(scope, receive, secured(scope, send))


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    await app.state.site.pool.start()
    try:
        yield
    finally:
        await app.state.site.pool.stop()


def _routes() -> list[BaseRoute]:
    found: list[BaseRoute] = []
    for name in ROUTES:
        if find_spec(f"sdkg.web.{name}") is not None:
            found += import_module(f"sdkg.web.{name}").routes
    return found


async def _on_http(_: Request, error: HTTPException) -> Response:
    headers = tuple((error.headers or {}).items())
    told = of_status(error.status_code, "" if error.status_code in (404, 405) else error.detail)
    told.headers = headers
    return respond(problem(told))


async def _on_error(_: Request, error: Exception) -> Response:
    return respond(problem(as_problem(error)))
