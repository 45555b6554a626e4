"""Every saved query on ever larger sets of plans: our layer beside the bare engine, rdflib, and endpoints.

    python -m benchmarks.queries [--sizes 6,60,342] [--only NAME ...] [--json FILE] [--doc FILE]
                                 [--sets FOLDER] [--project .] [--repeat 4] [--deadline 120]
                                 [--rdflib-limit 60] [--endpoint NAME=URL ...] [--servers]

Sets of so many municipalities are taken from FOLDER/<size>, and made there by `national.py` if they are
missing. A query is asked with its example parameters, by names that exist in the set, and once more with the
optional ones left open. `KnowledgeGraph.query` and the same SPARQL in pyoxigraph take turns for `--repeat`
seconds, each reading all values of all rows; the table has the fastest of ours, in milliseconds of processor
time, which other work on the machine changes least, and the ratio of the medians. Each query runs in a
process of its own that is ended at the deadline. rdflib (0: leave it out) answers at the smallest size;
`--endpoint` asks remote engines that hold the set of 60, through `sdkg.load(endpoint=URL)`; `--servers`
starts two such engines on loopback itself, Oxigraph and Virtuoso, and loads the set; those are timed by the
clock. What takes longer than `--repeat` seconds is asked twice of either, of a server once; what takes longer
than ten of ours only. The first asking reads what the others find in memory, and counts only where there is
no other.

What is in the file of `--json` already is not measured again: a run that was broken off goes on there, and
one with other engines or sizes adds its columns. `--doc` puts the table in the place of the one in a file.

"times" tells by how much the time grew from one size to the next. It is bold where it grew by a fifth more
than the data, and the rows did not.
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
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

import sdkg
from benchmarks import national
from sdkg.binding import bind
from sdkg.errors import AmbiguousNameError
from sdkg.files import write_atomically
from sdkg.header import DATATYPES
from sdkg.namespaces import ID, PREFIXES, SKOS, XSD, expand, shorten
from sdkg.project import Project
from sdkg.store import open_current

if TYPE_CHECKING:
    from sdkg.catalog import Parameter, SavedQuery

ROOT = Path(__file__).resolve().parents[1]
PLANS = 2
REMOTE_SIZE = 60
MOST = 31
WORSE = 1.2
LONG = 10.0


@dataclass(frozen=True)
class Case:
    """A query with its parameters: as names for our layer, as IRI or value with datatype for the others."""

    title: str
    query: str
    text: str
    given: dict[str, Any]
    terms: dict[str, tuple[str, str]]


@dataclass
class Measured:
    """What came of one case at one size: seconds by who answered, and rows."""

    rows: int | None = None
    seconds: dict[str, list[float]] = field(default_factory=dict)
    problem: str = ""

    def best(self, who: str) -> float | None:
        """The fastest: what other work on the machine held up least."""
        return min(self.seconds.get(who, []), default=None)

    def median(self, who: str) -> float | None:
        """Without the first, that was to warm up, if there are others."""
        times = self.seconds.get(who, [])
        return statistics.median(times[1:] or times) if times else None


def as_examples(given: list[Parameter]) -> dict[str, Any]:
    return {parameter.name: parameter.example for parameter in given}


Asking = tuple["SavedQuery", "list[Parameter]", str]


def askings(real: sdkg.KnowledgeGraph, saved: SavedQuery) -> Iterator[Asking]:
    """With which examples a query is asked, and what that is called: as many as give an answer, and none."""
    needed = [p for p in saved.parameters if p.required]
    plan = [p for p in saved.parameters if p.type == "Beleidsplan" and not p.required]
    tries = [list(saved.parameters), needed + plan, *([*needed, p] for p in saved.parameters), needed]
    tries = [given for given in tries if all(p.example for p in given)]
    full = next((g for g in tries if real.query(saved.name, **as_examples(g))), needed)
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
    return len([row for row in graph.query(case.query, **case.given) if row.values])


def terms_of(case: Case) -> dict[str, ox.NamedNode | ox.Literal]:
    return {
        name: ox.Literal(value, datatype=ox.NamedNode(kind)) if kind else ox.NamedNode(value)
        for name, (value, kind) in case.terms.items()
    }


def ask_bare(store: ox.Store, text: str) -> int:
    solutions: Any = store.query(text, prefixes=dict(PREFIXES), use_default_graph_as_union=True)
    return len([1 for solution in solutions if [term and term.value for term in solution]])


def take_turns(tell: Connection, folder: Path, case: Case, budget: float) -> None:
    """Child: ours and bare in turn, until the time is used."""
    store, _ = open_current(Project.at(folder).store_folder)
    graph = sdkg.load(folder)
    text = bind(case.text, terms_of(case))
    repeat(tell, {"ours": lambda: ask_ours(graph, case), "bare": lambda: ask_bare(store, text)}, budget)


def ask_remote(tell: Connection, folder: Path, case: Case, url: str, budget: float) -> None:
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
            taken = clock() - start
            tell.send((who, taken, rows))
            if taken > LONG:
                asked = {who: asked[who]}
                break


def in_child(
    method: str, task: Callable[..., None], *arguments: object, deadline: float, **others: object
) -> Measured:
    """Run a task that tells (who, seconds, rows) in a process; what it told when it ended, or was ended."""
    context: Any = multiprocessing.get_context(method)
    hear, tell = context.Pipe(duplex=False)
    child = context.Process(target=task, args=(tell, *arguments), kwargs=others, daemon=True)
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


@dataclass
class Table:
    """What was measured, by question and by size or engine; kept in a file as it grows, if there is one."""

    path: Path | None
    triples: dict[int, int] = field(default_factory=dict)
    found: dict[str, dict[str, Measured]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.path and self.path.exists():
            told = json.loads(self.path.read_text("utf-8"))
            self.triples = {int(size): number for size, number in told["triples"].items()}
            for title, columns in told["queries"].items():
                self.found[title] = {where: Measured(**done) for where, done in columns.items()}

    def missing(self, where: str, cases: list[Case]) -> list[Case]:
        return [case for case in cases if where not in self.found.get(case.title, {})]

    def add(self, where: str, case: Case, done: Measured) -> None:
        self.found.setdefault(case.title, {})[where] = done
        times = ", ".join(f"{who} {(done.median(who) or 0) * 1000:.1f} ms" for who in done.seconds)
        print(
            f"{where:>8}  {case.title}: {done.rows} rows, {times} {done.problem}", file=sys.stderr, flush=True
        )
        if self.path:
            columns = {title: {w: asdict(m) for w, m in found.items()} for title, found in self.found.items()}
            told = {"triples": self.triples, "queries": columns}
            write_atomically(self.path, json.dumps(told, indent=1).encode())


def run(
    given: argparse.Namespace, folders: dict[int, Path], cases: dict[int, list[Case]], table: Table
) -> None:
    spent = {"budget": given.repeat, "deadline": given.deadline}
    for size, folder in folders.items():
        for case in table.missing(str(size), cases[size]):
            table.add(str(size), case, in_child("spawn", take_turns, folder, case, **spent))
    remote = folders.get(REMOTE_SIZE)
    with ExitStack() as running:
        started = running.enter_context(servers(remote)) if given.servers and remote else []
        for name, url in (endpoint.split("=", 1) for endpoint in given.endpoint + started if remote):
            for case in table.missing(name, cases[REMOTE_SIZE]):
                table.add(name, case, in_child("spawn", ask_remote, remote, case, url=url, **spent))
    left = table.missing("rdflib", cases[min(folders)]) if given.rdflib_limit > 0 else []
    graph = load_rdflib(folders[min(folders)]) if left else None
    for case in left:
        table.add("rdflib", case, in_child("fork", ask_rdflib, graph, case, deadline=given.rdflib_limit))


def heads(table: Table) -> list[str]:
    """The columns: rows, time and its growth, and our layer over the engine, by size; the other engines."""
    sizes = sorted(table.triples)
    others = dict.fromkeys(w for found in table.found.values() for w in found if not w.isdigit())
    times = [f"ms {sizes[0]}", *(head for size in sizes[1:] for head in (f"ms {size}", "times"))]
    rows, ratios = [f"rows {size}" for size in sizes], [f"ours/bare {size}" for size in sizes]
    return ["question", *rows, *times, *ratios, *(f"{who} ms" for who in others)]


def line(title: str, table: Table) -> list[str]:
    """A row of the table."""
    sizes = sorted(table.triples)
    at = [table.found[title].get(str(size), Measured()) for size in sizes]
    cells = [title, *("" if done.rows is None else f"{done.rows:,}" for done in at), cell(at[0], "ours")]
    for (low, high), (before, after) in zip(pairwise(sizes), pairwise(at), strict=True):
        cells += [cell(after, "ours"), growth(before, after, table.triples[high] / table.triples[low])]
    cells += [f"{ratio:.2f}" if (ratio := over_bare(done)) else "" for done in at]
    for head in heads(table)[len(cells) :]:
        who = head.removesuffix(" ms")
        cells.append(cell(table.found[title].get(who, Measured()), who if who == "rdflib" else "remote"))
    return cells


def growth(before: Measured, after: Measured, data: float) -> str:
    first, second = before.best("ours"), after.best("ours")
    if not (first and second):
        return ""
    bound = WORSE * max(data, (after.rows or 0) / (before.rows or 1))
    text = f"{second / first:.1f}"
    return f"**{text}**" if second / first > bound else text


def over_bare(done: Measured) -> float | None:
    ours, bare = done.median("ours"), done.median("bare")
    return ours / bare if ours and bare else None


def cell(done: Measured, who: str) -> str:
    seconds = done.best(who)
    text = "" if seconds is None else f"{seconds * 1000:,.{0 if seconds >= 0.01 else 1}f}"
    return text if text and done.problem.startswith(">") else f"{text} {done.problem}".strip()


def markdown(table: Table) -> str:
    """The table, and below it what it was measured on and the median ratio of each size."""
    columns = heads(table)
    lines = [columns, ["---", *["---:"] * (len(columns) - 1)], *(line(title, table) for title in table.found)]
    text = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
    for size, triples_ in sorted(table.triples.items()):
        ratios = [r for found in table.found.values() if (r := over_bare(found.get(str(size), Measured())))]
        median = statistics.median(ratios or [math.nan])
        text += f"\n\n{size} municipalities, {triples_:,} triples: median ours/bare {median:.2f}."
    return text


def put(path: Path, text: str) -> None:
    """Put a table in the place of the one in a file, from its first row to the end."""
    before = path.read_text("utf-8").partition("\n| question ")[0]
    write_atomically(path, f"{before}\n{text}\n".encode())


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
    parser.add_argument("--doc", type=Path)
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
        national.ready(Project.at(given.project), folder, size, PLANS)
    real = sdkg.load(given.project)
    chosen = [saved for name, saved in real.queries.items() if not given.only or name in given.only]
    asked = [asking for saved in chosen for asking in askings(real, saved)]
    cases = {}
    for size, folder in folders.items():
        adapter = Adapter(real, folder)
        cases[size] = [adapter.case(*asking) for asking in asked]
    table = Table(given.json)
    table.triples |= {size: triples(folder) for size, folder in folders.items()}
    run(given, folders, cases, table)
    print(markdown(table))
    if given.doc:
        put(given.doc, markdown(table))


if __name__ == "__main__":
    main()
