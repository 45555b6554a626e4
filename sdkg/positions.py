"""Where in a Turtle file each statement stands: for every triple its author typed, the place of each term.

A file that does not parse has places up to its first fault. The terms are those the RDF library makes of the
same text; `with_labels` gives blank nodes the labels that it gave them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urljoin

import pyoxigraph as ox

from sdkg.errors import FaultError
from sdkg.namespaces import RDF, XSD
from sdkg.scan import Token, scan
from sdkg.tokens import unescape

Node = ox.NamedNode | ox.BlankNode

_TYPE = ox.NamedNode(RDF + "type")
_FIRST, _REST, _NIL = (ox.NamedNode(RDF + name) for name in ("first", "rest", "nil"))
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_DEEPEST = 60
"""How deep brackets may stand within each other: more is a damaged file, and would exhaust the stack."""


class Span(NamedTuple):
    """A part of a text, from its first character (from 0) to the one behind its last."""

    start: int
    end: int


class Statement(NamedTuple):
    """A triple, and where its terms stand; a blank node or list stands from its first bracket to its last."""

    triple: ox.Triple
    subject: Span
    predicate: Span
    object: Span


class Fault(NamedTuple):
    """The first thing that is no Turtle: which kind of slip, where, and the words it is about."""

    kind: str
    span: Span
    words: tuple[str, ...] = ()


class Parsed(NamedTuple):
    """What a text says, as far as it can be read: statements in their order, and the fault that ended it."""

    statements: list[Statement]
    prefixes: dict[str, tuple[str, Span]]
    fault: Fault | None


def parse_text(text: str) -> Parsed:
    """The statements of a Turtle text with their places; never raises.

    Example:
        >>> found = parse_text('<urn:a> <urn:b> [ <urn:c> 1 ] .')
        >>> [(statement.predicate, statement.object) for statement in found.statements]
        [(Span(start=18, end=25), Span(start=26, end=27)), (Span(start=8, end=15), Span(start=16, end=29))]
        >>> parse_text('<urn:a> <urn:b> x .').fault
        Fault(kind='object', span=Span(start=16, end=17), words=('x',))
    """
    parser = _Parser(text)
    try:
        parser.document()
    except FaultError as stop:
        return Parsed(parser.statements, parser.prefixes, stop.fault)
    except ValueError as error:  # a term of the right form that the library refuses, such as an IRI
        return Parsed(parser.statements, parser.prefixes, parser.refused(str(error)))
    return Parsed(parser.statements, parser.prefixes, None)


def with_labels(statements: Sequence[Statement], triples: Sequence[ox.Triple]) -> list[Statement]:
    """The statements, blank nodes labelled as in the triples that the RDF library read from the same text.

    It calls those without a label as it likes, and tells of them in an order of its own; so they are matched
    by what is said of them. Those of which exactly the same is said are interchangeable.
    """
    mine = _colours([statement.triple for statement in statements])
    if not mine:
        return list(statements)
    theirs: dict[int, list[ox.BlankNode]] = {}
    for node, colour in _colours(triples).items():
        theirs.setdefault(colour, []).append(node)
    labels = {node: theirs[colour].pop(0) for node, colour in mine.items() if theirs.get(colour)}
    return [s._replace(triple=_relabelled(s.triple, labels)) for s in statements]


def _colours(triples: Sequence[ox.Triple]) -> dict[ox.BlankNode, int]:
    """A number for each blank node, of what is said of it and of those it is tied to."""
    about: dict[ox.BlankNode, list[tuple[bool, int, object]]] = {}
    for triple in triples:
        for node, other, out in (
            (triple.subject, triple.object, True),
            (triple.object, triple.subject, False),
        ):
            if isinstance(node, ox.BlankNode):
                about.setdefault(node, []).append((out, hash(triple.predicate), other))
    colours = dict.fromkeys(about, 0)
    while about:
        known = {
            node: hash(
                tuple(
                    sorted(
                        (out, p, colours[o] if isinstance(o, ox.BlankNode) else hash(o)) for out, p, o in said
                    )
                )
            )
            for node, said in about.items()
        }
        if len(set(known.values())) <= len(set(colours.values())) and any(colours.values()):
            break
        colours = known
    return colours


def _relabelled(triple: ox.Triple, labels: dict[ox.BlankNode, ox.BlankNode]) -> ox.Triple:
    subject, value = triple.subject, triple.object
    if not isinstance(subject, ox.BlankNode) and not isinstance(value, ox.BlankNode):
        return triple
    subject = labels.get(subject, subject) if isinstance(subject, ox.BlankNode) else subject
    value = labels.get(value, value) if isinstance(value, ox.BlankNode) else value
    return ox.Triple(subject, triple.predicate, value)


class _Parser:
    """A parser by descent, of the grammar of https://www.w3.org/TR/turtle/#sec-grammar-grammar."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.statements: list[Statement] = []
        self.prefixes: dict[str, tuple[str, Span]] = {}
        self._tokens = [token for token in scan(text) if token.kind != "comment"]
        self._tokens.append(Token("end", "", len(text.rstrip())))
        self._at = 0
        self._base = ""
        self._made = 0
        self._known: dict[str, ox.NamedNode] = {}

    def refused(self, why: str) -> Fault:
        """The fault of the token that was read last."""
        return Fault("engine", Span(self._last.start, max(self._last.end, self._last.start + 1)), (why,))

    # ------------------------------------------------------------ tokens

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    @property
    def _last(self) -> Token:
        return self._tokens[max(self._at - 1, 0)]

    def _take(self) -> Token:
        token = self._tokens[self._at]
        self._at += token.kind != "end"
        return token

    def _is(self, *marks: str) -> bool:
        return self._next.kind == "mark" and self._next.text in marks

    def _stop(self, kind: str, token: Token, *words: str) -> FaultError:
        if token.kind == "open":
            kind, words = "string", ()
        elif token.kind == "bad" and token.text.startswith("<"):
            kind, words = "iri", (token.text,)
        return FaultError(
            Fault(kind, Span(token.start, max(token.end, token.start + 1)), words or (token.text,))
        )

    def _starts_line(self, token: Token) -> bool:
        return token.start == 0 or self.text[token.start - 1] in "\r\n"

    # ------------------------------------------------------------ statements

    def document(self) -> None:
        while self._next.kind != "end":
            if self._next.kind == "directive":
                self._directive()
            else:
                self._block()

    def _directive(self) -> None:
        word, name = self._take(), None
        if word.text.lower().endswith("prefix"):
            name = self._take()
            if name.kind != "name" or not name.text.endswith(":"):
                raise self._stop("prefix-form", name)
        iri = self._take()
        if iri.kind != "iri":
            raise self._stop("prefix-form", iri)
        value = self._iri(iri).value
        if name is None:
            self._base = value
        else:
            self.prefixes[name.text[:-1]] = (value, Span(iri.start, iri.end))
            self._known.clear()
        if word.text.startswith("@"):
            if not self._is("."):
                raise self._stop("dot", iri)
            self._take()

    def _block(self) -> None:
        told = len(self.statements)
        bracket = self._is("[")
        subject, span = self._subject()
        if not (bracket and self._is(".") and len(self.statements) > told):
            self._properties(subject, span, 0)
        if not self._is("."):
            raise self._unfinished()
        self._take()

    def _subject(self) -> tuple[Node, Span]:
        token = self._next
        if token.kind in ("iri", "name", "blank") or self._is("[", "("):
            term, span = self._term(0)
            assert isinstance(term, Node)  # noqa: S101 (those kinds are nodes)
            return term, span
        raise self._stop(
            "literal-subject" if token.kind in ("string", "long", "number") else "subject", token
        )

    def _properties(self, subject: Node, span: Span, depth: int) -> None:
        while True:
            predicate, where = self._predicate()
            self._object(subject, span, predicate, where, depth)
            while self._is(","):
                self._take()
                self._object(subject, span, predicate, where, depth)
            if not self._is(";"):
                return
            while self._is(";"):
                self._take()
            if self._is(".", "]"):
                return

    def _predicate(self) -> tuple[ox.NamedNode, Span]:
        token = self._next
        span = Span(token.start, token.end)
        if token.kind == "word" and token.text == "a":
            self._take()
            return _TYPE, span
        if token.kind in ("iri", "name"):
            self._take()
            return self._named(token), span
        if self._last.kind == "mark" and self._last.text == ";" and token.kind == "end":
            raise self._stop("dot-for-semicolon", self._last)
        raise self._stop("predicate", token)

    def _object(self, subject: Node, span: Span, predicate: ox.NamedNode, where: Span, depth: int) -> None:
        token = self._next
        if token.text == "a" and token.kind == "word" and self._starts_line(self._last):
            self._at -= 1  # the "predicate" was the subject of the next block: the block above it has no end
            raise self._stop("dot-for-semicolon", self._last)
        if self._is(".", ";", ",", "]", ")") or token.kind in ("end", "directive"):
            raise self._stop("no-object", Token("", self.text[where.start : where.end], where.start))
        term, end = self._term(depth)
        self.statements.append(Statement(ox.Triple(subject, predicate, term), span, where, end))

    def _unfinished(self) -> FaultError:
        """What stands behind an object where a mark belongs."""
        last, token = self._last, self._next
        if token.kind == "open" or (token.kind == "bad" and token.text[0] == "<"):
            return self._stop("", token)
        if last.kind in ("string", "long") and token.start == last.end:
            return self._stop("language" if token.text.startswith("@") else "quote", token)
        if last.kind == "lang" and token.start == last.end:
            return self._stop("language", Token("", last.text + token.text, last.start))
        if token.kind == "end" or self._starts_line(token) or token.kind == "directive":
            return self._stop("dot", last)
        if self._is("]", ")"):
            return self._stop("bracket", token)
        between = self.text[last.end : token.start]
        return self._stop("semicolon" if "\n" in between or "\r" in between else "mark", last, token.text)

    # ------------------------------------------------------------ terms

    def _term(self, depth: int) -> tuple[Node | ox.Literal, Span]:
        if depth > _DEEPEST:
            raise self._stop("deep", self._next)
        token = self._next
        if self._is("["):
            return self._bracket(depth)
        if self._is("("):
            return self._collection(depth)
        self._take()
        span = Span(token.start, token.end)
        if token.kind in ("iri", "name"):
            return self._named(token), span
        if token.kind == "blank":
            return ox.BlankNode(token.text[2:]), span
        if token.kind in ("string", "long"):
            return self._literal(token)
        if token.kind == "number":
            kind = "double" if "e" in token.text.lower() else "decimal" if "." in token.text else "integer"
            return ox.Literal(token.text, datatype=ox.NamedNode(XSD + kind)), span
        if token.kind == "word" and token.text != "a":
            return ox.Literal(token.text, datatype=ox.NamedNode(XSD + "boolean")), span
        raise self._stop("object", token)

    def _blank(self) -> ox.BlankNode:
        self._made += 1
        return ox.BlankNode(f"typed-{self._made}")

    def _bracket(self, depth: int) -> tuple[ox.BlankNode, Span]:
        opening, node = self._take(), self._blank()
        if not self._is("]"):
            self._properties(node, Span(opening.start, opening.end), depth + 1)
        if not self._is("]"):
            lost = self._is(".") or self._next.kind == "end"
            raise self._stop("unclosed", opening) if lost else self._unfinished()
        return node, Span(opening.start, self._take().end)

    def _collection(self, depth: int) -> tuple[Node, Span]:
        opening, items = self._take(), list[ox.BlankNode]()
        while not self._is(")"):
            if self._is(".", ";", ",", "]") or self._next.kind == "end":
                raise self._stop("unclosed", opening)
            here = Span(self._next.start, self._next.end)
            items.append(self._blank())
            if len(items) > 1:
                self.statements.append(Statement(ox.Triple(items[-2], _REST, items[-1]), here, here, here))
            value, span = self._term(depth + 1)
            self.statements.append(Statement(ox.Triple(items[-1], _FIRST, value), span, span, span))
        end = self._take()
        if not items:
            return _NIL, Span(opening.start, end.end)
        here = Span(end.start, end.end)
        self.statements.append(Statement(ox.Triple(items[-1], _REST, _NIL), here, here, here))
        return items[0], Span(opening.start, end.end)

    def _literal(self, token: Token) -> tuple[ox.Literal, Span]:
        width = 3 if token.kind == "long" else 1
        value = unescape(token.text[width:-width])
        following = self._next
        if following.kind == "lang" and following.start == token.end:
            self._take()
            if any(len(part) > 8 for part in following.text[1:].split("-")):
                raise self._stop("language", following)
            try:
                return ox.Literal(value, language=following.text[1:]), Span(token.start, following.end)
            except ValueError:
                raise self._stop("language", following) from None
        if following.text == "^^":
            self._take()
            kind = self._take()
            if kind.kind not in ("iri", "name"):
                raise self._stop("datatype", kind)
            return ox.Literal(value, datatype=self._named(kind)), Span(token.start, kind.end)
        if following.text.startswith("@") and following.start == token.end:
            raise self._stop("language", following)
        if (
            token.text in ('""', "''")
            and following.start == token.end
            and following.text[:1] == token.text[0]
        ):
            raise self._stop("string", token)
        return ox.Literal(value), Span(token.start, token.end)

    def _named(self, token: Token) -> ox.NamedNode:
        if token.kind == "iri":
            return self._iri(token)
        found = self._known.get(token.text)
        if found is None:
            prefix, _, local = token.text.partition(":")
            if prefix not in self.prefixes:
                raise self._stop("prefix", token, prefix, token.text)
            found = ox.NamedNode(self.prefixes[prefix][0] + re.sub(r"\\(.)", r"\1", local))
            self._known[token.text] = found
        return found

    def _iri(self, token: Token) -> ox.NamedNode:
        value = unescape(token.text[1:-1])
        if not _SCHEME.match(value):
            if not self._base:
                raise self._stop("relative", token)
            value = urljoin(self._base, value) + "#" * value.endswith("#")  # which urljoin drops
        try:
            return ox.NamedNode(value)
        except ValueError:
            raise self._stop("iri", token) from None
