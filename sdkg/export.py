"""Writing graphs: from the files, so that literals stay as written, and the same bytes for the same graph."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import TypeVar, cast

import pyoxigraph as ox

from sdkg.catalog import load_catalog
from sdkg.errors import ProjectError, QueryError
from sdkg.formats import SYNTAXES
from sdkg.namespaces import BASE, GRAPH, PREFIXES
from sdkg.project import Project
from sdkg.query_graph import QUERIES_GRAPH, describe
from sdkg.reading import read
from sdkg.turtle import write_turtle

GRAPH_FORMATS = {
    syntax.name: found
    for syntax in SYNTAXES
    if (found := ox.RdfFormat.from_media_type(syntax.media_type)) is not None
}
"""The syntax of each of `sdkg.formats.GRAPHS`."""

_WITH_GRAPHS = ("trig", "nq")
_Term = TypeVar("_Term")


def export(
    project: Project,
    format: str = "turtle",  # noqa: A002 (the name of the option)
    plan: Path | None = None,
    ontology: bool = False,
    base_url: str = BASE,
    queries: bool = False,
) -> bytes:
    """The data of a project in one of `sdkg.formats.GRAPHS`, as UTF-8.

    Everything is the reference data, all plans, and the catalogue of saved queries.

    Args:
        project: whose files to write.
        format: turtle, trig, nt, nq, jsonld or rdfxml; trig and nq keep one graph per file.
        plan: the file of the one plan to write; `None` for everything.
        ontology: add the ontology and its alignments.
        base_url: what to write instead of `BASE` at the start of our IRIs.
        queries: write only the catalogue of saved queries.

    Raises:
        InputError: a file cannot be read.
        QueryError: a saved query is faulty.

    Example:
        >>> export(Project.at("."), "nt").splitlines()[0].startswith(b"<http")
        True
    """
    files = [plan] if plan else [*project.reference_files, *project.plan_files]
    files = [] if queries else files
    if ontology:
        files += project.ontology_files
    saved = () if plan else query_quads(project)
    return serialize(rebase(chain(file_quads(project, files), saved), base_url), format)


def serialize(quads: Iterable[ox.Quad], format: str) -> bytes:  # noqa: A002
    """Quads in one of `sdkg.formats.GRAPHS`, in an order that depends on nothing but the quads."""
    return Ordered(quads).write(format)


class Ordered:
    """Quads in an order that depends on nothing but them, to be written in one syntax after another.

    Example:
        >>> node = ox.NamedNode("urn:a")
        >>> Ordered([ox.Quad(node, node, node)]).write("nt")
        b'<urn:a> <urn:a> <urn:a> .\\n'
    """

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        dataset = ox.Dataset(quads)
        if any(isinstance(t, ox.BlankNode) for quad in dataset for t in (quad.subject, quad.object)):
            dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        keyed = [
            (str(quad.subject), str(quad.predicate), str(quad.object), str(quad.graph_name), quad)
            for quad in dataset
        ]
        self._keyed = sorted(keyed, key=itemgetter(0, 1, 2, 3))

    @cached_property
    def _triples(self) -> list[ox.Triple]:
        return list(dict.fromkeys(keyed[-1].triple for keyed in self._keyed))

    def write(self, format: str) -> bytes:  # noqa: A002
        """They in one of `sdkg.formats.GRAPHS`."""
        if format == "turtle":
            return write_turtle(self._triples).encode()
        found: list[ox.Quad] | list[ox.Triple] = self._triples
        if format in _WITH_GRAPHS:
            found = [keyed[-1] for keyed in sorted(self._keyed, key=itemgetter(3))]
        buffer = io.BytesIO()
        prefixes = dict(PREFIXES) if format in ("trig", "rdfxml", "jsonld") else None
        ox.serialize(found, buffer, GRAPH_FORMATS[format], prefixes=prefixes)
        return buffer.getvalue()


def write_triples(triples: Iterable[ox.Triple], format: str) -> bytes:  # noqa: A002
    """The triples of a CONSTRUCT or DESCRIBE query in one of `sdkg.formats.GRAPHS`, sorted, as UTF-8.

    Raises:
        QueryError: there is no such format.
    """
    if format not in GRAPH_FORMATS:
        raise QueryError(f"A graph has no format '{format}'. Use {', '.join(GRAPH_FORMATS)}.")
    return serialize((ox.Quad(t.subject, t.predicate, t.object) for t in triples), format)


def plan_file(project: Project, iri: str) -> Path:
    """The file of a plan, by the plan's IRI.

    Raises:
        ProjectError: the plan is in the store, but its file is not in the project.
    """
    name = iri.rpartition("/")[2]
    for path in project.plan_files:
        if path.stem == name:
            return path
    raise ProjectError(f"No file {name}.ttl in {project.part('instances')}. Run 'sdkg build'.")


def rebase(quads: Iterable[ox.Quad], base_url: str) -> Iterator[ox.Quad]:
    """The same quads with our own IRIs under another base.

    Example:
        >>> a = ox.NamedNode(BASE + "id/x")
        >>> [str(q.subject) for q in rebase([ox.Quad(a, a, a)], "https://example.org/")]
        ['<https://example.org/id/x>']
    """
    for quad in quads:
        if base_url == BASE:
            yield quad
            continue
        yield ox.Quad(
            _rebased(quad.subject, base_url),
            _rebased(quad.predicate, base_url),
            _rebased(quad.object, base_url),
            _rebased(quad.graph_name, base_url),
        )


def query_quads(project: Project) -> Iterator[ox.Quad]:
    """The catalogue of the saved queries of a project, in its graph.

    Raises:
        InputError, QueryError: a query cannot be read, or is faulty.
    """
    graph = ox.NamedNode(QUERIES_GRAPH)
    for triple in describe(load_catalog(project.query_files.values()).values()):
        yield ox.Quad(triple.subject, triple.predicate, triple.object, graph)


def _rebased(term: _Term, base_url: str) -> _Term:
    if isinstance(term, ox.NamedNode) and term.value.startswith(BASE):
        return cast(_Term, ox.NamedNode(base_url + term.value.removeprefix(BASE)))
    return term


def file_quads(project: Project, files: Iterable[Path]) -> Iterator[ox.Quad]:
    """What files of a project say, each in its graph.

    Raises:
        InputError: a file cannot be read.
    """
    for path in files:
        graph = ox.NamedNode(project.graph_of(path))
        assert graph.value.startswith(GRAPH)  # noqa: S101
        for triple in read(path).triples:
            yield ox.Quad(triple.subject, triple.predicate, triple.object, graph)
