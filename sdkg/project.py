"""Where things are: the folders of a project, and what ships with the package for what a project lacks."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sdkg.errors import ProjectError
from sdkg.namespaces import GRAPH, INFERRED
from sdkg.reading import digest

PARTS = ("ontology", "shapes", "instances", "queries")
REFERENCE = "referentie"


@dataclass(frozen=True)
class Project:
    """A folder with any of `ontology/`, `shapes/`, `instances/` and `queries/`.

    What is missing is taken from what ships with the package, so that a municipality can keep just its own
    `instances/`. Plans of a municipality's own folder use the shipped reference data unless the folder has
    an `instances/referentie/` of its own.

    Example:
        >>> Project.at(".").part("ontology").name
        'ontology'
    """

    root: Path

    @classmethod
    def at(cls, root: str | Path = ".") -> Project:
        """The project in a folder.

        Raises:
            ProjectError: the folder does not exist, or is a file.
        """
        path = Path(root)
        if not path.is_dir():
            what = "is a file" if path.exists() else "does not exist"
            raise ProjectError(f"{path}: the project folder {what}. Name a folder with --project.")
        return cls(path)

    def part(self, name: str) -> Path:
        """The folder of a part: the project's own, or the shipped one."""
        own = self.root / name
        return own if own.is_dir() else shipped() / name

    @cached_property
    def ontology_files(self) -> list[Path]:
        """The ontology, first, and the alignments."""
        folder = self.part("ontology")
        return sorted(folder.glob("*.ttl")) + sorted((folder / "alignments").glob("*.ttl"))

    @cached_property
    def core_ontology(self) -> Path:
        """The file that holds the ontology itself."""
        return self.part("ontology") / "sociaal-domein.ttl"

    @cached_property
    def shape_files(self) -> list[Path]:
        """The files with SHACL shapes."""
        return sorted(self.part("shapes").glob("*.ttl"))

    @cached_property
    def reference_files(self) -> list[Path]:
        """The files with what plans share."""
        own = self.part("instances") / REFERENCE
        return sorted((own if own.is_dir() else shipped() / "instances" / REFERENCE).glob("*.ttl"))

    @cached_property
    def plan_files(self) -> list[Path]:
        """The files with a plan, in the order of their paths."""
        folder = self.part("instances")
        return sorted(p for p in folder.rglob("*.ttl") if p.relative_to(folder).parts[0] != REFERENCE)

    @cached_property
    def query_files(self) -> dict[str, Path]:
        """The files of the saved queries, by name."""
        return {path.stem: path for path in sorted(self.part("queries").glob("*.rq"))}

    @cached_property
    def store_folder(self) -> Path:
        """Where the store of this project lives.

        `.sdkg/` in the project if it has parts of its own; else in the user's cache folder, so that asking
        the shipped plans a question leaves nothing behind in the current folder.
        """
        if any((self.root / name).is_dir() for name in PARTS):
            return self.root / ".sdkg"
        cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        return Path(cache) / "sdkg" / digest(os.fsencode(shipped().resolve()))[:12]

    def data_files(self) -> Iterator[Path]:
        """Every file that goes into the store: ontology, alignments, reference data, plans."""
        yield from self.ontology_files
        yield from self.reference_files
        yield from self.plan_files

    def graph_of(self, path: Path) -> str:
        """The IRI of the named graph of a data file.

        Example:
            >>> Project.at(".").graph_of(Path("instances/heerde/heerde-2022.ttl"))
            'https://w3id.org/sociaal-domein/graph/instances/heerde/heerde-2022'
        """
        for base in (self.root, shipped()):
            if path.is_relative_to(base):
                return GRAPH + path.relative_to(base).with_suffix("").as_posix()
        return GRAPH + path.stem

    def name_of(self, path: Path) -> str:
        """A file as people know it: relative to the project or to what ships with it.

        Example:
            >>> Project.at(".").name_of(Path("queries/x.rq"))
            'queries/x.rq'
        """
        for base in (self.root, shipped()):
            if path.is_relative_to(base):
                return path.relative_to(base).as_posix()
        return path.as_posix()


def inferred_graph(plan: str) -> str:
    """The IRI of the graph with what is inferred for a plan (its file's stem), or for the reference data.

    Example:
        >>> inferred_graph("heerde-2022")
        'https://w3id.org/sociaal-domein/graph/afgeleid/heerde-2022'
    """
    return INFERRED + plan


def shipped() -> Path:
    """The folder with the parts that ship: `sdkg/_data` in a wheel, the repository in a checkout."""
    package = Path(__file__).parent
    packaged = package / "_data"
    return packaged if packaged.is_dir() else package.parent
