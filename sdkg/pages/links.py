"""Where a page finds another: on a server under one path, or as files beside each other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol
from urllib.parse import quote, urlencode

from sdkg.namespaces import BASE, ID, ONTOLOGY_IRI, SD, SHAPES

_SAFE = "/:@!$&'()*+,;=~-._"


@lru_cache(maxsize=10_000)
def _quoted(path: str) -> str:
    return quote(path, safe=_SAFE)


class Links(Protocol):
    """How a page in one language refers to other pages and to data."""

    @property
    def lang(self) -> str:
        """The language of the page: `nl` or `en`."""

    @property
    def live(self) -> bool:
        """Whether a server answers: searching and asking is possible."""

    @property
    def base(self) -> str:
        """What our IRIs start with where these pages are."""

    def to(self, path: str, /, **parameters: str) -> str:
        """A page by its path (`queries/wetten`; the home page is the empty path)."""

    def file(self, path: str) -> str:
        """A file of the design or of the data, by its path (`static/pages.css`)."""

    def in_language(self, lang: str) -> str:
        """This very page in a language."""


def page_of(links: Links, iri: str) -> str | None:
    """Where the page about an IRI is; `None` for what no browser can go to.

    Example:
        >>> page_of(Served("nl"), ID + "wet/jeugdwet")
        '/doc/wet/jeugdwet'
        >>> page_of(Served("nl"), SD + "Doel"), page_of(Served("nl"), "javascript:alert(1)")
        ('/def#Doel', None)
    """
    if iri.startswith(ID):
        return links.to("doc/" + iri.removeprefix(ID).partition("#")[0])  # a part is told of with its whole
    if iri.startswith(SD):
        return links.to("def") + "#" + quote(iri.removeprefix(SD))
    if iri.startswith(SHAPES):
        return links.to("shapes") + "#" + quote(iri.removeprefix(SHAPES))
    if iri == ONTOLOGY_IRI:
        return links.to("def")
    if iri.startswith(BASE):
        return _place_of(links, iri.removeprefix(BASE))
    return iri if iri.startswith(("https://", "http://")) else None


def _place_of(links: Links, path: str) -> str | None:
    """Where something below the base is; between files there are only pages and dumps."""
    if links.live or path.startswith("dumps/"):
        return links.file(path)
    return links.to(path) if path.startswith("doc/") or path in ("", "def") else None


def data_of(links: Links, iri: str, extension: str) -> str:
    """Where the data about an IRI of ours are.

    Example:
        >>> data_of(Served("nl"), ID + "wet/jeugdwet", "ttl")
        '/data/wet/jeugdwet.ttl'
    """
    return links.file(f"data/{iri.removeprefix(ID)}.{extension}")


def iri_under(links: Links, iri: str) -> str:
    """An IRI of ours under the base of these pages."""
    return links.base + iri.removeprefix(BASE) if iri.startswith(BASE) else iri


@dataclass(frozen=True)
class Served:
    """Links on a server.

    Args:
        lang: the language of the page.
        root: the path under which the server stands, `/` or `/a/b/`.
        path: the path of the page itself, below the root, with its own parameters.
        parameters: the parameters of the page itself, without `lang`.
        chosen: whether the reader chose the language, so that links must keep it.
        base: what our IRIs start with.
    """

    lang: str
    root: str = "/"
    path: str = ""
    parameters: tuple[tuple[str, str], ...] = ()
    chosen: bool = False
    base: str = BASE
    live: bool = True

    def to(self, path: str, /, **parameters: str) -> str:
        """See `Links`.

        Example:
            >>> Served("en", chosen=True).to("search", q="Wmo 2015")
            '/search?q=Wmo+2015&lang=en'
        """
        asked = {**parameters, **({"lang": self.lang} if self.chosen else {})}
        return self.file(path) + (f"?{urlencode(asked)}" if asked else "")

    def file(self, path: str) -> str:
        """See `Links`."""
        return self.root + _quoted(path)

    def in_language(self, lang: str) -> str:
        """See `Links`."""
        return self.file(self.path) + "?" + urlencode([*self.parameters, ("lang", lang)])


@dataclass(frozen=True)
class Filed:
    """Links between files, which hold from any folder: Dutch pages at the top, English ones in `en/`.

    Args:
        lang: the language of the page.
        path: the path of the page itself, as `doc/wet/jeugdwet`.
        base: what our IRIs start with.
    """

    lang: str
    path: str = ""
    base: str = BASE
    live: bool = False

    @property
    def name(self) -> str:
        """The file of this page.

        Example:
            >>> Filed("en", "doc/wet/jeugdwet").name, Filed("nl").name
            ('en/doc/wet/jeugdwet.html', 'index.html')
        """
        return file_name(self.lang, self.path)

    def to(self, path: str, /, **parameters: str) -> str:  # noqa: ARG002 (no server, no parameters)
        """See `Links`.

        Example:
            >>> Filed("nl", "doc/wet/jeugdwet").to("doc/heerde-2022")
            '../../doc/heerde-2022.html'
        """
        return self._relative(file_name(self.lang, path))

    def file(self, path: str) -> str:
        """See `Links`."""
        return self._relative(path)

    def in_language(self, lang: str) -> str:
        """See `Links`."""
        return self._relative(file_name(lang, self.path))

    def _relative(self, target: str) -> str:
        return "../" * self.name.count("/") + _quoted(target)


def file_name(lang: str, path: str) -> str:
    """The file of a page in a language."""
    return ("" if lang == "nl" else f"{lang}/") + (f"{path}.html" if path else "index.html")
