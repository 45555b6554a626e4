"""`/dumps/<file>`: files that a worker has ready on disk, compressed, and that are sent from there.

A dump may be larger than an answer: it is never held in memory as a whole.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse

from sdkg.errors import ProblemError
from sdkg.publication.dumps import Dumps
from sdkg.publication.parts import SYNTAXES
from sdkg.web.asking import site_of
from sdkg.web.caching import http_date, unchanged
from sdkg.web.formats import content_type
from sdkg.web.jobs import Answer, Desk
from sdkg.web.negotiation import accepts_gzip
from sdkg.web.pool import payload_of
from sdkg.web.publishing import bases, records_of
from sdkg.web.responses import respond

_CHUNK = 1 << 18


async def dump(request: Request) -> Response:
    """A dump, with its size, ETag and type; compressed on the way to who takes that."""
    site = site_of(request)
    name = request.path_params["name"]
    await site.preparation.ready()
    payload = payload_of("sdkg.web.dumps:prepare", {"name": name}, False)
    answer = (await site.pool.submit(payload)).answer
    if answer.status != 200:
        return respond(answer)
    told: dict[str, Any] = json.loads(answer.body)
    zipped = name.endswith(".gz")
    packed = not zipped and accepts_gzip(request.headers.get("accept-encoding"))
    headers = {
        "ETag": f'"{told["sha256"][:32]}{"-gzip" if packed else ""}"',
        "Last-Modified": http_date(site.modified),
        "Cache-Control": "public, no-cache",
        "Vary": "Accept-Encoding",
    }
    if unchanged(request.headers, headers["ETag"], site.modified):
        return Response(status_code=304, headers=headers)
    kind = "application/gzip" if zipped else _media_type(name)
    if zipped or packed:
        return FileResponse(told["path"], headers=headers | _encoding(packed), media_type=kind)
    headers["Content-Length"] = str(told["size"])
    if request.method == "HEAD":
        return Response(headers=headers, media_type=kind)
    return StreamingResponse(_unpacked(Path(told["path"])), headers=headers, media_type=kind)


def prepare(desk: Desk, name: str) -> Answer:
    """See to it that a dump is on disk; where it is, and its size and checksum.

    Raises:
        ProblemError: 404, there is no such dump.
    """
    records = records_of(desk)
    part, _, ending = name.removesuffix(".gz").rpartition(".")
    if part not in records or name not in records[part].files:
        raise ProblemError(404, "Not found", "There is no such dump; /void lists them.")
    dumps, found = Dumps(desk.graph.project, bases(desk)[0]), records[part].files[name]
    path = dumps.file_of(records[part], ending)
    if not path.is_file():  # the files have changed since, and another command made the dumps of that
        found, path = dumps.find(name)
    told = {"path": str(path), "size": found.size, "sha256": found.sha256}
    return Answer(json.dumps(told).encode(), "application/json", headers=(("Cache-Control", "no-store"),))


def _encoding(packed: bool) -> dict[str, str]:
    return {"Content-Encoding": "gzip"} if packed else {}


def _media_type(name: str) -> str:
    ending = name.rpartition(".")[2]
    return content_type(next(syntax.media_type for syntax in SYNTAXES if syntax.ending == ending))


def _unpacked(path: Path) -> Iterator[bytes]:
    with gzip.open(path) as file:
        while chunk := file.read(_CHUNK):
            yield chunk
