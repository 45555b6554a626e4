"""A real browser for the tests: Chromium, as the Debian package brings it, with axe-core beside it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser; the test is skipped where there is none, except in CI."""
    if not Path(CHROMIUM).is_file() and not os.environ.get("CI"):
        pytest.skip("chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Visit:
    """A tab, and what went wrong in it: messages on the console, requests to another host."""

    page: Page
    messages: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def axe(self) -> list[str]:
        """What axe-core finds on the page, a line each."""
        script = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
        self.page.evaluate(script)
        found: dict[str, Any] = self.page.evaluate(
            "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES
        )
        return [
            f"{finding['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
            for finding in found["violations"]
            for node in finding["nodes"]
        ]

    def is_too_wide(self) -> bool:
        """Whether one has to scroll sideways."""
        wide: bool = self.page.evaluate(
            "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )
        return wide

    def tab_to(self, selector: str, most: int = 200) -> None:
        """Press Tab until what a selector finds has the focus."""
        for _ in range(most):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("s => document.activeElement.matches(s)", selector):
                return
        raise AssertionError(f"Tab never reaches {selector}")


@contextmanager
def visiting(browser: Browser, **options: Any) -> Iterator[Visit]:
    """A fresh tab, in which nothing may go wrong."""
    context: BrowserContext = browser.new_context(**options)
    visit = Visit(context.new_page())
    visit.page.on(
        "console", lambda m: visit.messages.append(f"{m.type}: {m.text}") if m.type != "log" else None
    )
    visit.page.on("pageerror", lambda error: visit.messages.append(str(error)))
    visit.page.on("request", lambda request: visit.requests.append(request.url))
    yield visit
    context.close()


WAYS = (("nl", "light", 1280), ("en", "dark", 320))
"""Language, colours and width."""


def sheet_for_everyone(browser: Browser, path: Path, write: Callable[[str], str]) -> None:
    """A page that stands on its own: no fault by axe-core, never too wide, also on paper, and alone."""
    for lang, colours, width in WAYS:
        path.write_text(write(lang), "utf-8")
        with visiting(browser, viewport={"width": width, "height": 800}, color_scheme=colours) as visit:
            visit.page.goto(path.as_uri())
            assert visit.page.locator("html").get_attribute("lang") == lang
            assert visit.page.locator("h1").count() == 1
            assert visit.axe() == []
            assert not visit.is_too_wide()
            visit.page.emulate_media(media="print")
            visit.page.set_viewport_size({"width": 700, "height": 1000})
            assert not visit.is_too_wide()
            assert visit.requests == [path.as_uri()]
            assert visit.messages == []
