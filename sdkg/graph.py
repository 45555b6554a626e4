"""The knowledge graph in Python: load it, ask it, look things up. The command line is a thin face on this."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from sdkg import catalog, names
from sdkg.errors import ParameterError, QueryError, StoreError
from sdkg.namespaces import SD, XSD
from sdkg.project import Project
from sdkg.reading import Term
from sdkg.results import Result, to_value
from sdkg.store import Manifest, current, open_current

if TYPE_CHECKING:
    from collections.abc import Callable

    from sdkg.show import Description

_VALUES: Mapping[str, tuple[str, str]] = {
    "number": ("decimal", r"[+-]?\d+(\.\d+)?"),
    "year": ("integer", r"\d{4}"),
    "date": ("date", r"\d{4}-\d{2}-\d{2}"),
}
_POSITION = re.compile(r"error at (?P<line>\d+):(?P<column>\d+): (?P<rest>.*)", re.DOTALL)


def load(
    project: str | Path = ".", progress: Callable[[str], None] = lambda _: None, workers: int = 1
) -> KnowledgeGraph:
    """The knowledge graph of a project; builds its store if there is none yet.

    Args:
        project: the folder of the project; what it lacks comes with the package.
        progress: is told what a build is doing, a line at a time.
        workers: how many processes may share the validation of a build.

    Raises:
        ProjectError: the folder does not exist.
        InputError, NotConformingError: as `sdkg.build`.

    Example:
        >>> load().find("Participatiewet")
        'https://w3id.org/sociaal-domein/id/wet/participatiewet'
    """
    where = Project.at(project)
    try:
        return KnowledgeGraph(where)
    except StoreError:
        from sdkg.builder import build

        build(where, progress, workers)
        return KnowledgeGraph(where)


@cache
def compiled_queries(project: Project) -> catalog.Compiled:
    """The saved queries as the last build read them; nothing if there was none."""
    import json

    folder = current(project.store_folder)
    try:
        found: catalog.Compiled = json.loads(((folder or Path()) / "queries.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found


class KnowledgeGraph:
    """A built store, open for reading, with the saved queries of its project.

    Raises:
        StoreError: nothing was built yet.
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        self.store, self._generation = open_current(project.store_folder)

    @cached_property
    def manifest(self) -> Manifest:
        """What the store was built from."""
        return Manifest.load(self._generation)

    @cached_property
    def queries(self) -> dict[str, catalog.SavedQuery]:
        """The saved queries by name.

        Raises:
            InputError, QueryError: a file cannot be read, or its header is faulty.
        """
        return catalog.load_catalog(self.project.query_files, compiled_queries(self.project))

    def stale(self) -> list[str]:
        """The names of files that changed since the store was built; a look at size and time only."""
        from sdkg.store import stale_files

        return stale_files(self.project, self.manifest)

    def find(self, name: str, cls: str | None = None) -> str:
        """The IRI of what is called `name` (see `sdkg.names.find`); `cls` is the name of a class, as "Wet".

        Raises:
            UnknownNameError, AmbiguousNameError: not exactly one thing has that name.
        """
        return names.find(self.store, name, SD + cls if cls else None)

    def query(self, name: str, **parameters: object) -> Result:
        """The answer to a saved query.

        Args:
            name: the name of the query.
            parameters: its parameters; a thing by any of its names, a number, year, date or text as such.

        Raises:
            UnknownQueryError: there is no such query.
            ParameterError: a parameter is missing, unknown, or of the wrong kind.
            UnknownNameError, AmbiguousNameError: not exactly one thing has the name that was given.

        Example:
            >>> [row.wetLabel for row in load().query("wetten", plan="heerde-2022")][:1]
            ['Jeugdwet']
        """
        compiled = compiled_queries(self.project)
        saved = catalog.find_query(name, self.project.query_files, compiled)
        if compiled.get(name, {}).get("text") != saved.text:
            catalog.check_terms(saved, self.terms)
        values = self._bind(saved, parameters)
        answer = self._run(saved.text, values)
        if not isinstance(answer, ox.QuerySolutions):
            raise QueryError(f"Saved query '{name}' is no SELECT.")
        return Result(answer, given=values)

    def sparql(self, query: str) -> Result | ox.QueryBoolean | ox.QueryTriples:
        """The answer to any SPARQL 1.1 query over all graphs together.

        Returns:
            A `Result` for SELECT, something with a truth value for ASK, triples for CONSTRUCT and DESCRIBE.

        Raises:
            QueryError: the query is faulty; names line and column.

        Example:
            >>> bool(load().sparql("ASK { ?plan a sd:Beleidsplan }"))
            True
        """
        answer = self._run(query, {})
        return Result(answer) if isinstance(answer, ox.QuerySolutions) else answer

    def show(self, name: str) -> Description:
        """Everything about one thing: what it says, what points at it, and where the plan says so.

        Raises:
            UnknownNameError, AmbiguousNameError: not exactly one thing has that name.
        """
        from sdkg.show import describe

        return describe(self.store, self.find(name))

    @cached_property
    def terms(self) -> frozenset[str]:
        """The IRIs of all terms of our vocabulary."""
        solutions = self.store.query(
            "SELECT ?term { ?term <http://www.w3.org/2000/01/rdf-schema#isDefinedBy> ?ontology }",
            use_default_graph_as_union=True,
        )
        assert isinstance(solutions, ox.QuerySolutions)  # noqa: S101 (it is a SELECT)
        return frozenset(str(to_value(solution["term"])) for solution in solutions)

    def _run(
        self, query: str, values: Mapping[str, ox.NamedNode | ox.Literal]
    ) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        from sdkg.namespaces import PREFIXES

        bound: dict[ox.Variable, Term] = {ox.Variable(n): value for n, value in values.items()}
        try:
            return self.store.query(
                query, prefixes=dict(PREFIXES), use_default_graph_as_union=True, substitutions=bound
            )
        except SyntaxError as error:
            raise _faulty(error, query) from None
        except RuntimeError as error:
            raise QueryError(f"The query cannot be answered: {error}.") from None

    def _bind(
        self, saved: catalog.SavedQuery, given: Mapping[str, object]
    ) -> Mapping[str, ox.NamedNode | ox.Literal]:
        known = {parameter.name: parameter for parameter in saved.parameters}
        for name in given:
            if name not in known:
                have = ", ".join(known) or "none"
                raise ParameterError(f"Query '{saved.name}' has no parameter '{name}'; it has {have}.")
        bound: dict[str, ox.NamedNode | ox.Literal] = {}
        for parameter in saved.parameters:
            value = given.get(parameter.name)
            value = parameter.default if value is None else value
            if value is not None:
                bound[parameter.name] = self._term(parameter, str(value))
            elif parameter.required:
                raise ParameterError(
                    f"Query '{saved.name}' needs '{parameter.name}' ({parameter.label.en}), "
                    f"for example '{parameter.example}'."
                )
        return bound

    def _term(self, parameter: catalog.Parameter, value: str) -> ox.NamedNode | ox.Literal:
        if parameter.type == "choice" and value not in parameter.options:
            have = ", ".join(parameter.options)
            raise ParameterError(f"'{value}' is no choice for '{parameter.name}'; use {have}.")
        if parameter.type in ("text", "choice"):
            return ox.Literal(value)
        if parameter.type not in _VALUES:
            return ox.NamedNode(self.find(value, parameter.type))
        datatype, pattern = _VALUES[parameter.type]
        if not re.fullmatch(pattern, value):
            raise ParameterError(
                f"'{value}' is no {parameter.type} for '{parameter.name}'; for example '{parameter.example}'."
            )
        return ox.Literal(value, datatype=ox.NamedNode(XSD + datatype))


def _faulty(error: SyntaxError, query: str) -> QueryError:
    found = _POSITION.search(str(error.msg))
    if not found:
        return QueryError(f"The query is faulty: {error.msg}.")
    line, column = int(found["line"]), int(found["column"])
    source = query.splitlines()[line - 1 : line] or [""]
    hint = ""
    if re.match(r"\s*(PREFIX[^\n]*\n|\s)*(INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|WITH)\b", query, re.I):
        hint = " The store is read-only: updates are not possible; change the files and run 'sdkg build'."
    problem = found["rest"].strip().rstrip(".")
    if problem.startswith("expected"):
        rest = source[0][column - 1 :].split()
        problem = f"'{rest[0]}' is not expected here" if rest else "the query ends too soon"
    return QueryError(
        f"The query is faulty at line {line}, column {column}: {problem}.{hint}\n"
        f"    {source[0]}\n    {' ' * (column - 1)}^"
    )
