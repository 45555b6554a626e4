"""No step of a saved query does its work again for every plan or municipality (see `benchmarks.growth`)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import sdkg
from tests.paths import ROOT

if TYPE_CHECKING:
    from benchmarks.growth import Growth

NAMES = sorted(path.stem for path in (ROOT / "queries").glob("*.rq"))
ONCE_PER_PLAN = """SELECT (COUNT(*) AS ?n) {
  ?plan sd:geldigVan ?van . ?other sd:geldigTot ?tot FILTER(?van < ?tot) }"""


@pytest.fixture(scope="module")
def sets(project: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Sets of six and of twelve municipalities."""
    from benchmarks import national, queries

    folders = [tmp_path_factory.mktemp(f"of-{size}") for size in (6, 12)]
    for folder, size in zip(folders, (6, 12), strict=True):
        national.build(sdkg.Project.at(project), folder, size, queries.PLANS)
    return folders


@pytest.fixture(scope="module")
def growth(project: Path, sets: list[Path]) -> Growth:
    from benchmarks.growth import Growth

    return Growth(project, *sets)


@pytest.mark.parametrize("name", NAMES)
def test_no_step_grows_faster_than_the_data(growth: Growth, name: str) -> None:
    """Asked with as few parameters as can be; `python -m benchmarks.growth` asks with all of them too."""
    from benchmarks.queries import askings

    *_, widest = askings(growth.real, growth.real.queries[name])
    case, found = growth.asked(widest)
    assert not found, case.title


def test_a_step_that_is_done_again_for_every_plan_is_seen(growth: Growth) -> None:
    assert growth.worse(ONCE_PER_PLAN, ONCE_PER_PLAN)
