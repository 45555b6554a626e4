"""The examples in the docstrings of sdkg.publication run, and its guide tells of every setting."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
from dataclasses import fields
from pathlib import Path

import pytest

import sdkg.publication
from sdkg.publication.parts import SYNTAXES
from sdkg.publication.settings import Publisher, Withdrawn
from tests.paths import ROOT

MODULES = sorted(module.name for module in pkgutil.iter_modules(sdkg.publication.__path__))
WITHOUT_EXAMPLES = ("datasets", "facts", "services")
"""Parts of one machine, which `catalogue` shows."""


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    module = importlib.import_module(f"sdkg.publication.{name}")
    failed, attempted = doctest.testmod(module, optionflags=doctest.ELLIPSIS)
    assert failed == 0
    assert attempted > 0 or name in WITHOUT_EXAMPLES


def test_the_guide_tells_of_every_setting() -> None:
    guide = (ROOT / "docs" / "publishing.md").read_text("utf-8")
    for cls in (Publisher, Withdrawn):
        for field in fields(cls):
            assert re.search(rf"^{field.name} = ", guide, re.MULTILINE), field.name
    for syntax in SYNTAXES:
        assert syntax.ending in guide
