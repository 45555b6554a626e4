"""Work that may take too long: a time limit, signs of life, and a Ctrl-C that is heard at once.

The engines answer in native code, which nothing can interrupt from within the process. So the work is done in
another thread, and whoever waits for it can stop waiting. The command line then ends the process, and with it
the work; a program goes on, and the abandoned work ends when it ends. A thread that ended its work in time is
kept for the next: to start one costs as much as a small question.
"""

from __future__ import annotations

import os
import threading
import time
import traceback
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from sdkg.errors import DeadlineError

FIRST_SIGN = 3.0
"""After so many seconds the first sign of life is given; then each time after twice as long."""

_T = TypeVar("_T")
_here = threading.local()


class _Worker:
    """A thread that does what it is told, one thing after the other, until it is told `None`."""

    def __init__(self) -> None:
        self.told: SimpleQueue[Callable[[], Any] | None] = SimpleQueue()
        self.done: SimpleQueue[tuple[Any, BaseException | None]] = SimpleQueue()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        _here.inside = True
        while (work := self.told.get()) is not None:
            outcome = _outcome(work)
            del work
            self.done.put(outcome)
            del outcome  # another thread's now


_idle: list[_Worker] = []
_abandoned: list[_Worker] = []
os.register_at_fork(after_in_child=_idle.clear)  # threads stay with the parent


def within(
    seconds: float | None, work: Callable[[], _T], progress: Callable[[str], None] = lambda _: None
) -> _T:
    """What `work()` returns or raises, if it does so in time.

    Work without a limit of its own, within other such work, goes on in the same thread.

    Args:
        seconds: how long it may take; `None` or 0 for as long as it takes.
        work: what to do, in another thread.
        progress: is told that the work still goes on, a line at a time.

    Raises:
        DeadlineError: it took longer.

    Example:
        >>> within(1, lambda: 2)
        2
    """
    if not seconds and getattr(_here, "inside", False):
        return work()
    worker = _idle.pop() if _idle else _Worker()
    worker.told.put(work)
    try:
        answer, error = _wait(worker, seconds, progress)
    except BaseException:
        worker.told.put(None)
        _abandoned.append(worker)
        raise
    _idle.append(worker)
    if error is not None:
        raise error
    found: _T = answer
    return found


def _outcome(work: Callable[[], Any]) -> tuple[Any, BaseException | None]:
    try:
        return work(), None
    except BaseException as error:
        _let_go(error)
        return None, error


def _let_go(error: BaseException | None) -> None:
    """Empty the frames that an error holds: what an engine left in them belongs to this thread."""
    while error is not None:
        traceback.clear_frames(error.__traceback__)
        error = error.__context__


def _wait(
    worker: _Worker, seconds: float | None, progress: Callable[[str], None]
) -> tuple[Any, BaseException | None]:
    """What a worker puts down, as soon as it does; `progress` is told now and then that it did not yet."""
    start = now = time.monotonic()
    end = start + seconds if seconds else float("inf")
    sign = start + FIRST_SIGN
    while True:
        try:
            return worker.done.get(timeout=max(0.0, min(end, sign) - now))
        except Empty:
            now = time.monotonic()
        if now >= end:
            raise DeadlineError(
                f"No answer within {seconds:g} seconds. Ask less (one plan, say), or raise --timeout."
            )
        if now >= sign:
            left = f"; the limit is {seconds:g} s" if seconds else ""
            progress(f"{now - start:.0f} s, still working{left}")
            sign = now + (now - start)


def is_working() -> bool:
    """Whether abandoned work still goes on, which only the end of the process can stop."""
    return any(worker.thread.is_alive() for worker in _abandoned)
