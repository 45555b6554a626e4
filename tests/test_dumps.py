"""Dumps: every syntax holds the same, the bytes never change by themselves, and nothing is half written."""

from __future__ import annotations

import gzip
import hashlib
import os
import subprocess
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from sdkg.errors import InputError, ProjectError
from sdkg.export import export
from sdkg.namespaces import BASE
from sdkg.project import Project
from sdkg.publication import dumps as module
from sdkg.publication.composing import compose
from sdkg.publication.dumps import Dumps
from sdkg.publication.parts import ALL, SYNTAXES, parts
from tests.paths import PYTHON, ROOT


@pytest.fixture(scope="module")
def written(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dumps") / "out"
    Dumps(Project.at(project)).write(folder)
    return folder


def triples(data: bytes, name: str) -> set[ox.Triple]:
    syntax = ox.RdfFormat.from_extension(name.rpartition(".")[2])
    assert syntax is not None
    dataset = ox.Dataset(ox.Quad(q.subject, q.predicate, q.object) for q in ox.parse(data, format=syntax))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {quad.triple for quad in dataset}


def test_every_part_has_every_file(written: Path, project: Path) -> None:
    names = {part.name for part in parts(Project.at(project))}
    assert {"alles", "heerde-2022", "referentie", "ontologie", "shapes", "queries"} <= names
    expected = {f"{name}.{s.ending}{gz}" for name in names for s in SYNTAXES for gz in ("", ".gz")}
    assert {path.name for path in written.iterdir()} == expected


@pytest.mark.parametrize("part", ["alles", "heerde-2022", "shapes", "queries"])
def test_every_syntax_holds_the_same(written: Path, part: str) -> None:
    found = [triples((written / f"{part}.{s.ending}").read_bytes(), f".{s.ending}") for s in SYNTAXES]
    assert found[0]
    assert all(one == found[0] for one in found[1:])


def test_the_whole_is_what_export_gives(written: Path, project: Path) -> None:
    whole = triples(export(Project.at(project), "nt"), ".nt")
    assert triples((written / "alles.nt").read_bytes(), ".nt") == whole


def test_a_plan_is_its_file(written: Path) -> None:
    truth = (ROOT / "instances" / "heerde" / "heerde-2022.ttl").read_bytes()
    assert (written / "heerde-2022.ttl").read_bytes() == truth


def test_sizes_and_checksums_are_those_of_the_files(written: Path, project: Path) -> None:
    records = Dumps(Project.at(project)).records()
    told = {name: dump for record in records.values() for name, dump in record.files.items()}
    assert told.keys() == {path.name for path in written.iterdir()}
    for path in written.iterdir():
        data = path.read_bytes()
        assert (told[path.name].size, told[path.name].sha256) == (len(data), hashlib.sha256(data).hexdigest())
        if path.suffix == ".gz":
            assert gzip.decompress(data) == path.with_suffix("").read_bytes()
            assert data[4:8] == bytes(4)  # no time in it


def test_the_bytes_are_the_same_in_another_process(own_project: Path, tmp_path: Path) -> None:
    """Two builds from nothing, with another order of sets and dicts, give the same files."""
    sums = []
    for seed in ("1", "2"):
        folder = tmp_path / seed
        code = (
            "import shutil; from pathlib import Path; from sdkg.project import Project;"
            f"from sdkg.publication.dumps import Dumps; project = Project.at({str(own_project)!r});"
            "shutil.rmtree(project.store_folder / 'dumps', ignore_errors=True);"
            f"Dumps(project).write(Path({str(folder)!r}))"
        )
        subprocess.run([PYTHON, "-c", code], cwd=ROOT, check=True, env={**os.environ, "PYTHONHASHSEED": seed})
        sums.append({p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()})
    assert sums[0] == sums[1]


def test_only_what_changed_is_made_again(own_project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = Project.at(own_project)
    Dumps(project).records()
    made: list[str] = []
    real = Dumps._save

    def save(self: Dumps, part: str, *rest: Any) -> object:
        made.append(part)
        return real(self, part, *rest)

    monkeypatch.setattr(Dumps, "_save", save)
    Dumps(project).records()
    assert made == []
    plan = project.plan_files[0]
    plan.write_text(plan.read_text("utf-8").replace("Kaderdocument", "Ander document", 1), "utf-8")
    Dumps(project).records()
    assert set(made) == {"heerde-2022", ALL}


def test_what_another_writer_kept_is_not_used(own_project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = Project.at(own_project)
    before = Dumps(project).records()[ALL].key
    monkeypatch.setattr(module, "_writer", lambda: "a later version")
    assert Dumps(project).records()[ALL].key != before


def test_what_was_kept_and_is_damaged_is_made_again(own_project: Path) -> None:
    dumps = Dumps(Project.at(own_project))
    before = dumps.records()
    dump, path = dumps.find("heerde-2022.nt")
    path.unlink()
    for record in dumps.folder.glob("referentie-*.json"):
        record.write_text("{", "utf-8")
    assert dumps.records() == before
    assert len(gzip.decompress(path.read_bytes())) == dump.size


def test_a_write_that_fails_leaves_what_was_there(
    own_project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dumps, folder = Dumps(Project.at(own_project)), tmp_path / "out"
    dumps.write(folder)
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Dumps, "_copy", fail)
    with pytest.raises(InputError, match="No space"):
        dumps.write(folder)
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def test_a_folder_with_other_things_is_left_alone(own_project: Path, tmp_path: Path) -> None:
    (tmp_path / "brief.docx").write_text("van mij")
    with pytest.raises(InputError, match=r"brief\.docx"):
        Dumps(Project.at(own_project)).write(tmp_path)
    assert (tmp_path / "brief.docx").read_text() == "van mij"


def test_a_dump_of_a_plan_that_is_gone_goes_too(own_project: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "oud-2010.ttl").write_text("")
    Dumps(Project.at(own_project)).write(folder)
    assert not (folder / "oud-2010.ttl").exists()


def test_blank_nodes_of_two_plans_stay_two(own_project: Path) -> None:
    for name in ("een-2020", "twee-2020"):
        path = own_project / "instances" / "heerde" / f"{name}.ttl"
        path.write_text(f"<{BASE}id/{name}> <urn:heeft> [ <urn:naam> '{name}' ] .", "utf-8")
    dumps = Dumps(Project.at(own_project))
    dumps.records()
    for syntax in SYNTAXES:
        found = triples(
            gzip.decompress(dumps.find(f"alles.{syntax.ending}")[1].read_bytes()), f".{syntax.ending}"
        )
        nodes = {t.object for t in found if t.predicate.value == "urn:heeft"}
        assert len(nodes) == 2, syntax.ending


def test_under_another_base(own_project: Path) -> None:
    dumps = Dumps(Project.at(own_project), "https://heerde.example/")
    for ending in ("ttl", "rdf"):
        data = gzip.decompress(dumps.find(f"heerde-2022.{ending}")[1].read_bytes())
        assert b"https://heerde.example/id/heerde-2022" in data
        assert BASE not in "".join(map(str, triples(data, f".{ending}")))


@pytest.mark.parametrize(
    "name", ["niets.ttl", "alles", "alles.csv", "../../x.ttl", "alles.ttl.gz.gz", ".ttl"]
)
def test_what_is_no_dump(project: Path, name: str) -> None:
    with pytest.raises(ProjectError):
        Dumps(Project.at(project)).find(name)


@pytest.mark.parametrize(("format", "empty"), [("jsonld", b"[]"), ("rdfxml", b""), ("nt", b"")])
def test_nothing_composed_is_nothing(format: str, empty: bytes) -> None:  # noqa: A002
    assert b"".join(compose([], format)) == empty
