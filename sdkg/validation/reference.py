"""The reference engine: pySHACL, over rdflib."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from sdkg.errors import UnsupportedShapeError
from sdkg.namespaces import SHACL, SKOS
from sdkg.validation.model import SEVERITIES, Finding

if TYPE_CHECKING:
    import rdflib


def check_by_reference(
    triples: Iterable[ox.Triple], shapes: Iterable[ox.Triple], files: Mapping[str, str]
) -> list[Finding]:
    """What pySHACL finds on some nodes, given each with its file.

    Args:
        triples: all that may be looked at.
        shapes: the shapes.
        files: the nodes to report on, as text, with the name of their file.

    Raises:
        UnsupportedShapeError: pySHACL breaks off, as it does on some values of no valid form.
    """
    import pyshacl
    import rdflib

    data, shapes_graph = graph_with_cached_queries(), rdflib.Graph()
    fill(data, triples)
    fill(shapes_graph, shapes)
    try:
        _, results, _ = pyshacl.validate(data, shacl_graph=shapes_graph, inference="none", inplace=True)
    except Exception as error:
        raise UnsupportedShapeError(f"pySHACL breaks off: {error}") from error
    assert isinstance(results, rdflib.Graph)  # noqa: S101 (pySHACL types it as a union)
    return list(findings_of(results, data, shapes_graph, files))


def fill(graph: rdflib.Graph, triples: Iterable[ox.Triple]) -> None:
    """Put triples into a graph of rdflib."""
    data = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
    graph.parse(data=data, format="nt", bnode_context=_SameLabels())


class _SameLabels(dict[str, str]):
    """Makes rdflib call a blank node what the file's triples call it, so that a finding leads back to it."""

    def get(self, key: str, default: object = None) -> str:  # noqa: ARG002
        return key


def graph_with_cached_queries() -> rdflib.Graph:
    """A graph that parses a query once: pySHACL asks the same one for every focus node."""
    import rdflib
    from rdflib.plugins.sparql import prepareQuery

    prepared = cache(prepareQuery)

    class Graph(rdflib.Graph):
        def query(self, query_object: Any, *args: Any, **options: Any) -> rdflib.query.Result:
            namespaces = options.pop("initNs", None)
            if isinstance(query_object, str) and not namespaces:
                query_object = prepared(query_object)
            elif namespaces:
                options["initNs"] = namespaces
            return super().query(query_object, *args, **options)

    return Graph()


def findings_of(
    results: rdflib.Graph, data: rdflib.Graph, shapes: rdflib.Graph, files: Mapping[str, str]
) -> Iterable[Finding]:
    """What a SHACL report says, on the nodes that `files` knows the file of."""
    import rdflib

    sh = rdflib.Namespace(SHACL)
    for result in results.subjects(rdflib.RDF.type, sh.ValidationResult):
        focus = results.value(result, sh.focusNode)
        if str(focus) not in files:
            continue
        shape = results.value(result, sh.sourceShape)
        # of a sh:sparql constraint pySHACL keeps the messages but not their languages: ask the shape
        said = [*shapes.objects(shape, sh.message), *results.objects(result, sh.resultMessage)]
        messages = {m.language: str(m) for m in reversed(said) if isinstance(m, rdflib.Literal)}
        fallback = next(iter(messages.values()), "")
        path, value = results.value(result, sh.resultPath), results.value(result, sh.value)
        severity = str(results.value(result, sh.resultSeverity)).removeprefix(SHACL)
        yield Finding(
            rank=SEVERITIES.index(severity),
            file=files[str(focus)],
            focus=str(focus),
            shape=str(shape),
            path=str(path) if isinstance(path, rdflib.URIRef) else "",
            value="" if value is None else str(value),
            message_nl=messages.get("nl", fallback),
            message_en=messages.get("en", fallback),
            label=_label(data, focus),
        )


def _label(data: rdflib.Graph, focus: rdflib.term.Node | None) -> str:
    import rdflib

    found = data.objects(focus, rdflib.URIRef(SKOS + "prefLabel")) if focus else ()
    names = [name for name in found if isinstance(name, rdflib.Literal)]
    return str(min(names, key=lambda name: (name.language != "nl", str(name)))) if names else ""
