"""What is published apart: everything, each plan, the reference data, ontology, shapes and queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from sdkg import formats
from sdkg.export import file_quads, query_quads
from sdkg.formats import Syntax
from sdkg.namespaces import EU, IANA
from sdkg.project import Project
from sdkg.reading import digest, read_bytes

ALL, REFERENCE, ONTOLOGY, SHAPES, QUERIES = "alles", "referentie", "ontologie", "shapes", "queries"


_FILE_TYPES = {
    "turtle": "RDF_TURTLE",
    "nt": "RDF_N_TRIPLES",
    "rdfxml": "RDF_XML",
    "jsonld": "JSON_LD",
    "trig": "RDF_TRIG",
}

SYNTAXES = tuple(syntax for syntax in formats.SYNTAXES if syntax.name in _FILE_TYPES)
"""The syntaxes of every dump: those that the EU list of file types has."""


def media_type_iri(syntax: Syntax) -> str:
    """The IANA page of the media type of a syntax.

    Example:
        >>> media_type_iri(SYNTAXES[0])
        'https://www.iana.org/assignments/media-types/text/turtle'
    """
    return IANA + syntax.media_type


def file_type_iri(syntax: Syntax) -> str:
    """The value of the EU list of file types for a syntax.

    Example:
        >>> file_type_iri(SYNTAXES[0]).rpartition("/")[2]
        'RDF_TURTLE'
    """
    return f"{EU}file-type/{_FILE_TYPES[syntax.name]}"


@dataclass(frozen=True)
class Part:
    """Something that is a dataset of its own: its name, and the files that hold it.

    The part `ALL` is made of the other parts that hold data, not of files.
    """

    name: str
    files: tuple[Path, ...]
    is_plan: bool = False

    def key(self, project: Project) -> str:
        """What the content depends on: the names and bytes of the files (SHA-256, hex).

        Raises:
            InputError: a file cannot be read.
        """
        stamps = [f"{project.name_of(path)} {digest(read_bytes(path))}" for path in self.files]
        return digest("\n".join(stamps).encode())

    def quads(self, project: Project) -> Iterator[ox.Quad]:
        """The statements, each in the graph of its file.

        Raises:
            InputError, QueryError: a file cannot be read, or a query is faulty.
        """
        return query_quads(project) if self.name == QUERIES else file_quads(project, self.files)


def parts(project: Project) -> list[Part]:
    """The parts of a project, `ALL` first.

    Example:
        >>> [part.name for part in parts(Project.at(".")) if part.is_plan][:2]
        ['heemstede-2019', 'heemstede-2025']
    """
    plans = [Part(path.stem, (path,), is_plan=True) for path in project.plan_files]
    return [
        Part(ALL, ()),
        *plans,
        Part(REFERENCE, tuple(project.reference_files)),
        Part(ONTOLOGY, tuple(project.ontology_files)),
        Part(SHAPES, tuple(project.shape_files)),
        Part(QUERIES, tuple(project.query_files.values())),
    ]


def together(found: Iterable[Part]) -> list[Part]:
    """The parts that `ALL` is made of: reference data, plans and queries, as in `sdkg.export.export`."""
    rank = {REFERENCE: 0, QUERIES: 2}
    chosen = [part for part in found if part.is_plan or part.name in rank]
    return sorted(chosen, key=lambda part: (rank.get(part.name, 1), part.name))
