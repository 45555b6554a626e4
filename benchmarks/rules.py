"""The SPARQL rules beside owlrl, on the same plan in the same run; both must infer the same.

    python -m benchmarks.rules [PLAN.ttl]

Prints seconds of both and their ratio: the figure to look at.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import owlrl
import pyoxigraph as ox
import rdflib

from sdkg.project import Project
from sdkg.reading import read
from sdkg.rules import compile_rules, infer, is_housekeeping

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    project = Project.at(ROOT)
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else project.plan_files[0]
    ontology = read(project.core_ontology).triples
    shared = [triple for file in project.reference_files for triple in read(file).triples]
    triples = [*read(path).triples, *shared, *ontology]
    graph = rdflib.Graph()
    graph.parse(data=ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES), format="nt")

    start = time.perf_counter()
    ours = infer(triples, compile_rules(ontology))
    first = time.perf_counter() - start
    start = time.perf_counter()
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    second = time.perf_counter() - start

    stated, theirs = set(triples), set()
    for subject, predicate, value in graph:
        if isinstance(subject, rdflib.URIRef) and isinstance(value, rdflib.URIRef):
            nodes = [ox.NamedNode(str(term)) for term in (subject, predicate, value)]
            triple = ox.Triple(nodes[0], nodes[1], nodes[2])
            if triple not in stated and not is_housekeeping(triple):
                theirs.add(triple)
    if ours != theirs:
        sys.exit(f"They differ: {len(ours - theirs)} only ours, {len(theirs - ours)} only owlrl's.")
    print(f"{path.stem}: {len(triples)} statements, {len(ours)} inferred, the same by both")
    print(f"SPARQL rules {first:8.3f} s")
    print(f"owlrl        {second:8.3f} s")
    print(f"ratio        {second / first:8.0f}")


if __name__ == "__main__":
    main()
