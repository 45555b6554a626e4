"""Only what changed is checked again; what is kept is not believed when something it rests on changed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from sdkg.findings.check import KEPT, check
from sdkg.findings.model import Findings
from sdkg.project import REFERENCE, Project
from tests.damage import BLANK, damaged
from tests.paths import ROOT

FIRST, SECOND = (f"instances/heemstede/heemstede-{year}.ttl" for year in (2019, 2025))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with two plans, of which the second succeeds the first, and shapes of its own."""
    shutil.copytree(ROOT / "instances" / "heemstede", tmp_path / "instances" / "heemstede")
    shutil.copytree(ROOT / "shapes", tmp_path / "shapes")
    return tmp_path


def run(folder: Path, files: list[Path] | None = None) -> Findings:
    return check(Project.at(folder), files)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_nothing_is_done_twice(folder: Path) -> None:
    first = run(folder)
    assert first.fresh == (REFERENCE, FIRST, SECOND)
    assert run(folder).fresh == ()
    assert run(folder).findings == first.findings
    assert run(folder, [folder / SECOND]).fresh == ()


def test_a_change_is_seen_in_the_plan_and_in_those_that_point_at_it(folder: Path) -> None:
    run(folder)
    edit(folder / SECOND, "\n", "\n# aantekening\n")
    assert SECOND in run(folder).fresh
    edit(folder / FIRST, "\n", "\n# aantekening\n")
    assert set(run(folder).fresh) == {FIRST, SECOND}


def test_a_plan_that_comes_or_goes_is_seen_by_those_that_point_at_it(folder: Path) -> None:
    run(folder)
    away = folder.parent / "heemstede-2019.ttl"
    (folder / FIRST).rename(away)
    assert run(folder).fresh == (SECOND,)
    away.rename(folder / FIRST)
    assert set(run(folder).fresh) == {FIRST, SECOND}


def test_everything_is_checked_again_when_a_shape_changes(folder: Path) -> None:
    run(folder)
    edit(folder / "shapes" / "aanbevolen.ttl", "# ", "# aantekening\n# ")
    assert run(folder).fresh == (REFERENCE, FIRST, SECOND)


def test_what_is_kept_is_what_was_found(folder: Path) -> None:
    (folder / SECOND).write_text(damaged()[0] + BLANK, "utf-8")
    found = run(folder)
    assert len(found.findings) > 50
    assert any(finding.related for finding in found.findings)
    kept = run(folder)
    assert kept.fresh == ()
    assert kept.findings == found.findings
    assert [f.region.shown for f in kept.findings] == [f.region.shown for f in found.findings]


def test_a_file_that_does_not_parse_is_kept_too(folder: Path) -> None:
    edit(folder / SECOND, " ;", "")
    found = run(folder)
    assert found.unreadable
    assert found.unchecked == () or found.unchecked[0][0] == FIRST
    assert run(folder).findings == found.findings


@pytest.mark.parametrize("text", ["", "{", "[]", '{"key": 1}', '{"key": "x", "parts": {}}'])
def test_what_cannot_be_read_is_as_good_as_nothing(folder: Path, text: str) -> None:
    kept = folder / ".sdkg" / KEPT
    kept.parent.mkdir()
    kept.write_text(text, "utf-8")
    assert SECOND in run(folder, [folder / SECOND]).fresh
    assert json.loads(kept.read_text("utf-8"))["parts"]


def test_nothing_is_kept_where_nothing_may_be_written(folder: Path) -> None:
    (folder / ".sdkg").write_text("no folder", "utf-8")
    assert run(folder, [folder / SECOND]).fresh == (SECOND,)
    assert run(folder, [folder / SECOND]).fresh == (SECOND,)


def test_nothing_is_kept_of_files_from_elsewhere(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    draft = tmp_path_factory.mktemp("elders") / "concept.ttl"
    shutil.copy(folder / SECOND, draft)
    run(folder, [draft])
    kept = folder / ".sdkg" / KEPT
    assert not kept.exists() or not json.loads(kept.read_text("utf-8"))["parts"]
