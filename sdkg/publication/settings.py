"""What a publisher says of itself: `sdkg.toml` in the folder of the project. All else comes from the data.

[catalogus]
uitgever = "https://identifier.overheid.nl/tooi/id/gemeente/gm0246"
naam = "Gemeente Heerde"
email = "opendata@heerde.example"

[[ingetrokken]]
plan = "heerde-2017"
titel = "Kadernota sociaal domein 2017-2021"
gemeente = "heerde"
datum = 2022-01-01
reden = "Opgevolgd door het kaderdocument van 2022."
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from sdkg.errors import InputError, Place, ProjectError
from sdkg.namespaces import EU
from sdkg.project import Project
from sdkg.reading import read_text

FILE = "sdkg.toml"
_Table = TypeVar("_Table")


@dataclass(frozen=True)
class Withdrawn:
    """A plan that was published once and is no more: its slug, title, municipality, and when and why it went.

    `gemeente` is the last part of the municipality's IRI, as in `instances/referentie/gemeenten.ttl`.
    """

    plan: str
    titel: str
    gemeente: str
    datum: date
    reden: str
    reden_en: str = ""


@dataclass(frozen=True)
class Publisher:
    """The table `[catalogus]`. What is left out is taken from the data, or left out of the catalogue.

    Attributes:
        uitgever: IRI of who publishes, preferably its TOOI URI; else the publisher of the ontology, and of a
            plan the municipality that made it.
        naam: its name; needed with `uitgever`.
        soort: its kind, of the list `http://purl.org/adms/publishertype/`; that of a municipality is known.
        titel: title of the catalogue.
        titel_en: the same in English.
        contact: name of who answers questions.
        email: its e-mail address; data.overheid.nl asks for one.
        telefoon: its telephone number; data.overheid.nl asks for one.
        contactpagina: address of a page with a contact form.
        licentie: IRI of the licence of everything published.
        frequentie: code of the EU frequency list, as `IRREG` or `ANNUAL`.
        uitgegeven: first day of publication; else that of the ontology.
        gewijzigd: last day of change; else that of the ontology.
        basis_url: where the project is served, if not at the address of its IRIs.
    """

    uitgever: str = ""
    naam: str = ""
    soort: str = "NonProfitOrganisation"
    titel: str = ""
    titel_en: str = ""
    contact: str = ""
    email: str = ""
    telefoon: str = ""
    contactpagina: str = ""
    licentie: str = EU + "licence/CC0"
    frequentie: str = "IRREG"
    uitgegeven: date | None = None
    gewijzigd: date | None = None
    basis_url: str = ""


@dataclass(frozen=True)
class Settings:
    """What `sdkg.toml` says; all of it may be left out."""

    publisher: Publisher = Publisher()
    withdrawn: tuple[Withdrawn, ...] = ()


def load_settings(project: Project) -> Settings:
    """The settings of a project; the defaults if it has no `sdkg.toml`.

    Raises:
        InputError: the file cannot be read, or is no TOML.
        ProjectError: it has a key that does not exist, lacks one, or a value of the wrong kind.

    Example:
        >>> load_settings(Project.at("tests")).publisher.frequentie
        'IRREG'
    """
    path = project.root / FILE
    if not path.is_file():
        return Settings()
    try:
        raw = tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"no TOML: {error}.", Place(path)) from None
    _known(raw, ("catalogus", "ingetrokken"), path)
    publisher = _table(Publisher, raw.get("catalogus", {}), path)
    if publisher.uitgever and not publisher.naam:
        raise ProjectError(f"{path}: [catalogus] names an uitgever but not its naam.")
    gone = tuple(_table(Withdrawn, table, path) for table in raw.get("ingetrokken", []))
    _refuse_present(gone, project, path)
    return Settings(publisher, tuple(sorted(gone, key=lambda one: one.plan)))


def _refuse_present(gone: Iterable[Withdrawn], project: Project, path: Path) -> None:
    present = {file.stem for file in project.plan_files} & {one.plan for one in gone}
    if present:
        raise ProjectError(
            f"{path}: {', '.join(sorted(present))} is listed as withdrawn, but its file is still there. "
            "Remove the one or the other."
        )


def _table(cls: type[_Table], raw: Mapping[str, Any], path: Path) -> _Table:
    kinds = {field.name: str(field.type) for field in fields(cls)}  # type: ignore[arg-type]
    _known(raw, kinds, path)
    for key, value in raw.items():
        wanted = date if kinds[key].startswith("date") else str
        if not isinstance(value, wanted):
            what = "a date, as 2026-01-31" if wanted is date else "a text between quotes"
            raise ProjectError(f"{path}: {key} should be {what}.")
    try:
        return cls(**raw)
    except TypeError as error:
        missing = str(error).partition(": ")[2]
        raise ProjectError(f"{path}: a withdrawn plan needs {missing}.") from None


def _known(raw: Iterable[str], keys: Iterable[str], path: Path) -> None:
    known = list(keys)
    for key in raw:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"Known are {', '.join(known)}."
            raise ProjectError(f"{path}: there is no key '{key}'. {hint}")
