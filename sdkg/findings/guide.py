"""The page of a rule: what it asks, why, on what, and what to do; of every shape and every syntax fault.

The pages with examples stand in `docs/rules/` and ship with the package; a shape of a project's own has a
page too, without examples.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from sdkg.errors import UnknownNameError
from sdkg.findings.model import LEVELS, NOTHING, SYNTAX, Text
from sdkg.findings.rulebook import Facts, Rulebook, Value, nearest
from sdkg.findings.syntax import in_general
from sdkg.namespaces import OWL, RDF, RDFS, SHACL, SHAPES, SKOS, shorten
from sdkg.project import Project, shipped
from sdkg.reading import read

_SEVERITY = {
    SHACL + name: level for name, level in zip(("Violation", "Warning", "Info"), LEVELS, strict=True)
}
_WHY = {
    "must": Text(
        "dit moet. Wat hiertegen ingaat, houdt `sdkg build` tegen, en `sdkg validate` eindigt met 1.",
        "this must hold. What goes against it stops `sdkg build`, and `sdkg validate` ends with 1.",
    ),
    "should": Text(
        "dit hoort, maar moet niet. Het is een waarschuwing; `sdkg validate --fail-on should` eindigt met 1.",
        "this should hold, but need not. It is a warning; `sdkg validate --fail-on should` ends with 1.",
    ),
    "may": Text(
        "dit mag. Het is een aanwijzing; `sdkg validate --fail-on may` eindigt met 1.",
        "this may hold. It is a hint; `sdkg validate --fail-on may` ends with 1.",
    ),
    SYNTAX: Text(
        "dit moet. Van een bestand dat geen Turtle is, is niets te gebruiken; `sdkg validate` eindigt met 2.",
        "this must hold. Nothing of a file that is no Turtle can be used; `sdkg validate` ends with 2.",
    ),
}
_TARGETS = (
    ("targetClass", Text("elk {0}", "every {0}")),
    ("targetSubjectsOf", Text("alles met {0}", "whatever has {0}")),
    ("targetObjectsOf", Text("alles waar {0} naar wijst", "whatever {0} points at")),
    ("targetNode", Text("{0}", "{0}")),
)


@dataclass(frozen=True)
class Rule:
    """A rule in words.

    Attributes:
        name: the end of its IRI, and the name of its page.
        level: `must`, `should` or `may`; `syntax` for what makes a file unreadable.
        kind: which rules it is one of.
        source: the file it stands in; "" for a syntax fault.
        title: what it is called.
        asks: what it asks.
        targets: what it is about.
        meaning: what the property is that it is about, as the ontology says it.
        advice: what is wrong where it is broken, and what to do.
    """

    name: str
    level: str
    kind: Text
    source: str
    title: Text
    asks: Text
    targets: Text
    meaning: Text
    advice: Text

    @property
    def summary(self) -> Text:
        """The rule in one sentence."""
        return Text(f"{self.title.nl}.", f"{self.title.en}.") if self.level == SYNTAX else self.asks


def name_of(rule: str) -> str:
    """The name of a rule, by its IRI or the kind of a syntax fault.

    Example:
        >>> name_of("https://w3id.org/sociaal-domein/shapes#Benoemd-label"), name_of("syntax-dot")
        ('Benoemd-label', 'syntax-dot')
    """
    return rule.rpartition("#")[2] if "#" in rule else rule.rpartition("/")[2]


def iri_of(rule: str) -> str:
    """The IRI of a rule, which is the address of its page.

    Example:
        >>> iri_of("syntax-dot")
        'https://w3id.org/sociaal-domein/shapes#syntax-dot'
    """
    return rule if ":" in rule else SHAPES + rule


def command_of(rule: str) -> str:
    """The command that shows the page of a rule.

    Example:
        >>> command_of("https://w3id.org/sociaal-domein/shapes#Benoemd-label")
        'sdkg rule Benoemd-label'
    """
    return f"sdkg rule {name_of(rule)}"


def rules_of(project: Project) -> dict[str, Rule]:
    """Every rule by its name: the shapes of a project in the order of their files, then the syntax faults.

    Raises:
        InputError: a file of shapes or the ontology cannot be read.

    Example:
        >>> rules_of(Project.at("."))["Benoemd-label"].title.nl
        'label'
    """
    shared = read(project.core_ontology).triples
    found = [
        rule
        for path in project.shape_files
        for rule in _shapes(Rulebook(read(path).triples, shared), project.name_of(path))
    ]
    return {rule.name: rule for rule in (*found, *_syntax())}


def find_rule(rules: Iterable[str], name: str) -> str:
    """The rule meant by a name, an IRI or a name with a prefix.

    Raises:
        UnknownNameError: there is no such rule; says which are like it.

    Example:
        >>> find_rule(["Benoemd-label", "syntax-dot"], "sh-sd:Benoemd-label")
        'Benoemd-label'
    """
    known = list(rules)
    wanted = name_of(name).rpartition(":")[2]
    same = [rule for rule in known if rule.casefold() == wanted.casefold()]
    if same:
        return wanted if wanted in same else same[0]
    near = nearest(wanted, known)
    hint = f" Did you mean '{near}'?" if near else ""
    raise UnknownNameError(f"There is no rule '{name}'.{hint} 'sdkg rule' lists them.")


def page_of(project: Project, name: str) -> str:
    """The page of a rule: the one that ships, with examples; of a project's own shape, one without.

    Raises:
        UnknownNameError: there is no such rule.
        InputError: a file of shapes or the ontology cannot be read.

    Example:
        >>> page_of(Project.at("."), "benoemd-label").splitlines()[0]
        '# Benoemd-label'
    """
    rules = rules_of(project)
    rule = rules[find_rule(rules, name)]
    made = write_page(rule)
    shown = shipped_page(rule.name)
    # a project may have a shape of that name that asks something else
    page = shown if shown.startswith(made.partition(_ENGLISH)[0]) else made
    return page.replace(f"*{_head(rule)}*\n\n", f"{iri_of(rule.name)}\n\n", 1)


def shipped_page(rule: str) -> str:
    """The page that ships for a rule, with examples; "" if there is none.

    Example:
        >>> "## Goed (passes)" in shipped_page("syntax-dot")
        True
    """
    name = name_of(rule)
    for file in (name, f"{name}-2"):
        path = shipped() / "docs" / "rules" / f"{file}.md"
        text = path.read_text("utf-8") if path.is_file() else ""
        if text.startswith(f"# {name}\n"):
            return text
    return ""


def examples_of(rule: Rule) -> tuple[str, str]:
    """What fails and what passes, as Turtle without prefixes; both "" if the page that ships has none.

    Example:
        >>> examples_of(rules_of(Project.at("."))["volgorde-vorm"])[0].splitlines()[-1]
        '    sd:volgorde 0 .'
    """
    shown = shipped_page(rule.name)
    found = re.findall(r"```turtle\n(.*?)```", shown, re.DOTALL) if rule.asks.nl in shown else []
    return (found[0], found[1]) if len(found) == 2 else ("", "")


def why_of(rule: Rule) -> Text:
    """What comes of it where a rule is broken.

    Example:
        >>> why_of(rules_of(Project.at("."))["volgorde-vorm"]).en.partition(".")[0]
        'this must hold'
    """
    return _WHY[rule.level]


def files_of(rules: Iterable[str]) -> dict[str, str]:
    """What the page of each rule is called; some file systems do not tell capitals apart.

    Example:
        >>> files_of(["plan", "Plan"])
        {'plan': 'plan', 'Plan': 'Plan-2'}
    """
    found: dict[str, str] = {}
    for rule in rules:
        taken = {name.casefold() for name in found.values()}
        found[rule] = f"{rule}-2" if rule.casefold() in taken else rule
    return found


def write_page(rule: Rule, wrong: str = "", right: str = "") -> str:
    """The page of a rule as Markdown, with an example that fails and one that passes if there are any."""
    parts = [f"# {rule.name}", f"*{_head(rule)}*", *_part(rule, "nl")]
    examples = ((_WRONG, wrong), (_RIGHT, right))
    parts += [f"## {head}\n\n```turtle\n{text}```" for head, text in examples if text]
    return "\n\n".join([*parts, _ENGLISH, *_part(rule, "en")]) + "\n"


_WRONG, _RIGHT, _ENGLISH = "Fout (fails)", "Goed (passes)", "## In English"


def _head(rule: Rule) -> str:
    source = f" (`{rule.source}`)" if rule.source else ""
    made = "generated by `python docs/build_rule_pages.py`; do not edit."
    return f"{rule.kind.nl}{source}; `{iri_of(rule.name)}`; {made}"


def _part(rule: Rule, lang: str) -> Iterator[str]:
    """The paragraphs in a language."""
    nl = lang == "nl"
    yield f"**{capital(rule.title.of(lang))}.** {rule.asks.of(lang)}"
    rows = [
        ("Waarom" if nl else "Why", _WHY[rule.level].of(lang)),
        ("Waarop" if nl else "On what", rule.targets.of(lang)),
        ("Betekenis" if nl else "Meaning", rule.meaning.of(lang)),
        ("Wat te doen" if nl else "What to do", rule.advice.of(lang)),
    ]
    yield "\n".join(f"- {head}: {text}" for head, text in rows if text)


def capital(text: str) -> str:
    """A sentence with a capital, unless it begins with a name.

    Example:
        >>> capital("dit moet."), capital("sd:valtOnder wordt afgeleid.")
        ('Dit moet.', 'sd:valtOnder wordt afgeleid.')
    """
    return text if ":" in text.partition(" ")[0] else text[:1].upper() + text[1:]


# ---------------------------------------------------------------- from the shapes


def _shapes(book: Rulebook, source: str) -> Iterator[Rule]:
    kind = NOTHING
    for header in book.shapes.subjects(RDF + "type", OWL + "Ontology"):
        kind = _text(book.shapes, header, RDFS + "label")
    for shape in book.shapes.all():
        if not any(book.shapes.values(shape, SHACL + word) for word, _ in _TARGETS):
            continue
        severity = book.shapes.first(shape, SHACL + "severity") or SHACL + "Violation"
        words = (_text(book.shapes, shape, SHACL + word) for word in ("name", "description", "message"))
        title, asks, advice = words
        yield Rule(
            name_of(shape),
            _SEVERITY.get(severity, "must"),
            kind,
            source,
            title if title.nl else Text(name_of(shape), name_of(shape)),
            asks,
            _about(book, shape),
            _meaning(book, shape),
            advice,
        )


def _text(facts: Facts, subject: str, predicate: str) -> Text:
    return Text(facts.first(subject, predicate, "nl"), facts.first(subject, predicate, "en"))


def _about(book: Rulebook, shape: str) -> Text:
    """What a shape is about: its targets and the property it looks at."""
    said = []
    for lang in ("nl", "en"):
        parts = [
            form.of(lang).format(_listed([_named(book, v, lang) for v in values], lang))
            for word, form in _TARGETS
            for values in [book.shapes.values(shape, SHACL + word)]
            if values
        ]
        path = book.shapes.values(shape, SHACL + "path")
        if path == book.shapes.values(shape, SHACL + "targetSubjectsOf"):
            path = []
        looked = f", {'en daarvan' if lang == 'nl' else 'and of it'} {_path(book, path[0])}" if path else ""
        said.append(f"{'; '.join(parts)}{looked}.")
    return Text(*said)


def _listed(names: list[str], lang: str) -> str:
    last = " of " if lang == "nl" else " or "
    return last.join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _named(book: Rulebook, value: Value, lang: str) -> str:
    label = book.shared.first(value.value, RDFS + "label", lang)
    return f"{label} (`{shorten(value.value)}`)" if label else f"`{shorten(value.value)}`"


def _path(book: Rulebook, value: Value) -> str:
    return f"`{_path_of(book.shapes, value)}`"


def _path_of(facts: Facts, value: Value) -> str:
    """A path as SPARQL writes it."""
    if not isinstance(value, ox.BlankNode):
        return shorten(value.value)
    said = dict(facts.said(value.value))
    if SHACL + "inversePath" in said:
        return "^" + _path_of(facts, said[SHACL + "inversePath"])
    if SHACL + "alternativePath" in said:
        return "(" + " | ".join(_items(facts, said[SHACL + "alternativePath"])) + ")"
    return "/".join(_items(facts, value))


def _items(facts: Facts, head: Value) -> list[str]:
    found = []
    while isinstance(head, ox.BlankNode):
        found.append(_path_of(facts, facts.values(head.value, RDF + "first")[0]))
        head = facts.values(head.value, RDF + "rest")[0]
    return found


def _meaning(book: Rulebook, shape: str) -> Text:
    """What the ontology says of the property that a shape looks at."""
    found = [
        Text(*(f"`{shorten(value.value)}`: {said.of(lang)}" for lang in ("nl", "en")))
        for word in ("path", "targetSubjectsOf")
        for value in book.shapes.values(shape, SHACL + word)
        for said in [_text(book.shared, value.value, SKOS + "definition")]
        if said.nl
    ]
    return found[0] if len(set(found)) == 1 else NOTHING


# ---------------------------------------------------------------- of syntax


def _syntax() -> Iterator[Rule]:
    kind = Text("Turtle die niet te lezen is", "Turtle that cannot be read")
    asks = Text("Een bestand met een plan is geldige Turtle 1.1.", "A file with a plan is valid Turtle 1.1.")
    targets = Text("elk bestand.", "every file.")
    for name, (what, todo) in in_general().items():
        title = Text(*(said.rstrip(".").removesuffix(": …") for said in (what.nl, what.en)))
        yield Rule(f"{SYNTAX}-{name}", SYNTAX, kind, "", title, asks, targets, NOTHING, todo)
