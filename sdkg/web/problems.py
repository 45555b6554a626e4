"""Errors as the client sees them: RFC 9457, what is wrong and what to do, and never what is inside."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from sdkg.errors import (
    DeadlineError,
    NameLookupError,
    ProblemError,
    QueryError,
    SdkgError,
    UnknownNameError,
    UnknownQueryError,
)
from sdkg.web.jobs import Answer

MEDIA_TYPE = "application/problem+json"


def problem(error: ProblemError) -> Answer:
    """The answer that tells a client what is wrong (RFC 9457, section 3).

    Example:
        >>> problem(ProblemError(404, "Not found", "No such thing.")).body
        b'{"title": "Not found", "status": 404, "detail": "No such thing."}\\n'
    """
    told = {"title": error.title, "status": error.status, "detail": error.detail, **error.members}
    body = json.dumps(
        {key: value for key, value in told.items() if value not in (None, "")}, ensure_ascii=False
    )
    return Answer(body.encode() + b"\n", MEDIA_TYPE, error.status, error.headers)


def as_problem(error: BaseException) -> ProblemError:
    """What a client may know of an error: all of what it asked wrongly, nothing of what broke here.

    Example:
        >>> as_problem(UnknownNameError("Nothing is called 'x'.", ["https://example.org/y"])).status
        404
        >>> as_problem(OSError("/secret/path")).detail
        'Something went wrong here. It has been logged.'
    """
    if isinstance(error, ProblemError):
        return error
    if isinstance(error, UnknownNameError | UnknownQueryError):
        return ProblemError(404, "Not found", str(error), **_candidates(error))
    if isinstance(error, QueryError | NameLookupError):
        said = str(error).partition("\n")[0]
        return ProblemError(400, "Bad request", said, **_candidates(error), **_place(error))
    if isinstance(error, DeadlineError):
        return ProblemError(504, "Took too long", str(error))
    if isinstance(error, SdkgError):
        return ProblemError(503, "Not available", "The data cannot be read now. Try again later.")
    return ProblemError(500, "Internal error", "Something went wrong here. It has been logged.")


def of_status(status: int, detail: str = "") -> ProblemError:
    """The problem that a bare status stands for.

    Example:
        >>> of_status(405).title
        'Method Not Allowed'
    """
    return ProblemError(status, HTTPStatus(status).phrase, detail or HTTPStatus(status).description)


def _place(error: SdkgError) -> dict[str, Any]:
    place = error.place if isinstance(error, QueryError) else None
    return {"line": place.line, "column": place.column} if place else {}


def _candidates(error: SdkgError) -> dict[str, Any]:
    found = getattr(error, "candidates", ())
    return {"candidates": list(found)} if found else {}
