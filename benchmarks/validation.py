"""Validation at 6, 60 and 342 municipalities: the compiled shapes beside pySHACL over everything at once.

    python -m benchmarks.validation [--sizes 6,60,342] [--plans 1] [--reference 60] [--to FOLDER]

Makes a project of Turtle files per size out of the real plans (as `national.py` does for stores), and prints
a Markdown table: pySHACL over the whole set up to `--reference` municipalities; ours on all plans, with all
processors, nothing kept; the same after one line of one plan has changed; and the memory of the largest
process. Where both ran, it says what only one of them found.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from benchmarks.national import Maker, Real, makers, town_names
from sdkg.namespaces import GRAPH, PREFIXES
from sdkg.project import Project

ROOT = Path(__file__).resolve().parents[1]

Row = tuple[str, str, str, str]


@dataclass
class Measured:
    """Seconds on the clock and of the processors, memory in MB, and what was found."""

    clock: float
    processor: float
    memory: float
    found: frozenset[Row]


def write_set(folder: Path, municipalities: int, plans: int) -> int:
    """Make a project of files; returns the number of plans."""
    real, names = Real(Project.at(ROOT)), town_names()
    clones = [Maker(family, number, plans, names) for family, number in makers(real.families, municipalities)]
    shutil.rmtree(folder, ignore_errors=True)
    shared = "".join(real.shared) + "".join(clone.family.reference.fill(clone.values) for clone in clones)
    graphs = defaultdict(list)
    for quad in ox.parse(shared, format=ox.RdfFormat.N_QUADS, lenient=True):
        graphs[str(quad.graph_name).strip("<>").removeprefix(GRAPH)].append(quad.triple)
    for name, triples in graphs.items():
        if name.startswith("instances/"):
            write_turtle(folder / f"{name}.ttl", triples)
    for clone in clones:
        for place, plan in enumerate(clone.plans):
            text = clone.family.stated[plan.source].fill(clone.gaps(place))
            triples = [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.N_QUADS, lenient=True)]
            write_turtle(folder / "instances" / plan.maker / f"{plan.slug}.ttl", triples)
    return sum(len(clone.plans) for clone in clones)


def write_turtle(path: Path, triples: Iterable[ox.Triple]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=dict(PREFIXES)) or b"")


def ours(folder: Path) -> frozenset[Row]:
    """What a run of `sdkg validate` finds."""
    from sdkg.findings.check import check

    found = check(Project.at(folder), workers=os.cpu_count() or 1).findings
    return frozenset((f.focus, f.path, f.value, f.rule) for f in found)


def theirs(folder: Path) -> frozenset[Row]:
    """What pySHACL finds in everything at once, as it comes."""
    import pyshacl
    import rdflib

    from sdkg.namespaces import SHACL
    from sdkg.validation import HOUSE_STYLE

    project = Project.at(folder)
    data, shapes = rdflib.Graph(), rdflib.Graph()
    for file in (project.core_ontology, *project.reference_files, *project.plan_files):
        data.parse(file)
    for file in project.shape_files:
        if file.name != HOUSE_STYLE:
            shapes.parse(file)
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", inplace=True)
    sh = rdflib.Namespace(SHACL)
    rows = set()
    for result in report.subjects(rdflib.RDF.type, sh.ValidationResult):
        parts = (sh.focusNode, sh.resultPath, sh.value, sh.sourceShape)
        focus, path, value, shape = (report.value(result, part) for part in parts)
        path = path if isinstance(path, rdflib.URIRef) else ""
        rows.add((str(focus), str(path), "" if value is None else str(value), str(shape)))
    return frozenset(rows)


def measured(work: Callable[[Path], frozenset[Row]], folder: Path) -> Measured:
    """Some work in a process of its own."""
    context = multiprocessing.get_context("spawn")
    receive, send = context.Pipe(duplex=False)
    process = context.Process(target=_measure, args=(send, work, folder))
    process.start()
    found: Measured = receive.recv()
    process.join()
    return found


def _measure(send: Any, work: Callable[[Path], frozenset[Row]], folder: Path) -> None:
    start = time.perf_counter()
    found = work(folder)
    clock = time.perf_counter() - start
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    processor = sum(usage.ru_utime + usage.ru_stime for usage in usages)
    send.send(Measured(clock, processor, max(usage.ru_maxrss for usage in usages) / 1024, found))


def run(folder: Path, municipalities: int, plans: int, with_reference: bool) -> list[str]:
    """The lines of the table for one size."""
    count = write_set(folder, municipalities, plans)
    print(f"{municipalities}: {count} plans written", file=sys.stderr, flush=True)
    cold = measured(ours, folder)
    changed = Project.at(folder).plan_files[count // 2]
    changed.write_bytes(changed.read_bytes() + b"\n# one line\n")
    again = measured(ours, folder)
    if again.found != cold.found:
        sys.exit("A comment changed what is found.")
    lines = [("ours, cold", cold), ("ours, one line changed", again)]
    if with_reference:
        print("pySHACL", file=sys.stderr, flush=True)
        whole = measured(theirs, folder)
        lines.insert(0, ("pySHACL, all at once", whole))
        only = [
            sorted(one - other)[:3] for one, other in ((whole.found, cold.found), (cold.found, whole.found))
        ]
        print(f"only pySHACL: {only[0]}, only ours: {only[1]}", file=sys.stderr, flush=True)
    return [f"| {municipalities} | {count} | {name} | {row(found, lines[0][1])} |" for name, found in lines]


def row(found: Measured, first: Measured) -> str:
    times = f"{first.clock / found.clock:,.0f}"
    return f"{found.clock:,.1f} | {found.processor:,.1f} | {times} | {found.memory:,.0f} | {len(found.found)}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="6,60,342")
    parser.add_argument("--plans", type=int, default=1)
    parser.add_argument("--reference", type=int, default=60, help="the largest size that pySHACL gets")
    parser.add_argument("--to", type=Path, default=Path(tempfile.gettempdir()) / "sdkg-validation")
    given = parser.parse_args()
    print("| municipalities | plans | what | s | processor s | times faster | MB | findings |")
    print("|---:|---:|---|---:|---:|---:|---:|---:|")
    for size in map(int, given.sizes.split(",")):
        for line in run(given.to / str(size), size, given.plans, size <= given.reference):
            print(line, flush=True)


if __name__ == "__main__":
    main()
