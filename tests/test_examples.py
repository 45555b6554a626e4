"""The notebook in `examples/` runs as it stands, and gives a table, a plot and reasons."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from tests.paths import ROOT

NOTEBOOKS = sorted((ROOT / "examples").glob("*.ipynb"))


def outputs(notebook: Any, kind: str) -> list[str]:
    found = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = {"text/plain": output.get("text", ""), **output.get("data", {})}
            found += [data[kind]] if data.get(kind) else []
    return found


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs(project: Path, path: Path) -> None:
    notebook: Any = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(notebook)
    assert not outputs(notebook, "text/plain"), "commit the notebook without its outputs"
    client = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(project)}})
    client.execute()
    assert "<table" in outputs(notebook, "text/html")[0]
    assert outputs(notebook, "image/png")
    printed = "\n".join(outputs(notebook, "text/plain"))
    assert "gesteld in Kaderdocument sociaal domein gemeente Heerde" in printed
    assert "SELECT" in printed


def test_there_is_one() -> None:
    assert NOTEBOOKS
