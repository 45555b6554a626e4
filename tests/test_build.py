"""`sdkg build`: incremental, atomic, and refusing what does not conform."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

import sdkg
from sdkg.builder import build
from sdkg.errors import InputError, NotConformingError, ProjectError, StoreError
from sdkg.graph import KnowledgeGraph
from sdkg.project import Project
from sdkg.store import current
from tests.paths import PYTHON, ROOT

PLAN = Path("instances/heerde/heerde-2022.ttl")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def goals(project: Project) -> int:
    answer = KnowledgeGraph(project).sparql("SELECT ?x { ?x a sd:Doel }")
    assert isinstance(answer, sdkg.Result)
    return len(answer)


def test_a_second_build_does_nothing(own_project: Path) -> None:
    project = Project.at(own_project)
    build(project)
    generation = current(project.store_folder)
    assert not build(Project.at(own_project)).changed
    assert current(project.store_folder) == generation


def test_only_what_changed_is_done_again(own_project: Path) -> None:
    build(Project.at(own_project))
    edit(own_project / PLAN, 'prefLabel "Kaderdocument', 'prefLabel "Het kaderdocument')
    plan = build(Project.at(own_project))
    assert (plan.parsed, plan.validated, plan.inferred) == (
        (PLAN.as_posix(),),
        (PLAN.as_posix(),),
        ("heerde-2022",),
    )
    shape = own_project / "shapes" / "aanbevolen.ttl"
    shape.write_text(shape.read_text() + "# een opmerking\n")
    shapes = build(Project.at(own_project))
    assert (shapes.parsed, shapes.inferred) == ((), ())
    assert set(shapes.validated) == {"referentie", PLAN.as_posix()}
    ontology = own_project / "ontology" / "sociaal-domein.ttl"
    ontology.write_text(ontology.read_text() + "# een opmerking\n")
    redone = build(Project.at(own_project))
    assert redone.parsed == ("ontology/sociaal-domein.ttl",)
    assert set(redone.inferred) == {"referentie", "heerde-2022"}
    assert len(redone.validated) == 2


def test_a_removed_plan_leaves_no_trace(own_project: Path) -> None:
    folder = own_project / "instances" / "elders"
    folder.mkdir()
    text = re.sub(r"(?<![-\w])heerde-2022(?![-\w])", "elders-2022", (own_project / PLAN).read_text())
    (folder / "elders-2022.ttl").write_text(text)
    build(Project.at(own_project))
    both = goals(Project.at(own_project))
    shutil.rmtree(folder)
    result = build(Project.at(own_project))
    assert result.removed == ("instances/elders/elders-2022.ttl",)
    assert goals(Project.at(own_project)) * 2 == both
    answer = KnowledgeGraph(Project.at(own_project)).sparql(
        'ASK { GRAPH ?g { ?s ?p ?o } FILTER(CONTAINS(STR(?g), "elders")) }'
    )
    assert not answer


def test_violations_leave_the_store_as_it_was(own_project: Path) -> None:
    build(Project.at(own_project))
    before = goals(Project.at(own_project))
    edit(own_project / PLAN, "a sd:Doel ;", "a sd:Doel ; sd:voorDoelgroepp doelgroep:ouderen ;")
    with pytest.raises(NotConformingError, match="The store is left as it was") as caught:
        build(Project.at(own_project))
    assert "sd:voorDoelgroepp" in str(caught.value)
    assert goals(Project.at(own_project)) == before


def test_all_unreadable_files_are_named(own_project: Path) -> None:
    (own_project / PLAN).write_text("@prefix x: <urn:x> .\nx:a x:b .\n")
    (own_project / "instances" / "referentie" / "wetten.ttl").write_bytes(b"\xff")
    with pytest.raises(InputError, match="2 files cannot be read") as caught:
        build(Project.at(own_project))
    assert "heerde-2022.ttl:2:" in str(caught.value)
    assert "wetten.ttl:1:1" in str(caught.value)


def test_without_a_store(own_project: Path) -> None:
    shutil.rmtree(own_project / ".sdkg")
    with pytest.raises(StoreError, match="Run 'sdkg build'"):
        KnowledgeGraph(Project.at(own_project))
    told: list[str] = []
    assert sdkg.load(own_project, told.append).find("Participatiewet")
    assert "reading ontology/sociaal-domein.ttl" in told
    assert "writing the store" in told


def test_two_plans_of_one_name(own_project: Path) -> None:
    folder = own_project / "instances" / "elders"
    folder.mkdir()
    shutil.copy(own_project / PLAN, folder)
    with pytest.raises(ProjectError, match="two plans of the same name"):
        build(Project.at(own_project))


def test_no_plan(tmp_path: Path) -> None:
    (tmp_path / "instances").mkdir()
    with pytest.raises(ProjectError, match="no plan"):
        build(Project.at(tmp_path))


def test_own_instances_are_enough(tmp_path: Path) -> None:
    """A municipality keeps its own instances; ontology, shapes, queries and reference data ship."""
    folder = tmp_path / "instances" / "heerde"
    folder.mkdir(parents=True)
    shutil.copy(ROOT / PLAN, folder)
    graph = sdkg.load(tmp_path)
    assert len(graph.query("wetten")) > 5
    assert (tmp_path / ".sdkg").is_dir()


def test_killed_at_any_moment_the_last_store_answers(own_project: Path) -> None:
    project = Project.at(own_project)
    build(project)
    before = goals(project)
    for wait in (0.3, 0.8, 1.5, 3.0):
        edit(own_project / PLAN, "@prefix dct:", f"# {wait}\n@prefix dct:")
        process = subprocess.Popen(
            [PYTHON, "-m", "sdkg", "build", "--quiet", "--project", str(own_project)], cwd=ROOT
        )
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert goals(Project.at(own_project)) == before
    assert build(Project.at(own_project)).parsed == (PLAN.as_posix(),)
    assert len(list((project.store_folder / "generations").iterdir())) <= 2


def test_readers_are_not_disturbed(own_project: Path) -> None:
    project = Project.at(own_project)
    build(project)
    reader = KnowledgeGraph(project)
    before = reader.query("wetten").write("csv")
    edit(own_project / PLAN, "a sd:Doel ;", 'a sd:Doel ;\n    skos:altLabel "iets anders"@nl ;')
    build(Project.at(own_project))
    assert reader.query("wetten").write("csv") == before
    answer = KnowledgeGraph(project).sparql('ASK { ?x skos:altLabel "iets anders"@nl }')
    assert answer


def test_inferences_are_apart_and_never_validated(graph: sdkg.KnowledgeGraph) -> None:
    inferred = graph.sparql(
        "SELECT ?g (COUNT(*) AS ?n) "
        '{ GRAPH ?g { ?s ?p ?o } FILTER(CONTAINS(STR(?g), "/afgeleid/")) } GROUP BY ?g'
    )
    assert isinstance(inferred, sdkg.Result)
    names = {str(row["g"]).rpartition("/")[2] for row in inferred}
    assert names == {"referentie"} | {path.stem for path in Project.at(ROOT).plan_files}
    stated = graph.sparql(
        'ASK { GRAPH ?g { ?x sd:erftSteunOp ?y } FILTER(!CONTAINS(STR(?g), "/afgeleid/")) }'
    )
    assert not stated


def test_store_of_shipped_data_is_in_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    empty = tmp_path / "leeg"
    empty.mkdir()
    assert Project.at(empty).store_folder.is_relative_to(tmp_path / "cache")
    assert not list(empty.iterdir())
