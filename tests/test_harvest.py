"""Harvesting: the dry run finds what trips a portal, and CKAN's own parser takes our catalogue as it is."""

from __future__ import annotations

import json
import os
import subprocess
import venv
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from sdkg.export import serialize
from sdkg.namespaces import DCAT, ID
from sdkg.project import Project
from sdkg.publication.catalogue import export_catalogue, make_catalogue
from sdkg.publication.harvest import LARGEST, Harvest, Page, dry_run, gone
from tests.paths import DATA

URL = "https://example.org/catalog"
PREFIX = (
    "PREFIX dcat: <http://www.w3.org/ns/dcat#>\nPREFIX dct: <http://purl.org/dc/terms/>\n"
    "PREFIX hydra: <http://www.w3.org/ns/hydra/core#>\n"
)
GOOD = "<urn:a> a dcat:Dataset ; dct:title 'A' ; dct:identifier 'a' ."


def run(body: str | bytes, media_type: str = "text/turtle") -> Harvest:
    data = body if isinstance(body, bytes) else (PREFIX + body).encode()
    return dry_run(URL, lambda _: Page(media_type, data))


def pages(bodies: dict[str, str]) -> Callable[[str], Page]:
    return lambda url: Page("text/turtle", (PREFIX + bodies[url]).encode())


def test_a_good_one() -> None:
    found = run(GOOD)
    assert (found.datasets, found.pages, found.problems) == (("urn:a",), 1, ())
    assert "0 problems" in found.text()


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (GOOD.replace("dct:title 'A' ;", ""), "no title"),
        (GOOD.replace("'A'", "' '"), "no title"),
        (GOOD.replace("dct:identifier 'a'", "dct:identifier 'a', 'b'"), "2 identifiers"),
        (GOOD.replace("; dct:identifier 'a'", ""), "0 identifiers"),
        (GOOD.replace("<urn:a>", "[]"), "no URI of its own"),
        (GOOD + GOOD.replace("urn:a", "urn:b"), "of more than one dataset"),
        (GOOD.replace(" .", " ; dcat:keyword 'x'@nl, 'X'@en ."), "keyword 'x' is there twice"),
        (GOOD.replace(" .", " ; dcat:distribution <urn:f> ."), "without address"),
        ("<urn:a> a dcat:Catalog .", "no datasets"),
        ("<urn:a> a", "not text/turtle"),
    ],
)
def test_what_trips_a_portal(body: str, problem: str) -> None:
    assert problem in "\n".join(run(body).problems)


def test_the_wrong_media_type() -> None:
    assert "'text/html' is no media type of RDF" in run(GOOD, "text/html").problems[0]


def test_an_answer_that_is_too_large() -> None:
    body = (PREFIX + GOOD).encode() + b"\n#" + b"x" * LARGEST
    assert "at most 50,000,000" in run(body).problems[0]


def test_pages_are_followed() -> None:
    two = "https://example.org/catalog?page=2"
    found = dry_run(
        URL,
        pages({URL: f"{GOOD} <urn:v> hydra:next <?page=2> ." .replace("<?page=2>", f"<{two}>"),
               two: GOOD.replace("urn:a", "urn:b").replace("'a'", "'b'")}),
    )  # fmt: skip
    assert (found.datasets, found.pages, found.problems) == (("urn:a", "urn:b"), 2, ())


def test_pages_that_go_round() -> None:
    two = "https://example.org/two"
    found = dry_run(
        URL,
        pages({URL: f"{GOOD} <urn:v> hydra:nextPage <{two}> .", two: f"<urn:v> hydra:next <{URL}> ."}),
    )
    assert found.problems == (f"{URL}: the pages go round in a circle",)


def test_ours(project: Path) -> None:
    for style, media_type in (("turtle", "text/turtle"), ("rdfxml", "application/rdf+xml")):
        found = run(export_catalogue(Project.at(project), style), media_type)
        assert found.problems == ()
        assert len(found.datasets) == 10


def test_nothing_vanishes_when_a_plan_is_withdrawn(own_project: Path) -> None:
    project = Project.at(own_project)
    before = run(export_catalogue(project)).datasets
    project.plan_files[0].unlink()
    without = run(export_catalogue(Project.at(own_project))).datasets
    assert gone(before, without) == [ID + "dataset/heerde-2022"]
    (own_project / "sdkg.toml").write_text(
        "[[ingetrokken]]\nplan = 'heerde-2022'\ntitel = 'Kader'\ngemeente = 'heerde'\n"
        "datum = 2026-01-01\nreden = 'Vervallen.'\n",
        "utf-8",
    )
    after = run(export_catalogue(Project.at(own_project)))
    assert gone(before, after.datasets) == []
    assert after.problems == ()


# CKAN itself: it pins other versions of what we use, so it gets an environment of its own.

CODE = """
import json, sys
from ckanext.dcat.processors import RDFParser
parser = RDFParser(profiles=["euro_dcat_ap_3"])
parser.parse(open(sys.argv[1], encoding="utf-8").read(), _format=sys.argv[2])
print(json.dumps({"next": parser.next_page(), "datasets": list(parser.datasets())}))
"""


@pytest.fixture(scope="module")
def ckan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with CKAN's harvester; without a package index the test is skipped."""
    folder = tmp_path_factory.mktemp("ckan")
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    wanted = DATA / "ckan-requirements.txt"
    done = subprocess.run(
        [str(python), "-m", "pip", "install", "-q", "--no-deps", "-r", str(wanted)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        if os.environ.get("CI"):
            pytest.fail(done.stderr)
        pytest.skip(f"CKAN cannot be installed here: {done.stderr[-300:]}")
    return python


@pytest.mark.parametrize(("style", "name"), [("turtle", "turtle"), ("rdfxml", "xml"), ("jsonld", "json-ld")])
def test_the_parser_of_ckan(ckan: Path, project: Path, tmp_path: Path, style: str, name: str) -> None:
    path = tmp_path / "catalog"
    made = make_catalogue(Project.at(project))
    path.write_bytes(serialize((ox.Quad(t.subject, t.predicate, t.object) for t in made.triples), style))
    done = subprocess.run(
        [str(ckan), "-c", CODE, str(path), name], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["next"] is None
    ours = {t.subject.value for t in made.triples  # type: ignore[union-attr]
            if getattr(t.object, "value", "") == DCAT + "Dataset"}  # fmt: skip
    assert {extra(dataset, "uri") for dataset in told["datasets"]} == ours
    for dataset in told["datasets"]:
        assert dataset["title"]
        assert dataset["notes"]
        assert extra(dataset, "identifier") == extra(dataset, "uri")
        assert extra(dataset, "publisher_name")
        assert extra(dataset, "access_rights").endswith("PUBLIC")
        tags = [tag["name"].lower() for tag in dataset["tags"]]
        assert len(tags) == len(set(tags)) > 2
        assert len(dataset["resources"]) == 10
        for resource in dataset["resources"]:
            assert resource["url"] == resource["download_url"]
            assert resource["size"] > 0
            assert resource["hash"]
            assert resource["license"].endswith("/licence/CC0")


def extra(dataset: dict[str, list[dict[str, str]]], key: str) -> str:
    return next(one["value"] for one in dataset["extras"] if one["key"] == key)
