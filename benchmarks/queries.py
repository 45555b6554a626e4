"""Every saved query on ever larger sets of plans: our layer beside the bare engine, rdflib, and endpoints.

    python benchmarks/queries.py [--sizes 6,60,342] [--only NAME ...] [--json FILE] [--sets FOLDER]
                                 [--project .] [--repeat 4] [--deadline 120] [--rdflib-limit 60]
                                 [--endpoint NAME=URL ...] [--servers]

Sets of so many municipalities are taken from FOLDER/<size>, and made there by `national.py` if they are
missing. A query is asked with its example parameters, by names that exist in the set, and once more with the
optional ones left open. `KnowledgeGraph.query` and the same SPARQL in pyoxigraph take turns for `--repeat`
seconds, each reading all values of all rows; the table has medians of ours in milliseconds of processor time,
which other work on the machine changes little, and the ratio: the figure to look at. Each query runs in a
process of its own that is ended at the deadline. rdflib (0: leave it out) answers at the smallest size;
`--endpoint` asks remote engines that hold the set of 60, through `sdkg.load(endpoint=URL)`; `--servers`
starts two such engines on loopback itself, Oxigraph and Virtuoso, and loads the set; those are timed by the
clock. What takes longer than `--repeat` seconds is asked twice of either, of a server once; the first asking
reads what the others find in memory, and counts only where there is no other.

The last columns are the exponents with which time and rows grow with the data, between the two
largest sizes that were answered in time.
"worse" flags time that grows worse than linearly while rows do not, "scan" time that grows without the rows.
"""

from __future__ import annotations

import argparse
import json
import math
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

import sdkg
from sdkg.binding import bind
from sdkg.errors import AmbiguousNameError
from sdkg.header import DATATYPES
from sdkg.namespaces import ID, PREFIXES, SKOS, XSD, expand, shorten
from sdkg.project import Project
from sdkg.store import open_current

if __package__:
    from benchmarks import national
else:
    import national

if TYPE_CHECKING:
    from sdkg.catalog import Parameter, SavedQuery

ROOT = Path(__file__).resolve().parents[1]
PLANS = 2
REMOTE_SIZE = 60
MOST = 31
WORSE, FLAT = 1.2, 0.5


@dataclass(frozen=True)
class Case:
    """A query with its parameters: as names for our layer, as IRI or value with datatype for the others."""

    title: str
    query: str
    text: str
    given: dict[str, str]
    terms: dict[str, tuple[str, str]]


@dataclass
class Measured:
    """What came of one case at one size: seconds by who answered, and rows."""

    rows: int | None = None
    seconds: dict[str, list[float]] = field(default_factory=dict)
    problem: str = ""

    def median(self, who: str) -> float | None:
        """Without the first, that was to warm up, if there are others."""
        times = self.seconds.get(who, [])
        return statistics.median(times[1:] or times) if times else None


Asking = tuple["SavedQuery", "list[Parameter]", str]


def askings(real: sdkg.KnowledgeGraph, saved: SavedQuery) -> Iterator[Asking]:
    """With which examples a query is asked, and what that is called: as many as give an answer, and none."""
    needed = [p for p in saved.parameters if p.required]
    plan = [p for p in saved.parameters if p.type == "Beleidsplan" and not p.required]
    tries = [list(saved.parameters), needed + plan, *([*needed, p] for p in saved.parameters), needed]
    tries = [given for given in tries if all(p.example for p in given)]
    full = next((g for g in tries if real.query(saved.name, **{p.name: p.example for p in g})), needed)
    yield saved, full, saved.name
    if len(full) > len(needed):
        yield saved, needed, f"{saved.name} (open)"


class Adapter:
    """From the example parameters of a query to what there is in a national set."""

    def __init__(self, real: sdkg.KnowledgeGraph, folder: Path) -> None:
        self.real, self.set = real, sdkg.load(folder)
        told = json.loads((folder / "national.json").read_text("utf-8"))
        self.names: dict[str, str] = told["names"]
        self.shifts = {plan["slug"]: plan["shift"] for plan in told["made"]}

    def case(self, saved: SavedQuery, given: list[Parameter], title: str) -> Case:
        names, terms = {}, {}
        plans = [self._thing(p)[1] for p in given if p.type == "Beleidsplan"]
        shift = self.shifts[plans[0].removeprefix(ID)] if plans else 0
        for p in saved.parameters:
            value = p.example if p in given else p.default
            if value is None:
                continue
            if p.type.islower():  # the others are names of classes
                year = int(value[:4]) + shift if p.type in ("year", "date") else ""
                names[p.name] = f"{year}{value[4:]}" if year else value
                terms[p.name] = (names[p.name], XSD + DATATYPES[p.type])
            else:
                names[p.name], iri = self._thing(p, value)
                terms[p.name] = (iri, "")
        return Case(title, saved.name, saved.text, names, terms)

    def _thing(self, parameter: Parameter, value: str = "") -> tuple[str, str]:
        """What the example of a parameter is called in the set, in the same manner; and its IRI."""
        name = value or parameter.example or ""
        real = self.real.find(name, parameter.type)
        head, slash, tail = real.removeprefix(ID).partition("/")
        iri = self.names.get(real) or self.names.get(ID + head, ID + head) + slash + tail
        if real in (name, expand(name)) or real.endswith("/" + name) or ":" in name:
            return (iri.rpartition("/")[2] if real.endswith("/" + name) else shorten(iri)), iri
        label = self._label(iri) if iri != real else name
        try:
            return (label if self.set.find(label, parameter.type) == iri else shorten(iri)), iri
        except AmbiguousNameError:
            return shorten(iri), iri

    def _label(self, iri: str) -> str:
        rows = self.set.sparql(f"SELECT ?label {{ <{iri}> <{SKOS}prefLabel> ?label }}")
        assert isinstance(rows, sdkg.Result)  # noqa: S101 (it is a SELECT)
        return str(rows[0].label)


def ask_ours(graph: sdkg.KnowledgeGraph, case: Case) -> int:
    return sum(1 for row in graph.query(case.query, **case.given) if row.values)


def terms_of(case: Case) -> dict[str, ox.NamedNode | ox.Literal]:
    return {
        name: ox.Literal(value, datatype=ox.NamedNode(kind)) if kind else ox.NamedNode(value)
        for name, (value, kind) in case.terms.items()
    }


def ask_bare(store: ox.Store, text: str) -> int:
    solutions = store.query(text, prefixes=dict(PREFIXES), use_default_graph_as_union=True)
    return sum(1 for solution in solutions if [term and term.value for term in solution])


def take_turns(tell: Connection, folder: Path, case: Case, budget: float) -> None:
    """Child: ours and bare in turn, until the time is used."""
    store, _ = open_current(Project.at(folder).store_folder)
    graph = sdkg.load(folder)
    text = bind(case.text, terms_of(case))
    repeat(tell, {"ours": lambda: ask_ours(graph, case), "bare": lambda: ask_bare(store, text)}, budget)


def ask_remote(tell: Connection, folder: Path, case: Case, budget: float, url: str) -> None:
    """Child: our layer over an endpoint."""
    graph = sdkg.load(folder, endpoint=url)
    repeat(tell, {"remote": lambda: ask_ours(graph, case)}, budget, time.perf_counter, least=1)


def ask_rdflib(tell: Connection, graph: Any, case: Case) -> None:
    """Child, with the graph of its parent: one answer of rdflib."""
    text = bind(case.text, terms_of(case))
    start = time.process_time()
    rows = list(graph.query(text, initNs=dict(PREFIXES)))
    tell.send(("rdflib", time.process_time() - start, len(rows)))


def repeat(
    tell: Connection,
    asked: Mapping[str, Callable[[], int]],
    budget: float,
    clock: Callable[[], float] = time.process_time,
    least: int = 2,
) -> None:
    begin = time.perf_counter()
    for turn in range(MOST):
        if turn >= least and time.perf_counter() - begin > budget:
            return
        for who in list(asked)[:: 1 if turn % 2 == 0 else -1]:
            start = clock()
            rows = asked[who]()
            tell.send((who, clock() - start, rows))


def in_child(method: str, task: Callable[..., None], *arguments: object, deadline: float) -> Measured:
    """Run a task that tells (who, seconds, rows) in a process; what it told when it ended, or was ended."""
    context: Any = multiprocessing.get_context(method)
    hear, tell = context.Pipe(duplex=False)
    child = context.Process(target=task, args=(tell, *arguments), daemon=True)
    child.start()
    tell.close()
    done, end = Measured(), time.monotonic() + deadline
    try:
        while hear.poll(max(0.0, end - time.monotonic())):
            who, seconds, rows = hear.recv()
            done.seconds.setdefault(who, []).append(seconds)
            if done.rows not in (None, rows):
                done.problem = f"rows differ: {done.rows}, {rows}"
            done.rows = rows
        done.problem = f"> {deadline:g} s"
    except EOFError:
        child.join()
        done.problem = done.problem or (f"exit code {child.exitcode}" if child.exitcode else "")
    child.kill()
    child.join()
    return done


@contextmanager
def servers(folder: Path) -> Iterator[list[str]]:
    """The two servers, with a set in them: as `--endpoint` takes them."""
    sys.path.insert(0, str(ROOT))  # where the tests are, who can start them
    from sdkg.push import Target, _Writer
    from tests.servers import free_port, running, virtuoso

    store, generation = open_current(Project.at(folder).store_folder)
    with tempfile.TemporaryDirectory() as made, virtuoso(Path(made)) as server:
        os.environ.update(server.environment)
        with _Writer(Target.at(server.endpoint)) as writer:
            for graph in map(str, store.named_graphs()):
                quads = store.quads_for_pattern(None, None, None, ox.NamedNode(graph[1:-1]))
                writer.put(graph[1:-1], (quad.triple for quad in quads))
        for name in server.environment:  # to read, nobody asks who one is
            del os.environ[name]
        program, bind_to = Path(sys.executable).parent / "oxigraph", f"127.0.0.1:{free_port()}"
        command = [str(program), "serve-read-only", "--union-default-graph", "--bind", bind_to]
        command += ["--location", str(generation / "store")]
        with running(command, f"http://{bind_to}/query?query=ASK%7B%7D", Path(made)):
            yield [f"Oxigraph server=http://{bind_to}/query", f"Virtuoso={server.endpoint}"]


def load_rdflib(folder: Path) -> Any:
    import rdflib

    store, _ = open_current(Project.at(folder).store_folder)
    graph = rdflib.Graph()
    lines = {f"{quad.triple} .\n" for quad in store}
    return graph.parse(data="".join(lines), format="nt")


Table = dict[str, dict[str, Measured]]


def run(given: argparse.Namespace, folders: dict[int, Path], cases: dict[int, list[Case]]) -> Table:
    table: Table = {case.title: {} for case in cases[min(folders)]}
    late: set[str] = set()
    for size, folder in folders.items():
        for case in cases[size]:
            done = Measured(problem="skipped: too late before")
            if case.title not in late:
                done = in_child("spawn", take_turns, folder, case, given.repeat, deadline=given.deadline)
            if done.median("ours") is None:
                late.add(case.title)
            report(table, case, str(size), done)
    remote = folders.get(REMOTE_SIZE)
    with servers(remote) if given.servers and remote else nullcontext([]) as started:
        given.endpoint += started
        for name, url in (endpoint.split("=", 1) for endpoint in given.endpoint if remote):
            for case in cases[REMOTE_SIZE]:
                done = in_child("spawn", ask_remote, remote, case, given.repeat, url, deadline=given.deadline)
                report(table, case, name, done)
    if given.rdflib_limit > 0:
        graph = load_rdflib(folders[min(folders)])
        for case in cases[min(folders)]:
            done = in_child("fork", ask_rdflib, graph, case, deadline=given.rdflib_limit)
            report(table, case, "rdflib", done)
    return table


def report(table: Table, case: Case, where: str, done: Measured) -> None:
    table[case.title][where] = done
    times = ", ".join(f"{who} {(done.median(who) or 0) * 1000:.1f} ms" for who in done.seconds)
    print(f"{where:>8}  {case.title}: {done.rows} rows, {times} {done.problem}", file=sys.stderr, flush=True)


def exponent(first: float | None, second: float | None, growth: float) -> float | None:
    return math.log(second / first) / math.log(growth) if first and second else None


def line(title: str, found: Mapping[str, Measured], sizes: Mapping[int, int], others: list[str]) -> list[str]:
    """A row of the table; `sizes` tells the triples by size."""
    at = [found[str(size)] for size in sizes]
    ours = [done.median("ours") for done in at]
    cells = [title, *("-" if done.rows is None else str(done.rows) for done in at)]
    cells += [cell(seconds, done.problem) for seconds, done in zip(ours, at, strict=True)]
    last, bare = at[-1].median("ours"), at[-1].median("bare")
    cells.append(f"{last / bare:.2f}" if last and bare else "")
    for who in others:
        other = found.get(who, Measured())
        cells.append(cell(other.median("rdflib" if who == "rdflib" else "remote"), other.problem))
    known = [n for n, seconds in enumerate(ours) if seconds][-2:]
    if len(known) < 2:
        return cells
    first, second = known
    growth = list(sizes.values())[second] / list(sizes.values())[first]
    slope = exponent(ours[first], ours[second], growth) or 0.0
    rows = exponent(at[first].rows, at[second].rows, growth) or 0.0
    flag = "worse" if slope > WORSE and rows < slope - WORSE + 1 else ""
    flag = flag or ("scan" if slope > FLAT and rows < FLAT / 2 else "")
    return [*cells, f"{slope:.2f}", f"{rows:.2f}", flag]


def cell(seconds: float | None, problem: str) -> str:
    text = "" if seconds is None else f"{seconds * 1000:.1f}"
    return text if text and problem.startswith(">") else f"{text} {problem}".strip()


def markdown(table: Table, sizes: Mapping[int, int], endpoints: list[str], limit: float) -> str:
    others = [*(["rdflib"] if limit > 0 else []), *endpoints]
    heads = ["query", *(f"rows {n}" for n in sizes), *(f"ms {n}" for n in sizes), f"ours/bare {max(sizes)}"]
    heads += [f"{who} ms" for who in others]
    heads += ["time ^", "rows ^", "growth"] if len(sizes) > 1 else []
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)]]
    lines += [line(title, found, sizes, others) for title, found in table.items()]
    largest = [found[str(max(sizes))] for found in table.values()]
    pairs = [(done.median("ours"), done.median("bare")) for done in largest]
    ratio = statistics.median([ours / bare for ours, bare in pairs if ours and bare] or [math.nan])
    text = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
    held = ", ".join(f"{n} municipalities {triples:,} triples" for n, triples in sizes.items())
    return f"{text}\n\n{held}\n\nmedian ratio ours/bare at {max(sizes)}: {ratio:.2f}"


def triples(folder: Path) -> int:
    told = json.loads((folder / "national.json").read_text("utf-8"))
    return int(told["stated"] + told["inferred"] + told["reference"])


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="6,60,342")
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--json", type=Path)
    parser.add_argument("--sets", type=Path, default=Path(tempfile.gettempdir()) / "sdkg-national")
    parser.add_argument("--project", type=Path, default=ROOT)
    parser.add_argument("--deadline", type=float, default=120)
    parser.add_argument("--rdflib-limit", type=float, default=60)
    parser.add_argument("--repeat", type=float, default=4)
    parser.add_argument("--endpoint", action="append", default=[], metavar="NAME=URL")
    parser.add_argument("--servers", action="store_true")
    return parser.parse_args()


def main() -> None:
    given = options()
    folders = {size: given.sets / str(size) for size in sorted(map(int, given.sizes.split(",")))}
    for size, folder in folders.items():
        if not (folder / "national.json").exists():
            national.build(Project.at(given.project), folder, size, PLANS)
        national.renew(Project.at(given.project), folder)
    real = sdkg.load(given.project)
    chosen = [saved for name, saved in real.queries.items() if not given.only or name in given.only]
    asked = [asking for saved in chosen for asking in askings(real, saved)]
    cases = {}
    for size, folder in folders.items():
        adapter = Adapter(real, folder)
        cases[size] = [adapter.case(*asking) for asking in asked]
    sizes = {size: triples(folder) for size, folder in folders.items()}
    table = run(given, folders, cases)
    print(markdown(table, sizes, [e.split("=", 1)[0] for e in given.endpoint], given.rdflib_limit))
    if given.json:
        saved_table = {t: {where: asdict(done) for where, done in f.items()} for t, f in table.items()}
        given.json.write_text(json.dumps({"triples": sizes, "queries": saved_table}, indent=1), "utf-8")


if __name__ == "__main__":
    main()
