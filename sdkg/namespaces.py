"""The prefixes of the project: the one place where namespaces are written down."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType

BASE = "https://w3id.org/sociaal-domein/"
"""What all our IRIs start with; `--base-url` replaces it in what is written or served."""

SD = BASE + "def#"
ID = BASE + "id/"
QUERY = ID + "query/"
GRAPH = BASE + "graph/"
INFERRED = GRAPH + "afgeleid/"
ONTOLOGY_IRI = BASE + "def"
SHAPES = BASE + "shapes#"

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCT = "http://purl.org/dc/terms/"
SCHEMA = "https://schema.org/"
SHACL = "http://www.w3.org/ns/shacl#"
CSVW = "http://www.w3.org/ns/csvw#"
ADMS = "http://www.w3.org/ns/adms#"
DCAT = "http://www.w3.org/ns/dcat#"
DCATAP = "http://data.europa.eu/r5r/"
FOAF = "http://xmlns.com/foaf/0.1/"
PROV = "http://www.w3.org/ns/prov#"
SPDX = "http://spdx.org/rdf/terms#"
VCARD = "http://www.w3.org/2006/vcard/ns#"
VOID = "http://rdfs.org/ns/void#"
EU = "http://publications.europa.eu/resource/authority/"
IANA = "https://www.iana.org/assignments/media-types/"
TOOI = "https://identifier.overheid.nl/tooi/"
SERVICE_DESCRIPTION = "http://www.w3.org/ns/sparql-service-description#"
FORMATS = "http://www.w3.org/ns/formats/"

REFERENCE_FOLDERS = (
    "wet",
    "partner",
    "kader",
    "gemeente",
    "gebied",
    "onderwerp",
    "doelgroep",
    "waarde",
)
"""The folders of reference data below `ID`; each is a prefix too."""

PREFIXES = MappingProxyType(
    dict(
        sorted(
            {
                "adms": ADMS,
                "bibo": "http://purl.org/ontology/bibo/",
                "cpsv": "http://purl.org/vocab/cpsv#",
                "csvw": CSVW,
                "dcat": DCAT,
                "dcatap": DCATAP,
                "dct": DCT,
                "eli": "http://data.europa.eu/eli/ontology#",
                "foaf": FOAF,
                "graph": GRAPH,
                "id": ID,
                "m8g": "http://data.europa.eu/m8g/",
                "org": "http://www.w3.org/ns/org#",
                "owl": OWL,
                "prov": PROV,
                "query": QUERY,
                "qb": "http://purl.org/linked-data/cube#",
                "rdf": RDF,
                "rdfs": RDFS,
                "schema": SCHEMA,
                "sd": SD,
                "sh": SHACL,
                "sh-sd": SHAPES,
                "skos": SKOS,
                "sosa": "http://www.w3.org/ns/sosa/",
                "spdx": SPDX,
                "vann": "http://purl.org/vocab/vann/",
                "vcard": VCARD,
                "void": VOID,
                "xsd": XSD,
                **{folder: f"{ID}{folder}/" for folder in REFERENCE_FOLDERS},
            }.items()
        )
    )
)
"""Prefix to namespace, sorted. Every `@prefix` and `PREFIX` of the repository agrees with it."""


@lru_cache(maxsize=10_000)
def shorten(iri: str) -> str:
    """Write an IRI with a prefix of the project, or below `ID` as a plain path; else leave it as it is.

    Example:
        >>> shorten("https://w3id.org/sociaal-domein/def#Doel")
        'sd:Doel'
        >>> shorten("https://w3id.org/sociaal-domein/id/heerde-2022/visie")
        'heerde-2022:visie'
        >>> shorten("https://example.org/x")
        'https://example.org/x'
    """
    best = max(
        ((len(ns), prefix, ns) for prefix, ns in PREFIXES.items() if iri.startswith(ns)),
        default=None,
    )
    if best is None:
        return iri
    _, prefix, namespace = best
    local = iri[len(namespace) :]
    if prefix == "id" and local.count("/") == 1 and not local.endswith("/"):
        folder, _, local = local.partition("/")
        return f"{folder}:{local}"
    return f"{prefix}:{local}" if local and "/" not in local else iri


def expand(name: str) -> str | None:
    """Turn a prefixed name of the project into an IRI; `None` if its prefix is not one of ours.

    A prefix that is not in `PREFIXES` is never guessed, so that a label with a colon stays a label.

    Example:
        >>> expand("wet:participatiewet")
        'https://w3id.org/sociaal-domein/id/wet/participatiewet'
        >>> expand("Let op: overlast") is None
        True
    """
    prefix, colon, local = name.partition(":")
    if not colon or " " in name or prefix not in PREFIXES:
        return None
    return PREFIXES[prefix] + local
