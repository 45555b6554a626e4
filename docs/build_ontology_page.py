"""Write `docs/ontology.html`, the ontology as a page for people, with pyLODE.

    python docs/build_ontology_page.py            write the page
    python docs/build_ontology_page.py --check    end with code 1 if the page is not what this command makes

pyLODE makes the page. It gets a copy of the ontology that reads better: a term has one name, the Dutch label
with the English one behind it, and has the name in its IRI as anchor (`ontology.html#Doel`); declarations
of terms of others are left out. What pyLODE leaves to chance, the order of its JSON-LD, is put in order.
"""

from __future__ import annotations

import argparse
import json
import logging
import re
import sys
import warnings
from importlib import metadata
from pathlib import Path
from types import ModuleType

from rdflib import RDF, RDFS, Graph, Literal
from rdflib.namespace import DCTERMS, FOAF, SKOS
from rdflib.term import Node

from sdkg.namespaces import ONTOLOGY_IRI, SD

ROOT = Path(__file__).resolve().parent.parent
ONTOLOGY = ROOT / "ontology" / "sociaal-domein.ttl"
PAGE = ROOT / "docs" / "ontology.html"

_NAMES = (RDFS.label, DCTERMS.title, FOAF.name)
_METADATA = re.compile(r'(<script id="schema.org" type="application/ld\+json">)(.*?)(</script>)', re.DOTALL)


def main(arguments: list[str] | None = None) -> int:
    """Write or check the page; the exit code."""
    parser = argparse.ArgumentParser(description="Write docs/ontology.html from the ontology, with pyLODE.")
    parser.add_argument("--check", action="store_true", help="write nothing; end with code 1 if it differs")
    check: bool = parser.parse_args(arguments).check
    page = render(Graph(bind_namespaces="none").parse(ONTOLOGY))
    if not check:
        PAGE.write_text(page, encoding="utf-8")
        return 0
    if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == page:
        return 0
    print(
        f"{PAGE}: not what pyLODE {metadata.version('pylode')} makes of the ontology."
        " Run `python docs/build_ontology_page.py` (the page names the version of pyLODE that made it).",
        file=sys.stderr,
    )
    return 1


def render(ontology: Graph) -> str:
    """The page of an ontology: the same text for the same ontology and the same pyLODE."""
    _mend_pylode()
    logging.disable(logging.INFO)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            from pylode import OntPub

            page = OntPub(reading_copy(ontology))
            page.fids.update({str(term): str(term).removeprefix(SD) for term in _terms(ontology)})
            page.doc.set_attribute("lang", "nl")
            html: str = page.make_html()
    finally:
        logging.disable(logging.NOTSET)
    return _in_order(html) + "\n"


def reading_copy(ontology: Graph) -> Graph:
    """The ontology with one name for each term, English marked as such, and without terms of others."""
    copy = Graph(bind_namespaces="none")
    for prefix, namespace in ontology.namespaces():
        copy.bind(prefix, namespace)
    for subject in filter(lambda node: _is_ours(ontology, node), dict.fromkeys(ontology.subjects(RDF.type))):
        for predicate, value in ontology.predicate_objects(subject):
            if predicate in _NAMES:
                copy.set((subject, predicate, _both(ontology, subject, predicate)))
            elif predicate == SKOS.definition and isinstance(value, Literal) and value.language == "en":
                copy.add((subject, predicate, Literal(f'<span lang="en">{value}</span>')))
            elif predicate != RDFS.isDefinedBy:
                copy.add((subject, predicate, value))
    return copy


def _both(ontology: Graph, subject: Node, predicate: Node) -> Literal:
    """The Dutch name with the English one behind it, if they differ."""
    by_language = {o.language: str(o) for o in ontology.objects(subject, predicate) if isinstance(o, Literal)}
    dutch, english = by_language["nl"], by_language["en"]
    return Literal(dutch if dutch == english else f"{dutch} ({english})")


def _terms(ontology: Graph) -> set[Node]:
    return {node for node in ontology.subjects(RDF.type) if str(node).startswith(SD)}


def _is_ours(ontology: Graph, node: Node) -> bool:
    """Whether something is a term of ours, the ontology, or who made it."""
    return str(node).startswith(ONTOLOGY_IRI) or (node, RDF.type, FOAF.Organization) in ontology


def _mend_pylode() -> None:
    """Say which version pyLODE is: 3.4.1 reads it from a file its wheel lacks (RDFLib/pyLODE#260)."""
    module = ModuleType("pylode.version")
    module.__dict__["__version__"] = metadata.version("pylode")
    sys.modules.setdefault(module.__name__, module)


def _in_order(html: str) -> str:
    """The page with the nodes and values of its JSON-LD sorted: rdflib writes them in an order of chance."""
    page, found = _METADATA.subn(lambda m: m[1] + "\n" + _sorted_json(m[2]) + "\n" + m[3], html)
    if found != 1:
        raise ValueError(f"pyLODE wrote {found} blocks of JSON-LD instead of one: adapt _METADATA.")
    return page


def _sorted_json(text: str) -> str:
    return json.dumps(_sorted(json.loads(text)), ensure_ascii=False, indent=2, sort_keys=True)


def _sorted(value: object) -> object:
    if isinstance(value, dict):
        return {key: _sorted(item) for key, item in value.items()}
    if isinstance(value, list):
        return sorted(map(_sorted, value), key=lambda item: json.dumps(item, sort_keys=True))
    return value


if __name__ == "__main__":
    raise SystemExit(main())
