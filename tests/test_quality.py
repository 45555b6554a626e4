"""ruff and mypy are part of the tests; and what no linter sees about the repository."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from sdkg.namespaces import ID, PREFIXES
from tests.paths import PYTHON, ROOT

TRACKED = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
FILES = [ROOT / name for name in TRACKED.splitlines() if (ROOT / name).is_file()]
PREFIX = re.compile(r"^\s*(?:@prefix|PREFIX)\s+([\w-]*):\s*<([^>]*)>", re.MULTILINE)


@pytest.mark.parametrize(
    "tool", [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"]], ids=" ".join
)
def test_linters(tool: list[str]) -> None:
    done = subprocess.run([PYTHON, "-m", *tool], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_prefixes_are_those_of_the_project() -> None:
    """One prefix has one meaning everywhere; a plan's prefix is its slug."""
    seen = 0
    for path in FILES:
        if path.suffix in (".ttl", ".rq") and "data" not in path.parts:
            for prefix, namespace in PREFIX.findall(path.read_text("utf-8")):
                seen += 1
                expected = PREFIXES.get(prefix)
                if expected is None and namespace.startswith(ID):
                    expected = f"{ID}{prefix}/"
                assert namespace == expected or prefix not in PREFIXES, f"{path}: {prefix}"
    assert seen > 50


def test_the_version_stands_once() -> None:
    import sdkg

    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert f"## [{sdkg.__version__}]" in changelog
    assert "version =" not in (ROOT / "pyproject.toml").read_text("utf-8").split("[tool")[0]


def test_exceptions_live_in_one_module() -> None:
    for path in (ROOT / "sdkg").rglob("*.py"):
        if path.name != "errors.py":
            assert not re.search(
                r"^class \w+\((\w*Error|Exception)\)", path.read_text("utf-8"), re.MULTILINE
            ), path


def test_the_error_tree_is_the_one_in_the_docstring() -> None:
    from sdkg import errors

    names = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, errors.SdkgError)
    }
    tree = (errors.__doc__ or "").partition("The command line ends")[0]
    assert names == set(re.findall(r"\b(\w*Error)\b(?!\))", tree))


def test_no_module_is_long() -> None:
    for path in (ROOT / "sdkg").rglob("*.py"):
        assert len(path.read_text("utf-8").splitlines()) <= 400, path


def test_nothing_speaks_of_this_machine() -> None:
    for path in FILES:
        if path.suffix in (".py", ".md", ".ttl", ".rq", ".toml", ".html"):
            text = path.read_text("utf-8")
            assert not re.search(r"(?<![\w.])/(work|farm|root|home)/\w", text), path


def test_ci_runs_the_command_of_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    found = re.search(r"<!-- test -->\n```sh\n(.*)\n```", readme)
    assert found
    assert found[1] == 'python3 -m pip install -e ".[test]" && python3 -m pytest'
    assert "README.md" in (ROOT / ".ci" / "run").read_text("utf-8")


def test_folders_of_the_readme_exist() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    folders = re.findall(r"^\| `([\w.]+/)` \|", readme, re.MULTILINE)
    assert len(folders) >= 8
    for folder in folders:
        assert Path(ROOT / folder).is_dir(), folder
