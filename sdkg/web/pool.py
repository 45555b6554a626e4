"""The pool: worker processes, the jobs they do, and the jobs that wait.

A job that takes longer than its time is ended with its worker, and a new worker starts at once. A new build
is taken over when as many workers have it open as there were; the old ones finish what they do, and go.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import pickle
import sys
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, cast

from sdkg.errors import ProblemError, StoreError
from sdkg.project import Project
from sdkg.store import current
from sdkg.web.jobs import Answer, Ready
from sdkg.web.settings import Settings
from sdkg.web.worker import LENGTH, frame

LOG = logging.getLogger("sdkg.web")
LOOK = 0.5
"""Every so many seconds the pool looks whether there is a new build."""

HANG_UP_GRACE = 0.5
"""So long a job may go on after its client has gone: most end by then, and a new worker costs more."""


MAIN = "from sdkg.web.worker import main; main()"


@dataclass(eq=False)
class _Task:
    payload: bytes
    future: asyncio.Future[Reply]
    timer: asyncio.TimerHandle | None = None


@dataclass(frozen=True)
class Reply:
    """An answer, and the generation of the store that gave it."""

    answer: Answer
    generation: str


class Worker(asyncio.SubprocessProtocol):
    """One worker process, as the pool sees it."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.task: _Task | None = None
        self.generation = ""
        self.ready: asyncio.Future[Ready] = asyncio.get_running_loop().create_future()
        self.leaving = False
        self._buffer = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See `asyncio.SubprocessProtocol`."""
        self.process = cast(asyncio.SubprocessTransport, transport)
        self.input = cast(asyncio.WriteTransport, self.process.get_pipe_transport(0))
        self.input.write(frame(self.pool.settings))

    def pipe_data_received(self, fd: int, data: bytes) -> None:  # noqa: ARG002
        """See `asyncio.SubprocessProtocol`."""
        self._buffer += data
        while len(self._buffer) >= LENGTH.size:
            end = LENGTH.size + LENGTH.unpack_from(self._buffer)[0]
            if len(self._buffer) < end:
                return
            message = pickle.loads(memoryview(self._buffer)[LENGTH.size : end])  # noqa: S301
            self._buffer = self._buffer[end:]
            self._received(message)

    def _received(self, message: Ready | Answer) -> None:
        if isinstance(message, Ready):
            self.generation = message.generation
            if not self.ready.done():
                self.ready.set_result(message)
        else:
            self.pool.finished(self, message)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """See `asyncio.SubprocessProtocol`."""
        if not self.ready.done():
            self.ready.set_exception(StoreError("A worker could not open the store."))
            self.ready.exception()
        self.pool.ended(self)

    def send(self, task: _Task) -> None:
        """Have the worker do a job."""
        self.task = task
        self.input.write(LENGTH.pack(len(task.payload)) + task.payload)

    def leave(self) -> None:
        """Have the worker end when it has done what it is doing."""
        self.leaving = True
        if self.task is None:
            self.input.close()

    def kill(self) -> None:
        """End the worker now."""
        self.leaving = True
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()


class Pool:
    """Workers, and the jobs they do; made and used in one event loop."""

    def __init__(self, settings: Settings, changed: Callable[[Ready], None] = lambda _: None) -> None:
        self.settings, self._changed = settings, changed
        self.generation = ""
        self._folder = Project.at(settings.project).store_folder
        self._workers: set[Worker] = set()
        self._idle: list[Worker] = []
        self._waiting: deque[_Task] = deque()
        self._follower: asyncio.Task[None] | None = None
        self._stopping = False

    async def start(self) -> None:
        """Start the workers, and wait until all have the store open.

        Raises:
            StoreError: they cannot open it.
        """
        self._loop = asyncio.get_running_loop()
        await self._take_over()
        self._follower = self._loop.create_task(self._follow())

    async def stop(self) -> None:
        """End the workers."""
        self._stopping = True
        if self._follower is not None:
            self._follower.cancel()
        for worker in list(self._workers):
            worker.kill()
        while self._workers:
            await asyncio.sleep(0.01)

    async def run(self, job: str, /, **arguments: Any) -> Answer:
        """The answer to a job, which may be an answer that tells what went wrong.

        Args:
            job: the name of the function, as `sdkg.web.sparql:answer_query`.
            arguments: its arguments beside the desk.

        Raises:
            ProblemError: it took too long, or too many jobs wait already.
        """
        return (await self.submit(payload_of(job, arguments))).answer

    def submit(self, payload: bytes) -> asyncio.Future[Reply]:
        """Have a job done; who cancels what comes back, calls the job off.

        Raises:
            ProblemError: too many jobs wait already.
        """
        task = _Task(payload, self._loop.create_future())
        if self._idle:
            self._give(self._idle.pop(), task)
            return task.future
        if len(self._waiting) >= self.settings.max_waiting:
            raise _busy()
        task.timer = self._loop.call_later(self.settings.timeout, self._waited, task)
        task.future.add_done_callback(lambda _: self._forget(task))
        self._waiting.append(task)
        return task.future

    def _give(self, worker: Worker, task: _Task) -> None:
        if task.timer is not None:
            task.timer.cancel()
        task.timer = self._loop.call_later(self.settings.timeout, self._overdue, worker, task)
        task.future.add_done_callback(partial(self._called_off, worker, task))
        worker.send(task)

    def finished(self, worker: Worker, answer: Answer) -> None:
        """A worker has done its job."""
        task, worker.task = worker.task, None
        if task is not None:
            _settle(task, Reply(answer, worker.generation))
        self._next(worker)

    def _next(self, worker: Worker) -> None:
        if worker.leaving:
            worker.leave()
        elif self._waiting:
            self._give(worker, self._waiting.popleft())
        else:
            self._idle.append(worker)

    def ended(self, worker: Worker) -> None:
        """A worker process is gone."""
        self._workers.discard(worker)
        if worker in self._idle:
            self._idle.remove(worker)
        task, worker.task = worker.task, None
        if task is not None:
            _settle(task, _too_much())
        if not worker.leaving and self.generation and not self._stopping:
            LOG.error("a worker ended by itself; starting another")
            self._replace(0.0 if worker.generation else 1.0)

    def _overdue(self, worker: Worker, task: _Task) -> None:
        if worker.task is task:
            worker.task = None
            worker.kill()
            _settle(task, _too_long(self.settings.timeout))
            self._replace()

    def _called_off(self, worker: Worker, task: _Task, future: asyncio.Future[Reply]) -> None:
        if future.cancelled() and worker.task is task:
            self._loop.call_later(HANG_UP_GRACE, self._overdue, worker, task)

    def _waited(self, task: _Task) -> None:
        _settle(task, _busy())

    def _forget(self, task: _Task) -> None:
        if task in self._waiting:
            self._waiting.remove(task)

    def _replace(self, delay: float = 0.0) -> None:
        self._loop.call_later(delay, lambda: self._loop.create_task(self._add()))

    async def _add(self) -> None:
        if self._stopping:
            return
        worker = await self._spawn()
        with contextlib.suppress(StoreError):
            await worker.ready
            self._next(worker)

    async def _spawn(self) -> Worker:
        _, worker = await self._loop.subprocess_exec(
            lambda: Worker(self), sys.executable, "-P", "-c", MAIN, stderr=None, env=environment()
        )
        self._workers.add(worker)
        return worker

    async def _take_over(self) -> None:
        """Start workers on the build that is current; when they are ready, let those of older ones go."""
        fresh = [await self._spawn() for _ in range(self.settings.workers)]
        try:
            ready = [await worker.ready for worker in fresh][-1]
        except StoreError:
            for worker in fresh:
                worker.kill()
            raise
        self.generation = ready.generation
        self._changed(ready)
        for worker in self._workers - set(fresh):
            worker.leave()
        self._idle = []
        for worker in fresh:
            self._next(worker)

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(LOOK)
            folder = current(self._folder)
            if folder is None or folder.name == self.generation:
                continue
            try:
                await self._take_over()
                LOG.info("answering from build %s", self.generation)
            except (StoreError, OSError) as error:
                LOG.error("the new build cannot be opened: %s", error)


def payload_of(job: str, arguments: dict[str, Any], accept_gzip: bool = False) -> bytes:
    """A job as it goes to a worker; the same bytes for the same job.

    Example:
        >>> payload_of("a:b", {"x": 1}) == payload_of("a:b", {"x": 1})
        True
    """
    return pickle.dumps((job, accept_gzip, arguments), protocol=5)


def environment() -> dict[str, str]:
    """The environment of a worker, in which it finds the sdkg that runs here, wherever it is started.

    The threads with which the engine opens a store share two arenas of memory: each of its own would reserve
    64 MB of address space, which counts for the limit, and how many there are depends on the scheduler.
    """
    here = [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]
    return {
        "MALLOC_ARENA_MAX": "2",
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, here)),
    }


def _settle(task: _Task, outcome: Reply | ProblemError) -> None:
    if task.timer is not None:
        task.timer.cancel()
    if task.future.done():
        return
    if isinstance(outcome, ProblemError):
        task.future.set_exception(outcome)
    else:
        task.future.set_result(outcome)


def _busy() -> ProblemError:
    detail = "All workers are busy, and as many requests wait as may. Try again in a few seconds."
    return ProblemError(503, "Too busy", detail, headers=[("Retry-After", "5")])


def _too_long(seconds: float) -> ProblemError:
    detail = f"There was no answer within {seconds:g} seconds. Ask less: one plan, say, or fewer patterns."
    return ProblemError(504, "Took too long", detail, limit=seconds)


def _too_much() -> ProblemError:
    detail = "The work ended before it was done; most likely it took too much memory. Ask less."
    return ProblemError(503, "Could not be answered", detail)
