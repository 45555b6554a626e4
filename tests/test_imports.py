"""Start-up is part of the experience: what a plain import, the help and a saved query may load."""

from __future__ import annotations

import ast
import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.paths import PYTHON, ROOT

HEAVY = {
    "rdflib",
    "pyshacl",
    "owlrl",
    "pandas",
    "openpyxl",
    "pyarrow",
    "requests",
    "SPARQLWrapper",
    "hypothesis",
}


def loaded(code: str) -> set[str]:
    script = f"{code}\nimport sys, json; print(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    done = subprocess.run([PYTHON, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True)
    return set(json.loads(done.stderr.splitlines()[-1]))


def test_import_loads_nothing() -> None:
    modules = loaded("import sdkg")
    assert not {name for name in modules if name.startswith("sdkg.")}
    assert not modules & (HEAVY | {"pyoxigraph", "click", "yaml"})


@pytest.mark.parametrize("arguments", [["--help"], ["query", "--help"], ["build", "--help"]])
def test_help_loads_no_engine(arguments: list[str]) -> None:
    assert not loaded(f"from sdkg.cli import run; run({arguments})") & HEAVY


def test_the_heavy_ones_are_really_loaded_somewhere() -> None:
    assert "rdflib" in loaded("import sdkg.validation, rdflib")


def test_public_names() -> None:
    import sdkg

    assert sorted(sdkg.__all__) == sorted(set(sdkg.__all__))
    for name in sdkg.__all__:
        assert getattr(sdkg, name) is not None
    with pytest.raises(AttributeError, match="niets"):
        _ = sdkg.niets


def imported(path: Path) -> set[str]:
    """The modules of sdkg that a module imports when it runs, not just for its types."""
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = [ast.Pass()]
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "sdkg":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sdkg."):
            found.add(str(node.module).split(".")[1])
    return found


def test_imports_go_one_way() -> None:
    """Each module imports only what stands before it in the order of docs/design.md."""
    text = (ROOT / "docs" / "design.md").read_text("utf-8")
    paragraph = text.partition("Imports go one way")[2].partition("\n\n")[0]
    order = re.findall(r"`(\w+)`", paragraph)
    modules: dict[str, set[str]] = {}
    for path in (ROOT / "sdkg").rglob("*.py"):
        name = path.relative_to(ROOT / "sdkg").parts[0].removesuffix(".py")
        if not name.startswith("__"):
            modules[name] = modules.get(name, set()) | (imported(path) - {name})
    assert sorted(order) == sorted(modules)
    wrong = [
        f"{name} imports {other}"
        for name, others in modules.items()
        for other in others & modules.keys()
        if order.index(other) > order.index(name)
    ]
    assert wrong == []
