"""Work that may take too long: a time limit, signs of life, and a Ctrl-C that is heard at once.

The engines answer in native code, which nothing can interrupt from within the process. So the work is done in
a thread of its own, and whoever waits for it can stop waiting. The command line then ends the process, and
with it the work; a program goes on, and the abandoned work ends when it ends.
"""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable
from typing import TypeVar

from sdkg.errors import DeadlineError

FIRST_SIGN = 3.0
"""After so many seconds the first sign of life is given; then each time after twice as long."""

_T = TypeVar("_T")
_abandoned: list[threading.Thread] = []
_here = threading.local()


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
    outcome: list[_T] = []
    failure: list[BaseException] = []

    def run() -> None:
        _here.inside = True
        try:
            outcome.append(work())
        except BaseException as error:
            failure.append(error)
            _let_go(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        _wait(thread, seconds, progress)
    except BaseException:
        _abandoned.append(thread)
        raise
    if failure:
        raise failure[0]
    return outcome[0]


def _let_go(error: BaseException | None) -> None:
    """Empty the frames that an error holds: what an engine left in them belongs to this thread."""
    while error is not None:
        traceback.clear_frames(error.__traceback__)
        error = error.__context__


def _wait(thread: threading.Thread, seconds: float | None, progress: Callable[[str], None]) -> None:
    start = time.monotonic()
    end = start + seconds if seconds else float("inf")
    sign = start + FIRST_SIGN
    while thread.is_alive():
        now = time.monotonic()
        thread.join(min(end, sign) - now if min(end, sign) > now else 0)
        now = time.monotonic()
        if not thread.is_alive():
            return
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
    return any(thread.is_alive() for thread in _abandoned)
