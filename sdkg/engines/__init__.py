"""Engines: what a question can be put to. All speak SPARQL 1.1 and give answers in the same form.

embedded   Oxigraph in this process, over the store that a build made: what is used unless told otherwise
memory     rdflib, in memory: the reference
endpoint   any SPARQL 1.1 endpoint, through SPARQLWrapper
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Protocol

import pyoxigraph as ox

from sdkg.binding import tokens
from sdkg.errors import QueryError
from sdkg.namespaces import PREFIXES
from sdkg.reading import Term

Answer = ox.QuerySolutions | ox.QueryBoolean | Iterable[ox.Triple]
"""The answer to SELECT, to ASK, and to CONSTRUCT and DESCRIBE."""

NO_VALUES: Mapping[str, Term] = MappingProxyType({})


class Engine(Protocol):
    """What a question can be put to."""

    name: str

    def query(self, text: str, values: Mapping[str, Term] = NO_VALUES, unset: Collection[str] = ()) -> Answer:
        """The answer to a query over all graphs together.

        Args:
            text: SPARQL 1.1; the prefixes of the project need no PREFIX.
            values: term by name of the parameter.
            unset: the parameters that were not given.

        Raises:
            QueryError: the query is faulty, or the engine cannot or will not answer it.
            EndpointError: the endpoint cannot be reached, or refuses.
            DeadlineError: the endpoint did not answer in time.
        """

    def quads(self, s: Term | None, p: ox.NamedNode | None, o: Term | None) -> Iterable[ox.Quad]:
        """The statements of a pattern, with the graphs that hold them; `None` stands for anything."""


def select(engine: Engine, text: str, values: Mapping[str, Term] = NO_VALUES) -> ox.QuerySolutions:
    """The answer of an engine to a query that is known to be a SELECT."""
    answer = engine.query(text, values)
    assert isinstance(answer, ox.QuerySolutions)  # noqa: S101
    return answer


def with_prefixes(text: str) -> str:
    """A query with a PREFIX line for each prefix of the project that it uses and does not declare.

    Example:
        >>> with_prefixes("ASK { ?plan a sd:Beleidsplan }").splitlines()[0]
        'PREFIX sd: <https://w3id.org/sociaal-domein/def#>'
    """
    names = [token.text for token in tokens(text) if token.kind == "name"]
    used = {name.partition(":")[0] for name in names}
    declared = set(re.findall(r"PREFIX\s+([\w-]*):\s*<", text, re.IGNORECASE))
    lines = [
        f"PREFIX {prefix}: <{PREFIXES[prefix]}>" for prefix in sorted(used - declared) if prefix in PREFIXES
    ]
    return "\n".join([*lines, text])


def refuse_outside(text: str, words: Collection[str]) -> None:
    """Refuse a query that would make the engine fetch from elsewhere.

    Raises:
        QueryError: a word of `words` (as SERVICE) stands in the query as a keyword; names line and column.
    """
    for token in tokens(text):
        if token.kind == "word" and token.text.upper() in words:
            line = text.count("\n", 0, token.start) + 1
            column = token.start - (text.rfind("\n", 0, token.start) + 1) + 1
            raise QueryError(
                f"The query is refused at line {line}, column {column}: {token.text.upper()} would fetch "
                "from elsewhere. Ask that endpoint itself, with --endpoint."
            )
