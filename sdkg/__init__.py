"""The knowledge graph of Dutch municipal social policy.

Example:
    >>> import sdkg
    >>> graph = sdkg.load()
    >>> rows = graph.query("doelen-op-wet-en-partner", wet="Participatiewet", partner="STIP")
    >>> rows.columns[0]
    'doel'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from sdkg.builder import BuildResult, build
    from sdkg.errors import SdkgError
    from sdkg.graph import KnowledgeGraph, load
    from sdkg.project import Project
    from sdkg.results import Result
    from sdkg.rows import IRI, Row
    from sdkg.validation import Finding, Report, validate

__all__ = [
    "IRI",
    "BuildResult",
    "Finding",
    "KnowledgeGraph",
    "Project",
    "Report",
    "Result",
    "Row",
    "SdkgError",
    "__version__",
    "build",
    "load",
    "validate",
]

_HOMES = {
    "IRI": "rows",
    "BuildResult": "builder",
    "Finding": "validation",
    "KnowledgeGraph": "graph",
    "Project": "project",
    "Report": "validation",
    "Result": "results",
    "Row": "rows",
    "SdkgError": "errors",
    "build": "builder",
    "load": "graph",
    "validate": "validation",
}


def __getattr__(name: str) -> object:
    """Import what is asked for when it is asked for: `import sdkg` alone costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'sdkg' has no attribute {name!r}")
    return getattr(import_module(f"sdkg.{_HOMES[name]}"), name)
