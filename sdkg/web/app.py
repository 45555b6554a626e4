"""The ASGI application: the routes, what goes with every answer, and what a failure looks like."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
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
from sdkg.web.asking import Site, accept_of, ask, body_of, site_of
from sdkg.web.problems import as_problem, of_status, problem
from sdkg.web.responses import respond
from sdkg.web.security import secured
from sdkg.web.settings import Settings
from sdkg.web.sparql import METHODS, SPARQL, sparql

__all__ = ["Site", "accept_of", "ask", "body_of", "create_app", "site_of"]

LOG = logging.getLogger("sdkg.web")
A_WHILE = 10.0
"""Every so many seconds we look whether a new day has begun."""

ROUTES = ("sparql", "resources", "api", "catalogue", "html")
"""The modules with routes, in the order in which they are tried."""


def create_app(settings: Settings) -> Starlette:
    """The application; its workers start and end with it.

    Example:
        >>> create_app(Settings()).state.site.settings.max_rows
        100000
    """
    handlers: dict[Any, Any] = {HTTPException: _on_http, ProblemError: _on_error, Exception: _on_error}
    app = _Application(routes=_routes(), exception_handlers=handlers, lifespan=_lifespan)
    app.router.redirect_slashes = False  # it would lead to the Host that the request names
    app.state.site = Site(settings)
    return app


class _Application(Starlette):
    """With our headers on everything; and queries, which must be fast, before everything."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        send = secured(scope, send)
        if scope["type"] != "http" or scope["path"] != SPARQL or scope["method"] not in METHODS:
            await super().__call__(scope, receive, send)
            return
        scope["app"] = self
        try:
            response = await sparql(Request(scope, receive, send))
        except Exception as error:
            response = await _on_error(Request(scope), error)
        await response(scope, receive, send)


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    site: Site = app.state.site
    await site.pool.start()
    midnight = asyncio.create_task(_forget_daily(site))
    try:
        yield
    finally:
        midnight.cancel()
        await site.preparation.stop()
        await site.pool.stop()


async def _forget_daily(site: Site) -> None:
    """Forget what was kept when a new day begins: pages tell which plans are in force today."""
    day = date.today()
    while True:
        await asyncio.sleep(A_WHILE)
        if day != date.today():
            day = date.today()
            site.forget()


def _routes() -> list[BaseRoute]:
    found: list[BaseRoute] = []
    for name in ROUTES:
        if find_spec(f"sdkg.web.{name}") is not None:
            found += import_module(f"sdkg.web.{name}").routes
    return found


async def _on_http(_: Request, error: HTTPException) -> Response:
    told = of_status(error.status_code, "" if error.status_code in (404, 405) else error.detail)
    told.headers = tuple((error.headers or {}).items())
    return respond(problem(told))


async def _on_error(_: Request, error: Exception) -> Response:
    told = as_problem(error)
    if told.status == 500:
        LOG.exception("a request could not be answered", exc_info=error)
    return respond(problem(told))
