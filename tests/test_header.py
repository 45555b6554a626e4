"""Headers of saved queries: whatever is wrong with one is an error that names the file and the line."""

from __future__ import annotations

from pathlib import Path

import pytest

import sdkg
from sdkg import catalog
from sdkg.errors import QueryError
from sdkg.header import parse_header

GOOD = """\
#+ summary: Welke?
#+ description: Dit.
#+ tags: [lacunes]
#+ en:
#+   summary: Which?
#+   description: This.
#+ parameters:
#+   wet:
#+     type: Wet
#+     required: true
#+     example: Jeugdwet
#+     label: {nl: de wet, en: the act}
#+   sinds:
#+     type: year
#+     default: "2020"
#+     example: "2024"
#+     label: {nl: het jaar, en: the year}
#+   soort:
#+     type: choice
#+     options: [een, twee]
#+     example: een
#+     label: {nl: de soort, en: the kind}
#+ columns:
#+   doel: {nl: het doel, en: the goal}
#+   wet: {nl: de wet, en: the act}
#+   sinds: {nl: het jaar, en: the year}
#+   soort: {nl: de soort, en: the kind}
PREFIX sd: <https://w3id.org/sociaal-domein/def#>
SELECT ?doel ?wet ?sinds ?soort {
  ?doel sd:steuntOpWet ?wet ; sd:jaar ?jaar
  FILTER(?jaar >= ?sinds && ?soort = "een")
} ORDER BY ?doel
"""


def test_a_good_one() -> None:
    header, faults = parse_header(GOOD)
    assert faults == []
    assert header["parameters"]["sinds"]["default"] == "2020"
    assert header["en"] == {"summary": "Which?", "description": "This."}


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("#+ tags: [lacunes]", "#+ tgas: [lacunes]", 3, "unknown key 'tgas'; did you mean 'tags'?"),
        ("#+ tags: [lacunes]\n", "", 1, "'tags' is missing"),
        ("#+ tags: [lacunes]", "#+ tags: lacunes", 3, "a list belongs here"),
        ("#+ tags: [lacunes]", "#+ tags: []", 3, "a list belongs here"),
        ("#+ tags: [lacunes]", "#+ tags: [lacunes\n#+ x: y", 4, "not YAML"),
        ("#+ tags: [lacunes]", "#+\ttags: [lacunes]", 3, "not YAML"),
        ("#+   summary: Which?\n", "", 5, "'summary' is missing"),
        ("#+ summary: Welke?", "#+ summary:", 1, "a text belongs here"),
        ("#+ summary: Welke?", "#+ summary: {nl: Welke?}", 1, "a text belongs here"),
        ("#+     type: Wet\n", "", 9, "'type' is missing"),
        ("#+     example: Jeugdwet\n", "", 9, "'example' is missing"),
        ("#+     required: true", "#+     required: ja", 10, "'required' is true or false"),
        ("#+     required: true", "#+     verplicht: true", 10, "unknown key 'verplicht'"),
        ("{nl: de wet, en: the act}", "{nl: de wet}", 12, "'en' is missing"),
        ('#+     default: "2020"', "#+     default: twintig", 15, "'twintig' is no year"),
        ("#+     example: een", "#+     example: drie", 21, "'drie' is no choice: use een, twee"),
        ("#+     options: [een, twee]\n", "", 19, "'options' go with 'type: choice'"),
        (
            "#+   wet: {nl: de wet",
            "#+   doel: {nl: de wet",
            25,
            "'doel' is no name for a variable, or stands twice",
        ),
        ("#+   sinds:\n#+     type", "#+   limit:\n#+     type", 13, "cannot be called 'limit'"),
        ("#+   doel: {nl: het doel, en: the goal}\n", "", 23, "column ?doel is not described"),
        ("#+   doel: {", "#+   dol: {", 24, "SELECT has no ?dol"),
        ("?jaar >= ?sinds", "?jaar >= 2000", 13, "parameter 'sinds' is not used in WHERE"),
        ("?jaar >= ?sinds", "?jaar >= ?sins", 31, "?sins is in no pattern and is no parameter"),
        ("SELECT ?doel ?wet", "SELECT ?doel", 8, "parameter 'wet' is not among the columns"),
        ("?jaar >= ?sinds", "BOUND(?sinds)", 31, "BOUND(?sinds) is not the same in all engines"),
    ],
)
def test_what_is_wrong_has_its_line(old: str, new: str, line: int, message: str, tmp_path: Path) -> None:
    assert old in GOOD
    path = tmp_path / "fout.rq"
    path.write_text(GOOD.replace(old, new, 1), "utf-8")
    with pytest.raises(QueryError) as caught:
        catalog.load_query(path)
    assert any(
        text.startswith(f"{path}:{line}: ") and message in text for text in str(caught.value).splitlines()
    ), str(caught.value)


def test_no_header(tmp_path: Path) -> None:
    path = tmp_path / "fout.rq"
    path.write_text("SELECT * { ?s ?p ?o }\n")
    with pytest.raises(QueryError, match=r"fout\.rq:1: there is no '#\+' header"):
        catalog.load_query(path)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("sd:steuntOpWet", "sd:steuntOpWett", 30, "no sd:steuntOpWett. Did you mean sd:steuntOpWet?"),
        ("type: Wet", "type: Wetten", 9, "no sd:Wetten. Did you mean sd:Wet?"),
    ],
)
def test_a_term_that_does_not_exist(
    graph: sdkg.KnowledgeGraph, old: str, new: str, line: int, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "fout.rq"
    path.write_text(GOOD.replace(old, new, 1), "utf-8")
    with pytest.raises(QueryError) as caught:
        catalog.check_terms(catalog.load_query(path), graph.terms, path)
    assert str(caught.value) == f"{path}:{line}: the ontology has {message}"


def test_a_build_stops_at_a_faulty_query(own_project: Path) -> None:
    queries = own_project / "queries"
    (queries / "nieuw.rq").write_text(GOOD.replace("tags", "tgas", 1), "utf-8")
    with pytest.raises(QueryError, match=r"nieuw\.rq:3: unknown key 'tgas'"):
        sdkg.build(sdkg.Project.at(own_project))
    (queries / "nieuw.rq").write_text(GOOD, "utf-8")
    assert sdkg.build(sdkg.Project.at(own_project)).queries
    assert len(sdkg.load(own_project).query("nieuw", wet="Jeugdwet")) == 0
