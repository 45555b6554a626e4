"""Templates to HTML. Everything that is filled in is text: nothing can bring its own markup."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Any

from sdkg.errors import MissingExtraError
from sdkg.pages.links import Links
from sdkg.pages.values import day
from sdkg.pages.words import LANGUAGES, say

if TYPE_CHECKING:
    from jinja2 import Environment


def render(template: str, links: Links, /, **values: Any) -> bytes:
    """A page as UTF-8.

    Args:
        template: its name in `templates/`.
        links: where pages are; its language is that of the page.
        values: what is filled in.

    Raises:
        MissingExtraError: the extra `web` is not installed.

    Example:
        >>> from sdkg.pages.links import Served
        >>> b"Deze pagina bestaat niet" in render("problem.html", Served("nl"), status=404, detail="")
        True
    """
    lang = links.lang
    other = LANGUAGES[1 - LANGUAGES.index(lang)]
    page = _environment().get_template(template)
    return page.render(t=partial(_say, lang), lang=lang, other=other, links=links, **values).encode()


def _say(lang: str, key: str, /, **values: object) -> str:
    return say(key, lang, **values)


@cache
def _environment() -> Environment:
    try:
        from jinja2 import Environment, PackageLoader, StrictUndefined
    except ImportError:
        raise MissingExtraError("jinja2 is not installed. Run: pip install 'sdkg[web]'") from None
    environment = Environment(
        loader=PackageLoader("sdkg.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["day"] = day
    return environment
