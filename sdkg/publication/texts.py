"""The titles and descriptions of what is published that no plan says of itself, in Dutch and in English."""

from __future__ import annotations

from types import MappingProxyType

from sdkg.catalog import Text
from sdkg.publication.parts import ALL, ONTOLOGY, QUERIES, REFERENCE, SHAPES

TITLES = MappingProxyType(
    {
        ALL: Text(
            "Beleidsplannen sociaal domein als linked data: alles",
            "Social policy plans as linked data: everything",
        ),
        REFERENCE: Text(
            "Referentiegegevens sociaal domein: wetten, partners, onderwerpen, doelgroepen",
            "Reference data of the social domain: laws, partners, topics, target groups",
        ),
        ONTOLOGY: Text(
            "Ontologie van het gemeentelijk sociaal domein",
            "Ontology of the Dutch municipal social domain",
        ),
        SHAPES: Text(
            "SHACL-vormen voor beleidsplannen in het sociaal domein",
            "SHACL shapes for policy plans in the social domain",
        ),
        QUERIES: Text(
            "Opgeslagen vragen over beleidsplannen in het sociaal domein",
            "Saved queries about policy plans in the social domain",
        ),
    }
)

DESCRIPTIONS = MappingProxyType(
    {
        ALL: Text(
            "Alle beleidsplannen van deze catalogus met de referentiegegevens en de opgeslagen vragen, "
            "in één bestand.",
            "All policy plans of this catalogue with the reference data and the saved queries, in one file.",
        ),
        REFERENCE: Text(
            "Wat plannen met elkaar delen: wetten, partners, beleidskaders, gemeenten, gebieden, "
            "onderwerpen, doelgroepen, taakvelden en waardelijsten.",
            "What plans share: laws, partners, policy frameworks, municipalities, areas, topics, "
            "target groups, Iv3 fields and value lists.",
        ),
        ONTOLOGY: Text(
            "De klassen en relaties waarin de plannen zijn beschreven, met de koppelingen naar andere "
            "vocabulaires.",
            "The classes and relations in which the plans are described, with the alignments to other "
            "vocabularies.",
        ),
        SHAPES: Text(
            "De regels waaraan een beschreven plan moet en hoort te voldoen, elk met een uitleg.",
            "The rules that a described plan must and should keep to, each with an explanation.",
        ),
        QUERIES: Text(
            "De opgeslagen vragen als SPARQL, elk met titel, uitleg, parameters en kolommen.",
            "The saved queries as SPARQL, each with title, explanation, parameters and columns.",
        ),
    }
)

KEYWORDS = (
    Text("sociaal domein", "social domain"),
    Text("gemeentelijk beleid", "municipal policy"),
    Text("linked data", "linked data"),
)


def sentence(count: int, name: Text) -> Text:
    """How many of something there are, in words.

    Example:
        >>> sentence(3, Text("doelen", "goals")).en
        '3 goals'
    """
    return Text(f"{count} {name.nl}", f"{count} {name.en}")


COUNTED = MappingProxyType(
    {
        "Thema": Text("thema's", "themes"),
        "Opgave": Text("opgaven", "challenges"),
        "Doel": Text("doelen", "goals"),
        "Maatregel": Text("maatregelen", "measures"),
        "Resultaat": Text("resultaten", "results"),
        "Indicator": Text("indicatoren", "indicators"),
    }
)
"""The classes whose numbers the description of a plan tells."""
