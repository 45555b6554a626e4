"""The statements of a Turtle text as their author wrote them: order, line breaks and comments kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from sdkg.errors import InputError, Place
from sdkg.namespaces import RDF
from sdkg.tokens import Token, tokens


@dataclass(slots=True)
class Term:
    """A term that stands on its own: its text, the comments above it and those behind it."""

    text: str
    before: list[str]
    after: list[str]


@dataclass(slots=True)
class Values:
    """A predicate and its objects; `broken` if the author put the objects on lines of their own."""

    predicate: Term
    objects: list[Node] = field(default_factory=list)
    broken: bool = False


@dataclass(slots=True)
class Nested:
    """A `[...]` (properties) or `(...)` (items, in rows as written); `broken` if it took more than one line.

    `opened` is the comment behind the opening bracket, `closing` are those above the closing one.
    """

    opening: str
    before: list[str]
    opened: list[str]
    after: list[str] = field(default_factory=list)
    properties: list[Values] = field(default_factory=list)
    rows: list[list[Node]] = field(default_factory=list)
    closing: list[str] = field(default_factory=list)
    broken: bool = False


Node = Term | Nested


@dataclass(slots=True)
class Statement:
    """What stands before a full stop: a subject with its properties, or a directive.

    Attributes:
        before: the comments above it; "" for empty lines.
        subject: what it is about; `None` for a directive.
        properties: what it says.
        directive: the prefix with its colon, or "" for a base; `iri` is what it stands for.
        closing: the comments above the full stop.
        after: the comment behind the full stop.
        apart: whether comments force the full stop onto a line of its own.
        flat: whether its author wrote it on one line.
    """

    before: list[str]
    subject: Node | None = None
    properties: list[Values] = field(default_factory=list)
    directive: str = ""
    iri: str = ""
    closing: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    apart: bool = False
    flat: bool = True


@dataclass(slots=True)
class Document:
    """The statements of a text, the comments below the last, and the prefixes (with colon) it uses."""

    statements: list[Statement]
    closing: list[str]
    used: set[str]


def read_document(text: str, path: Path) -> Document:
    """The statements of a Turtle text.

    Raises:
        InputError: it is not Turtle 1.1; names line and column.

    Example:
        >>> read_document("<urn:a> <urn:b> 1, 2 .", Path("a.ttl")).statements[0].properties[0].objects[1].text
        '2'
    """
    return _Reader(text, path).document()


class _Reader:
    def __init__(self, text: str, path: Path) -> None:
        self.source, self.path = text, path
        self.tokens = tokens(text, path)
        self.at = 0
        self.used: set[str] = set()
        self.types = {f"<{RDF}type>"}

    def document(self) -> Document:
        statements = []
        while self.next.kind != "end":
            statements.append(self.statement())
        return Document(statements, self.next.before, self.used)

    @property
    def next(self) -> Token:
        return self.tokens[self.at]

    def is_next(self, mark: str) -> bool:
        return self.next.kind == "mark" and self.next.text == mark

    def take(self, kind: str = "", *texts: str) -> Token:
        """The next token, if it is of the kind and one of the texts wanted."""
        token = self.next
        if token.kind == "end" or (kind and token.kind != kind) or (texts and token.text not in texts):
            raise self.refusal()
        self.at += 1
        return token

    def refusal(self) -> InputError:
        before = self.source[: self.next.start]
        place = Place(self.path, before.count("\n") + 1, self.next.start - before.rfind("\n"))
        what = f"'{self.next.text}' cannot stand here" if self.next.text else "the text ends too early"
        return InputError(f"{what}: this is not Turtle 1.1.", place)

    def statement(self) -> Statement:
        first = self.at
        found, self.next.before = Statement(self.next.before), []
        if self.next.kind == "directive":
            self.directive(found)
        else:
            found.subject = self.node()
            spare, found.subject.after = found.subject.after[1:], found.subject.after[:1]
            spare = self.properties(found.properties, spare)
            last = found.properties[-1].objects[-1] if found.properties else found.subject
            self.end(found, last, spare)
        found.flat = not any(token.newline for token in self.tokens[first + 1 : self.at])
        return found

    def end(self, found: Statement, last: Node, spare: list[str]) -> None:
        stop = self.take("mark", ".")
        found.closing, found.after = [*spare, *_comments(stop)], stop.after
        found.apart = bool(found.closing) or bool(last.after and stop.after)
        if not found.apart and last.after:
            found.after, last.after = last.after, []

    def directive(self, found: Statement) -> None:
        head = self.take("directive")
        parts = [head]
        if head.text.lstrip("@").lower() == "prefix":
            parts.append(self.take("name"))
            found.directive = parts[-1].text
        parts.append(self.take("iri"))
        found.iri = parts[-1].text
        if head.text.startswith("@"):
            parts.append(self.take("mark", "."))
        inner = [comment for part in parts for comment in [*_comments(part), *part.after]]
        found.after = parts[-1].after
        found.before += inner[: len(inner) - len(found.after)]
        if found.iri == f"<{RDF}>":
            self.types.add(found.directive + "type")

    def node(self) -> Node:
        if self.is_next("[") or self.is_next("("):
            return self.nested()
        if self.next.kind in ("mark", "directive", "lang", "comment"):
            raise self.refusal()
        token = self.take()
        self.note_prefix(token)
        parts = [token]
        if token.kind in ("string", "long"):
            parts += self.tag()
        return Term(
            "".join(part.text for part in parts),
            [comment for part in parts for comment in _comments(part)],
            [comment for part in parts for comment in part.after],
        )

    def tag(self) -> list[Token]:
        """The language or the datatype behind a string."""
        if self.is_next("^^"):
            parts = [self.take(), self.take()]
            self.note_prefix(parts[1])
            return parts
        is_language = self.next.kind == "lang" or self.next.text in ("@prefix", "@base")
        return [self.take()] if is_language else []

    def note_prefix(self, token: Token) -> None:
        if token.kind == "name":
            self.used.add(token.text.partition(":")[0] + ":")

    def nested(self) -> Nested:
        first = self.at
        opening = self.take()
        found = Nested(opening.text, _comments(opening), opening.after)
        spare = self.items(found.rows) if opening.text == "(" else self.properties(found.properties, [])
        end = self.take("mark", ")" if opening.text == "(" else "]")
        found.closing, found.after = [*spare, *_comments(end)], end.after
        within = self.tokens[first + 1 : self.at]
        found.broken = any(token.newline or len(token.text.splitlines()) > 1 for token in within)
        return found

    def items(self, rows: list[list[Node]]) -> list[str]:
        """The items of a collection; gives the comments that are left over."""
        spare: list[str] = []
        while not self.is_next(")"):
            newline = self.next.newline
            item = self.node()
            item.before = spare + item.before
            spare, item.after = item.after[1:], item.after[:1]
            if newline or item.before or not rows:
                rows.append([])
            rows[-1].append(item)
        return spare

    def properties(self, found: list[Values], spare: list[str]) -> list[str]:
        """Predicates with their objects, `a` first; gives the comments that are left over."""
        while not (self.is_next(".") or self.is_next("]")):
            if self.is_next(";"):
                mark = self.take()
                spare = [*spare, *_comments(mark), *mark.after]
                continue
            predicate = self.predicate()
            predicate.before = spare + predicate.before
            found.append(Values(predicate))
            spare = self.objects(found[-1])
        found.sort(key=lambda values: values.predicate.text != "a")
        return spare

    def predicate(self) -> Term:
        if self.is_next("[") or self.is_next("("):
            raise self.refusal()
        term = self.node()
        assert isinstance(term, Term)  # noqa: S101 (no bracket, as was just seen)
        term.text = "a" if term.text in self.types else term.text
        return term

    def objects(self, values: Values) -> list[str]:
        """The objects of a predicate, and the `;` behind them; gives the comments left over."""
        spare, values.predicate.after = values.predicate.after[1:], values.predicate.after[:1]
        while True:
            newline = self.next.newline
            value = self.node()
            value.before = spare + value.before
            values.broken |= newline and bool(values.objects)
            values.objects.append(value)
            more = self.is_next(",")
            if more or self.is_next(";"):
                spare = _behind(value, self.take())
            else:
                spare, value.after = value.after[1:], value.after[:1]
            if not more:
                return spare


def _comments(token: Token) -> list[str]:
    """The comments above a token within a statement, where empty lines have no meaning."""
    return [comment for comment in token.before if comment]


def _behind(value: Node, mark: Token) -> list[str]:
    """Give a value the comment that ends its line, also one behind the mark; gives the rest."""
    rest = [*value.after[1:], *_comments(mark)]
    if value.after or rest:
        value.after = value.after[:1]
        return [*rest, *mark.after]
    value.after = mark.after
    return []
