"""From what people call a thing to its IRI.

By IRI, end of IRI, label, alias or identifier, in any case, with or without accents.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from sdkg.errors import AmbiguousNameError, UnknownNameError
from sdkg.namespaces import ID, RDFS, SD, SKOS, expand, shorten
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
_EXISTS = "SELECT ?iri { { ?iri ?p ?o } UNION { ?s ?q ?iri } } LIMIT 1"
_IS_A = "SELECT ?iri ?class { ?iri a ?class } LIMIT 1"
_SLUG = re.compile(r"(?P<plan>[a-z][a-z0-9-]*):(?P<local>[\w./-]+)\Z")


def fold(text: str) -> str:
    """A text without case, accents and superfluous blanks, to compare names by.

    Example:
        >>> fold("  Privé-Gegevens ")
        'prive-gegevens'
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def find(store: ox.Store, name: str, cls: str | None = None) -> str:
    """The IRI of the one thing that has a name.

    Args:
        store: where to look.
        name: an IRI (bare or in angle brackets), a prefixed name, the end of an IRI, a label, an alias, or
            an identifier (BWB id, CBS code).
        cls: the IRI of the class the thing must have, or `None` for anything.

    Raises:
        UnknownNameError: nothing has that name; `candidates` are the nearest.
        AmbiguousNameError: more than one thing has it; `candidates` are those.
    """
    direct = _direct(store, name.strip(), cls)
    if direct:
        return direct
    names = _names(store, cls)
    by_end = {iri for iri in names if iri.startswith(ID) and iri.endswith("/" + name.strip())}
    wanted = fold(name)
    found = by_end or {iri for iri, labels in names.items() if wanted in map(fold, labels)}
    if len(found) == 1:
        return found.pop()
    if found:
        raise AmbiguousNameError(
            f"'{name}' is the name of {len(found)} things. Choose one:\n" + _listed(sorted(found), names),
            sorted(found),
        )
    raise _unknown(name, wanted, cls, names)


def _direct(store: ox.Store, name: str, cls: str | None) -> str | None:
    """The IRI a name is, if it is one that exists (and has the class)."""
    bare = name[1:-1] if name.startswith("<") and name.endswith(">") else name
    slug = _SLUG.match(bare)
    for iri in (bare, expand(bare), f"{ID}{slug['plan']}/{slug['local']}" if slug else None):
        if not iri or "://" not in iri:
            continue
        try:
            node = ox.NamedNode(iri)
        except ValueError:
            continue
        values: dict[ox.Variable, Term] = {ox.Variable("iri"): node}
        if cls:
            values[ox.Variable("class")] = ox.NamedNode(cls)
        if next(iter(_select(store, _IS_A if cls else _EXISTS, values)), None):
            return iri
    return None


def _select(store: ox.Store, query: str, values: dict[ox.Variable, Term]) -> ox.QuerySolutions:
    solutions = store.query(query, substitutions=values, use_default_graph_as_union=True)
    assert isinstance(solutions, ox.QuerySolutions)  # noqa: S101 (all are SELECT)
    return solutions


def _names(store: ox.Store, cls: str | None) -> dict[str, list[str]]:
    values: dict[ox.Variable, Term] = {ox.Variable("class"): ox.NamedNode(cls)} if cls else {}
    names: dict[str, list[str]] = {}
    for solution in _select(store, _NAMES_OF_CLASS if cls else _NAMES, values):
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
