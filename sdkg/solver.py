"""Solutions of the SPARQL algebra, each with the statements that made it.

A part is evaluated under what its solutions must agree with, so that with the values of a row every step is a
look-up. That changes nothing about the solutions: a condition sees only what its group binds, and an OPTIONAL
counts as unmatched only if it has no match at all (SPARQL 1.1, section 18.5). Expressions are left to rdflib,
which this module loads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MethodType
from typing import Any

import pyoxigraph as ox
from rdflib.plugins.sparql.aggregates import Aggregator
from rdflib.plugins.sparql.evalutils import _ebv, _eval, _val
from rdflib.plugins.sparql.parserutils import CompValue, value
from rdflib.plugins.sparql.sparql import FrozenBindings, Prologue, QueryContext, SPARQLError
from rdflib.term import Identifier, Literal, Variable

from sdkg import algebra
from sdkg.algebra import Node, Pattern, Scope
from sdkg.errors import QueryError
from sdkg.walks import Walker, same

Solution = dict[Identifier, Identifier]


@dataclass(frozen=True)
class Gap:
    """A pattern without a match: a reason once something tests that there is none.

    `node` is the part (OPTIONAL, MINUS or EXISTS) by its `id`, `bound` what its variables were bound to.
    """

    node: int
    bound: frozenset[tuple[Identifier, Identifier]]
    names: frozenset[Identifier]
    tested: bool = False


Item = ox.Triple | Gap
Used = frozenset[Item]
Found = tuple[Solution, Used]
_NONE: Used = frozenset()


class Solver:
    """Finds the solutions of a parsed query and of its parts.

    Raises:
        QueryError: the query uses SERVICE.
    """

    def __init__(self, top: Node, prologue: Prologue | None, walker: Walker) -> None:
        self._walker = walker
        self._context = QueryContext(initBindings={})
        self._context.prologue = prologue
        self._noted: set[Item] = set()
        self._scope = Scope()
        self._kept: dict[object, list[Found]] = {}
        self._names: dict[int, frozenset[Identifier]] = {}
        self._unbound: dict[int, frozenset[Identifier]] = {}
        self._rank: dict[int, int] = {}
        self.nodes: dict[int, Node] = {}
        self.first: dict[ox.Triple, int] = {}
        self._tested: frozenset[Identifier] = frozenset()
        for part in algebra.parts(top):
            if isinstance(part, CompValue):
                self._prepare(part)

    def _prepare(self, part: Node) -> None:
        if part.name == "ServiceGraphPattern":
            raise QueryError("Rows of a query with SERVICE have no reasons here.")
        if part.name == "BGP":
            for pattern in part.triples:
                self._rank.setdefault(id(pattern), len(self._rank))
        if part.name in ("Builtin_EXISTS", "Builtin_NOTEXISTS"):
            self.nodes[id(part)] = CompValue(part.name, graph=part.graph)
            part._evalfn = MethodType(self._exists(part.graph, part.name == "Builtin_EXISTS"), part)
        if part.name == "UnaryNot":
            self._tested |= algebra.unbound_tests(part)

    # ------------------------------------------------------------ patterns

    def solve(self, node: Node, scope: Scope) -> Iterator[Found]:
        """The solutions of a part that agree with what is given and wanted, each with what it rests on."""
        solve = _SOLVERS.get(node.name)
        if solve is None:
            raise QueryError(f"Rows of a query with {node.name} have no reasons here.")
        return solve(self, node, scope)

    def _bgp(self, node: Node, scope: Scope) -> Iterator[Found]:
        return self._match(tuple(node.triples), {}, _NONE, scope)

    def _match(
        self, left: tuple[Pattern, ...], solution: Solution, used: Used, scope: Scope
    ) -> Iterator[Found]:
        if not left:
            yield solution, used
            return

        def known(term: Any) -> Any:
            return solution.get(term) if term in solution else scope.value(term)

        def effort(pattern: Pattern) -> tuple[int, bool, int]:
            unbound = [known(term) is None for term in pattern]
            return sum(unbound), unbound[0], self._rank.get(id(pattern), 0)

        best = min(left, key=effort)
        rest = tuple(pattern for pattern in left if pattern is not best)
        at = tuple(known(term) for term in best)
        for terms, triples in self._walker.walk(at, scope.graph):
            more = dict(solution)
            if all(
                more.setdefault(n, t) == t for n, t in zip(best, terms, strict=True) if algebra.is_variable(n)
            ):
                for triple in triples:
                    self.first.setdefault(triple, self._rank.get(id(best), 0))
                yield from self._match(rest, more, used | triples, scope)

    def _join(self, node: Node, scope: Scope) -> Iterator[Found]:
        first, second = (node.p2, node.p1) if self._second_first(node, scope) else (node.p1, node.p2)
        for solution, used in self.solve(first, scope):
            for other, more in self.solve(second, scope.wanting(solution)):
                yield {**solution, **other}, used | more

    def _second_first(self, node: Node, scope: Scope) -> bool:
        """Values first; and what groups after what can bind its groups."""
        if node.p2.name == "ToMultiSet":
            return bool(node.p2.p.name == "values")
        shared = self._scope_of(node.p1) & self._scope_of(node.p2)
        return algebra.groups(node.p1) and any(scope.value(name) is None for name in shared)

    def _left_join(self, node: Node, scope: Scope) -> Iterator[Found]:
        for solution, used in self.solve(node.p1, scope):
            found = False
            for other, more in self._optional(node, solution, scope):
                found = True
                yield {**solution, **other}, used | more
            if not found and not self._matches_otherwise(node, solution, scope):
                yield solution, used | self._gap(node, solution, scope)

    def _optional(self, node: Node, solution: Solution, scope: Scope) -> Iterator[Found]:
        for other, more in self.solve(node.p2, scope.wanting(solution)):
            both = {**solution, **other}
            noted = self._holds(node.expr, both, scope)
            if noted is not None:
                yield other, self._promote(node.expr, both, scope, more) | noted

    def _matches_otherwise(self, node: Node, solution: Solution, scope: Scope) -> bool:
        """Whether an OPTIONAL has a match after all, only not one that agrees with what is wanted."""
        wanted = (self._scope_of(node.p2) & scope.wanted.keys()) - solution.keys() - scope.given.keys()
        if not wanted:
            return False
        free = replace(scope, wanted=solution)
        return any(True for _ in self._optional(node, solution, free))

    def _gap(self, node: Node, solution: Solution, scope: Scope) -> Used:
        names = self._scope_of(node.p2).difference(solution)
        if not names & self._tested:
            return _NONE
        return frozenset([self._no_match(node, {**scope.given, **solution}, names)])

    def _no_match(
        self, node: Node, bound: Solution, names: frozenset[Identifier], tested: bool = False
    ) -> Gap:
        self.nodes[id(node)] = node
        mentioned = algebra.variables(node.p2) | algebra.variables(node.expr)
        return Gap(id(node), _kept(bound, mentioned), names, tested)

    def _union(self, node: Node, scope: Scope) -> Iterator[Found]:
        yield from self.solve(node.p1, scope)
        yield from self.solve(node.p2, scope)

    def _minus(self, node: Node, scope: Scope) -> Iterator[Found]:
        for solution, used in self.solve(node.p1, scope):
            shared = self._scope_of(node.p2) & (solution.keys() | scope.given.keys())
            found = self.solve(node.p2, replace(scope, wanted=solution)) if shared else iter(())
            if not any(other.keys() & solution.keys() for other, _ in found):
                gap = self._no_match(node, {**scope.given, **solution}, frozenset(), tested=True)
                yield solution, used | (frozenset([gap]) if shared else _NONE)

    def _graph(self, node: Node, scope: Scope) -> Iterator[Found]:
        known = scope.value(node.term)
        for name in [known] if known is not None else self._walker.graphs():
            here = {node.term: name} if algebra.is_variable(node.term) else {}
            for solution, used in self.solve(node.p, replace(scope.wanting(here), graph=name)):
                yield {**solution, **here}, used

    def _multiset(self, node: Node, scope: Scope) -> Iterator[Found]:
        if node.p.name != "values":
            yield from self._remembered(node.p, scope)
            return
        for row in node.p.res:
            solution = {name: term for name, term in row.items() if term != "UNDEF"}
            if all(scope.value(name) in (None, term) for name, term in solution.items()):
                yield solution, _NONE

    def _remembered(self, node: Node, scope: Scope) -> Iterable[Found]:
        """The solutions of a subselect; of one that groups kept, as many rows ask for the same groups."""
        if not algebra.groups(node):
            return self.solve(node, scope)
        inner = scope.only(self._scope_of(node))
        key = (id(node), frozenset(inner.given.items()), frozenset(inner.wanted.items()), scope.graph)
        if key not in self._kept:
            self._kept[key] = list(self.solve(node, inner))
        return self._kept[key]

    # ------------------------------------------------------------ conditions and computed values

    def _evaluated(self, expr: Any, solution: Solution, scope: Scope) -> tuple[Any, Used]:
        """The value of an expression, `None` for an error, and what its EXISTS rest on."""
        outer = self._scope, self._noted
        self._scope, self._noted = scope, set()
        try:
            result = _eval(expr, FrozenBindings(self._context, {**scope.given, **solution}))
            return (None if isinstance(result, SPARQLError) else result), frozenset(self._noted)
        except SPARQLError:
            return None, frozenset(self._noted)
        finally:
            self._scope, self._noted = outer

    def _holds(self, expr: Any, solution: Solution, scope: Scope) -> Used | None:
        """What a condition that holds rests on by itself; `None` if it does not hold."""
        if algebra.is_true(expr):
            return _NONE
        result, noted = self._evaluated(expr, solution, scope)
        bindings = FrozenBindings(self._context, {})
        return noted if isinstance(result, Literal) and _ebv(result, bindings) else None

    def _promote(self, expr: Any, solution: Solution, scope: Scope, used: Used) -> Used:
        """Mark the gaps that a condition tests with `!BOUND(?x)`."""
        if id(expr) not in self._unbound:
            self._unbound[id(expr)] = algebra.unbound_tests(expr)
        missing = self._unbound[id(expr)] - solution.keys() - scope.given.keys()
        if not missing:
            return used
        return frozenset(
            replace(item, tested=True) if isinstance(item, Gap) and item.names & missing else item
            for item in used
        )

    def _exists(self, pattern: Node, positive: bool) -> Any:
        """What evaluates an EXISTS, in place of rdflib's: it notes what was found, or that nothing was."""

        def evaluate(expr: Node, bindings: FrozenBindings) -> Literal:
            bound = dict(bindings.items())
            scope = replace(self._scope, given=bound, wanted={})
            found = next(iter(self.solve(pattern, scope)), None)
            if found is None:
                kept = _kept(bound, algebra.variables(pattern))
                self._noted.add(Gap(id(expr), kept, frozenset(), tested=True))
            else:
                self._noted |= found[1]
            return Literal((found is not None) == positive)

        return evaluate

    def _filter(self, node: Node, scope: Scope) -> Iterator[Found]:
        for solution, used in self.solve(node.p, scope):
            noted = self._holds(node.expr, solution, scope)
            if noted is not None:
                yield solution, self._promote(node.expr, solution, scope, used) | noted

    def _extend(self, node: Node, scope: Scope) -> Iterator[Found]:
        target = scope.value(node.var)
        inner = {name: term for name, term in scope.wanted.items() if name != node.var}
        if target is not None and isinstance(node.expr, Variable):
            inner.setdefault(node.expr, target)
        for solution, used in self.solve(node.p, replace(scope, wanted=inner)):
            result, noted = self._evaluated(node.expr, solution, scope)
            used = self._promote(node.expr, solution, scope, used) | noted
            if result is None:
                yield solution, used
            elif target is None or same(result, target):
                yield {**solution, node.var: result if target is None else target}, used

    # ------------------------------------------------------------ groups and modifiers

    def _aggregate(self, node: Node, scope: Scope) -> Iterator[Found]:
        keys = node.p.expr or []
        wanted = {a.vars: scope.wanted[a.res] for a in node.A if _is_key(a, keys) and a.res in scope.wanted}
        groups: dict[tuple[Any, ...], list[Found]] = {} if keys else {(): []}
        inner = replace(scope, wanted=wanted)
        for found in self.solve(node.p.p, inner):
            key = tuple(self._evaluated(expr, found[0], inner)[0] for expr in keys)
            groups.setdefault(key, []).append(found)
        for members in groups.values():
            solution = self._aggregated(node, members, scope)
            if solution is not None:
                yield solution, _NONE.union(*(used for _, used in members))

    def _aggregated(self, node: Node, members: list[Found], scope: Scope) -> Solution | None:
        """The values of a group's aggregates; `None` if they differ from those wanted.

        Any member will do for SAMPLE, and any order for GROUP_CONCAT, so those agree with whatever is wanted.
        """
        aggregator = Aggregator(aggregations=node.A)
        for solution, _ in members:
            aggregator.update(FrozenBindings(self._context, {**scope.given, **solution}))
        values: Solution = {n: t for n, t in aggregator.get_bindings().items() if t is not None}
        for aggregate in node.A:
            target = scope.wanted.get(aggregate.res)
            if target is None:
                continue
            loose = aggregate.name in ("Aggregate_Sample", "Aggregate_GroupConcat")
            if (not loose or _is_key(aggregate, node.p.expr or [])) and not _alike(
                values.get(aggregate.res), target
            ):
                return None
            values[aggregate.res] = target
        return values

    def _project(self, node: Node, scope: Scope) -> Iterator[Found]:
        names = set(node.PV)
        for solution, used in self.solve(node.p, scope.only(names)):
            yield {name: term for name, term in solution.items() if name in names}, used

    def _distinct(self, node: Node, scope: Scope) -> Iterator[Found]:
        best: dict[frozenset[tuple[Identifier, Identifier]], Found] = {}
        for solution, used in self.solve(node.p, scope):
            key = frozenset(solution.items())
            if key not in best or order(used) < order(best[key][1]):
                best[key] = (solution, used)
        yield from best.values()

    def _ordered(self, node: Node, scope: Scope) -> Iterator[Found]:
        return self.solve(node.p, scope)

    def _slice(self, node: Node, scope: Scope) -> Iterator[Found]:
        """A slice of all solutions: which it takes does not depend on what is wanted of them."""
        found = list(self.solve(node.p, replace(scope, wanted={})))
        inner = node.p
        while inner.name in ("Distinct", "Reduced", "Project"):
            inner = inner.p
        for condition in reversed(inner.expr if inner.name == "OrderBy" else []):
            found.sort(key=lambda f: self._sort_key(condition, f[0]), reverse=condition.order == "DESC")
        end = node.start + node.length if node.length is not None else None
        for solution, used in found[node.start : end]:
            if all(same(scope.value(name) or term, term) for name, term in solution.items()):
                yield solution, used

    def _sort_key(self, condition: Node, solution: Solution) -> Any:
        bindings = FrozenBindings(self._context, solution)
        return _val(value(bindings, condition.expr, variables=True))

    def _scope_of(self, node: Node) -> frozenset[Identifier]:
        if id(node) not in self._names:
            self._names[id(node)] = algebra.in_scope(node)
        return self._names[id(node)]


_Solve = Callable[[Solver, Node, Scope], Iterator[Found]]
_SOLVERS: Mapping[str, _Solve] = {
    "BGP": Solver._bgp,
    "Join": Solver._join,
    "LeftJoin": Solver._left_join,
    "Filter": Solver._filter,
    "Union": Solver._union,
    "Extend": Solver._extend,
    "Minus": Solver._minus,
    "Graph": Solver._graph,
    "ToMultiSet": Solver._multiset,
    "AggregateJoin": Solver._aggregate,
    "Project": Solver._project,
    "Distinct": Solver._distinct,
    "Reduced": Solver._distinct,
    "OrderBy": Solver._ordered,
    "Slice": Solver._slice,
}


def order(used: Used) -> tuple[int, list[str]]:
    """What tells the shorter of two lists of reasons; a fixed choice between equals."""
    triples = [str(item) for item in used if isinstance(item, ox.Triple)]
    return len(triples), sorted(triples)


def _kept(bound: Solution, names: frozenset[Identifier]) -> frozenset[tuple[Identifier, Identifier]]:
    return frozenset((name, term) for name, term in bound.items() if name in names)


def _is_key(aggregate: Node, keys: Iterable[Any]) -> bool:
    """Whether what looks like SAMPLE is how the algebra hands on a key of the group."""
    return aggregate.name == "Aggregate_Sample" and aggregate.vars in keys


def _alike(one: Identifier | None, other: Identifier) -> bool:
    """Whether a value of an aggregate is the one wanted; MIN and MAX of rdflib make any term a literal."""
    return same(one, other) or str(one) == str(other)
