"""The command line end to end: what it prints, where, and with which exit code."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from sdkg.cli import run
from tests.paths import PYTHON, ROOT

QUESTION = ["query", "doelen-op-wet-en-partner", "--wet", "Participatiewet", "--partner", "STIP"]
GOAL = "https://w3id.org/sociaal-domein/id/heerde-2022/doel-meer-inzicht-ontwikkelingen-jeugdhulp"


class Answer:
    """What a call printed, and its exit code."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def sdkg(project: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> Call:
    """Run a command on the shared project."""
    return Call(project, capsysbinary)


class Call:
    """`sdkg(arguments...)` runs the command line in this process."""

    def __init__(self, project: Path, capture: pytest.CaptureFixture[bytes]) -> None:
        self.project, self.capture = project, capture

    def __call__(self, *arguments: str, project: Path | None = None) -> Answer:
        place = ["--project", str(project or self.project)]
        code = run([*arguments, *place])
        out, err = self.capture.readouterr()
        assert "Traceback" not in err.decode()
        return Answer(code, out.decode(), err.decode())


def test_the_question(sdkg: Call) -> None:
    answer = sdkg(*QUESTION)
    assert answer.code == 0
    assert "Nog meer zicht op wat er in de jeugdhulp" in answer.out
    assert "8.1 Een toekomstbestendig jeugdstelsel" in answer.out


def test_formats_of_rows(sdkg: Call) -> None:
    rows = list(csv.DictReader(io.StringIO(sdkg(*QUESTION, "--format", "csv").out)))
    assert [row["doel"] for row in rows] == [GOAL]
    assert GOAL in sdkg(*QUESTION, "--format", "tsv").out
    bindings = json.loads(sdkg(*QUESTION, "--format", "json").out)["results"]["bindings"]
    assert [binding["doel"]["value"] for binding in bindings] == [GOAL]
    xml = ElementTree.fromstring(sdkg(*QUESTION, "--format", "xml").out)  # noqa: S314 (our own output)
    assert len(xml.findall(".//{*}result")) == 1
    markdown = sdkg(*QUESTION, "--format", "markdown").out.splitlines()
    assert markdown[0].startswith("| doel")
    assert set(markdown[1]) <= set("|:- ")


def test_list_and_help_of_queries(sdkg: Call) -> None:
    listed = sdkg("query")
    assert "doelen-op-wet-en-partner" in listed.out
    assert "Welke doelen steunen op een wet" in listed.out
    for path in (ROOT / "queries").glob("*.rq"):
        assert path.stem in listed.out
    help_text = sdkg("query", "doelen-op-wet-en-partner", "--help").out
    assert "--wet" in help_text
    assert "Example:" in help_text


@pytest.mark.parametrize("command", ["build", "validate", "query", "sparql", "show", "export"])
def test_every_command_has_help_with_an_example(sdkg: Call, command: str) -> None:
    answer = sdkg(command, "--help")
    assert answer.code == 0
    assert "Example" in answer.out
    assert f"sdkg {command}" in answer.out


WRONG = {
    "unknown command": (["bild"], "Did you mean 'build'?"),
    "unknown query": (["query", "doelen-op-wet"], "Did you mean doelen-op-wet-en-partner or"),
    "missing parameter": (["query", "doelen-op-wet-en-partner", "--wet", "Participatiewet"], "'partner'"),
    "unknown parameter": ([*QUESTION, "--gemeente", "x"], "--gemeente"),
    "slip in a name": (["query", "doelen-op-wet-en-partner", "--wet", "Partisipatiewet", "--partner", "STIP"],
                       "Did you mean:\n  wet:participatiewet"),
    "wrong choice": ([*QUESTION, "--niveau", "alles"], "use gesteld, geerfd, plan"),
    "wrong format": ([*QUESTION, "--format", "xls"], "'xls' is not one of"),
    "broken sparql": (["sparql", "SELECT * {"], "line 1, column 11: the query ends too soon"),
    "unknown sparql prefix": (["sparql", "SELECT * { ?x nix:a ?y }"], "line 1"),
    "update": (["sparql", "INSERT DATA { <urn:a> <urn:b> 1 }"], "The store is read-only"),
    "no sparql": (["sparql"], "Give one query"),
    "missing file": (["sparql", "-f", "niets.rq"], "niets.rq: no such file"),
    "wrong graph format": (["sparql", "ASK {}", "--format", "turtle-ish"], "is not one of"),
    "rows as a graph": (["sparql", "SELECT * { ?s ?p 1 }", "--format", "turtle"], "no format 'turtle'"),
    "a graph as rows": (["sparql", "DESCRIBE <urn:a>", "--format", "csv"], "no format 'csv'"),
    "unknown thing": (["show", "Partisipatiewet"], "Did you mean"),
    "unknown plan": (["export", "--plan", "heerde-2023"], "heerde-2022"),
    "missing data file": (["validate", "niets.ttl"], "niets.ttl: no such file"),
    "two missing data files": (["validate", "niets.ttl", "nergens.ttl"], "niets.ttl: no such file"),
    "a folder as file": (["validate", "tests"], "this is a folder"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_wrong_use(sdkg: Call, case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    arguments, message = WRONG[case]
    answer = sdkg(*arguments)
    assert answer.code == 2
    assert message in answer.err
    assert answer.out == ""


def test_no_such_project(sdkg: Call, tmp_path: Path) -> None:
    answer = sdkg("build", project=tmp_path / "niets")
    assert (answer.code, answer.out) == (2, "")
    assert "does not exist" in answer.err


def test_every_query_form(sdkg: Call) -> None:
    assert "Participatiewet" in sdkg("sparql", "SELECT ?l { wet:participatiewet skos:prefLabel ?l }").out
    assert sdkg("sparql", "ASK { wet:participatiewet a sd:Wet }").out == "true\n"
    assert sdkg("sparql", "ASK { wet:participatiewet a sd:Doel }").out == "false\n"
    assert json.loads(sdkg("sparql", "ASK {}", "--format", "json").out)["boolean"] is True
    described = sdkg("sparql", "DESCRIBE wet:participatiewet").out
    assert "wet:participatiewet\n    a " in described
    constructed = sdkg("sparql", "CONSTRUCT WHERE { wet:participatiewet sd:bwbId ?id }", "--format", "nt").out
    assert constructed.count("\n") == 1


def test_a_term_the_ontology_lacks_is_noted(sdkg: Call) -> None:
    answer = sdkg("sparql", "SELECT ?x { ?x a sd:Dole }")
    assert answer.code == 0
    assert "the ontology has no sd:Dole" in answer.err


def test_show(sdkg: Call) -> None:
    text = sdkg("show", "wet werk en bijstand").out
    assert text.startswith("Participatiewet\n<https://w3id.org/sociaal-domein/id/wet/participatiewet>")
    assert "8.3 Een houdbaar stelsel voor de Participatiewet" in text
    assert "~ rdf:type  sd:Grondslag" in text
    assert json.loads(sdkg("show", "Participatiewet", "--format", "json").out)["label"] == "Participatiewet"


def test_output_goes_whole_into_a_file(sdkg: Call, tmp_path: Path) -> None:
    target = tmp_path / "uit.csv"
    answer = sdkg(*QUESTION, "--format", "csv", "-o", str(target))
    assert (answer.code, answer.out) == (0, "")
    assert GOAL in target.read_text()
    assert [path.name for path in tmp_path.iterdir()] == ["uit.csv"]
    answer = sdkg(*QUESTION, "-o", str(tmp_path / "geen" / "map.csv"))
    assert answer.code == 2
    assert "cannot be written" in answer.err


def test_export_of_a_plan(sdkg: Call) -> None:
    data = sdkg("export", "--plan", "heerde-2022").out
    assert data.encode() == (ROOT / "instances" / "heerde" / "heerde-2022.ttl").read_bytes()


def test_validate_says_what_and_how(sdkg: Call, tmp_path: Path) -> None:
    text = (ROOT / "instances" / "heerde" / "heerde-2022.ttl").read_text()
    broken = tmp_path / "heerde-2022.ttl"
    broken.write_text(text.replace("    sd:bwbId", "").replace("sd:metingsoort waarde:nulmeting ;\n", "", 1))
    answer = sdkg("validate", str(broken))
    assert answer.code == 1
    assert "Violation" in answer.out
    assert "1 violations" in answer.out
    assert sdkg("validate", str(broken), "--lang", "en").code == 1
    assert sdkg("validate", str(ROOT / "instances" / "heerde" / "heerde-2022.ttl")).code == 0


def test_a_file_that_does_not_parse_is_unreadable_input(sdkg: Call, tmp_path: Path) -> None:
    broken = tmp_path / "stuk.ttl"
    broken.write_text('wet:x skos:prefLabel "open .\n')
    answer = sdkg("validate", str(broken))
    assert answer.code == 2
    assert "stuk.ttl:1:" in answer.out
    assert "Traceback" not in answer.out + answer.err
    assert sdkg("validate", str(broken), "--fail-on", "never").code == 0


def test_a_changed_file_is_noted(sdkg: Call, own_project: Path) -> None:
    plan = own_project / "instances" / "heerde" / "heerde-2022.ttl"
    assert sdkg("build", "--quiet", project=own_project).code == 0
    assert sdkg("query", "wetten", project=own_project).err == ""
    plan.write_text(plan.read_text() + "# een opmerking\n")
    assert "heerde-2022.ttl changed since" in sdkg("query", "wetten", project=own_project).err


def test_as_a_module() -> None:
    done = subprocess.run([PYTHON, "-m", "sdkg", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("sdkg, version ")


def test_a_closed_pipe_is_no_error(project: Path) -> None:
    command = f"{PYTHON} -m sdkg export --format nt --project {project} | head -1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False
    )
    assert done.stdout.startswith("<http")
    assert "Traceback" not in done.stderr
