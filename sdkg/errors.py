"""Everything that can go wrong, as one tree; no other module defines an exception class.

    SdkgError
    ├── InputError              a file cannot be read: not there, not UTF-8, no RDF (ValueError)
    ├── ProjectError            a folder is not what the command needs (ValueError)
    ├── QueryError              a query is unknown, faulty, or names a term that does not exist (ValueError)
    │   ├── UnknownQueryError
    │   └── ParameterError      a parameter is missing, unknown or of the wrong kind
    ├── NameLookupError         a name leads to nothing, or to more than one thing (LookupError)
    │   ├── UnknownNameError
    │   └── AmbiguousNameError
    ├── NotConformingError      the data break a rule that must hold; the store is left as it was (ValueError)
    ├── StoreError              the store is missing, busy or unreadable (RuntimeError)
    ├── EndpointError           a server cannot be reached, or refuses (RuntimeError)
    ├── DeadlineError           there was no answer in time (TimeoutError)
    ├── ProblemError            what a client of the server is told, with its HTTP status
    ├── FaultError              where a Turtle text goes wrong; told as a finding
    ├── UnsupportedAxiomError   the ontology says something the rules cannot do (ValueError)
    ├── UnsupportedShapeError   a shape asks what only the reference engine can check; it then does
    └── MissingExtraError       an optional package is not installed (ImportError)

The command line ends with code 1 for `NotConformingError` and with code 2 for all others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sdkg.positions import Fault


class SdkgError(Exception):
    """The root of the tree: catch it to catch all."""

    exit_code = 2


@dataclass(frozen=True)
class Place:
    """A place in a file. Lines and columns count from 1; `None` where there is none to give."""

    path: Path | None
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        parts = [str(self.path) if self.path else "<input>", self.line, self.column]
        return ":".join(str(part) for part in parts if part is not None)


class InputError(SdkgError, ValueError):
    """A file or text cannot be read. Says where, what is wrong, and what to do."""

    def __init__(self, message: str, place: Place, hint: str = "") -> None:
        self.place, self.message, self.hint = place, message, hint
        super().__init__(f"{place}: {message}" + (f" {hint}" if hint else ""))

    def __reduce__(self) -> tuple[type[InputError], tuple[str, Place, str]]:
        """Survive the way back from another process, where files are validated in parallel."""
        return InputError, (self.message, self.place, self.hint)


class ProjectError(SdkgError, ValueError):
    """A folder is not what the command needs."""


class QueryError(SdkgError, ValueError):
    """A query is faulty: its header, its SPARQL, or a term it names. `place` is where, if that is known."""

    place: Place | None = None


class UnknownQueryError(QueryError):
    """There is no saved query of that name."""


class ParameterError(QueryError):
    """A parameter is missing, unknown, or its value is of the wrong kind."""


class NameLookupError(SdkgError, LookupError):
    """A name does not lead to exactly one thing. `candidates` are the IRIs to choose from."""

    def __init__(self, message: str, candidates: Sequence[str] = ()) -> None:
        self.candidates = tuple(candidates)
        super().__init__(message)


class UnknownNameError(NameLookupError):
    """Nothing has that name; `candidates` are the nearest."""


class AmbiguousNameError(NameLookupError):
    """More than one thing has that name."""


class NotConformingError(SdkgError, ValueError):
    """The data break a rule that must hold; what was there before still stands."""

    exit_code = 1


class StoreError(SdkgError, RuntimeError):
    """The store is missing, busy or unreadable."""


class EndpointError(SdkgError, RuntimeError):
    """A server cannot be reached, refuses, or is not what it should be."""


class DeadlineError(SdkgError, TimeoutError):
    """There was no answer in time."""


class ProblemError(SdkgError):
    """What a client of the server is told (RFC 9457): status, title, detail, and more members.

    `headers` go with the answer, as `Retry-After` does.
    """

    def __init__(
        self,
        status: int,
        title: str,
        detail: str = "",
        /,
        headers: Sequence[tuple[str, str]] = (),
        **members: object,
    ) -> None:
        self.status, self.title, self.detail = status, title, detail
        self.headers, self.members = tuple(headers), members
        super().__init__(f"{title}. {detail}".strip())


class UnsupportedAxiomError(SdkgError, ValueError):
    """The ontology says something that the rules cannot infer completely."""


class UnsupportedShapeError(SdkgError, ValueError):
    """A shape asks something that is not compiled; the reference engine checks it."""


class MissingExtraError(SdkgError, ImportError):
    """An optional package is not installed; the message names the command that installs it."""


class FaultError(SdkgError):
    """A Turtle text ends to be one here; `fault` is a `sdkg.positions.Fault`. Never leaves that module."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(str(fault))
