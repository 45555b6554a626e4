"""What a finding is once its place is known."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

LEVELS = ("must", "should", "may")
"""How bad a finding is, as people say it: what SHACL calls Violation, Warning and Info."""

SYNTAX = "syntax"
"""What the rule of a finding about a file that does not parse starts with."""


@dataclass(frozen=True, order=True)
class Region:
    """A part of a file: lines and columns from 1, end behind the last character; `shown` is a line."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    shown: str = field(compare=False, default="")

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    def caret(self) -> str:
        """The line, and a caret line under what it is about."""
        width = (
            self.end_column - self.column if self.end_line == self.line else len(self.shown) - self.column + 1
        )
        left, start = self.shown, self.column - 1
        cut = max(0, start - 40)
        right = left[cut : cut + 110]
        lead, tail = ("…" if cut else ""), ("…" if len(left) > cut + 110 else "")
        carets = "^" * max(1, min(width, len(right) - (start - cut)))
        gap = "".join("\t" if c == "\t" else " " for c in left[cut:start])
        return f"{lead}{right}{tail}\n{' ' * len(lead)}{gap}{carets}"


@dataclass(frozen=True)
class Text:
    """A sentence in two languages."""

    nl: str
    en: str

    def of(self, lang: str) -> str:
        """The sentence in a language."""
        return self.en if lang == "en" else self.nl


NOTHING = Text("", "")


@dataclass(frozen=True)
class Related:
    """Another place that a finding is about, and why."""

    region: Region
    why: Text


@dataclass(frozen=True)
class Located:
    """A finding with its place: what is wrong, what to do, and the engine's own words.

    `name` is the element it is about, `plan` the plan of that element, `rule` the IRI of the shape or the
    kind of a syntax fault, `asks` what that asks; `focus`, `path` and `value` are what the engine said.
    """

    rank: int
    region: Region
    rule: str
    what: Text
    todo: Text
    name: Text = NOTHING
    plan: str = ""
    focus: str = ""
    path: str = ""
    value: str = ""
    detail: str = ""
    related: tuple[Related, ...] = ()
    asks: Text = NOTHING

    @property
    def level(self) -> str:
        """`must`, `should` or `may`."""
        return LEVELS[self.rank]

    @property
    def order(self) -> tuple[int, Region, str, str, str]:
        """Most severe first, then by place."""
        return self.rank, self.region, self.rule, self.path, self.value


@dataclass(frozen=True)
class Findings:
    """All findings of a run, in order.

    `checked` are the files that they are of, `unchecked` those whose rules could not be checked, and the
    broken file that this is for; `fresh` are the parts that were not kept from an earlier run.
    """

    findings: tuple[Located, ...]
    checked: tuple[str, ...] = ()
    unchecked: tuple[tuple[str, str], ...] = ()
    fresh: tuple[str, ...] = ()

    def count(self, level: str) -> int:
        """How many findings of a level there are."""
        return sum(finding.level == level for finding in self.findings)

    def fails(self, fail_on: str) -> bool:
        """Whether there is a finding of this level or a more severe one; never for `never`."""
        if fail_on not in LEVELS:
            return False
        return any(finding.rank <= LEVELS.index(fail_on) for finding in self.findings)

    @property
    def unreadable(self) -> bool:
        """Whether a file does not parse."""
        return any(finding.rule.startswith(SYNTAX) for finding in self.findings)

    def at_least(self, level: str) -> Findings:
        """Only the findings of this level and of more severe ones."""
        kept = tuple(finding for finding in self.findings if finding.rank <= LEVELS.index(level))
        return replace(self, findings=kept)
