"""A worker process: opens the store once, then does one job after another, as told over a pipe.

Frames of four bytes of length and a pickle go in at standard input and out at standard output: first the
settings in and `Ready` out; then jobs in and answers out. It ends when its input ends.
"""

from __future__ import annotations

import os
import pickle
import signal
import struct
import sys
import traceback
from typing import Any, BinaryIO

from sdkg.web.caching import packed
from sdkg.web.jobs import Answer, Desk, Ready, find_job
from sdkg.web.problems import as_problem, problem
from sdkg.web.settings import Settings

LENGTH = struct.Struct(">I")
GRACE = 2.0
"""So many seconds after its time a worker ends by itself, if nobody ended it."""


def frame(message: object) -> bytes:
    """A message as it goes over the pipe.

    Example:
        >>> frame(None)[:4]
        b'\\x00\\x00\\x00\\x04'
    """
    data = pickle.dumps(message, protocol=5)
    return LENGTH.pack(len(data)) + data


def main() -> None:
    """Work until the input ends."""
    inward, outward = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is for the log
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    settings = _read(inward)
    if settings is None:
        return
    desk = open_desk(settings)
    _write(outward, _ready(desk))
    while (asked := _read(inward)) is not None:
        name, accept_gzip, arguments = asked
        _alarm(settings.timeout + GRACE)
        answer = do(desk, name, arguments, accept_gzip)
        _alarm(0)
        _write(outward, answer)
        del answer, asked


def open_desk(settings: Settings) -> Desk:
    """Open the generation of the store that answers now."""
    from sdkg.graph import KnowledgeGraph
    from sdkg.project import Project

    graph = KnowledgeGraph(Project.at(settings.project))
    _ = graph.manifest
    _limit_memory(settings.max_memory)
    return Desk(graph, settings)


def do(desk: Desk, name: str, arguments: dict[str, Any], accept_gzip: bool) -> Answer:
    """The answer to a job, ready to be sent; what goes wrong becomes an answer too."""
    try:
        return packed(find_job(name)(desk, **arguments), accept_gzip)
    except Exception as error:
        told = as_problem(error)
        if told.status >= 500:
            traceback.print_exc(file=sys.stderr)
        traceback.clear_frames(error.__traceback__)  # what the engine left there belongs to this thread
        return problem(told)


def _ready(desk: Desk) -> Ready:
    from sdkg.store import current

    folder = current(desk.graph.project.store_folder)
    assert folder is not None  # noqa: S101
    return Ready(folder.name, (folder / "manifest.json").stat().st_mtime)


def _read(stream: BinaryIO) -> Any:
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    return pickle.loads(stream.read(LENGTH.unpack(head)[0]))  # noqa: S301


def _write(stream: BinaryIO, message: object) -> None:
    stream.write(frame(message))
    stream.flush()


def _alarm(seconds: float) -> None:
    """Have the system end this process after so long, whatever it is doing; 0 calls that off."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _limit_memory(size: int) -> None:
    if size and sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (size, size))
