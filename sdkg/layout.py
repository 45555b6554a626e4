"""The house style of Turtle: where lines break and how they are indented.

What the author decides stays: the order of subjects, properties and objects, which lists and brackets take
more than one line, and which statements of one property stand on one line. The rest follows from the rules.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import groupby
from pathlib import Path

from sdkg.syntax import Document, Nested, Node, Statement, Values, read_document

WIDTH = 140
"""How long a line with brackets may become before they are opened up; a literal is never broken."""

LONG = 60
"""From so many characters on, an object of several stands on a line of its own."""

_STEP = 4


def arrange(text: str, path: Path) -> str:
    """A Turtle text in the house style, with the same terms and comments.

    Raises:
        InputError: it is not Turtle 1.1; names line and column.

    Example:
        >>> print(arrange("<urn:a> <urn:b> 1,2;a <urn:c>. # here", Path("a.ttl")), end="")
        <urn:a>
            a <urn:c> ;
            <urn:b> 1, 2 . # here
    """
    document = read_document(text, path)
    _tidy_prefixes(document, text)
    lines: list[str] = []
    above = ""
    for statement in document.statements:
        written = _statement(statement)
        kind = "directive" if statement.subject is None else "line" if len(written) == 1 else "block"
        lines += _comments(statement.before, bool(above) and (above != kind or kind == "block"))
        lines += written
        above = kind
    lines += _comments(document.closing, bool(above)) if any(document.closing) else []
    return "\n".join(lines).strip("\n") + "\n"


def _tidy_prefixes(document: Document, text: str) -> None:
    """Sort each run of prefixes, and leave out what nothing uses, unless a prefix is declared twice."""
    counts = Counter(s.directive for s in document.statements if s.directive)
    if any(count > 1 for count in counts.values()):
        return
    run = 0
    keys = []
    for statement in document.statements:
        run += not statement.directive or any(statement.before)
        keys.append(run)
    tidy: list[Statement] = []
    spare: list[str] = []
    for _, group in groupby(zip(keys, document.statements, strict=True), key=lambda pair: pair[0]):
        statements = [statement for _, statement in group]
        above = spare + statements[0].before
        kept = [s for s in statements if s.after or not s.directive or _is_used(s.directive, document, text)]
        ordered = [s for s in kept if not s.directive] + sorted(
            (s for s in kept if s.directive), key=lambda s: s.directive[:-1]
        )
        for statement in ordered:
            statement.before = []
        spare = [] if ordered else above
        tidy += ordered
        if ordered:
            ordered[0].before = above
    document.statements, document.closing = tidy, spare + document.closing


def _is_used(prefix: str, document: Document, text: str) -> bool:
    """Whether a name has the prefix; one in a query within a literal, or in a comment, counts."""
    return prefix in document.used or bool(re.search(rf"(?<![\w-]){re.escape(prefix)}\w", text))


def _comments(comments: list[str], apart: bool) -> list[str]:
    """The lines above a statement: no more than one empty one in a row, and one to begin with if `apart`."""
    lines = [""] if apart and comments[:1] != [""] else []
    for comment in comments:
        if comment or lines[-1:] != [""]:
            lines.append(comment)
    return lines


def _statement(statement: Statement) -> list[str]:
    if statement.subject is None:
        word = f"@prefix {statement.directive}" if statement.directive else "@base"
        return _ended([f"{word} {statement.iri}"], " .", statement.after)
    flat = _flat_statement(statement)
    if flat:
        return _ended([flat], " .", statement.after)
    lines = [*_node(statement.subject, 0, WIDTH)]
    if statement.properties:
        lines = _ended(lines, "", statement.subject.after) + _properties(statement.properties, _STEP)
    if statement.apart:
        if not statement.properties:
            lines = _ended(lines, "", statement.subject.after)
        pad = " " * _STEP
        return [*lines, *(pad + c for c in statement.closing), *_ended([pad + "."], "", statement.after)]
    return _ended(lines, " .", statement.after)


def _flat_statement(statement: Statement) -> str | None:
    """A statement of one property on one line, if its author wrote it so and it fits."""
    if not statement.flat or len(statement.properties) > 1 or statement.subject is None:
        return None
    parts = [_flat(statement.subject), *(_flat_values(values) for values in statement.properties)]
    text = " ".join(part for part in parts if part is not None)
    return text if None not in parts and len(text) + 2 <= WIDTH else None


def _properties(properties: list[Values], indent: int) -> list[str]:
    """Properties, one a line; the last without a mark behind it."""
    lines: list[str] = []
    for values in properties[:-1]:
        lines += _ended(_values(values, indent), " ;", values.objects[-1].after)
    last = properties[-1]
    return lines + _ended(_values(last, indent), "", last.objects[-1].after)


def _values(values: Values, indent: int) -> list[str]:
    """A predicate with its objects; what comes behind the last object is left to the caller."""
    pad, deep = " " * indent, " " * (indent + _STEP)
    lines = [pad + comment for comment in values.predicate.before]
    head, first = pad + values.predicate.text, values.objects[0]
    if values.predicate.after or first.before:
        lines += _ended([head], "", values.predicate.after)
        head = ""
    if head and not _is_broken_list(values):
        flats = [_flat(value) for value in values.objects]
        if len(flats) > 1:
            return [*lines, f"{head} {', '.join(flat for flat in flats if flat is not None)}"]
    for value in values.objects:
        lines += [deep + comment for comment in value.before]
        lead, depth = (f"{head} ", indent) if head else (deep, indent + _STEP)
        head = ""
        written = _node(value, depth, WIDTH - len(lead) - 2)
        written[0] = lead + written[0]
        lines += written if value is values.objects[-1] else _ended(written, ",", value.after)
    return lines


def _is_broken_list(values: Values) -> bool:
    """Whether the objects stand on lines of their own."""
    texts = [_flat(value) for value in values.objects]
    return (
        values.broken
        or any(text is None or len(text) >= LONG for text in texts)
        or any(value.before for value in values.objects)
        or any(value.after for value in values.objects[:-1])
    )


def _node(node: Node, indent: int, room: int) -> list[str]:
    """The lines of a term or a bracket, the first without indent; opened up if there is too little room."""
    flat = _flat(node)
    if not isinstance(node, Nested) or (flat is not None and len(flat) <= room):
        return [flat if flat is not None else getattr(node, "text", "")]
    pad, deep = " " * indent, " " * (indent + _STEP)
    lines = _ended([node.opening], "", node.opened)
    lines += _properties(node.properties, indent + _STEP) if node.properties else []
    for row in node.rows:
        lines += _row(row, indent + _STEP)
    lines += [deep + comment for comment in node.closing]
    return [*lines, pad + ("]" if node.opening == "[" else ")")]


def _row(row: list[Node], indent: int) -> list[str]:
    """Items of a collection on one line, or on more if they do not fit."""
    pad = " " * indent
    lines: list[str] = []
    joins = False
    for item in row:
        lines += [pad + comment for comment in item.before]
        written = _node(item, indent, WIDTH - indent)
        single = len(written) == 1 and "\n" not in written[0]
        if joins and single and len(lines[-1]) + 1 + len(written[0]) <= WIDTH:
            lines[-1] += " " + written[0]
        else:
            written[0] = pad + written[0]
            lines += written
        joins = single and not item.after
        lines = _ended(lines, "", item.after)
    return lines


def _flat(node: Node) -> str | None:
    """A node on one line; `None` if it has more lines, or a comment within it."""
    if not isinstance(node, Nested):
        return None if len(node.text.splitlines()) > 1 else node.text
    if not node.properties and not node.rows and not node.opened and not node.closing:
        return "[]" if node.opening == "[" else "()"
    if node.broken:
        return None
    if node.opening == "(":
        parts = [_flat(item) for row in node.rows for item in row]
        return f"( {' '.join(part for part in parts if part)} )" if None not in parts else None
    parts = [_flat_values(values) for values in node.properties]
    return f"[ {' ; '.join(part for part in parts if part)} ]" if None not in parts else None


def _flat_values(values: Values) -> str | None:
    parts = [_flat(value) for value in values.objects]
    return f"{values.predicate.text} {', '.join(p for p in parts if p)}" if None not in parts else None


def _ended(lines: list[str], mark: str, after: list[str]) -> list[str]:
    """Lines with a mark and a comment behind the last."""
    return [*lines[:-1], lines[-1] + mark + (f" {after[0]}" if after else "")]
