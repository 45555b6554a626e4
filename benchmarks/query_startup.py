"""A saved query from the shell's prompt to its last row, beside a bare pyoxigraph script that does the same.

    python -m benchmarks.query_startup [--runs 21]

Prints medians of both, taken in turn in one run, and their ratio: the figure to look at.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NAME = "doelen-op-wet-en-partner"
BARE = """
import sys
from pyoxigraph import NamedNode, Literal, QueryResultsFormat, Store, Variable
store = Store.read_only(sys.argv[1])
ID = "https://w3id.org/sociaal-domein/id/"
store.query(
    open(sys.argv[2], encoding="utf-8").read(),
    use_default_graph_as_union=True,
    substitutions={
        Variable("wet"): NamedNode(ID + "wet/participatiewet"),
        Variable("partner"): NamedNode(ID + "partner/stip-heerde"),
        Variable("niveau"): Literal("geerfd"),
    },
).serialize(sys.stdout.buffer, QueryResultsFormat.CSV)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=21)
    runs = parser.parse_args().runs
    sdkg = [str(Path(sys.executable).parent / "sdkg")]
    ours = [*sdkg, "query", NAME, "--wet", "Participatiewet", "--partner", "STIP", "--format", "csv"]
    subprocess.run([*sdkg, "build", "--quiet"], cwd=ROOT, check=True)
    generation = ROOT / ".sdkg" / "generations" / (ROOT / ".sdkg" / "current").read_text().strip()
    with tempfile.NamedTemporaryFile("w", suffix=".py") as script:
        script.write(BARE)
        script.flush()
        query = ROOT / "queries" / f"{NAME}.rq"
        bare = [sys.executable, script.name, str(generation / "store"), str(query)]
        if answer(ours) != answer(bare):
            sys.exit("The two answers differ.")
        times = [(seconds(ours), seconds(bare)) for _ in range(runs)]
    first, second = (statistics.median(column) for column in zip(*times, strict=True))
    print(f"sdkg query      {first * 1000:7.1f} ms")
    print(f"bare pyoxigraph {second * 1000:7.1f} ms")
    print(f"ratio           {first / second:7.2f}")


def answer(command: list[str]) -> list[str]:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return sorted(done.stdout.splitlines())


def seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
