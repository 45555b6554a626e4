"""`ask`: how every route gets its answer from a worker, or from what is kept of earlier answers."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from sdkg.errors import ProblemError
from sdkg.web.caching import Kept, may_keep
from sdkg.web.jobs import Ready
from sdkg.web.negotiation import accepts_gzip
from sdkg.web.pool import Pool, Reply, payload_of
from sdkg.web.preparing import Preparation
from sdkg.web.problems import of_status, problem
from sdkg.web.responses import Sent, Whole, as_sent, respond
from sdkg.web.settings import Settings
from sdkg.web.shortcut import Shortcuts

PATIENCE = 0.05
"""After so many seconds of waiting for an answer we look whether the client is still there."""


@dataclass
class Site:
    """What the routes share: the settings, the pool of workers, and the answers that are kept."""

    settings: Settings
    pool: Pool = field(init=False)
    preparation: Preparation = field(init=False)
    kept: Kept[bytes, Sent] = field(init=False)
    shortcuts: Shortcuts = field(init=False)
    modified: float = 0.0

    def __post_init__(self) -> None:
        self.pool = Pool(self.settings, self.changed)
        self.preparation = Preparation(self.settings, self._has_dumps)
        self.kept = Kept(self.settings.max_cache // 2)
        self.shortcuts = Shortcuts(self.settings.max_cache // 2)

    def changed(self, ready: Ready) -> None:
        """There is a new build: what was kept no longer holds."""
        self.forget()
        self.modified = ready.modified
        self.preparation.start()

    async def _has_dumps(self) -> bool:
        try:
            return (await self.pool.run("sdkg.web.publishing:has_dumps")).body == b"yes"
        except ProblemError:
            return False

    def forget(self) -> None:
        """Keep nothing of earlier answers."""
        self.kept.clear()
        self.shortcuts.clear()


def site_of(request: Request) -> Site:
    """What the routes share."""
    site: Site = request.app.state.site
    return site


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


async def ask(request: Request, job: str, /, **arguments: Any) -> Response:
    """The answer of a worker to a job, from what is kept if it can be; every route uses this.

    The same request may be answered from what is kept without being seen by its route again: what the answer
    depends on is in its address, its body, and its headers.

    Args:
        request: the request.
        job: the name of the function, as `sdkg.web.evaluation:answer_query`.
        arguments: its arguments beside the desk; they must pickle. Nothing else may decide the answer.

    Returns:
        The response, with its headers for caching; 304 if the client has it already; or a problem.
    """
    site = site_of(request)
    payload = payload_of(job, arguments, accepts_gzip(request.headers.get("accept-encoding")))
    sent = site.kept.get(payload)
    if sent is None:
        try:
            reply = await _unless_gone(request, site.pool.submit(payload))
        except ProblemError as error:
            return respond(problem(error))
        sent = as_sent(reply.answer, site.settings.max_age, site.modified)
        if not may_keep(reply.answer) or reply.generation != site.pool.generation:
            return Whole(sent)
        site.kept.put(payload, sent, len(payload) + len(sent.body))
        return sent.to(request)
    response = sent.to(request)
    site.shortcuts.remember(request.scope, response)
    return response


async def ask_published(request: Request, job: str, /, **arguments: Any) -> Response:
    """As `ask`, for what rests on the dumps: when they are there."""
    try:
        await site_of(request).preparation.ready()
    except ProblemError as error:
        return respond(problem(error))
    return await ask(request, job, **arguments)


async def _unless_gone(request: Request, future: asyncio.Future[Reply]) -> Reply:
    """What a job gives, unless the client hangs up first: then the job is called off.

    Raises:
        ProblemError: the client has gone, or the job ended without an answer.
    """
    loop = asyncio.get_running_loop()
    watching: list[asyncio.Task[None]] = []
    timer = loop.call_later(PATIENCE, lambda: watching.append(loop.create_task(_watch(request, future))))
    try:
        return await future
    except asyncio.CancelledError:
        if watching and watching[0].done():
            raise of_status(503, "The client has gone.") from None
        raise
    finally:
        timer.cancel()
        for task in watching:
            task.cancel()


async def _watch(request: Request, future: asyncio.Future[Reply]) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
    future.cancel()
