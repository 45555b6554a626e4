"""Start-up is part of the experience: what a plain import, the help and a saved query may load."""

from __future__ import annotations

import json
import subprocess

import pytest

from tests.paths import PYTHON, ROOT

HEAVY = {"rdflib", "pyshacl", "owlrl", "pandas", "SPARQLWrapper", "hypothesis"}


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
