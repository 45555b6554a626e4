"""Real files, damaged: each finding names the file, line, column and rule, and says what to do."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import html5lib
import jsonschema
import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import FormatChecker

from sdkg.errors import InputError, Place
from sdkg.findings.check import check
from sdkg.findings.document import Document
from sdkg.findings.forms import WRITERS
from sdkg.findings.guide import iri_of, name_of, shipped_page
from sdkg.findings.locate import Locator
from sdkg.findings.model import Findings, Located
from sdkg.findings.part import checker_for
from sdkg.findings.rulebook import Facts, Rulebook
from sdkg.findings.unreadable import unreadable
from sdkg.findings.words import Words
from sdkg.namespaces import RDF, SHACL, shorten
from sdkg.positions import parse_text
from sdkg.project import Project
from sdkg.reading import parse, read
from sdkg.recovery import MOST, faults_of
from sdkg.scan import Lines, scan
from sdkg.validation import Finding
from tests.browsing import chromium, sheet_for_everyone
from tests.damage import BLANK, PLAN, RULES, SYNTAX, damaged, place_of
from tests.paths import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PROJECT = Project.at(ROOT)
SHAPES = "https://w3id.org/sociaal-domein/shapes#"
SARIF_PACKAGE = "@microsoft/jest-sarif@1.0.0-beta.0"
SYNTAX_RULE = "syntax-prefix"


@pytest.fixture(scope="session")
def found(tmp_path_factory: pytest.TempPathFactory) -> Findings:
    """One run over the damaged plan, beside a file that does not parse."""
    folder = tmp_path_factory.mktemp("damage")
    plan, broken = folder / PLAN.name, folder / "kapot.ttl"
    plan.write_text(damaged()[0] + BLANK, "utf-8")
    broken.write_text(PLAN.read_text("utf-8").replace("a sd:Thema", "a ds:Thema", 1), "utf-8")
    return check(PROJECT, [broken, plan])


@pytest.mark.parametrize(
    "number", range(len(RULES)), ids=lambda n: f"{RULES[n].rule}-{RULES[n].subject[:20]}"
)
def test_each_damage_is_found_at_its_place(found: Findings, number: int) -> None:
    rule, line, column = damaged()[1][number]
    places = [(f.region.line, f.region.column) for f in found.findings if f.rule == SHAPES + rule]
    assert (line, column) in places, places
    for finding in found.findings:
        if finding.rule == SHAPES + rule:
            assert finding.what.nl.endswith(".")
            assert finding.todo.nl
            assert finding.todo.en


@pytest.mark.parametrize(("old", "new", "kind"), SYNTAX, ids=[row[2] for row in SYNTAX])
def test_each_syntax_fault_is_found_at_its_place(old: str, new: str, kind: str) -> None:
    text = PLAN.read_text("utf-8")
    assert old in text
    marked = text.replace(old, new, 1)
    broken, line, column = place_of(marked)
    with pytest.raises(InputError) as caught:
        parse(broken.encode(), Path("kapot.ttl"))
    [finding] = unreadable("kapot.ttl", broken, caught.value)
    assert (finding.rule, finding.region.line, finding.region.column) == (f"syntax-{kind}", line, column)
    assert finding.region.shown == broken.splitlines()[line - 1]
    assert finding.what.nl
    assert finding.todo.nl


MORE = "\n\nheemstede-2025:doel-{0}\n    a sd:Doel ;\n    sd:volgorde tien ;\n    sd:lopend true .\n\n"


@pytest.mark.parametrize(("old", "new", "kind"), SYNTAX, ids=[row[2] for row in SYNTAX])
def test_every_fault_of_a_file_is_found_once(old: str, new: str, kind: str) -> None:
    """Each kind of fault, with another before and behind it: of these three, each at its place."""
    text = PLAN.read_text("utf-8")
    half = text.index("\nid:heemstede-2025\n")
    marked = (text[:half] + MORE.format("een") + text[half:]).replace(old, new, 1) + MORE.format("twee")
    broken, line, column = place_of(marked)
    lines = Lines(broken)
    places = [(fault.kind, *lines.at(fault.span.start)) for fault in faults_of(broken)]
    others = [("object", number, 17) for number in range(1, len(lines)) if "tien" in lines.text(number)]
    assert len(others) == 2
    if old.startswith(("@", "<")):  # of a prefix line, which what follows may rest on
        others = []
    assert places == sorted([*others, (kind, line, column)], key=lambda place: place[1:])


def test_what_one_fault_causes_is_not_another() -> None:
    text = PLAN.read_text("utf-8")
    lost = re.sub("@prefix onderwerp:.*\n", "", text)
    assert [(fault.kind, fault.words[0]) for fault in faults_of(lost)] == [("prefix", "onderwerp")]
    assert [fault.kind for fault in faults_of(text.replace("@prefix sd:", "@prefix sd", 1))] == [
        "prefix-form"
    ]
    long = text.replace('"Gezondheid"@nl', '"""Gezondheid\nis.\nheemstede-2025:x\n a 1', 1)
    assert len(faults_of(long)) == 1
    flush = re.sub("\n +", "\n", text)
    for old, new, _ in SYNTAX:
        assert len(faults_of(place_of(flush.replace(old, new, 1))[0])) == 1, new
    assert len(faults_of(text.replace("a sd:", "a ds:"))) == MOST


def test_slips_are_recognised(found: Findings) -> None:
    said = "\n".join(finding.todo.nl for finding in found.findings)
    slips = "onderwerp:sturing partner:wij-heemstede waarde:nulmeting sd:Principe sd:vindplaats sd:Thema"
    for right in (*slips.split(), "sd:tussenkop", "gemeente:heemstede", "sd:onderdeelVan", "@nl"):
        assert f"Bedoelde u {right}?" in said or f"door {right}" in said, right


def test_a_broken_file_does_not_hide_the_others(found: Findings) -> None:
    files = {Path(finding.region.file).name for finding in found.findings}
    assert files == {"kapot.ttl", PLAN.name}
    assert [f.order for f in found.findings] == sorted(f.order for f in found.findings)


def test_a_blank_node_has_a_human_path(found: Findings) -> None:
    names = {finding.name.nl for finding in found.findings}
    assert any(name.startswith("eerste indicator van meting") for name in names), names


def test_what_makes_it_fail(found: Findings) -> None:
    assert found.fails("must")
    assert not found.fails("never")
    warnings = Findings(tuple(f for f in found.findings if f.level == "should"))
    assert warnings.findings
    assert not warnings.fails("must")
    assert warnings.fails("should")
    assert warnings.fails("may")


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("style", sorted(WRITERS))
def test_every_form_tells_everything_and_is_deterministic(found: Findings, style: str, lang: str) -> None:
    written = WRITERS[style](found, lang)
    assert written == WRITERS[style](found, lang)
    if style in ("text", "html", "json"):
        for finding in found.findings:
            assert str(finding.region) in written or f'"line": {finding.region.line},' in written
    if style == "html":
        assert "http" not in written.partition("<body>")[0]
        assert f'<html lang="{lang}">' in written


def test_sarif_is_what_a_code_host_takes(found: Findings) -> None:
    """The facts of SARIF 2.1.0 that a reader relies on: required members, indices, and regions from 1."""
    log = json.loads(WRITERS["sarif"](found, "nl"))
    assert log["version"] == "2.1.0"
    [run] = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(rules) == len(set(rules))
    assert len(run["results"]) == len(found.findings)
    for result in run["results"]:
        assert result["ruleId"] == rules[result["ruleIndex"]]
        assert result["level"] in ("error", "warning", "note")
        assert result["message"]["text"]
        assert len(result["partialFingerprints"]["sdkgFinding/v1"]) == 64
        for place in (*result["locations"], *result["relatedLocations"]):
            region = place["physicalLocation"]["region"]
            assert region["startLine"] >= 1
            assert region["startColumn"] >= 1
            assert (region["endLine"], region["endColumn"]) > (region["startLine"], region["startColumn"])
            assert place["physicalLocation"]["artifactLocation"]["uri"]


@pytest.fixture(scope="session")
def sarif_schema(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The JSON schema of SARIF 2.1.0, as Microsoft's package of matchers for it brings it."""
    npm = shutil.which("npm")
    if npm is None and not os.environ.get("CI"):
        pytest.skip("npm, which fetches the schema, is not installed")
    assert npm
    folder = tmp_path_factory.mktemp("sarif")
    subprocess.run([npm, "pack", "--silent", SARIF_PACKAGE], cwd=folder, check=True, capture_output=True)
    [archive] = folder.glob("*.tgz")
    with tarfile.open(archive) as packed:
        found = packed.extractfile("package/lib/schemas/sarif-2.1.0-rtm.5.json")
        assert found
        return json.load(found)


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_sarif_is_valid_by_its_schema(found: Findings, sarif_schema: Any, lang: str) -> None:
    validator = jsonschema.Draft4Validator(sarif_schema, format_checker=FormatChecker())
    assert sarif_schema["title"].startswith("Static Analysis Results Format (SARIF) Version 2.1.0")
    log = json.loads(WRITERS["sarif"](found, lang))
    assert [f"{error.json_path}: {error.message}" for error in validator.iter_errors(log)] == []
    assert list(validator.iter_errors(json.loads(WRITERS["sarif"](Findings(()), lang)))) == []
    log["runs"][0]["results"][0]["region"] = {}
    assert list(validator.iter_errors(log))


def test_every_form_names_the_page_of_the_rule(found: Findings) -> None:
    text, html, report = (WRITERS[style](found, "nl") for style in ("text", "html", "turtle"))
    plain = json.loads(WRITERS["json"](found, "nl"))["findings"]
    [run] = json.loads(WRITERS["sarif"](found, "nl"))["runs"]
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert {finding.rule for finding in found.findings} > {SYNTAX_RULE}
    for finding, said in zip(found.findings, plain, strict=True):
        name = name_of(finding.rule)
        assert shipped_page(finding.rule).startswith(f"# {name}\n")
        assert f"    Regel: sdkg rule {name}\n" in text
        assert f'<a href="{iri_of(finding.rule)}"' in html
        assert f"sh:sourceShape sh-sd:{name} " in report
        assert (said["page"], said["explain"]) == (iri_of(finding.rule), f"sdkg rule {name}")
        rule = rules[shorten(finding.rule)]
        assert rule["helpUri"] == iri_of(finding.rule)
        assert rule["help"]["text"].startswith(finding.asks.nl)
        assert rule["help"]["text"].endswith(f"sdkg rule {name}")
        assert rule["help"]["markdown"] == shipped_page(finding.rule)
    assert "    Rule: sdkg rule " in WRITERS["text"](found, "en")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as chrome:
        yield chrome


def test_everyone_can_read_the_page(found: Findings, browser: Browser, tmp_path: Path) -> None:
    broken = tuple(finding for finding in found.findings if finding.rule == SYNTAX_RULE)
    warnings = tuple(finding for finding in found.findings if finding.level == "should")
    related = tuple(finding for finding in found.findings if finding.related)
    assert all((broken, warnings, related))
    some = Findings((*broken, *related[:4], *warnings[:2]), unchecked=(("a.ttl", "b.ttl"),))
    sheet_for_everyone(browser, tmp_path / "findings.html", lambda lang: WRITERS["html"](some, lang))


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_page_is_strict_html(found: Findings, lang: str) -> None:
    for findings in (found, Findings(()), Findings(found.findings[:1], unchecked=(("a", "b"),))):
        html5lib.HTMLParser(strict=True).parse(WRITERS["html"](findings, lang))


def test_what_the_page_marks_is_what_the_finding_is_about(found: Findings) -> None:
    tree = html5lib.parse(WRITERS["html"](found, "nl"), namespaceHTMLElements=False)
    marked = ["".join(element.itertext()) for element in tree.iter("mark")]
    for finding, mark in zip(found.findings, marked, strict=True):
        region = finding.region
        assert region.shown[region.column - 1 :].startswith(mark[:20])


def test_the_report_is_that_of_shacl_with_places(found: Findings) -> None:
    triples = [
        q.triple for q in ox.parse(WRITERS["turtle"](found, "nl").encode(), format=ox.RdfFormat.TURTLE)
    ]
    kinds = [
        t
        for t in triples
        if t.predicate.value == RDF + "type" and str(t.object).strip("<>") == SHACL + "ValidationResult"
    ]
    lines = {
        t.object.value
        for t in triples
        if t.predicate.value.endswith("#lineNumber") and isinstance(t.object, ox.Literal)
    }
    assert len(kinds) == len(found.findings)
    assert {str(f.region.line) for f in found.findings} <= lines


# ---------------------------------------------------------------- at random

TEXT = PLAN.read_text("utf-8")
TOKENS = list(scan(TEXT))


class Broken(str):
    """A text that an error message shows only the length of."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{len(self)} characters>"


@st.composite
def random_damage(draw: st.DrawFn) -> Broken:
    """The plan with a few tokens or characters deleted, doubled, swapped or renamed."""
    text = TEXT
    for _ in range(draw(st.integers(1, 3))):
        tokens = TOKENS if text is TEXT else list(scan(text))
        one, two = sorted(draw(st.tuples(st.integers(0, len(tokens) - 1), st.integers(0, len(tokens) - 1))))
        a, b = tokens[one], tokens[two]
        what = draw(st.sampled_from(["delete", "double", "swap", "rename", "cut", "insert"]))
        if what == "delete":
            text = text[: a.start] + text[a.end :]
        elif what == "double":
            text = text[: a.end] + " " + text[a.start :]
        elif what == "swap" and one < two:
            text = text[: a.start] + b.text + text[a.end : b.start] + a.text + text[b.end :]
        elif what == "rename":
            text = text[: a.start] + a.text[::-1] + text[a.end :]
        elif what == "cut":
            text = text[: a.start + len(a.text) // 2] + text[a.start + len(a.text) // 2 + 1 :]
        else:
            text = (
                text[: a.start] + draw(st.sampled_from("\"<>[](){};.,@^\\'\u00e9\r\n\x00")) + text[a.start :]
            )
    return Broken(text)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=random_damage())
def test_random_damage_has_places_or_a_fault(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    try:
        triples = parse(text.encode(), Path("kapot.ttl"))
    except InputError as error:
        findings = unreadable("kapot.ttl", text, error)
        assert findings
        assert len({finding.region for finding in findings}) == len(findings)
        for finding in findings:
            assert finding.region.file == "kapot.ttl"
            assert 1 <= finding.region.line <= text.count("\n") + text.count("\r") + 1
            assert finding.what.nl
            assert finding.todo.en
        return
    document = Document("kapot.ttl", text, triples)
    assert document.parsed.fault is None
    assert {s.triple for s in document.statements} == set(triples)
    for statement in document.statements[:: max(1, len(document.statements) // 40)]:
        region = document.region(statement.object)
        written = text[statement.object.start : statement.object.end]
        assert region.shown[region.column - 1 :].startswith(written.splitlines()[0])
    path = tmp_path_factory.mktemp("damage") / PLAN.name
    path.write_text(text, "utf-8", newline="")
    for finding in checker_for(ROOT, "compiled", "").plan(path).findings:
        assert finding.region.file == path.as_posix()
        assert finding.region.shown == document.lines.text(finding.region.line)
        assert finding.what.nl


@pytest.fixture(scope="module")
def locating() -> tuple[Rulebook, list[str]]:
    shared = [t for path in (PROJECT.core_ontology, *PROJECT.reference_files) for t in read(path).triples]
    shapes = [t for path in PROJECT.shape_files for t in read(path).triples]
    targeted = {
        t.subject.value
        for t in shapes
        if isinstance(t.subject, ox.NamedNode) and t.predicate.value == SHACL + "severity"
    }
    return Rulebook(shapes, shared), sorted(targeted)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_the_engine_says_has_a_place(
    data: st.DataObject, locating: tuple[Rulebook, list[str]]
) -> None:
    """Any focus, path, value and shape: never a traceback, and a line that names what it is about."""
    book, targeted = locating
    document = Document(PLAN.name, TEXT)
    numbers = st.integers(0, len(document.statements) - 1)
    statement, other = (document.statements[data.draw(numbers)] for _ in range(2))
    focus = statement.triple.subject.value if isinstance(statement.triple.subject, ox.NamedNode) else ""
    path = data.draw(st.sampled_from(["", statement.triple.predicate.value, other.triple.predicate.value]))
    value = data.draw(
        st.sampled_from(
            ["", "x", focus, *(getattr(s.triple.object, "value", "") for s in (statement, other))]
        )
    )
    shape = data.draw(st.sampled_from(targeted))
    finding = Finding(0, PLAN.name, focus, shape, path, value, "Wat: doe.", "What: do.")
    documents = {PLAN.name: document}
    place = Locator(book, documents).find(finding)
    words = Words(book, documents, Facts(s.triple for s in document.statements))
    assert all(words.sentences(finding, place))
    assert words.name(focus).nl
    region = place.region
    assert region.shown == TEXT.split("\n")[region.line - 1]
    if place.statement is None:
        assert region.shown.startswith(("id:", "heemstede-2025:"))
    else:
        here = place.statement
        assert document.region(here.object) == region or document.region(here.predicate) == region


def test_the_parser_is_that_of_the_fault() -> None:
    assert parse_text(TEXT).fault is None
    [found] = unreadable("a", "\x00", InputError("x", Place(None)))
    assert isinstance(found, Located)


def test_the_command_line(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    from sdkg.cli import run

    broken = tmp_path / "kapot.ttl"
    broken.write_text(PLAN.read_text("utf-8").replace("a sd:Thema", "a ds:Thema", 1), "utf-8")
    target = tmp_path / "uit.sarif"
    assert run(["validate", str(broken), "--project", str(ROOT)]) == 2
    assert b"Bedoelde u sd:Thema?" in capsysbinary.readouterr().out
    assert run(["validate", str(broken), "--project", str(ROOT), "--fail-on", "never", "--lang", "en"]) == 0
    assert b"Did you mean sd:Thema?" in capsysbinary.readouterr().out
    command = ["validate", str(broken), "--project", str(ROOT), "--format", "sarif", "-o", str(target)]
    assert run(command) == 2
    assert json.loads(target.read_text("utf-8"))["version"] == "2.1.0"
