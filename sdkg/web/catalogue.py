"""What is published about the whole: the catalogue, VoID, the example queries, the dumps, the sitemap."""

from __future__ import annotations

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from sdkg.web.asking import accept_of, ask, ask_published
from sdkg.web.dumps import dump
from sdkg.web.formats import ENDINGS, WRITERS
from sdkg.web.negotiation import negotiate

_JOBS = "sdkg.web.publishing:"
_ENDINGS = {**ENDINGS, "xml": ENDINGS["rdf"]}


async def catalog(request: Request) -> Response:
    """The catalogue in the syntax that the address or the client names; for a browser its page."""
    accept = _accept(request)
    if negotiate(accept, (*WRITERS, "text/html")) == "text/html":
        return _see_other("doc/catalogus")
    return await ask_published(request, f"{_JOBS}catalogue_in", accept=accept)


async def void(request: Request) -> Response:
    """What the data hold, in numbers."""
    return await ask_published(request, f"{_JOBS}void_in", accept=_accept(request))


async def void_elsewhere(_: Request) -> Response:
    """The place where others look for VoID (https://www.w3.org/TR/void/, section 7.2)."""
    return Response(status_code=302, headers={"Location": "../void"})


async def examples(request: Request) -> Response:
    """The saved queries as RDF, where tools look for examples of an endpoint."""
    return await ask(request, f"{_JOBS}examples_in", accept=_accept(request))


async def sitemap(request: Request) -> Response:
    """The addresses of all pages, or the index of the sitemaps that list them."""
    number: Any = request.path_params.get("number")
    return await ask_published(request, f"{_JOBS}sitemap_of", number=number)


async def robots(request: Request) -> Response:
    """What crawlers may fetch."""
    return await ask(request, f"{_JOBS}robots_of")


async def dumps(_: Request) -> Response:
    """All dumps are listed in VoID."""
    return _see_other("void")


def _accept(request: Request) -> str | None:
    ending = request.path_params.get("ending")
    if ending is None:
        return accept_of(request)
    if ending not in _ENDINGS:
        raise HTTPException(404)
    return _ENDINGS[ending]


def _see_other(place: str) -> Response:
    return Response(status_code=303, headers={"Location": place, "Vary": "Accept"})


routes: list[BaseRoute] = [
    Route("/catalog", catalog),
    Route("/catalog.{ending}", catalog),
    Route("/void", void),
    Route("/void.{ending}", void),
    Route("/.well-known/void", void_elsewhere),
    Route("/.well-known/sparql-examples", examples),
    Route("/sitemap.xml", sitemap),
    Route("/sitemap-{number:int}.xml", sitemap),
    Route("/robots.txt", robots),
    Route("/dumps", dumps),
    Route("/dumps/{name}", dump),
]
"""What this module answers."""
