"""From what people call a thing to its IRI, on any engine.

By IRI, end of IRI, label, alias or identifier, in any case, with or without accents. A name that is written
just as it stands in the data is looked up; for any other all names of the class are compared.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from sdkg.engines import Engine, select
from sdkg.errors import AmbiguousNameError, UnknownNameError
from sdkg.namespaces import ID, RDF, RDFS, REFERENCE_FOLDERS, SD, SKOS, expand, shorten
from sdkg.reading import Term

_NAMING = [
    SKOS + "prefLabel",
    SKOS + "altLabel",
    SKOS + "notation",
    RDFS + "label",
    SD + "bwbId",
    SD + "cbsCode",
    SD + "kamerstuk",
]
_BRACKETED = [f"<{iri}>" for iri in _NAMING]
_NAMES = f"SELECT ?iri ?name {{ ?iri {'|'.join(_BRACKETED)} ?name }}"
_NAMES_OF_CLASS = (
    f"SELECT ?class ?iri ?name {{ ?iri a ?class . ?iri ?p ?name FILTER(?p IN ({', '.join(_BRACKETED)})) }}"
)
_TYPE = ox.NamedNode(RDF + "type")
_LANGUAGES = ("nl", "en")
_END = re.compile(r"[\w.-]+\Z")
_SLUG = re.compile(r"(?P<plan>[a-z][a-z0-9-]*):(?P<local>[\w./-]+)\Z")


def fold(text: str) -> str:
    """A text without case, accents and superfluous blanks, to compare names by.

    Example:
        >>> fold("  Privé-Gegevens ")
        'prive-gegevens'
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def find(engine: Engine, name: str, cls: str | None = None) -> str:
    """The IRI of the one thing that has a name.

    Args:
        engine: where to look.
        name: an IRI (bare or in angle brackets), a prefixed name, the end of an IRI, a label, an alias, or
            an identifier (BWB id, CBS code).
        cls: the IRI of the class the thing must have, or `None` for anything.

    Raises:
        UnknownNameError: nothing has that name; `candidates` are the nearest.
        AmbiguousNameError: more than one thing has it; `candidates` are those.
    """
    name = name.strip()
    found = _by_iri(engine, name, cls) or _by_exact_name(engine, name, cls)
    if len(found) == 1:
        return found.pop()
    names = _names(engine, cls)
    if not found:
        by_end = {iri for iri in names if iri.startswith(ID) and iri.endswith("/" + name)}
        wanted = fold(name)
        found = by_end or {iri for iri, labels in names.items() if wanted in map(fold, labels)}
    if len(found) == 1:
        return found.pop()
    if found:
        raise AmbiguousNameError(
            f"'{name}' is the name of {len(found)} things. Choose one:\n" + _listed(sorted(found), names),
            sorted(found),
        )
    raise _unknown(name, fold(name), cls, names)


def _by_iri(engine: Engine, name: str, cls: str | None) -> set[str]:
    """The IRI that a name is, or is the end of, if there is one and it has the class."""
    bare = name[1:-1] if name.startswith("<") and name.endswith(">") else name
    slug = _SLUG.match(bare)
    tries = [bare, expand(bare), f"{ID}{slug['plan']}/{slug['local']}" if slug else None]
    if _END.match(bare):
        tries += [ID + bare, *(f"{ID}{folder}/{bare}" for folder in REFERENCE_FOLDERS)]
    for iri in tries:
        if iri and "://" in iri and _is_there(engine, iri, cls):
            return {iri}
    return set()


def _is_there(engine: Engine, iri: str, cls: str | None) -> bool:
    try:
        node = ox.NamedNode(iri)
    except ValueError:
        return False
    if cls:
        return any(engine.quads(node, _TYPE, ox.NamedNode(cls)))
    return any(engine.quads(node, None, None)) or any(engine.quads(None, None, node))


def _by_exact_name(engine: Engine, name: str, cls: str | None) -> set[str]:
    """The things with a name that is written just so."""
    texts = [ox.Literal(name), *(ox.Literal(name, language=language) for language in _LANGUAGES)]
    found = {
        quad.subject.value
        for text in texts
        for quad in engine.quads(None, None, text)
        if quad.predicate.value in _NAMING and isinstance(quad.subject, ox.NamedNode)
    }
    return {iri for iri in found if cls is None or _is_there(engine, iri, cls)}


def _names(engine: Engine, cls: str | None) -> dict[str, list[str]]:
    values: dict[str, Term] = {"class": ox.NamedNode(cls)} if cls else {}
    names: dict[str, list[str]] = {}
    for solution in select(engine, _NAMES_OF_CLASS if cls else _NAMES, values):
        iri, name = solution["iri"], solution["name"]
        if isinstance(iri, ox.NamedNode) and isinstance(name, ox.Literal):
            names.setdefault(iri.value, []).append(name.value)
    return names


def _listed(iris: Iterable[str], names: Mapping[str, list[str]]) -> str:
    return "\n".join(f"  {shorten(iri)}  {names[iri][0]}" for iri in iris)


def _unknown(name: str, wanted: str, cls: str | None, names: Mapping[str, list[str]]) -> UnknownNameError:
    import difflib

    owners: dict[str, str] = {}
    for iri, labels in names.items():
        for label in [*labels, iri.rpartition("/")[2]]:
            owners.setdefault(fold(label), iri)
    near = difflib.get_close_matches(wanted, owners, n=3, cutoff=0.6)
    inside = [folded for folded in owners if wanted and wanted in folded and folded not in near]
    near += inside[: 3 - len(near)]
    iris = list(dict.fromkeys(owners[folded] for folded in near))
    what = f" of class {shorten(cls)}" if cls else ""
    hint = " Did you mean:\n" + _listed(iris, names) if iris else ""
    return UnknownNameError(f"Nothing{what} is called '{name}'.{hint}", iris)
