"""Data behind every IRI: `/id`, `/data`, `/graph`, `/def` and `/shapes`.

Things are told apart from documents about them (https://www.w3.org/TR/cooluris/, section 4.2): `/id/...` sees
other (303) to a page or to data.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from sdkg.errors import ProblemError
from sdkg.export import export, rebase, serialize
from sdkg.namespaces import DCT, FOAF, GRAPH, ID, ONTOLOGY_IRI, OWL, RDF, RDFS, VOID
from sdkg.query_graph import QUERIES_GRAPH
from sdkg.reading import read, read_bytes
from sdkg.resource import Resource, describe, is_known, named
from sdkg.web.asking import accept_of, ask
from sdkg.web.catalogued import ask_about, graph_for
from sdkg.web.jobs import Answer, Desk
from sdkg.web.offers import GRAPHS, HTML, choose

LICENCE = "https://creativecommons.org/publicdomain/zero/1.0/"
"""The licence of all data."""

DATASET = ID + "dataset/alles"
"""The dataset that all data are in, as VoID names it."""

_SAFE = "/:@!$&'()*+,;=~-._"
_REST = "CONSTRUCT { ?s ?p <%s> } WHERE { ?s ?p <%s> }"
_VERSION = OWL + "versionIRI"
_Term = ox.NamedNode | ox.Literal


def see_other(desk: Desk, path: str, form: str) -> Answer:
    """From a thing to the page about it, or to data: `form` is `html` or one of `sdkg.web.offers.GRAPHS`."""
    if not is_known(graph_for(desk, path).engine, ID + path):
        raise _unknown(path)
    place = f"doc/{quote(path, safe=_SAFE)}" if form == "html" else f"data/{quote(path, safe=_SAFE)}.{form}"
    where = desk.settings.base_url + place
    return Answer(
        f"{where}\n".encode(), "text/plain; charset=utf-8", 303, (("Location", where), ("Vary", "Accept"))
    )


def read_data(desk: Desk, path: str, form: str) -> Answer:
    """The description of a thing, in one of `sdkg.web.offers.GRAPHS`."""
    found = describe(graph_for(desk, path).engine, ID + path)
    if found is None:
        raise _unknown(path)
    quoted = quote(path, safe=_SAFE)
    base = desk.settings.base_url
    quads = list(_rebased(desk, found.quads)) + list(_about(desk, found, quoted))
    links = [f'<{base}id/{quoted}>; rel="describes"', f'<{ID}{quoted}>; rel="cite-as"']
    links += [f'<{base}doc/{quoted}>; rel="alternate"; type="text/html"']
    return _graph(quads, form, [*links, *_alternates(f"{base}data/{quoted}", form)])


def read_graph(desk: Desk, path: str, form: str) -> Answer:
    """A named graph: of a file, with literals as they were written; else from the store."""
    iri, project = GRAPH + path, desk.graph.project
    links = _alternates(desk.settings.base_url + "graph/" + quote(path, safe=_SAFE), form)
    for file in project.data_files():
        if project.graph_of(file) == iri:
            return _file(desk, file, form, links)
    base = desk.settings.data_base
    if iri == QUERIES_GRAPH:
        return _answer(export(project, GRAPHS[form].writer, queries=True, base_url=base), form, links)
    node = named(iri)
    quads = list(desk.graph.store.quads_for_pattern(None, None, None, node)) if node else []
    if not quads:
        raise ProblemError(404, "Not found", "There is no named graph of that name.")
    return _graph(_rebased(desk, quads), form, links)


def read_vocabulary(desk: Desk, form: str, version: str | None = None) -> Answer:
    """The ontology; with a version only if that is the one there is."""
    project = desk.graph.project
    if version is not None:
        wanted = f"{ONTOLOGY_IRI}/{version}"
        said = [t.object for t in read(project.core_ontology).triples if t.predicate.value == _VERSION]
        if wanted not in [getattr(term, "value", "") for term in said]:
            raise ProblemError(404, "Not found", "The vocabulary has no such version here.")
    return _file(desk, project.core_ontology, form, _alternates(desk.settings.base_url + "def", form))


def read_shapes(desk: Desk, form: str) -> Answer:
    """All shapes."""
    files = desk.graph.project.shape_files
    quads = (ox.Quad(t.subject, t.predicate, t.object) for file in files for t in read(file).triples)
    return _graph(_rebased(desk, quads), form, _alternates(desk.settings.base_url + "shapes", form))


def _identifier(desk: Desk, iri: str) -> str:
    """An IRI of ours as the data that are served have it."""
    return desk.settings.served(iri) if desk.settings.rebase_data else iri


def _file(desk: Desk, file: Path, form: str, links: list[str]) -> Answer:
    """A file: its own bytes if those are what was asked for."""
    settings = desk.settings
    if form == "ttl" and not settings.rebase_data:
        return _answer(read_bytes(file), form, links)
    base = settings.data_base
    return _answer(export(desk.graph.project, GRAPHS[form].writer, plan=file, base_url=base), form, links)


def _graph(quads: Iterable[ox.Quad], form: str, links: list[str]) -> Answer:
    return _answer(serialize(quads, GRAPHS[form].writer), form, links)


def _answer(body: bytes, form: str, links: list[str]) -> Answer:
    header = ", ".join([*links, f'<{LICENCE}>; rel="license"'])
    return Answer(body, GRAPHS[form].media_type, headers=(("Link", header),))


def _alternates(address: str, form: str) -> list[str]:
    others = [offer for offer in GRAPHS.values() if offer.name != form]
    return [f'<{address}.{o.name}>; rel="alternate"; type="{o.plain_type}"' for o in others]


def _rebased(desk: Desk, quads: Iterable[ox.Quad]) -> Iterable[ox.Quad]:
    return rebase(quads, desk.settings.base_url) if desk.settings.rebase_data else quads


def _about(desk: Desk, found: Resource, quoted: str) -> Iterator[ox.Quad]:
    """What is to be said of the documents, so that they and the thing are told apart."""
    settings = desk.settings
    thing = ox.NamedNode(_identifier(desk, found.iri))
    data = ox.NamedNode(f"{settings.base_url}data/{quoted}")
    page = ox.NamedNode(f"{settings.base_url}doc/{quoted}")
    for document in (data, page):
        yield _quad(thing, FOAF + "isPrimaryTopicOf", document)
        yield _quad(document, FOAF + "primaryTopic", thing)
        yield _quad(document, RDF + "type", ox.NamedNode(FOAF + "Document"))
    yield _quad(data, DCT + "license", ox.NamedNode(LICENCE))
    yield _quad(data, VOID + "inDataset", ox.NamedNode(_identifier(desk, DATASET)))
    for offer in GRAPHS.values():
        yield _quad(data, DCT + "hasFormat", ox.NamedNode(f"{data.value}.{offer.name}"))
    if found.cut:
        total = found.shown + found.cut
        rest = f"{settings.base_url}sparql?" + urlencode({"query": _REST % (thing.value, thing.value)})
        yield _quad(data, RDFS + "seeAlso", ox.NamedNode(rest))
        yield _quad(data, RDFS + "comment", ox.Literal(_NL.format(found.shown, total), language="nl"))
        yield _quad(data, RDFS + "comment", ox.Literal(_EN.format(found.shown, total), language="en"))


_NL = "Hier staan {} van de {} verklaringen die hierheen wijzen; rdfs:seeAlso geeft ze alle."
_EN = "This holds {} of the {} statements that point here; rdfs:seeAlso gives all of them."


def _quad(subject: ox.NamedNode, predicate: str, value: _Term) -> ox.Quad:
    return ox.Quad(subject, ox.NamedNode(predicate), value)


def _unknown(path: str) -> ProblemError:
    return ProblemError(404, "Not found", f"The graph does not know {ID}{path[:200]}.")


def _offer(request: Request, html: bool = False) -> str:
    offers = (*((HTML,) if html else ()), *GRAPHS.values())
    return choose(offers, accept_of(request), request.query_params.get("format")).name


def _split(request: Request) -> tuple[str, str]:
    """The path of a document, and the format that its ending names, or else negotiation."""
    path: str = request.path_params["path"]
    stem, _, ending = path.rpartition(".")
    return (stem, ending) if ending in GRAPHS else (path, _offer(request))


async def thing(request: Request) -> Response:
    """`/id/<path>`; what is not known is a page too, for who would rather have that."""
    form, pages = _offer(request, html=True), _pages()
    answer = await ask_about(request, f"{__name__}:see_other", request.path_params["path"], form=form)
    if answer.status_code == 404 and pages is not None and pages.wants_html(request):
        answer = pages.problem_response(request, 404, "")
    return answer


async def data(request: Request) -> Response:
    """`/data/<path>`, with or without an ending."""
    path, form = _split(request)
    return await ask_about(request, f"{__name__}:read_data", path, form=form)


async def graph(request: Request) -> Response:
    """`/graph/<path>`, with or without an ending."""
    path, form = _split(request)
    return await ask(request, f"{__name__}:read_graph", path=path, form=form)


async def vocabulary(request: Request) -> Response:
    """`/def` and its versions: the page of it for who would rather have that, and else the ontology."""
    pages = _pages()
    form = _offer(request, html=pages is not None)
    if form == "html":
        page: Response = await pages.vocabulary(request)
        return page
    version = request.path_params.get("version")
    return await ask(request, f"{__name__}:read_vocabulary", form=form, version=version)


async def vocabulary_file(request: Request) -> Response:
    """`/def.<ending>`."""
    return await ask(request, f"{__name__}:read_vocabulary", form=_ending(request))


async def shapes(request: Request) -> Response:
    """`/shapes`, with or without an ending: the page of the rules for who would rather have that."""
    pages = _pages()
    form = _ending(request) if "form" in request.path_params else _offer(request, html=pages is not None)
    if form == "html":
        page: Response = await pages.rules(request)
        return page
    return await ask(request, f"{__name__}:read_shapes", form=form)


def _ending(request: Request) -> str:
    form: str = request.path_params["form"]
    if form not in GRAPHS:
        raise ProblemError(404, "Not found", f"There is {', '.join(GRAPHS)}.")
    return form


def _pages() -> Any:
    """The module of the pages, where there are pages."""
    return import_module("sdkg.web.html") if find_spec("sdkg.web.html") else None


routes: list[BaseRoute] = [
    Route("/id/{path:path}", thing),
    Route("/data/{path:path}", data),
    Route("/graph/{path:path}", graph),
    Route("/def", vocabulary),
    Route("/def/{version}", vocabulary),
    Route("/def.{form}", vocabulary_file),
    Route("/shapes", shapes),
    Route("/shapes.{form}", shapes),
]
