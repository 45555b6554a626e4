"""The ontology keeps what FOOPS! and OOPS! ask, as far as can be seen without the web, and stays in OWL 2 RL.

Each check names the terms that go against it. Each has a negative control: a copy of the ontology in which
the pitfall is planted (a SPARQL update), and what the check must then name. The codes are those of FOOPS! and
OOPS!; `docs/ontology-quality.md` says how we stand on each of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import combinations
from pathlib import Path

import pytest
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import DCTERMS, FOAF, ORG, OWL, PROV, QB, RDF, RDFS, SDO, SKOS, SOSA, VANN, XSD
from rdflib.term import Node

from sdkg.errors import UnsupportedAxiomError
from sdkg.namespaces import BASE, ONTOLOGY_IRI, PREFIXES, SD, expand, shorten
from sdkg.reading import parse, read
from sdkg.rules import compile_rules

ROOT = Path(__file__).resolve().parent.parent
CORE = ROOT / "ontology" / "sociaal-domein.ttl"
ALIGNMENTS = sorted((ROOT / "ontology" / "alignments").glob("*.ttl"))
QUALITY = ROOT / "docs" / "ontology-quality.md"

Check = Callable[[Graph], set[str]]

CHECKS: dict[str, Check] = {}
PLANTS: list[tuple[str, str, str]] = []

KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
RESERVED = tuple(str(namespace) for namespace in (RDF, RDFS, OWL, XSD))
LANGUAGES = ("nl", "en")
MAX_WORDS = 25


def check(code: str, *plants: tuple[str, str]) -> Callable[[Check], Check]:
    """Register a check with its negative controls: updates that plant the pitfall, and what is then named."""

    def register(function: Check) -> Check:
        CHECKS[code] = function
        PLANTS.extend((code, update, finds) for update, finds in plants)
        return function

    return register


# ---------------------------------------------------------------- Reading the graph


def short(nodes: Iterable[Node]) -> set[str]:
    return {shorten(str(node)) for node in nodes}


def terms(graph: Graph, *kinds: Node) -> set[Node]:
    """Our terms of some kinds; of all kinds if none is given."""
    found = {term for kind in kinds or KINDS for term in graph.subjects(RDF.type, kind)}
    return {term for term in found if str(term).startswith(SD)}


def properties(graph: Graph) -> set[Node]:
    return terms(graph, OWL.ObjectProperty, OWL.DatatypeProperty)


def local(term: Node) -> str:
    return re.split(r"[#/]", str(term))[-1]


def words(term: Node) -> list[str]:
    """The words that the name of a term is made of."""
    return [word.casefold() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", local(term))]


def squeezed(text: str) -> str:
    return re.sub(r"[\W_]", "", text).casefold()


def texts(graph: Graph, term: Node, predicate: Node, language: str) -> list[str]:
    found = graph.objects(term, predicate)
    return [str(o) for o in found if isinstance(o, Literal) and o.language == language]


def ontology_node(graph: Graph) -> Node:
    return next(graph.subjects(RDF.type, OWL.Ontology), URIRef("urn:none"))


def without(graph: Graph, *names: str) -> set[str]:
    """Which of these properties the ontology does not have."""
    node = ontology_node(graph)
    return {name for name in names if (node, URIRef(str(expand(name))), None) not in graph}


def disjoint_sets(graph: Graph) -> list[set[Node]]:
    lists = graph.subject_objects(OWL.members)
    groups = [set(Collection(graph, m)) for d, m in lists if (d, RDF.type, OWL.AllDisjointClasses) in graph]
    return groups + [{a, b} for a, b in graph.subject_objects(OWL.disjointWith)]


def domain_and_range(graph: Graph, term: Node) -> tuple[set[Node], set[Node]]:
    return set(graph.objects(term, RDFS.domain)), set(graph.objects(term, RDFS.range))


def moved_to(iri: str) -> str:
    """An update that gives the ontology another IRI."""
    return f"DELETE {{ ?o ?p ?v }} INSERT {{ <{iri}> ?p ?v }} WHERE {{ ?o a owl:Ontology ; ?p ?v }}"


def lacking(*names: str) -> list[tuple[str, str]]:
    """Plants that take one property away from the ontology at a time."""
    return [(f"DELETE WHERE {{ <{ONTOLOGY_IRI}> {name} ?v }}", name) for name in names]


# ---------------------------------------------------------------- FOOPS!


@check("PURL1", (moved_to("https://example.org/def"), "https://example.org/def"))
def iri_that_no_redirect_service_keeps(graph: Graph) -> set[str]:
    node = str(ontology_node(graph))
    return set() if node.startswith("https://w3id.org/") else {node}


@check("HTTP1", (moved_to("urn:example:def"), "urn:example:def"))
def iri_without_open_protocol(graph: Graph) -> set[str]:
    node = str(ontology_node(graph))
    return set() if re.match(r"https?://", node) else {node}


@check(
    "URI2",
    (moved_to(BASE + "ontologie"), BASE + "ontologie"),
    (
        f"DELETE WHERE {{ <{ONTOLOGY_IRI}> vann:preferredNamespaceUri ?v }} ;"
        f'INSERT DATA {{ <{ONTOLOGY_IRI}> vann:preferredNamespaceUri "https://example.org/def#" }}',
        "https://example.org/def#",
    ),
)
def identifiers_that_disagree(graph: Graph) -> set[str]:
    node = ontology_node(graph)
    namespaces = {str(o) for o in graph.objects(node, VANN.preferredNamespaceUri)}
    return ({str(node)} - {ONTOLOGY_IRI}) | (namespaces - {SD})


@check(
    "VER1",
    (f"DELETE WHERE {{ <{ONTOLOGY_IRI}> owl:versionIRI ?v }}", "none"),
    (
        f"DELETE WHERE {{ <{ONTOLOGY_IRI}> owl:versionIRI ?v }} ;"
        f"INSERT DATA {{ <{ONTOLOGY_IRI}> owl:versionIRI <{ONTOLOGY_IRI}> }}",
        ONTOLOGY_IRI,
    ),
)
def version_iri_that_is_not_one(graph: Graph) -> set[str]:
    node = ontology_node(graph)
    expected = {f"{node}/{version}" for version in graph.objects(node, OWL.versionInfo)}
    found = {str(o) for o in graph.objects(node, OWL.versionIRI)}
    return set() if found == expected and len(found) == 1 else found or {"none"}


MINIMUM = (
    "dct:title",
    "dct:description",
    "dct:license",
    "owl:versionIRI",
    "dct:creator",
    "vann:preferredNamespaceUri",
)
RECOMMENDED = (
    "vann:preferredNamespacePrefix",
    "owl:versionInfo",
    "dct:created",
    "dct:bibliographicCitation",
    "dct:contributor",
)
DETAILED = ("bibo:status", "dct:publisher", "dct:issued", "dct:modified")


@check("OM1", *lacking(*MINIMUM))
def minimum_metadata_that_lack(graph: Graph) -> set[str]:
    return without(graph, *MINIMUM)


@check("OM2", *lacking(*RECOMMENDED))
def recommended_metadata_that_lack(graph: Graph) -> set[str]:
    return without(graph, *RECOMMENDED)


@check("OM3", *lacking(*DETAILED))
def detailed_metadata_that_lack(graph: Graph) -> set[str]:
    return without(graph, *DETAILED)


@check("OM5.1", *lacking("dct:created", "dct:creator"))
def basic_provenance_that_lacks(graph: Graph) -> set[str]:
    return without(graph, "dct:created", "dct:creator")


@check("OM5.2", *lacking("dct:issued", "dct:publisher"))
def detailed_provenance_that_lacks(graph: Graph) -> set[str]:
    return without(graph, "dct:issued", "dct:publisher")


@check("FIND1", *lacking("vann:preferredNamespacePrefix"))
def prefix_that_lacks(graph: Graph) -> set[str]:
    return without(graph, "vann:preferredNamespacePrefix")


@check(
    "OM4.1",
    *lacking("dct:license"),
    (
        f"DELETE WHERE {{ <{ONTOLOGY_IRI}> dct:license ?v }} ;"
        f'INSERT DATA {{ <{ONTOLOGY_IRI}> dct:license "CC0" }}',
        "dct:license",
    ),
)
def licence_that_is_no_address(graph: Graph) -> set[str]:
    found = list(graph.objects(ontology_node(graph), DCTERMS.license))
    good = [o for o in found if isinstance(o, URIRef) and o.startswith("https://creativecommons.org/")]
    return set() if len(found) == len(good) == 1 else {"dct:license"}


@check("VOC1", (f'INSERT DATA {{ <{ONTOLOGY_IRI}> sd:maker "x" }}', "sd:maker"))
def metadata_of_our_own_making(graph: Graph) -> set[str]:
    known = {"bibo", "dct", "owl", "rdf", "rdfs", "vann"}
    return {
        name for name in short(graph.predicates(ontology_node(graph))) if name.partition(":")[0] not in known
    }


@check(
    "VOC2", ("DELETE { ?c a ?k } WHERE { ?c a ?k FILTER(!STRSTARTS(STR(?c), STR(sd:))) }", "nothing-reused")
)
def nothing_reused(graph: Graph) -> set[str]:
    declared = {term for kind in KINDS for term in graph.subjects(RDF.type, kind)}
    return set() if declared - terms(graph) else {"nothing-reused"}


@check("VOC3", ("DELETE WHERE { sd:Doel rdfs:label ?v }", "sd:Doel"))
def terms_without_label(graph: Graph) -> set[str]:
    return short(term for term in terms(graph) if (term, RDFS.label, None) not in graph)


@check("VOC4", ("DELETE WHERE { sd:meet skos:definition ?v }", "sd:meet"))
def terms_without_definition(graph: Graph) -> set[str]:
    return short(term for term in terms(graph) if (term, SKOS.definition, None) not in graph)


# ---------------------------------------------------------------- OOPS!, critical


@check("P03", ("INSERT DATA { sd:isEen a owl:ObjectProperty }", "sd:isEen"))
def relations_that_mean_is(graph: Graph) -> set[str]:
    names = {"is", "isa", "iseen"}
    return short(term for term in terms(graph, OWL.ObjectProperty) if squeezed(local(term)) in names)


@check("P05", ("INSERT DATA { sd:metingVan owl:inverseOf sd:sectieVan }", "sd:metingVan"))
def inverses_that_do_not_cross(graph: Graph) -> set[str]:
    pairs = graph.subject_objects(OWL.inverseOf)
    return short(a for a, b in pairs if domain_and_range(graph, a) != domain_and_range(graph, b)[::-1])


@check("P06", ("INSERT DATA { sd:Grondslag rdfs:subClassOf sd:Wet }", "sd:Grondslag sd:Wet"))
def cycles_of_classes(graph: Graph) -> set[str]:
    return short(term for term in terms(graph, OWL.Class) if term in ancestors(graph, term))


@check("P19", ("INSERT DATA { sd:meet rdfs:range sd:Doel }", "sd:meet"))
def properties_with_two_domains_or_ranges(graph: Graph) -> set[str]:
    return short(term for term in properties(graph) if max(map(len, domain_and_range(graph, term))) > 1)


@check("P27", ("INSERT DATA { sd:geldigVan owl:equivalentProperty sd:datum }", "sd:geldigVan"))
def equivalent_properties_that_are_not(graph: Graph) -> set[str]:
    pairs = graph.subject_objects(OWL.equivalentProperty)
    return short(a for a, b in pairs if domain_and_range(graph, a) != domain_and_range(graph, b))


@check("P28", ("INSERT DATA { sd:meet a owl:SymmetricProperty }", "sd:meet"))
def symmetric_properties_between_two_kinds(graph: Graph) -> set[str]:
    return between_two_kinds(graph, OWL.SymmetricProperty)


@check("P29", ("INSERT DATA { sd:meet a owl:TransitiveProperty }", "sd:meet"))
def transitive_properties_between_two_kinds(graph: Graph) -> set[str]:
    return between_two_kinds(graph, OWL.TransitiveProperty)


@check("P31", ("INSERT DATA { sd:Doel owl:equivalentClass skos:Concept }", "sd:Doel"))
def equivalent_classes_that_bear_other_names(graph: Graph) -> set[str]:
    pairs = graph.subject_objects(OWL.equivalentClass)
    return short(
        a for a, b in pairs if not set(graph.objects(a, RDFS.label)) & set(graph.objects(b, RDFS.label))
    )


@check("P39", ("INSERT DATA { <file:///tmp/x.ttl#Doel> a owl:Class }", "file:///tmp/x.ttl#Doel"))
def terms_named_after_a_place_on_disk(graph: Graph) -> set[str]:
    named = {node for node in graph.subjects() if isinstance(node, URIRef)}
    return short(node for node in named if not re.match(r"https?://[^/]+\.[a-z]+/", node))


@check(
    "P40",
    ("INSERT DATA { dct:beschrijving a owl:AnnotationProperty }", "dct:beschrijving"),
    ('INSERT DATA { sd:Doel skos:definitie "x" }', "skos:definitie"),
    ("INSERT DATA { sd:lacune rdfs:range xsd:text }", "xsd:text"),
)
def terms_that_others_do_not_have(graph: Graph) -> set[str]:
    used = {node for triple in graph for node in triple if isinstance(node, URIRef)}
    return short(node for node in used if is_hijacked(node))


# ---------------------------------------------------------------- OOPS!, important


@check(
    "P10",
    ("DELETE { ?d a owl:AllDisjointClasses } WHERE { ?d a owl:AllDisjointClasses }", "nothing-disjoint"),
)
def nothing_disjoint(graph: Graph) -> set[str]:
    return set() if disjoint_sets(graph) else {"nothing-disjoint"}


@check(
    "P11",
    ("DELETE WHERE { sd:meet rdfs:domain ?v }", "sd:meet"),
    ("DELETE WHERE { sd:waarde rdfs:range ?v }", "sd:waarde"),
)
def properties_without_domain_or_range(graph: Graph) -> set[str]:
    return short(term for term in properties(graph) if not all(domain_and_range(graph, term)))


@check("P12", ("INSERT DATA { sd:inplan a owl:ObjectProperty }", "sd:inPlan sd:inplan"))
def properties_with_the_same_name(graph: Graph) -> set[str]:
    names = Counter(squeezed(local(term)) for term in properties(graph))
    return short(term for term in properties(graph) if names[squeezed(local(term))] > 1)


@check(
    "P24",
    ("INSERT DATA { sd:Doel rdfs:subClassOf sd:Doel }", "sd:Doel"),
    ("INSERT DATA { sd:meet rdfs:domain sd:meet }", "sd:meet"),
    ("INSERT DATA { sd:noemt owl:propertyChainAxiom ( sd:valtOnder sd:noemt ) }", "sd:noemt"),
)
def terms_defined_by_themselves(graph: Graph) -> set[str]:
    axioms = (RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range, OWL.equivalentClass)
    direct = {term for axiom in axioms for term, value in graph.subject_objects(axiom) if term == value}
    return short(direct | {head for head, chain in chains(graph) if head in chain})


@check("P25", ("INSERT DATA { sd:meet owl:inverseOf sd:meet }", "sd:meet"))
def inverses_of_themselves(graph: Graph) -> set[str]:
    return short(a for a, b in graph.subject_objects(OWL.inverseOf) if a == b)


@check("P26", ("INSERT DATA { sd:ligtIn a owl:SymmetricProperty ; owl:inverseOf sd:werktIn }", "sd:ligtIn"))
def inverses_of_symmetric_properties(graph: Graph) -> set[str]:
    symmetric = set(graph.subjects(RDF.type, OWL.SymmetricProperty))
    return short({node for pair in graph.subject_objects(OWL.inverseOf) for node in pair} & symmetric)


@check("P30", ('INSERT DATA { sd:Ambitie a owl:Class ; rdfs:label "Go-al"@en }', "sd:Ambitie sd:Doel"))
def classes_that_may_be_the_same(graph: Graph) -> set[str]:
    return same_label(graph, squeezed)


@check("P35", ('INSERT DATA { sd:Doel sd:gewicht "x" }', "sd:gewicht"))
def properties_that_are_used_undeclared(graph: Graph) -> set[str]:
    kinds = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
    declared = {node for kind in kinds for node in graph.subjects(RDF.type, kind)}
    used = set(graph.predicates()) | set(graph.objects(None, RDFS.subPropertyOf))
    used |= {step for _, chain in chains(graph) for step in chain}
    return short(node for node in used - declared if not str(node).startswith(RESERVED))


@check("P38", ("DELETE { ?o a owl:Ontology } WHERE { ?o a owl:Ontology }", "0"))
def not_one_ontology(graph: Graph) -> set[str]:
    count = len(set(graph.subjects(RDF.type, OWL.Ontology)))
    return set() if count == 1 else {str(count)}


@check("P41", *lacking("dct:license"))
def licence_that_lacks(graph: Graph) -> set[str]:
    return without(graph, "dct:license")


# ---------------------------------------------------------------- OOPS!, minor


@check("P02", ("INSERT DATA { sd:Doel owl:equivalentClass sd:Effect }", "sd:Doel"))
def synonyms_as_classes(graph: Graph) -> set[str]:
    ours = terms(graph, OWL.Class)
    return short(a for a, b in graph.subject_objects(OWL.equivalentClass) if {a, b} <= ours)


@check("P04", ('INSERT DATA { sd:Eiland a owl:Class ; rdfs:label "eiland"@nl }', "sd:Eiland"))
def classes_on_their_own(graph: Graph) -> set[str]:
    axioms = (RDFS.subClassOf, RDFS.domain, RDFS.range)
    connected = {node for axiom in axioms for pair in graph.subject_objects(axiom) for node in pair}
    return short(terms(graph, OWL.Class) - connected)


@check("P07", ("INSERT DATA { sd:WetEnKader a owl:Class }", "sd:WetEnKader"))
def classes_of_two_things(graph: Graph) -> set[str]:
    return short(term for term in terms(graph, OWL.Class) if {"en", "of", "and", "or"} & set(words(term)))


@check(
    "P08",
    ("DELETE WHERE { sd:Doel rdfs:label ?v }", "sd:Doel"),
    ("DELETE WHERE { sd:meet skos:definition ?v }", "sd:meet"),
)
def terms_without_annotation(graph: Graph) -> set[str]:
    return terms_without_label(graph) | terms_without_definition(graph)


@check(
    "P20",
    ('DELETE WHERE { sd:Doel rdfs:label ?v } ; INSERT DATA { sd:Doel rdfs:label ""@nl }', "sd:Doel"),
    (
        'DELETE WHERE { sd:Doel skos:definition ?v } ; INSERT DATA { sd:Doel skos:definition "Doel"@nl }',
        "sd:Doel",
    ),
    ('INSERT DATA { sd:bedrag rdfs:label "het bedrag van een post in euro"@nl }', "sd:bedrag"),
)
def labels_and_definitions_that_are_swapped(graph: Graph) -> set[str]:
    return short(
        term
        for term in terms(graph)
        for language in LANGUAGES
        for label in texts(graph, term, RDFS.label, language)
        for definition in texts(graph, term, SKOS.definition, language) or ["none but this is no short one"]
        if not label
        or squeezed(label) == squeezed(definition)
        or len(label.split()) >= len(definition.split())
    )


@check("P21", ("INSERT DATA { sd:OverigePartner a owl:Class }", "sd:OverigePartner"))
def classes_for_the_rest(graph: Graph) -> set[str]:
    rest = {"overig", "overige", "ander", "andere", "divers", "diverse", "diversen", "rest", "other", "misc"}
    return short(term for term in terms(graph, OWL.Class) if rest & set(words(term)))


@check(
    "P22",
    ("INSERT DATA { sd:beleidsdoel a owl:Class }", "sd:beleidsdoel"),
    ("INSERT DATA { sd:Draagt a owl:ObjectProperty }", "sd:Draagt"),
    ("INSERT DATA { sd:geldig_van a owl:DatatypeProperty }", "sd:geldig_van"),
)
def names_in_another_style(graph: Graph) -> set[str]:
    classes = {
        term for term in terms(graph, OWL.Class) if not re.fullmatch(r"[A-Z][A-Za-z0-9]*", local(term))
    }
    return short(
        classes | {term for term in properties(graph) if not re.fullmatch(r"[a-z][A-Za-z0-9]*", local(term))}
    )


@check("P32", ('INSERT DATA { sd:Ambitie a owl:Class ; rdfs:label "doel"@nl }', "sd:Ambitie sd:Doel"))
def classes_with_the_same_label(graph: Graph) -> set[str]:
    return same_label(graph, str)


@check("P33", ("INSERT DATA { sd:meet owl:propertyChainAxiom ( sd:metingVan ) }", "sd:meet"))
def chains_of_one(graph: Graph) -> set[str]:
    return short(head for head, chain in chains(graph) if len(chain) < 2)


@check("P34", ("DELETE WHERE { skos:Concept a owl:Class }", "skos:Concept"))
def classes_that_are_used_undeclared(graph: Graph) -> set[str]:
    axioms = (RDF.type, RDFS.domain, RDFS.range, RDFS.subClassOf, OWL.equivalentClass, OWL.disjointWith)
    used = {value for axiom in axioms for value in graph.objects(None, axiom)}.union(*disjoint_sets(graph))
    undeclared = used - set(graph.subjects(RDF.type, OWL.Class))
    return short(n for n in undeclared if isinstance(n, URIRef) and not str(n).startswith(RESERVED))


@check(
    "P36", (moved_to("https://w3id.org/sociaal-domein/def.ttl"), "https://w3id.org/sociaal-domein/def.ttl")
)
def iri_with_file_extension(graph: Graph) -> set[str]:
    node = str(ontology_node(graph))
    return {node} if re.search(r"\.(owl|rdf|ttl|n3|nt|jsonld|xml)\b", node) else set()


# ---------------------------------------------------------------- Our own rules

RL_TYPES = frozenset(
    {
        "Ontology",
        "Class",
        "ObjectProperty",
        "DatatypeProperty",
        "AnnotationProperty",
        "NamedIndividual",
        "AllDisjointClasses",
        "TransitiveProperty",
        "SymmetricProperty",
        "AsymmetricProperty",
        "IrreflexiveProperty",
        "FunctionalProperty",
        "InverseFunctionalProperty",
    }
)
"""Kinds of axiom that OWL 2 RL has and that need no class expression (W3C OWL 2 Profiles, section 4.2)."""

RL_PREDICATES = frozenset(
    {
        "versionIRI",
        "versionInfo",
        "priorVersion",
        "deprecated",
        "members",
        "disjointWith",
        "equivalentClass",
        "equivalentProperty",
        "inverseOf",
        "propertyChainAxiom",
    }
)
RL_DATATYPES = frozenset(
    str(datatype)
    for datatype in (
        RDFS.Literal,
        XSD.string,
        XSD.boolean,
        XSD.decimal,
        XSD.integer,
        XSD.dateTime,
        XSD.anyURI,
    )
)
BEYOND_RL_DATATYPES = frozenset({str(XSD.date), str(RDF.langString)})
"""In RDF 1.1 but not in the datatype map of OWL 2; `docs/ontology-quality.md` says why they stay."""

SAYS_NOTHING = frozenset({("sd:volgorde", RDFS.domain), ("sd:bewijstNaar", RDFS.range)})
"""The axioms with owl:Thing: they entail nothing, and only say that no class fits."""


@check(
    "RL",
    ("INSERT DATA { sd:valtOnder a owl:ReflexiveProperty }", "sd:valtOnder"),
    ("INSERT DATA { sd:Doel owl:disjointUnionOf ( sd:Effect sd:Visie ) }", "sd:Doel"),
    (
        "INSERT DATA { sd:Doel rdfs:subClassOf [ owl:onProperty sd:inPlan ; owl:someValuesFrom sd:Visie ] }",
        "sd:Doel",
    ),
    ("INSERT DATA { sd:meet rdfs:domain [ owl:unionOf ( sd:Doel sd:Visie ) ] }", "sd:meet"),
    ("INSERT DATA { sd:meet rdfs:range owl:Thing }", "sd:meet"),
    ("INSERT DATA { sd:Doel rdfs:subClassOf owl:Thing }", "sd:Doel"),
    ("INSERT DATA { sd:bedrag rdfs:range owl:real }", "sd:bedrag"),
)
def axioms_outside_owl_rl(graph: Graph) -> set[str]:
    wrong = {s for s, p, o in graph if is_owl(p, RL_PREDICATES) or (p == RDF.type and is_owl(o, RL_TYPES))}
    expressed = (RDFS.subClassOf, RDFS.domain, RDFS.range, OWL.equivalentClass)
    axioms = [(s, p, o) for p in expressed for s, o in graph.subject_objects(p)]
    wrong |= {s for s, _, o in axioms if isinstance(o, BNode)}
    wrong |= {s for s, p, o in axioms if o == OWL.Thing and (shorten(str(s)), p) not in SAYS_NOTHING}
    ranges = (
        (s, o) for s, p, o in axioms if p == RDFS.range and (s, RDF.type, OWL.DatatypeProperty) in graph
    )
    wrong |= {s for s, o in ranges if str(o) not in RL_DATATYPES | BEYOND_RL_DATATYPES}
    return {name for name in short(wrong) if ":" in name}


@check(
    "one per language",
    ('INSERT DATA { sd:Doel rdfs:label "streven"@nl }', "sd:Doel"),
    ('DELETE DATA { sd:Doel rdfs:label "goal"@en }', "sd:Doel"),
    ('INSERT DATA { sd:Doel skos:definition "Une situation."@fr }', "sd:Doel"),
    ('INSERT DATA { sd:Doel skos:definition "A situation." }', "sd:Doel"),
)
def terms_without_one_text_per_language(graph: Graph) -> set[str]:
    return short(
        term
        for term in terms(graph)
        for predicate in (RDFS.label, SKOS.definition)
        if sorted(languages(graph, term, predicate)) != sorted(LANGUAGES)
    )


@check(
    f"at most {MAX_WORDS} words",
    (f'INSERT DATA {{ sd:Doel skos:definition "{"woord " * (MAX_WORDS + 1)}"@nl }}', "sd:Doel"),
)
def definitions_that_are_too_long(graph: Graph) -> set[str]:
    pairs = graph.subject_objects(SKOS.definition)
    return short(term for term, text in pairs if len(str(text).split()) > MAX_WORDS)


@check("defined here", ("DELETE WHERE { sd:Doel rdfs:isDefinedBy ?v }", "sd:Doel"))
def terms_that_do_not_say_where_they_come_from(graph: Graph) -> set[str]:
    return short(t for t in terms(graph) if (t, RDFS.isDefinedBy, URIRef(ONTOLOGY_IRI)) not in graph)


@check("can exist", ("INSERT DATA { sd:Wet rdfs:subClassOf sd:Planelement }", "sd:Wet"))
def classes_that_can_have_no_member(graph: Graph) -> set[str]:
    pairs = [pair for group in disjoint_sets(graph) for pair in combinations(group, 2)]
    lines = {term: ancestors(graph, term) | {term} for term in terms(graph, OWL.Class)}
    return short(term for term, line in lines.items() if any(line.issuperset(pair) for pair in pairs))


@check(
    "siblings are disjoint",
    ("INSERT DATA { sd:Belofte a owl:Class ; rdfs:subClassOf sd:Planelement }", "sd:Belofte"),
    ("INSERT DATA { sd:Kleur a owl:Class ; rdfs:subClassOf sd:Begrip }", "sd:Kleur"),
)
def siblings_that_may_overlap(graph: Graph) -> set[str]:
    families = [set(graph.subjects(RDFS.subClassOf, URIRef(SD + name))) for name in ("Planelement", "Begrip")]
    groups = disjoint_sets(graph)
    return short(term for family in families for term in family - max(groups, key=lambda g: len(g & family)))


@check(
    "no imports",
    (f"INSERT DATA {{ <{ONTOLOGY_IRI}> owl:imports <{ONTOLOGY_IRI}/alignment/org> }}", "owl:imports"),
)
def imports_of_the_core(graph: Graph) -> set[str]:
    return short(
        p for _, p, o in graph if p == OWL.imports or str(o).startswith(ONTOLOGY_IRI + "/alignment/")
    )


def ancestors(graph: Graph, term: Node) -> set[Node]:
    """The classes above a class; it is among them only if there is a cycle."""
    parents = graph.objects(term, RDFS.subClassOf)
    return {node for parent in parents for node in graph.transitive_objects(parent, RDFS.subClassOf) if node}


def between_two_kinds(graph: Graph, kind: Node) -> set[str]:
    both = {term: domain_and_range(graph, term) for term in terms(graph, kind)}
    return short(term for term, (domain, range_) in both.items() if domain != range_)


def chains(graph: Graph) -> list[tuple[Node, list[Node]]]:
    return [(head, list(Collection(graph, o))) for head, o in graph.subject_objects(OWL.propertyChainAxiom)]


def same_label(graph: Graph, form: Callable[[str], str]) -> set[str]:
    """Classes that share a label in some language, once it is brought into a form."""
    found: dict[tuple[str, str], set[Node]] = {}
    for term in terms(graph, OWL.Class):
        for language in LANGUAGES:
            for label in texts(graph, term, RDFS.label, language):
                found.setdefault((language, form(label)), set()).add(term)
    return short(term for group in found.values() if len(group) > 1 for term in group)


def languages(graph: Graph, term: Node, predicate: Node) -> list[str]:
    return [str(getattr(o, "language", None)) for o in graph.objects(term, predicate)]


def is_owl(node: Node, allowed: frozenset[str]) -> bool:
    """Whether a node is a term of OWL that is not among the allowed ones."""
    name = str(node)
    return name.startswith(str(OWL)) and name.removeprefix(str(OWL)) not in allowed


KNOWN_NAMESPACES = (DCTERMS, FOAF, ORG, OWL, PROV, QB, RDF, RDFS, SDO, SKOS, SOSA, VANN, XSD)
"""What rdflib has full lists of the terms of."""

KNOWN_TERMS = frozenset(
    {
        "bibo:status",
        "http://purl.org/ontology/bibo/status/draft",
        "cpsv:PublicService",
        "cpsv:Rule",
        "eli:LegalResource",
        "eli:based_on",
        "eli:cites",
        "eli:date_no_longer_in_force",
        "eli:first_date_entry_in_force",
        "eli:id_local",
        "eli:in_force",
        "eli:repeals",
        "m8g:Cost",
        "m8g:Evidence",
        "m8g:Output",
        "m8g:Participation",
        "m8g:PublicOrganisation",
        "schema:StatisticalVariable",
        "https://lod.gemeentelijkgegevensmodel.nl/financien/begroting",
        "https://lod.gemeentelijkgegevensmodel.nl/financien/doelstelling",
        "https://lod.gemeentelijkgegevensmodel.nl/financien/taakveld",
        "https://lod.gemeentelijkgegevensmodel.nl/inburgering/hoofddoel",
        "https://lod.gemeentelijkgegevensmodel.nl/omgevingswet/thema",
        "https://lod.gemeentelijkgegevensmodel.nl/organisatie/programma",
        "https://lod.gemeentelijkgegevensmodel.nl/sociale%20teams/doelstelling",
    }
)
"""Terms of vocabularies that rdflib does not know (or not fully), looked up in their own publications."""

OTHER_NAMESPACES = (
    "http://data.europa.eu/eli/ontology#",
    "http://data.europa.eu/m8g/",
    "http://purl.org/ontology/bibo/",
    "http://purl.org/vocab/cpsv#",
    "https://lod.gemeentelijkgegevensmodel.nl/",
)


def is_hijacked(node: URIRef) -> bool:
    """Whether a term is said to be in a vocabulary of others that does not have it."""
    iri = str(node)
    if shorten(iri) in KNOWN_TERMS:
        return False
    home = next((ns for ns in KNOWN_NAMESPACES if iri.startswith(str(ns)) and iri != str(ns)), None)
    return iri.startswith(OTHER_NAMESPACES) if home is None else node not in home


# ---------------------------------------------------------------- The tests of the core


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return Graph().parse(CORE)


def changed(graph: Graph, update: str) -> Graph:
    """A copy of a graph after a SPARQL update."""
    copy = Graph()
    copy += graph
    copy.update(update, initNs=PREFIXES)
    assert set(copy) != set(graph), "the update changes nothing"
    return copy


@pytest.mark.parametrize("code", CHECKS)
def test_ontology_is_free_of_it(code: str, ontology: Graph) -> None:
    assert CHECKS[code](ontology) == set()


@pytest.mark.parametrize(("code", "plant", "finds"), PLANTS)
def test_check_names_what_is_planted(code: str, plant: str, finds: str, ontology: Graph) -> None:
    assert CHECKS[code](changed(ontology, plant)) == set(finds.split())


def test_every_check_has_a_negative_control() -> None:
    assert {code for code, _, _ in PLANTS} == CHECKS.keys()
    assert len(CHECKS) > 40


def test_ontology_is_the_same_for_two_parsers(ontology: Graph) -> None:
    assert len(read(CORE).triples) == len(ontology)
    assert len(terms(ontology)) > 100


def test_ontology_names_no_base_that_depends_on_where_it_lies() -> None:
    assert not re.search(
        r"^\s*(@base|base)\b|<#|<>", CORE.read_text(encoding="utf-8"), re.IGNORECASE | re.MULTILINE
    )


def test_rules_cover_every_axiom_of_the_ontology() -> None:
    names = [rule.name for rule in compile_rules(read(CORE).triples)]
    assert len(names) > 100
    assert any("owl:TransitiveProperty" in name for name in names)
    assert any("owl:propertyChainAxiom" in name for name in names)


@pytest.mark.parametrize(
    "planted",
    [
        "sd:meet a owl:FunctionalProperty .",
        "sd:Doel owl:unionOf ( sd:Visie sd:Effect ) .",
        "sd:Doel rdfs:subClassOf [ owl:onProperty sd:inPlan ; owl:someValuesFrom sd:Visie ] .",
    ],
)
def test_rules_refuse_an_axiom_they_do_not_cover(planted: str) -> None:
    text = CORE.read_text(encoding="utf-8") + planted
    with pytest.raises(UnsupportedAxiomError):
        compile_rules(parse(text.encode(), CORE))


def test_exceptions_to_the_profile_are_still_needed(ontology: Graph) -> None:
    things = {(shorten(str(s)), p) for s, p in ontology.subject_predicates(OWL.Thing)}
    ranges = {str(o) for o in ontology.objects(None, RDFS.range)}
    assert things == SAYS_NOTHING
    assert ranges >= BEYOND_RL_DATATYPES


# ---------------------------------------------------------------- The alignments

LICENCE = "https://creativecommons.org/publicdomain/zero/1.0/"
STRONG = (RDFS.subClassOf, RDFS.subPropertyOf)
WEAK = (SKOS.closeMatch, SKOS.broadMatch, SKOS.relatedMatch, RDFS.seeAlso)
TARGETS = {
    "cpsv-ap": ("http://purl.org/vocab/cpsv#", "http://data.europa.eu/m8g/"),
    "eli": ("http://data.europa.eu/eli/ontology#",),
    "ggm": ("https://lod.gemeentelijkgegevensmodel.nl/",),
    "org": ("http://www.w3.org/ns/org#",),
    "prov-o": ("http://www.w3.org/ns/prov#",),
    "qb": ("http://purl.org/linked-data/cube#",),
    "schema": ("https://schema.org/",),
    "skos": ("http://www.w3.org/2004/02/skos/core#",),
    "sosa": ("http://www.w3.org/ns/sosa/",),
}
NOT_CLAIMED = [
    ("sd:Bewijs", "m8g:Evidence", "the same word for another thing"),
    ("sd:Beleidsplan", "prov:Plan", "more than a set of actions or steps"),
    ("sd:Maatregel", "prov:Activity", "an intention, and content of a plan"),
    ("sd:Meting", "qb:Observation", "in no data set, and may be a target"),
    ("sd:Meting", "schema:Observation", "may be a target"),
    ("sd:Meting", "sosa:Observation", "may be a target"),
    ("sd:Partner", "org:Organization", "may be a kind of organisation"),
    ("sd:Partner", "schema:Organization", "may be a kind of organisation"),
    ("sd:Organisatiesoort", "org:Organization", "a kind is no organisation"),
    ("sd:Samenwerkingsverband", "org:OrganizationalCollaboration", "may be a legal person"),
    ("sd:Wet", "eli:LegalResource", "may be a bill"),
]


def slug(file: Path) -> str:
    return file.stem.removeprefix("sociaal-domein-")


def mappings(graph: Graph) -> list[tuple[Node, Node, Node]]:
    return [(s, p, o) for s, p, o in graph if str(s).startswith(SD)]


def header_faults(graph: Graph, core: Graph, name: str) -> set[str]:
    """What is missing or wrong in the header of an alignment."""
    node = URIRef(f"{ONTOLOGY_IRI}/alignment/{name}")
    main = URIRef(ONTOLOGY_IRI)
    same = (DCTERMS.creator, DCTERMS.license, OWL.versionInfo)
    faults = {p for p in same if set(graph.objects(node, p)) != set(core.objects(main, p))}
    faults |= {
        p for p in (DCTERMS.title, DCTERMS.description) if sorted(languages(graph, node, p)) != ["en", "nl"]
    }
    if set(graph.subjects(RDF.type, OWL.Ontology)) != {node}:
        faults.add(OWL.Ontology)
    return short(faults)


def mapping_faults(graph: Graph, core: Graph, name: str) -> set[str]:
    """The mapped terms that are not ours, of the wrong kind, or mapped to or by what is not allowed."""
    wrong = set()
    for subject, predicate, value in mappings(graph):
        kinds: dict[Node, set[Node]] = {
            RDFS.subClassOf: terms(core, OWL.Class),
            RDFS.subPropertyOf: properties(core),
        }
        known = subject in kinds.get(predicate, terms(core))
        to_other = predicate == SKOS.editorialNote or str(value).startswith(TARGETS[name])
        if not (known and to_other and predicate in (*STRONG, *WEAK, SKOS.editorialNote)):
            wrong.add(subject)
    return short(wrong)


def terms_without_reason(graph: Graph) -> set[str]:
    """The mapped terms without one note per language that says why the mapping is what it is."""
    mapped = {s for s, _, _ in mappings(graph)}
    return short(s for s in mapped if sorted(languages(graph, s, SKOS.editorialNote)) != ["en", "nl"])


def claims_of_sameness(graph: Graph) -> set[str]:
    same = {OWL.equivalentClass, OWL.equivalentProperty, OWL.sameAs, SKOS.exactMatch, OWL.imports}
    return short(same & set(graph.predicates()))


def undeclared_superterms(graph: Graph) -> set[str]:
    kinds = {RDFS.subClassOf: (OWL.Class,), RDFS.subPropertyOf: (OWL.ObjectProperty, OWL.DatatypeProperty)}
    claims = ((p, o) for p in STRONG for o in graph.objects(None, p))
    return short(o for p, o in claims if not any((o, RDF.type, kind) in graph for kind in kinds[p]))


def prefix_faults(text: str) -> set[str]:
    """The prefixes of a Turtle text that are not those of the project, or that it does not use."""
    declared = dict(re.findall(r"^@prefix (\S*): <([^>]*)> \.$", text, re.MULTILINE))
    body = re.sub(r"^@prefix.*$", "", text, flags=re.MULTILINE)
    bare = re.sub(r'"[^"]*"|<[^>]*>', "", body)
    used = set(re.findall(r"(?<![\w:])([\w-]+):[A-Za-z]", bare))
    return {p for p, ns in declared.items() if PREFIXES.get(p) != ns} | (declared.keys() ^ used)


@pytest.fixture(params=ALIGNMENTS, ids=slug)
def alignment(request: pytest.FixtureRequest) -> Path:
    file: Path = request.param
    return file


def test_there_is_one_alignment_for_each_vocabulary() -> None:
    assert {slug(file) for file in ALIGNMENTS} == TARGETS.keys()
    assert all(file.name.startswith("sociaal-domein-") for file in ALIGNMENTS)


def test_alignment_is_in_order(alignment: Path, ontology: Graph) -> None:
    graph = Graph().parse(alignment)
    assert len(read(alignment).triples) == len(graph)
    assert mappings(graph)
    assert header_faults(graph, ontology, slug(alignment)) == set()
    assert mapping_faults(graph, ontology, slug(alignment)) == set()
    assert terms_without_reason(graph) == set()
    assert claims_of_sameness(graph) == set()
    assert undeclared_superterms(graph) == set()
    assert properties_that_are_used_undeclared(graph) == set()
    assert terms_that_others_do_not_have(graph) == set()
    assert prefix_faults(alignment.read_text(encoding="utf-8")) == set()


def org_after(update: str) -> Graph:
    return changed(Graph().parse(ROOT / "ontology" / "alignments" / "sociaal-domein-org.ttl"), update)


@pytest.mark.parametrize(
    ("update", "finds"),
    [
        ("DELETE WHERE { ?o dct:license ?v }", "dct:license"),
        ('INSERT DATA { ?o owl:versionInfo "9" }', "owl:versionInfo"),
        ("DELETE { ?o dct:title ?v } WHERE { ?o dct:title ?v FILTER(LANG(?v) = 'nl') }", "dct:title"),
        ("INSERT DATA { <https://w3id.org/sociaal-domein/def> a owl:Ontology }", "owl:Ontology"),
    ],
)
def test_fault_in_the_header_of_an_alignment_is_seen(update: str, finds: str, ontology: Graph) -> None:
    graph = org_after(update.replace("INSERT DATA { ?o", f"INSERT DATA {{ <{ONTOLOGY_IRI}/alignment/org>"))
    assert header_faults(graph, ontology, "org") == {finds}


@pytest.mark.parametrize(
    ("update", "finds"),
    [
        ("INSERT DATA { sd:Vereniging rdfs:subClassOf org:Organization }", "sd:Vereniging"),
        ("INSERT DATA { sd:Wet rdfs:subPropertyOf org:identifier }", "sd:Wet"),
        ("INSERT DATA { sd:Wet skos:closeMatch eli:LegalResource }", "sd:Wet"),
        ("INSERT DATA { sd:Wet rdfs:domain org:Organization }", "sd:Wet"),
    ],
)
def test_mapping_that_does_not_belong_in_an_alignment_is_seen(
    update: str, finds: str, ontology: Graph
) -> None:
    assert mapping_faults(org_after(update), ontology, "org") == {finds}


@pytest.mark.parametrize(
    ("function", "update", "finds"),
    [
        (terms_without_reason, "DELETE WHERE { sd:Partner skos:editorialNote ?v }", "sd:Partner"),
        (
            claims_of_sameness,
            "INSERT DATA { sd:Gemeente owl:equivalentClass org:Site }",
            "owl:equivalentClass",
        ),
        (claims_of_sameness, "INSERT DATA { sd:Gemeente skos:exactMatch org:Site }", "skos:exactMatch"),
        (undeclared_superterms, "DELETE WHERE { org:Organization a owl:Class }", "org:Organization"),
        (terms_that_others_do_not_have, "INSERT DATA { sd:Wet rdfs:seeAlso org:Law }", "org:Law"),
        (terms_that_others_do_not_have, "INSERT DATA { sd:Wet rdfs:seeAlso eli:Law }", "eli:Law"),
        (properties_that_are_used_undeclared, "DELETE WHERE { skos:closeMatch a ?v }", "skos:closeMatch"),
    ],
)
def test_fault_in_an_alignment_is_seen(function: Check, update: str, finds: str) -> None:
    assert function(org_after(update)) == {finds}


def test_fault_in_the_prefixes_of_an_alignment_is_seen() -> None:
    text = ALIGNMENTS[0].read_text(encoding="utf-8")
    assert prefix_faults(text.replace("http://data.europa.eu/m8g/", "https://data.europa.eu/m8g/")) == {"m8g"}
    assert prefix_faults("@prefix qb: <http://purl.org/linked-data/cube#> .\n" + text) == {"qb"}


@pytest.mark.parametrize(("ours", "theirs", "reason"), NOT_CLAIMED)
def test_what_is_not_so_is_not_claimed(ours: str, theirs: str, reason: str, ontology: Graph) -> None:
    together = Graph() + ontology
    for file in ALIGNMENTS:
        together.parse(file)
    subject, value = URIRef(str(expand(ours))), URIRef(str(expand(theirs)))
    assert value not in ancestors(together, subject), reason
    together.add((subject, RDFS.subClassOf, value))
    assert value in ancestors(together, subject)


def test_alignments_leave_every_class_possible(ontology: Graph) -> None:
    together = Graph() + ontology
    for file in ALIGNMENTS:
        together.parse(file)
    together.add((PROV.Entity, OWL.disjointWith, PROV.Activity))
    assert classes_that_can_have_no_member(together) == set()
    together.add((URIRef(SD + "Sectie"), RDFS.subClassOf, PROV.Activity))
    assert classes_that_can_have_no_member(together) == {"sd:Sectie"}


# ---------------------------------------------------------------- The page about it

FOOPS = {
    *("PURL1", "URI1", "URI2", "VER1", "VER2", "OM1", "OM2", "OM3", "OM4.1", "OM4.2", "OM5.1", "OM5.2"),
    *(
        "FIND1",
        "FIND2",
        "FIND3",
        "FIND_3_BIS",
        "CN1",
        "HTTP1",
        "RDF1",
        "DOC1",
        "VOC1",
        "VOC2",
        "VOC3",
        "VOC4",
    ),
}
OOPS = {f"P{n:02}" for n in range(2, 42) if n not in (9, 14, 15, 16, 17, 18, 23)}
"""The pitfalls that OOPS! looks for itself."""


def rows(text: str) -> dict[str, str]:
    """How we stand (the third cell) by the code in the first cell, of every row of the tables of a page."""
    found = re.findall(r"^\| `([\w.]+)`[^|]*\|[^|]*\| ([^|]*?) \|", text, re.MULTILINE)
    assert len(found) == len(dict(found)), "a code has two rows"
    return dict(found)


def test_quality_page_has_a_row_for_every_test_of_foops_and_pitfall_of_oops() -> None:
    assert rows(QUALITY.read_text(encoding="utf-8")).keys() == FOOPS | OOPS
    assert (len(FOOPS), len(OOPS)) == (24, 33)


def test_quality_page_says_tested_of_what_is_tested_and_of_nothing_else() -> None:
    standing = rows(QUALITY.read_text(encoding="utf-8"))
    tested = {code for code, stand in standing.items() if stand.startswith("tested")}
    elsewhere = {"RDF1"}
    assert tested == (CHECKS.keys() & (FOOPS | OOPS)) | elsewhere


def test_quality_page_names_every_exception_to_the_profile() -> None:
    text = QUALITY.read_text(encoding="utf-8")
    names = {name for name, _ in SAYS_NOTHING} | {shorten(datatype) for datatype in BEYOND_RL_DATATYPES}
    assert {name for name in names if f"`{name}`" not in text} == set()
