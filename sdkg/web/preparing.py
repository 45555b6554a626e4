"""The dumps are made ahead of any request: after the start and after each new build.

A catalogue tells size and checksum of every file, so the files come first. They are made by a process of its
own, of low priority, that keeps no worker from its work; killed at any moment, what it made is found
by the next one. Who asks for what rests on them waits; too long, and gets a 503 that says when to come back.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import pickle
import signal
import sys
import threading
from collections.abc import Awaitable, Callable

from sdkg.errors import ProblemError, SdkgError
from sdkg.web.pool import environment
from sdkg.web.settings import Settings

LOG = logging.getLogger("sdkg.web")
MAIN = "from sdkg.web.preparing import main; main()"
DELAY = 3.0
"""So many seconds after a build is taken over the work begins, unless somebody asks before."""

NICE = 5
"""A third of the weight of a worker; with less, on a busy machine, who waits for it waits for long."""

RETRY = 15
"""After so many seconds a client may ask again."""


class Preparation:
    """What is being made ready for the build that answers; made and used in one event loop.

    Args:
        settings: those of the server.
        look: tells whether all is there already, as after a restart.
    """

    def __init__(self, settings: Settings, look: Callable[[], Awaitable[bool]]) -> None:
        self.settings, self._look = settings, look
        self._waiting = 0
        self._task: asyncio.Task[None] | None = None
        self._asked, self._done = asyncio.Event(), asyncio.Event()

    def start(self) -> None:
        """There is a new build: begin anew."""
        if self._task is not None:
            self._task.cancel()
        self._asked, self._done = asyncio.Event(), asyncio.Event()
        self._task = asyncio.get_running_loop().create_task(self._prepare(self._asked, self._done))

    async def stop(self) -> None:
        """End the work."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def ready(self) -> None:
        """Wait until the dumps of the build that answers are there.

        Raises:
            ProblemError: 503, that takes longer than a request may wait, or too many wait already.
        """
        self._asked.set()
        if self._done.is_set():
            return
        if self._waiting >= self.settings.max_waiting:
            raise _unready()
        self._waiting += 1
        try:
            await asyncio.wait_for(self._done.wait(), self.settings.timeout)
        except TimeoutError:
            raise _unready() from None
        finally:
            self._waiting -= 1

    async def _prepare(self, asked: asyncio.Event, done: asyncio.Event) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asked.wait(), DELAY)
        if not await self._look():
            await self._make()
        done.set()

    async def _make(self) -> None:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-c", MAIN, stdin=asyncio.subprocess.PIPE, env=environment()
        )
        try:
            assert process.stdin is not None  # noqa: S101
            process.stdin.write(pickle.dumps(self.settings))
            process.stdin.write(b"\n")
            if await process.wait():
                LOG.error("the dumps could not be made ahead; they are tried again when asked for")
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()


def main() -> None:
    """Make the dumps; end when the server does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(NICE)
    settings: Settings = pickle.load(sys.stdin.buffer)  # noqa: S301
    threading.Thread(target=_end_with_the_server, daemon=True).start()
    from sdkg.project import Project
    from sdkg.publication.dumps import Dumps

    try:
        Dumps(Project.at(settings.project), settings.data_base).records()
    except SdkgError as error:
        sys.exit(f"sdkg: {error}")


def _end_with_the_server() -> None:
    """The input ends when the server is gone, however it went."""
    while os.read(0, 1 << 10):
        pass
    os._exit(1)


def _unready() -> ProblemError:
    detail = f"The files of this build are still being made. Try again in {RETRY} seconds."
    return ProblemError(503, "Not ready yet", detail, headers=[("Retry-After", str(RETRY))])
