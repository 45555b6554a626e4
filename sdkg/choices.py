"""What a parameter of a saved query can be given: the things there are, with the names to choose them by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from sdkg.catalog import Parameter, Text
from sdkg.engines import Engine, select
from sdkg.header import PATTERNS
from sdkg.name_index import fold
from sdkg.namespaces import RDFS, SD, SKOS

_LABELS = (SKOS + "prefLabel", RDFS + "label")
_NAMES = f"""SELECT DISTINCT ?thing ?property ?name ?plan {{
  ?thing a ?class ; ?property ?name
  FILTER(?property IN (<{SKOS}prefLabel>, <{RDFS}label>, <{SKOS}altLabel>, <{SKOS}notation>,
                       <{SD}bwbId>, <{SD}cbsCode>, <{SD}kamerstuk>))
  OPTIONAL {{ ?thing <{SD}inPlan> ?plan }}
}}"""


@dataclass(frozen=True)
class Choice:
    """One value that a parameter can be given.

    Attributes:
        value: what to give: an IRI, or one of the options.
        label: its name in Dutch and in English; the one it has where it has no other.
        aliases: its other names and identifiers, sorted; each can be given too.
        plan: the IRI of the plan it is part of, if it is part of one.
    """

    value: str
    label: Text
    aliases: tuple[str, ...] = ()
    plan: str | None = None


def choices(engine: Engine, parameter: Parameter) -> list[Choice]:
    """All values of a parameter, by name; none where anything of a form can be given, as a date.

    Example:
        >>> import sdkg
        >>> graph = sdkg.load()
        >>> law = graph.queries["wetten"].parameters[0]
        >>> [choice.label.nl for choice in choices(graph.engine, law)][:1]
        ['Algemene wet bestuursrecht']
    """
    if parameter.type in PATTERNS:
        return [Choice(option, Text(option, option)) for option in parameter.options]
    names: dict[str, list[tuple[str, ox.Literal]]] = {}
    plans: dict[str, str] = {}
    for row in select(engine, _NAMES, {"class": ox.NamedNode(SD + parameter.type)}):
        thing, property_, name, plan = (row[key] for key in ("thing", "property", "name", "plan"))
        if isinstance(thing, ox.NamedNode) and isinstance(name, ox.Literal):
            assert isinstance(property_, ox.NamedNode)  # noqa: S101 (RDF)
            names.setdefault(thing.value, []).append((property_.value, name))
            if isinstance(plan, ox.NamedNode):
                plans[thing.value] = plan.value
    found = [_choice(iri, said, plans.get(iri)) for iri, said in names.items()]
    return sorted(found, key=lambda choice: (fold(choice.label.nl), choice.value))


def _choice(iri: str, said: Iterable[tuple[str, ox.Literal]], plan: str | None) -> Choice:
    ordered = sorted(said, key=lambda pair: (pair[1].value, pair[1].language or ""))
    labels = {name.language or "": name.value for property_, name in ordered if property_ in _LABELS}
    some = next(iter(labels.values()), iri)
    text = Text(labels.get("nl", some), labels.get("en", labels.get("nl", some)))
    aliases = {name.value for property_, name in ordered if property_ not in _LABELS}
    return Choice(iri, text, tuple(sorted(aliases - {text.nl, text.en})), plan)
