"""The knowledge graph in Python: load it, ask it, look things up. The command line is a thin face on this."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from sdkg import catalog, names
from sdkg.binding import bind
from sdkg.deadline import within
from sdkg.engines import NO_VALUES, Answer, Engine
from sdkg.engines.embedded import Embedded
from sdkg.errors import ProjectError, QueryError, StoreError
from sdkg.name_index import NameIndex
from sdkg.namespaces import RDFS, SD
from sdkg.parameters import Value, to_terms
from sdkg.project import Project
from sdkg.reading import Term
from sdkg.results import Result
from sdkg.rows import Caption, Row
from sdkg.store import Manifest, current, open_current

if TYPE_CHECKING:
    from sdkg.rules import Rule
    from sdkg.show import Description
    from sdkg.why import Reasons

ENGINES = ("oxigraph", "rdflib")
"""The engines in this process: the one that ships, and the reference."""


def load(
    project: str | Path = ".",
    progress: Callable[[str], None] = lambda _: None,
    workers: int = 1,
    engine: str = "oxigraph",
    endpoint: str | None = None,
) -> KnowledgeGraph:
    """The knowledge graph of a project; builds its store if there is none yet.

    Args:
        project: the folder of the project; what it lacks comes with the package.
        progress: is told what a build or a long question is doing, a line at a time.
        workers: how many processes may share the validation of a build.
        engine: one of `ENGINES`.
        endpoint: the address of a SPARQL 1.1 endpoint to ask instead; nothing is built then.

    Raises:
        ProjectError: the folder does not exist, or there is no such engine.
        InputError, NotConformingError: as `sdkg.build`.
        EndpointError: `endpoint` is no address.

    Example:
        >>> load().find("Participatiewet")
        'https://w3id.org/sociaal-domein/id/wet/participatiewet'
    """
    where = Project.at(project)
    if endpoint is not None:
        from sdkg.engines.endpoint import Endpoint

        return KnowledgeGraph(where, Endpoint(endpoint), progress)
    if engine not in ENGINES:
        raise ProjectError(f"There is no engine '{engine}'. Use {' or '.join(ENGINES)}.")
    try:
        graph = KnowledgeGraph(where, progress=progress)
    except StoreError:
        from sdkg.builder import build

        build(where, progress, workers)
        graph = KnowledgeGraph(where, progress=progress)
    if engine == "rdflib":
        from sdkg.engines.memory import Memory

        progress("loading everything into rdflib")
        graph.engine = Memory(graph.store)
    return graph


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
    """The saved queries of a project, and the engine to ask them of: its built store unless told otherwise.

    Raises:
        StoreError: nothing was built yet.
    """

    def __init__(
        self, project: Project, engine: Engine | None = None, progress: Callable[[str], None] = lambda _: None
    ) -> None:
        self.project = project
        self._progress = progress
        self._elsewhere = engine
        self._read: dict[str, tuple[tuple[int, int] | None, catalog.SavedQuery]] = {}
        self.engine: Engine = engine or Embedded(self.store)

    @cached_property
    def _opened(self) -> tuple[ox.Store, Path]:
        return open_current(self.project.store_folder)

    @property
    def store(self) -> ox.Store:
        """The built store, for reading only."""
        return self._opened[0]

    @cached_property
    def manifest(self) -> Manifest:
        """What the store was built from."""
        return Manifest.load(self._opened[1])

    @cached_property
    def names(self) -> names.Names:
        """What things are called: the index of the built store, or the names that an endpoint holds."""
        if self._elsewhere is not None:
            return names.Asked(self._elsewhere)
        return names.Indexed(NameIndex(self._opened[1]), self.store)

    @cached_property
    def queries(self) -> dict[str, catalog.SavedQuery]:
        """The saved queries by name.

        Raises:
            InputError, QueryError: a file cannot be read, or its header is faulty.
        """
        return catalog.load_catalog(self.project.query_files.values(), compiled_queries(self.project))

    def stale(self) -> list[str]:
        """The names of files that changed since the store was built; a look at size and time only."""
        from sdkg.store import stale_files

        return stale_files(self.project, self.manifest)

    def find(self, name: str, cls: str | None = None) -> str:
        """The IRI of what is called `name` (see `sdkg.names.find`); `cls` is the name of a class, as "Wet".

        Raises:
            UnknownNameError, AmbiguousNameError: not exactly one thing has that name.
        """
        return names.find(self.names, name, SD + cls if cls else None)

    def query(
        self, name: str, /, timeout: float | None = None, limit: int | None = None, **parameters: object
    ) -> Result:
        """The answer to a saved query.

        Args:
            name: the name of the query.
            timeout: how many seconds it may take.
            limit: how many rows are wanted; `Result.cut` tells whether there were more.
            parameters: its parameters; a thing by any of its names, a number, year, date or text as such.

        Raises:
            UnknownQueryError: there is no such query.
            ParameterError: a parameter is missing, unknown, or of the wrong kind.
            UnknownNameError, AmbiguousNameError: not exactly one thing has the name that was given.
            DeadlineError: it took longer than `timeout`.
            EndpointError: the endpoint cannot be reached, or refuses.

        Example:
            >>> [row.wetLabel for row in load().query("wetten", plan="heerde-2022")][:1]
            ['Jeugdwet']
        """
        saved = self.saved(name)
        return within(timeout, lambda: self._select(saved, parameters, limit), self._progress)[0]

    def sparql_of(self, name: str, /, **parameters: object) -> str:
        """The SPARQL of a saved query with its parameters bound, for any other engine.

        Raises:
            UnknownQueryError, ParameterError, UnknownNameError, AmbiguousNameError: as `query`.

        Example:
            >>> print(load().sparql_of("wetten", plan="heerde-2022").splitlines()[0])
            PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        """
        saved = self.saved(name)
        terms = to_terms(saved, parameters, self.find)
        return bind(saved.text, terms, _unset(saved, terms)) + "\n"

    def why(
        self,
        name: str,
        /,
        timeout: float | None = None,
        limit: int | None = None,
        offset: int = 0,
        **parameters: object,
    ) -> Iterator[tuple[Row, Reasons]]:
        """Each row of the answer to a saved query, with the statements that it rests on (see `sdkg.why`).

        Args:
            name: the name of the query.
            timeout: how many seconds the answer itself may take.
            limit: how many rows are wanted.
            offset: how many rows to leave out before those.
            parameters: as for `query`.

        Raises:
            UnknownQueryError, ParameterError, UnknownNameError, AmbiguousNameError: as `query`.

        Example:
            >>> row, reasons = next(load().why("wetten", plan="heerde-2022"))
            >>> row.wetLabel, len(reasons.leaves()) > 1
            ('Jeugdwet', True)
        """
        from sdkg.why import Explainer

        saved = self.saved(name)
        most = None if limit is None else offset + limit
        answer, terms = within(timeout, lambda: self._select(saved, parameters, most), self._progress)
        text = bind(saved.text, terms, _unset(saved, terms))
        explainer = Explainer(text, self.engine.quads, self.rules)
        for row in answer[offset:]:
            yield row, explainer.explain(dict(zip(row.columns, row.terms, strict=True)))

    def sparql(
        self, query: str, timeout: float | None = None, limit: int | None = None
    ) -> Result | ox.QueryBoolean | list[ox.Triple]:
        """The answer to any SPARQL 1.1 query over all graphs together.

        Args:
            query: the query; the prefixes of the project need no PREFIX.
            timeout: how many seconds it may take.
            limit: how many rows of a SELECT are wanted; `Result.cut` tells whether there were more.

        Returns:
            A `Result` for SELECT, something with a truth value for ASK, triples for CONSTRUCT and DESCRIBE.

        Raises:
            QueryError: the query is faulty; names line and column.
            DeadlineError, EndpointError: as `query`.

        Example:
            >>> bool(load().sparql("ASK { ?plan a sd:Beleidsplan }"))
            True
        """

        def work() -> Result | ox.QueryBoolean | list[ox.Triple]:
            answer = self._ask(query)
            if isinstance(answer, ox.QueryBoolean):
                return answer
            with _whole_answer():
                read = Result(answer, limit=limit) if isinstance(answer, ox.QuerySolutions) else list(answer)
            del answer  # as in _select
            return read

        return within(timeout, work, self._progress)

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
        defined = RDFS + "isDefinedBy"
        return frozenset(str(t.subject)[1:-1] for t in self._ontology if t.predicate.value == defined)

    @cached_property
    def _ontology(self) -> tuple[ox.Triple, ...]:
        from sdkg.reading import read

        return read(self.project.core_ontology).triples

    @cached_property
    def rules(self) -> list[Rule]:
        """The rules by which a build infers, compiled from the ontology."""
        from sdkg.rules import compile_rules

        return compile_rules(self._ontology)

    def saved(self, name: str) -> catalog.SavedQuery:
        """The saved query of a name.

        Raises:
            UnknownQueryError: there is none; names the nearest.
        """
        path = catalog.find_query(name, self.project.query_files)
        known, stamp = self._read.get(name), _stamp(path)
        if known is None or known[0] != stamp:
            compiled = compiled_queries(self.project)
            saved = catalog.load_query(path, compiled)
            if compiled.get(name, {}).get("text") != saved.text:
                catalog.check_terms(saved, self.terms)
            known = self._read[name] = (stamp, saved)
        return known[1]

    def _select(
        self, saved: catalog.SavedQuery, given: Mapping[str, object], limit: int | None
    ) -> tuple[Result, Mapping[str, Value]]:
        """The answer to a saved query, and the terms it was asked with."""
        terms = to_terms(saved, given, self.find)
        answer = self._ask(saved.text, terms, _unset(saved, terms))
        if not isinstance(answer, ox.QuerySolutions):
            raise QueryError(f"Saved query '{saved.name}' is no SELECT.")
        with _whole_answer():
            result = Result(answer, tuple(terms), limit, _caption(saved, given, terms))
        del answer  # belongs to this thread; rdflib leaves frames behind that would take it to another
        return result, terms

    def _ask(self, query: str, values: Mapping[str, Term] = NO_VALUES, unset: Iterable[str] = ()) -> Answer:
        return self.engine.query(query, values, tuple(unset))


def _stamp(path: Path) -> tuple[int, int] | None:
    """What tells that a file changed; nothing if it cannot be looked at: whoever reads it hears why."""
    try:
        seen = path.stat()
    except OSError:
        return None
    return seen.st_mtime_ns, seen.st_size


def _unset(saved: catalog.SavedQuery, terms: Mapping[str, Term]) -> list[str]:
    return [parameter.name for parameter in saved.parameters if parameter.name not in terms]


def _caption(saved: catalog.SavedQuery, given: Mapping[str, object], terms: Mapping[str, Value]) -> Caption:
    labels = {name: (text.nl, text.en) for name, text in saved.columns.items()}
    return Caption(
        saved.name,
        saved.question.nl,
        saved.description.nl,
        labels,
        {name: str(given.get(name) or term.value) for name, term in terms.items()},
    )


@contextmanager
def _whole_answer() -> Iterator[None]:
    """Turn an answer that ends in the middle, as some servers' do at their time limit, into an error."""
    try:
        yield
    except (SyntaxError, ValueError) as error:
        raise QueryError(f"The answer broke off: {error}. Ask again, or ask less.") from None
