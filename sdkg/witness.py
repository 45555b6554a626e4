"""Which statements a row of a SELECT query rests on, for any query, without evidence written by hand.

Each solution comes with the triples that made it ("why-provenance": Buneman, Khanna and Tan 2001; Green,
Karvounarakis and Tannen 2007) and with the patterns whose absence it was tested for. A group rests on all its
members: a count on everything counted. This module loads rdflib.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox
from rdflib.plugins.sparql import prepareQuery
from rdflib.term import Identifier, Variable

from sdkg import algebra
from sdkg.algebra import Scope
from sdkg.derivation import Lookup, Term
from sdkg.errors import QueryError
from sdkg.namespaces import PREFIXES
from sdkg.solver import Gap, Solver, Used, order
from sdkg.walks import Walker, same, to_ox, to_rdflib

Pattern = tuple[Term | str, Term | str, Term | str]
"""A triple pattern with what was bound filled in; a string is a variable or a property path."""


@dataclass(frozen=True)
class Absent:
    """A pattern that matches nothing, which a row rests on.

    `sparql` is the pattern as SPARQL, with what was bound filled in; any of `alternatives` would have been a
    match, had it met the `conditions` (SPARQL too).
    """

    sparql: str
    alternatives: tuple[tuple[Pattern, ...], ...]
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Witness:
    """What one row rests on: triples, in the order of the query, and absent patterns.

    `ways` is how many solutions give this very row: each suffices, and this is the shortest.
    """

    triples: tuple[ox.Triple, ...]
    absent: tuple[Absent, ...]
    ways: int = 1


class Evaluator:
    """A SELECT query, parsed once, that says what its rows rest on.

    Args:
        text: the query; the prefixes of the project need no declaration.
        lookup: the statements.

    Raises:
        QueryError: the text is no SELECT query, or uses SERVICE.
    """

    def __init__(self, text: str, lookup: Lookup) -> None:
        try:
            query = prepareQuery(text, initNs=dict(PREFIXES))
        except Exception as error:
            raise QueryError(f"The query is faulty: {error}.") from None
        if query.algebra.name != "SelectQuery":
            raise QueryError("Only the rows of a SELECT query have reasons.")
        top = query.algebra.p
        self._top = top.p if top.name == "Slice" else top
        self._solver = Solver(top, query.prologue, Walker(lookup))

    def witness(self, row: Mapping[str, Term | None], given: Iterable[str] = ()) -> Witness:
        """What a row rests on.

        Args:
            row: the terms of a row by column; `None` where there is none.
            given: the columns that were parameters of the query.

        Returns:
            The shortest witness; the same one every time.

        Raises:
            QueryError: the query has no such row.
        """
        names = set(given)
        terms = {Variable(name): to_rdflib(term) for name, term in row.items() if term is not None}
        fixed: dict[Identifier, Identifier] = {v: t for v, t in terms.items() if str(v) in names}
        rest: dict[Identifier, Identifier] = {v: t for v, t in terms.items() if str(v) not in names}
        columns = [Variable(name) for name in row if name not in names]
        found = [
            used
            for solution, used in self._solver.solve(self._top, Scope(fixed, rest))
            if all(same(solution.get(column), terms.get(column)) for column in columns)
        ]
        if not found:
            shown = ", ".join(f"{name} {term}" for name, term in row.items() if term is not None)
            raise QueryError(f"The query has no such row: {shown}.")
        return self._result(min(found, key=order), len(found))

    def _result(self, used: Used, ways: int) -> Witness:
        triples = [item for item in used if isinstance(item, ox.Triple)]
        triples.sort(key=lambda triple: (self._solver.first.get(triple, 0), str(triple)))
        gaps = {self._absent(item) for item in used if isinstance(item, Gap) and item.tested}
        return Witness(tuple(triples), tuple(sorted(gaps, key=lambda gap: gap.sparql)), ways)

    def _absent(self, gap: Gap) -> Absent:
        node, bound = self._solver.nodes[gap.node], dict(gap.bound)
        within = node.graph if node.name.startswith("Builtin") else node.p2
        sparql, tests = algebra.text(within, bound), algebra.conditions(within, bound)
        if node.name == "LeftJoin" and not algebra.is_true(node.expr):
            tests.append(algebra.expression(node.expr, bound))
            sparql += f" FILTER({tests[-1]})"
        patterns = tuple(
            tuple(_pattern(pattern, bound) for pattern in alternative)
            for alternative in algebra.alternatives(within)
        )
        return Absent(sparql, patterns, tuple(tests))


def _pattern(pattern: algebra.Pattern, bound: Mapping[Identifier, Identifier]) -> Pattern:
    s, p, o = (_filled(term, bound) for term in pattern)
    return s, p, o


def _filled(term: Any, bound: Mapping[Identifier, Identifier]) -> Term | str:
    known = bound.get(term, term) if isinstance(term, Identifier) else term
    if not isinstance(known, Identifier) or (algebra.is_variable(known) and term not in bound):
        return algebra.term(known, {})
    return to_ox(known)
