"""What can be read off the SPARQL algebra without evaluating it: variables in scope, and the text of a part.

The algebra is rdflib's (SPARQL 1.1, section 18). The text serves patterns that were not found: with what was
bound filled in it is a question whose answer must be no. This module loads rdflib.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

from rdflib.paths import Path
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import BNode, Identifier, Variable

Node = CompValue
Solution = Mapping[Identifier, Identifier]
Pattern = tuple[Any, Any, Any]
"""A triple pattern: terms and variables; the middle may be a property path."""

_PAIRS = ("Join", "Union", "LeftJoin", "Minus")
_JOINERS = {"ConditionalAndExpression": " && ", "ConditionalOrExpression": " || "}


@dataclass(frozen=True)
class Scope:
    """Under what a part is evaluated.

    `given` are parameters: everywhere as if written into the query. `wanted` is what solutions must agree
    with where they bind it; expressions do not see it. `graph` is the named graph to look in, `None` for all.
    """

    given: Mapping[Identifier, Identifier] = field(default_factory=dict)
    wanted: Mapping[Identifier, Identifier] = field(default_factory=dict)
    graph: Identifier | None = None

    def value(self, term: Any) -> Any:
        """A term as it is; a variable as what it is bound to, if at all."""
        if not is_variable(term):
            return term
        return self.given.get(term, self.wanted.get(term))

    def wanting(self, more: Mapping[Identifier, Identifier]) -> Scope:
        """This scope, with more that solutions must agree with."""
        return replace(self, wanted={**self.wanted, **more})

    def only(self, names: Iterable[Identifier]) -> Scope:
        """This scope as a subselect has it, which sees only what it projects."""
        keep = set(names)
        return replace(
            self,
            given={k: v for k, v in self.given.items() if k in keep},
            wanted={k: v for k, v in self.wanted.items() if k in keep},
        )


def parts(value: Any) -> Iterator[Any]:
    """Everything within a part of the algebra, itself first."""
    yield value
    if isinstance(value, CompValue):
        value = [value[key] for key in value if key != "_vars"]
    if isinstance(value, dict):
        value = [*value.keys(), *value.values()]
    if isinstance(value, list | tuple):
        for member in value:
            yield from parts(member)


def variables(value: Any) -> frozenset[Identifier]:
    """All variables a part mentions; blank nodes of patterns are variables too."""
    return frozenset(part for part in parts(value) if is_variable(part))


def is_variable(term: Any) -> bool:
    """Whether a term of a pattern stands for any term.

    Example:
        >>> is_variable(Variable("x"))
        True
    """
    return isinstance(term, Variable | BNode)


def in_scope(node: Node) -> frozenset[Identifier]:
    """The variables that solutions of a part may bind (SPARQL 1.1, section 18.2.1)."""
    if node.name == "BGP":
        return variables(node.triples)
    if node.name == "Project":
        return frozenset(node.PV)
    if node.name == "values":
        return frozenset(key for row in node.res for key in row)
    if node.name == "AggregateJoin":
        return frozenset(aggregate.res for aggregate in node.A)
    own = {"Extend": node.var, "Graph": node.term}.get(node.name)
    found: frozenset[Identifier] = frozenset([own]) if own is not None and is_variable(own) else frozenset()
    inner = [node.p] if node.name not in _PAIRS else [node.p1] if node.name == "Minus" else [node.p1, node.p2]
    return found.union(*(in_scope(part) for part in inner if isinstance(part, CompValue)))


def groups(node: Node) -> bool:
    """Whether a part is a subselect that groups."""
    while node.name in ("ToMultiSet", "Project", "Distinct", "OrderBy", "Extend", "Filter", "Slice"):
        node = node.p
        if not isinstance(node, CompValue):
            return False
    return bool(node.name == "AggregateJoin")


def unbound_tests(expression: Any) -> frozenset[Identifier]:
    """The variables of which a condition asks `!BOUND(?x)`.

    Example:
        >>> from rdflib.plugins.sparql import prepareQuery
        >>> query = prepareQuery("SELECT * { ?s ?p ?o OPTIONAL { ?o ?q ?x } FILTER(!BOUND(?x)) }")
        >>> unbound_tests(query.algebra.p.p.expr)
        frozenset({rdflib.term.Variable('x')})
    """
    negated = (p.expr for p in parts(expression) if isinstance(p, CompValue) and p.name == "UnaryNot")
    return frozenset(
        inner.arg for inner in negated if isinstance(inner, CompValue) and inner.name == "Builtin_BOUND"
    )


def alternatives(node: Node) -> list[tuple[Pattern, ...]]:
    """The triple patterns a part needs: all of one of these. What is optional in it does not count."""
    if node.name == "BGP":
        return [tuple(node.triples)]
    if node.name == "Union":
        return alternatives(node.p1) + alternatives(node.p2)
    if node.name == "Join":
        pairs = product(alternatives(node.p1), alternatives(node.p2))
        return [first + second for first, second in pairs]
    inner = node.p1 if node.name in ("LeftJoin", "Minus") else node.p
    return alternatives(inner) if isinstance(inner, CompValue) else [()]


def conditions(node: Node, bound: Solution) -> list[str]:
    """The conditions a part puts on what it matches, as SPARQL."""
    found = [
        part for part in parts(node) if isinstance(part, CompValue) and part.name in ("Filter", "LeftJoin")
    ]
    return [expression(part.expr, bound) for part in found if not is_true(part.expr)]


def is_true(expr: Any) -> bool:
    """Whether a condition is the one of an OPTIONAL without a FILTER."""
    return isinstance(expr, CompValue) and expr.name == "TrueFilter"


def text(node: Node, bound: Solution) -> str:
    """A part as SPARQL, with what is bound filled in; computed columns of a subselect stay out.

    Args:
        node: a part of the algebra.
        bound: terms by variable.

    Returns:
        What can stand between the braces of a group.
    """
    write = _WRITERS.get(node.name)
    return write(node, bound) if write else text(node.p, bound)


def _bgp(node: Node, bound: Solution) -> str:
    return " ".join(f"{term(s, bound)} {term(p, bound)} {term(o, bound)} ." for s, p, o in node.triples)


def _join(node: Node, bound: Solution) -> str:
    return f"{_group(node.p1, bound)} {_group(node.p2, bound)}".strip()


def _left_join(node: Node, bound: Solution) -> str:
    condition = "" if is_true(node.expr) else f" FILTER({expression(node.expr, bound)})"
    return f"{text(node.p1, bound)} OPTIONAL {{ {text(node.p2, bound)}{condition} }}".strip()


def _union(node: Node, bound: Solution) -> str:
    return f"{{ {text(node.p1, bound)} }} UNION {{ {text(node.p2, bound)} }}"


def _minus(node: Node, bound: Solution) -> str:
    return f"{text(node.p1, bound)} MINUS {{ {text(node.p2, bound)} }}"


def _filter(node: Node, bound: Solution) -> str:
    return f"{text(node.p, bound)} FILTER({expression(node.expr, bound)})"


def _extend(node: Node, bound: Solution) -> str:
    value = expression(node.expr, bound)
    known = bound.get(node.var)
    clause = f"FILTER({value} = {known.n3()})" if known is not None else f"BIND({value} AS {node.var.n3()})"
    return f"{text(node.p, bound)} {clause}".strip()


def _graph(node: Node, bound: Solution) -> str:
    return f"GRAPH {term(node.term, bound)} {{ {text(node.p, bound)} }}"


def _values(node: Node, bound: Solution) -> str:
    rows = [row for row in node.res if all(row[k] in ("UNDEF", bound.get(k, row[k])) for k in row)]
    names = [name for name in dict.fromkeys(k for row in rows for k in row) if name not in bound]
    if rows and not names:
        return ""
    cells = " ".join("(" + " ".join(_n3(row.get(name, "UNDEF")) for name in names) + ")" for row in rows)
    return f"VALUES ({' '.join(name.n3() for name in names)}) {{ {cells} }}"


_WRITERS = {
    "BGP": _bgp,
    "Join": _join,
    "LeftJoin": _left_join,
    "Union": _union,
    "Minus": _minus,
    "Filter": _filter,
    "Extend": _extend,
    "Graph": _graph,
    "values": _values,
}


def _group(node: Node, bound: Solution) -> str:
    inner = text(node, bound)
    return inner if node.name in ("BGP", "ToMultiSet", "Join") else f"{{ {inner} }}"


def term(value: Any, bound: Solution) -> str:
    """A term, variable or path as SPARQL; what is bound filled in.

    Example:
        >>> term(Variable("x"), {})
        '?x'
    """
    return _n3(bound.get(value, value) if isinstance(value, Identifier) else value)


def _n3(value: Any) -> str:
    if isinstance(value, Identifier | Path):
        return str(value.n3())
    return str(value)


def expression(value: Any, bound: Solution) -> str:
    """An expression as SPARQL, with what is bound filled in."""
    if not isinstance(value, CompValue):
        return term(value, bound)
    if value.name in _JOINERS:
        return "(" + _JOINERS[value.name].join(_operands(value, bound)) + ")"
    if value.name == "RelationalExpression":
        return _relation(value, bound)
    if value.name in ("AdditiveExpression", "MultiplicativeExpression"):
        first, *rest = _operands(value, bound)
        return "(" + first + "".join(f" {o} {r}" for o, r in zip(value.op, rest, strict=True)) + ")"
    if value.name.startswith("Unary"):
        sign = {"UnaryNot": "!", "UnaryMinus": "-"}.get(value.name, "+")
        return f"{sign}({expression(value.expr, bound)})"
    return _call(value, bound)


def _operands(value: Node, bound: Solution) -> list[str]:
    return [expression(operand, bound) for operand in [value.expr, *value.other]]


def _relation(value: Node, bound: Solution) -> str:
    first = expression(value.expr, bound)
    if value.op is None:
        return first
    if isinstance(value.other, list):
        members = ", ".join(expression(member, bound) for member in value.other)
        return f"{first} {value.op} ({members})"
    return f"{first} {value.op} {expression(value.other, bound)}"


def _call(value: Node, bound: Solution) -> str:
    name = value.name.removeprefix("Builtin_")
    if name in ("EXISTS", "NOTEXISTS"):
        return f"{'NOT ' * (name == 'NOTEXISTS')}EXISTS {{ {text(value.graph, bound)} }}"
    if name == "BOUND" and value.arg in bound:
        return "true"
    if name == "Function":
        name = _n3(value.iri)
    keys = [key for key in value if key not in ("_vars", "iri", "distinct")]
    given = [v for key in keys for v in (value[key] if isinstance(value[key], list) else [value[key]])]
    return f"{name}({', '.join(expression(v, bound) for v in given if v is not None)})"
