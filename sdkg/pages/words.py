"""The pages' own words in Dutch and English, from `words.toml`; what the ontology names is not here."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType

LANGUAGES = ("nl", "en")


def _read(table: str) -> Mapping[str, tuple[str, str]]:
    found = tomllib.loads(files("sdkg.pages").joinpath("words.toml").read_text("utf-8"))[table]
    return MappingProxyType({key: (texts["nl"], texts["en"]) for key, texts in found.items()})


WORDS = _read("words")
"""By key, in Dutch and in English."""

PROPERTIES = _read("properties")
"""Properties of other vocabularies, as people call them, by prefixed name."""

INCOMING = _read("incoming")
"""What points at a thing, by the prefixed name of the property that does."""


def say(key: str, lang: str, **values: object) -> str:
    """A text of the pages, with values filled in.

    Example:
        >>> say("rows", "nl", count=12)
        '12 rijen'
    """
    text = WORDS[key][LANGUAGES.index(lang)]
    return text.format(**values) if values else text
