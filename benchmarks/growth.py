"""Whether the work of a saved query grows faster than the data: step by step of the engine's own plan.

    python -m benchmarks.growth [--sizes 6,60] [--only NAME ...] [--sets FOLDER] [--project .]

The plan of a query is the same at every size; the Oxigraph command line tells how many rows each of its steps
hands on. Those numbers depend on nothing but query, data and planner, so they tell, whatever else the machine
does, whether a step is done again for every plan or municipality. Sets of so many municipalities are taken
from FOLDER/<size>, and made there by `national` if they are missing. Each query is asked as in
`benchmarks.queries`. Prints the steps that grow faster than the data and ends with 1 if there are any.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sdkg
from benchmarks import national
from benchmarks.queries import PLANS, ROOT, Adapter, Asking, Case, askings, terms_of
from sdkg.binding import bind
from sdkg.engines import with_prefixes
from sdkg.project import Project
from sdkg.store import open_current

OXIGRAPH = Path(sys.executable).parent / "oxigraph"
FEW = 100
"""Steps that hand on fewer rows than this at the largest size do not count."""
SLACK = 1.25


@dataclass(frozen=True)
class Step:
    """A step of a plan: what it does, and the rows it hands on."""

    name: str
    rows: int


def steps(store: Path, query: str) -> list[Step]:
    """The steps of the plan of a query over a store on disk, each before those it builds on."""
    with tempfile.TemporaryDirectory() as made:
        text, told = Path(made) / "query.rq", Path(made) / "plan.json"
        text.write_text(with_prefixes(query), "utf-8")
        command = [str(OXIGRAPH), "query", "--location", str(store), "--union-default-graph", "--stats"]
        command += ["--query-file", str(text), "--explain-file", str(told)]
        command += ["--results-format", "tsv", "--results-file", str(Path(made) / "rows.tsv")]
        subprocess.run(command, check=True, capture_output=True)
        return list(_steps(json.loads(told.read_text("utf-8"))["plan"]))


def _steps(node: dict[str, Any]) -> Iterator[Step]:
    yield Step(node["name"], node.get("number of results", 0))
    for child in node.get("children", ()):
        yield from _steps(child)


def too_fast(small: list[Step], large: list[Step], data: float) -> list[tuple[Step, Step]]:
    """The steps that grow faster than the data, by which factor `data` grew, and than the answer.

    Example:
        >>> once, twice = [Step("Project", 9), Step("Join", 200)], [Step("Project", 18), Step("Join", 800)]
        >>> [after.rows for before, after in too_fast(once, twice, 2.0)]
        [800]
    """
    bound = SLACK * max(data, large[0].rows / max(small[0].rows, 1))
    both = zip(small, large, strict=True)
    return [(a, b) for a, b in both if b.rows >= FEW and b.rows > bound * max(a.rows, 1)]


class Growth:
    """Two sets beside the real plans, and the saved queries asked of both."""

    def __init__(self, project: Path, small: Path, large: Path) -> None:
        self.real = sdkg.load(project)
        self._sets = [(Adapter(self.real, folder), _store(folder)) for folder in (small, large)]
        self._data = _triples(large) / _triples(small)

    def found(self, name: str) -> Iterator[tuple[Case, list[tuple[Step, Step]]]]:
        """Each asking of a saved query, the widest last, with the steps that grow too fast."""
        for asking in askings(self.real, self.real.queries[name]):
            yield self.asked(asking)

    def asked(self, asking: Asking) -> tuple[Case, list[tuple[Step, Step]]]:
        """One asking, with the steps that grow too fast."""
        small, large = (adapter.case(*asking) for adapter, _ in self._sets)
        return small, self.worse(*(bind(case.text, terms_of(case)) for case in (small, large)))

    def worse(self, *queries: str) -> list[tuple[Step, Step]]:
        """The steps that grow too fast of a query, as it is put to the one set and to the other."""
        small, large = (steps(store, text) for (_, store), text in zip(self._sets, queries, strict=True))
        return too_fast(small, large, self._data)


def _store(folder: Path) -> Path:
    return open_current(Project.at(folder).store_folder)[1] / "store"


def _triples(folder: Path) -> int:
    told = json.loads((folder / "national.json").read_text("utf-8"))
    return int(told["stated"] + told["inferred"])


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="6,60")
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--sets", type=Path, default=Path(tempfile.gettempdir()) / "sdkg-national")
    parser.add_argument("--project", type=Path, default=ROOT)
    given = parser.parse_args()
    folders = [given.sets / size for size in given.sizes.split(",")]
    for folder in folders:
        national.ready(Project.at(given.project), folder, int(folder.name), PLANS)
    growth, worse = Growth(given.project, *folders), 0
    for name in given.only or growth.real.queries:
        for case, found in growth.found(name):
            print(f"{case.title}: {len(found)} steps grow faster than the data", flush=True)
            for before, after in found:
                print(f"    {before.rows:,} -> {after.rows:,}  {after.name[:120]}")
            worse += len(found)
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
