"""`sdkg gaps`: what the plans leave open, held against numbers counted in the Turtle itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import html5lib
import pytest

from sdkg.cli import run
from sdkg.errors import UnknownNameError
from sdkg.gaps import Gaps, find_gaps
from sdkg.gaps.kinds import KINDS, NOTE, vague_word
from sdkg.gaps.writing import write_gaps
from sdkg.graph import KnowledgeGraph
from sdkg.namespaces import ID
from tests.browsing import chromium, sheet_for_everyone, visiting

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HEERDE, HEEMSTEDE, LIMBURG = (
    ID + name for name in ("heerde-2022", "heemstede-2025", "midden-limburg-west-2020")
)

COUNTED = {
    HEERDE: {
        "doelen-zonder-indicator": (62, 96),
        "doelen-zonder-iets-meetbaars": (4, 96),
        "indicatoren-zonder-nulmeting": (54, 66),
        "indicatoren-zonder-streefwaarde": (31, 66),
        "streefwaarden-zonder-jaar": (34, 36),
        "resultaten-zonder-trekker": (0, 0),
        "maatregelen-zonder-doel": (57, 104),
        "themas-zonder-wet": (2, 6),
        "themas-zonder-partner": (0, 6),
    },
    HEEMSTEDE: {
        "doelen-zonder-indicator": (0, 0),
        "resultaten-zonder-trekker": (1, 1),
        "maatregelen-zonder-doel": (7, 7),
        "themas-zonder-wet": (4, 4),
        "themas-zonder-partner": (4, 4),
    },
    LIMBURG: {
        "doelen-zonder-indicator": (53, 53),
        "indicatoren-zonder-nulmeting": (31, 31),
        "streefwaarden-zonder-jaar": (0, 0),
        "resultaten-zonder-trekker": (47, 49),
        "maatregelen-zonder-doel": (103, 131),
        "themas-zonder-wet": (6, 10),
        "themas-zonder-partner": (1, 10),
    },
}


@pytest.fixture(scope="module")
def gaps(graph: KnowledgeGraph) -> Gaps:
    return find_gaps(graph, "heerde-2022")


def test_counts(gaps: Gaps) -> None:
    found = {
        plan: {
            gap.kind.key: (len(gap.elements), gap.total)
            for gap in gaps.found
            if gap.plan == plan and gap.kind.key in wanted
        }
        for plan, wanted in COUNTED.items()
    }
    assert found == COUNTED


def test_the_themes_of_heerde_without_a_law(gaps: Gaps) -> None:
    gap = next(gap for gap in gaps.found if (gap.plan, gap.kind.key) == (HEERDE, "themas-zonder-wet"))
    assert [(e.iri.rpartition("/")[2], e.label, e.section, e.remark) for e in gap.elements] == [
        (
            "thema-benut-de-kracht-van-de-samenleving",
            "Benut de kracht van de samenleving",
            "3 Benut de kracht van de samenleving",
            "4/6 · 11/26",
        ),
        ("thema-gezondheid-als-basis", "Gezondheid als basis", "4 Gezondheid als basis", "4/6 · 11/26"),
    ]


def test_goals_that_name_nothing_measurable(gaps: Gaps) -> None:
    gap = next(g for g in gaps.found if (g.plan, g.kind.key) == (HEERDE, "doelen-zonder-iets-meetbaars"))
    without = next(g for g in gaps.found if (g.plan, g.kind.key) == (HEERDE, "doelen-zonder-indicator"))
    assert {e.iri for e in gap.elements} <= {e.iri for e in without.elements}
    assert {e.iri.rpartition("/")[2]: e.remark for e in gap.elements} == {
        "doel-passende-hulp-ook-voor-plegers": "passende",
        "doel-passende-plek-clienten-beschermd-wonen": "passende",
        "doel-passende-arbeidsplek": "passende",
        "doel-bijdragen-aan-onderzoek-houdbaarheid-wmo": "bijdragen aan",
    }


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Het bevorderen van gezondheid", "bevorderen"),
        ("Wij zetten in op preventie", "zetten in op"),
        ("Meer AANDACHT VOOR ouderen", "aandacht voor"),
        ("Aandachtsfunctionarissen", None),
        ("Ondersteuning is dichtbij", None),
        ("Eén op de vijf inwoners bevordert iets", None),
        ("Niemand hoeft onvoldoende te eten", None),
        ("De helft bevordert", None),
        ("Bevorderen voor 2027", None),
    ],
)
def test_words(text: str, word: str | None) -> None:
    assert vague_word(text) == word


def test_text(gaps: Gaps) -> None:
    text = write_gaps(gaps)
    assert text.startswith(NOTE[0])
    assert "Indicatoren zonder nulmeting: 54 van 66 (82%)" in text
    assert "Resultaten zonder trekker: -" in text
    assert "Regionaal beleidsplan sociaal domein Midden-Limburg West 2020-2023" in text
    assert "heerde-2022:doel-passende-arbeidsplek · niet te meten: passende" in text
    assert "midden-limburg-west-2020:" not in text
    assert "Indicators without baseline: 54 of 66 (82%)" in write_gaps(gaps, lang="en")


def test_json(gaps: Gaps) -> None:
    told = json.loads(write_gaps(gaps, "json", "en"))
    assert told["note"] == NOTE[1]
    (plan,) = told["plans"]
    assert plan["plan"] == HEERDE
    assert [gap["kind"] for gap in plan["gaps"]] == [kind.key for kind in KINDS]
    assert all(len(gap["elements"]) == gap["count"] <= gap["total"] for gap in plan["gaps"])
    shares = {p["plan"]: p["share"] for p in told["comparison"][0]["plans"]}
    assert (shares[HEERDE], shares[HEEMSTEDE], shares[LIMBURG]) == (0.6458, None, 1.0)


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_html(gaps: Gaps, lang: str) -> None:
    text = write_gaps(gaps, "html", lang)
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
    assert tree.get("lang") == lang
    assert not [e for e in tree.iter() if e.get("src") or e.tag in ("script", "link")]
    assert all(e.get("scope") for e in tree.iter("th"))
    assert len(tree.findall(".//tbody/tr")) == len(KINDS)
    assert [e.tag for e in tree.iter() if e.tag in ("h1", "h2", "h3")] == ["h1", "h2", *["h3"] * len(KINDS)]
    assert len(tree.findall(".//main")) == 1


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as chrome:
        yield chrome


def test_everyone_can_read_the_page(gaps: Gaps, browser: Browser, tmp_path: Path) -> None:
    sheet_for_everyone(browser, tmp_path / "gaps.html", lambda lang: write_gaps(gaps, "html", lang))


def test_paper_shows_what_the_screen_folds(gaps: Gaps, browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "gaps.html"
    path.write_text(write_gaps(gaps, "html"), "utf-8")
    with visiting(browser) as visit:
        visit.page.goto(path.as_uri())
        item = visit.page.locator("details li").first
        assert not item.is_visible()
        visit.page.emulate_media(media="print")
        assert item.is_visible()


def test_html_escapes(gaps: Gaps) -> None:
    plans = tuple((iri, f"<b>{label}") for iri, label in gaps.plans)
    assert "<b>" not in write_gaps(Gaps(plans, gaps.chosen, gaps.found), "html")


def test_the_command(project: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "gaps.html"
    assert run(["gaps", "--project", str(project), "--format", "html", "-o", str(out)]) == 0
    assert out.read_text("utf-8").count("<h2>") == 5
    assert run(["gaps", "--project", str(project), "--plan", "bestaat-niet"]) == 2
    assert "bestaat-niet" in capfd.readouterr().err


def test_an_unknown_plan(graph: KnowledgeGraph) -> None:
    with pytest.raises(UnknownNameError):
        find_gaps(graph, "bestaat-niet")
