"""The pages in a real browser: for anyone, with a keyboard, on a narrow screen, without script."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from sdkg import KnowledgeGraph
from tests.browsing import chromium, visiting

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PAGES = {
    "home": "",
    "plan": "doc/heerde-2022",
    "doel": "doc/heerde-2022/doel-gezonde-en-veilige-leefomgeving",
    "opgave": "doc/heerde-2022/opgave-overgewicht-roken-middelengebruik",
    "sectie": "doc/heerde-2022/sectie-inleiding",
    "bewijs": "doc/heerde-2022/bewijs-visie-samenvatting",
    "wet": "doc/wet/participatiewet",
    "partner": "doc/partner/inwoners",
    "gemeente": "doc/gemeente/heerde",
    "samenwerking": "doc/partner/midden-limburg-west",
    "onderwerp": "doc/onderwerp/gezondheid",
    "doelgroep": "doc/doelgroep/inwoners",
    "begrippenlijst": "doc/onderwerp",
    "vraag als ding": "doc/query/wetten",
    "begrippen": "def",
    "regels": "shapes",
    "registers": "register",
    "register": "register/wet",
    "vragen": "queries",
    "vraag": "queries/wetten?plan=id:heerde-2022",
    "vraag zonder antwoord": "queries/doelen-op-wet-en-partner?wet=",
    "waarom": "queries/doelen-op-wet-en-partner?wet=wet:participatiewet&partner=partner:stip-heerde&waarom=1",
    "zoeken": "search?q=schuld",
    "niets gevonden": "search?q=qqqqxxzz",
    "query": "query",
    "query met rijen": "query?query=SELECT * { ?wet a sd:Wet ; skos:prefLabel ?naam } ORDER BY ?naam",
    "query met graaf": "query?query=DESCRIBE wet:jeugdwet",
    "query met fout": "query?query=SELECT",
    "fout": "doc/bestaat-niet",
}
"""One of each kind of page."""

WAYS = [("nl", "light", 1280, True), ("en", "dark", 320, True)]
"""Language, colours, width, and whether scripts run."""

WITHOUT_SCRIPT = [("nl", "dark", 320, False), ("en", "light", 1280, False)]
"""The same for the pages that have a script."""

VISITS = [(kind, *way) for kind in PAGES for way in WAYS if kind != "regels" or way in WAYS[1:]]  # a long one
VISITS += [(kind, *way) for kind in PAGES if kind.startswith("query") for way in WITHOUT_SCRIPT]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.mark.parametrize(("kind", "lang", "colours", "width", "script"), VISITS)
def test_everyone_can_use_every_kind_of_page(
    browser: Browser, address: str, kind: str, lang: str, colours: str, width: int, script: bool
) -> None:
    path = PAGES[kind]
    with visiting(
        browser,
        viewport={"width": width, "height": 800},
        color_scheme=colours,
    ) as visit:
        if not script:  # as if there were none; axe itself needs a browser that can
            visit.page.route("**/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
        response = visit.page.goto(f"{address}{path}{'&' if '?' in path else '?'}lang={lang}")
        assert response is not None
        assert response.status == (404 if kind == "fout" else 200)
        assert visit.page.locator("html").get_attribute("lang") == lang
        assert visit.page.locator("h1").count() == 1
        assert visit.axe() == []
        assert not visit.is_too_wide()
        assert {urlsplit(url).netloc for url in visit.requests} == {urlsplit(address).netloc}
        assert [m for m in visit.messages if kind != "fout" or "404" not in m] == []


def test_titles_tell_pages_apart(browser: Browser, address: str) -> None:
    with visiting(browser) as visit:
        titles = {}
        for kind, path in PAGES.items():
            visit.page.goto(f"{address}{path}")
            titles[kind] = visit.page.title()
        same = [kind for kind in titles if kind.startswith(("query", "vraag", "waarom"))]
        others = [title for kind, title in titles.items() if kind not in same]
        assert len(set(others)) == len(others)


def test_by_keyboard_from_a_law_to_the_paragraph_that_says_so(browser: Browser, address: str) -> None:
    with visiting(browser, locale="nl-NL") as visit:
        page = visit.page
        page.goto(address)
        visit.tab_to("#q")
        page.keyboard.type("particpatiewet")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search?q=*")
        visit.tab_to('main ol a[href$="/doc/wet/participatiewet"]')
        page.keyboard.press("Enter")
        page.wait_for_url("**/doc/wet/participatiewet")
        visit.tab_to('main a[href$="/doc/heerde-2022/doel-inclusieve-arbeidsmarkt"]')
        visit.tab_to('main a[href*="/doc/heerde-2022/sectie-"]', most=2)
        section = page.evaluate("document.activeElement.textContent")
        page.keyboard.press("Enter")
        page.wait_for_url("**/doc/heerde-2022/sectie-*")
        assert page.locator("h1").inner_text() in section
        assert visit.messages == []


def test_by_mouse_from_a_question_to_its_reasons(browser: Browser, address: str) -> None:
    with visiting(browser, locale="nl-NL") as visit:
        page = visit.page
        page.goto(address)
        page.get_by_role("link", name="Welke doelen steunen op een wet én op een partner?").click()
        page.get_by_label("de wet").select_option(label="Participatiewet")
        page.get_by_label("de partner").select_option(value="partner:stip-heerde")
        page.get_by_role("button", name="Beantwoorden").click()
        assert page.locator("table.answer tbody tr").count() >= 1
        page.get_by_role("link", name="Waarom?").first.click()
        reasons = page.locator("section", has=page.locator("#waarom"))
        assert reasons.get_by_text("steunt op wet").count()
        assert reasons.locator('a[href*="/doc/heerde-2022/sectie-"]').count()
        assert visit.messages == []


def test_the_language_goes_along(browser: Browser, address: str) -> None:
    with visiting(browser, locale="nl-NL") as visit:
        page = visit.page
        page.goto(address + "doc/wet/jeugdwet")
        assert page.get_by_role("heading", name="Doelen die hierop steunen").count() == 1
        page.get_by_role("link", name="English").click()
        assert page.get_by_role("heading", name="Goals that rest on this").count() == 1
        page.get_by_role("link", name="Questions").first.click()
        assert page.locator("html").get_attribute("lang") == "en"


def test_the_editor_gives_its_text_back_and_lets_go_of_the_keyboard(browser: Browser, address: str) -> None:
    from sdkg.pages.asking import has_editor

    if not has_editor() and not os.environ.get("CI"):
        pytest.skip("the editor is not bundled here: install again where npm is")
    with visiting(browser, locale="nl-NL") as visit:
        page = visit.page
        page.goto(address + "query")
        content = page.locator(".cm-content")
        content.click()
        page.keyboard.press("Control+a")
        page.keyboard.type("ASK { ?plan a sd:Beleidspl")
        page.keyboard.press("Control+Space")
        page.locator(".cm-tooltip-autocomplete li[aria-selected]", has_text="sd:Beleidsplan").wait_for()
        page.keyboard.press("Escape")
        page.keyboard.type("an }")
        page.keyboard.press("Escape")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.type") == "submit"
        content.click()
        page.keyboard.press("Control+Enter")
        page.wait_for_url("**/query?query=*")
        assert page.locator("#resultaat").count() == 1
        assert page.locator("section strong").inner_text() == "waar"
        assert visit.messages == []


def test_what_a_label_holds_is_text(browser: Browser, graph: KnowledgeGraph, tmp_path: Path) -> None:
    from tests.test_pages import HOSTILE, hostile_pages

    for number, html in enumerate(hostile_pages(graph)):
        path = tmp_path / f"{number}.html"
        path.write_bytes(html)
        with visiting(browser) as visit:
            visit.page.goto(path.as_uri())
            assert visit.page.evaluate("window.hacked") is None
            assert visit.page.locator("h1").inner_text() == HOSTILE
            assert visit.page.locator("main img, main script, main svg, main iframe").count() == 0
