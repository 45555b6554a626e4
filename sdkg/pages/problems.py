"""The page for what went wrong."""

from __future__ import annotations

from sdkg.pages.links import Links
from sdkg.pages.render import render


def problem_page(status: int, detail: str, links: Links) -> bytes:
    """The page for an HTTP status.

    Args:
        status: the HTTP status.
        detail: what is wrong and what to do, in English; may be empty.
        links: where pages are.

    Example:
        >>> from sdkg.pages.links import Served
        >>> b"<h1>Deze pagina bestaat niet</h1>" in problem_page(404, "", Served("nl"))
        True
    """
    return render("problem.html", links, status=status, detail=detail)
