"""Findings as text, JSON, SARIF, HTML and Turtle; the same findings always give the same bytes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from sdkg.findings.guide import command_of, iri_of
from sdkg.findings.html import write_html
from sdkg.findings.model import LEVELS, Findings, Located, Region
from sdkg.findings.report import write_report
from sdkg.findings.sarif import write_sarif

FORMATS = ("text", "json", "sarif", "html", "turtle")
_LEVEL = {
    "nl": dict(zip(LEVELS, ("moet", "zou moeten", "mag"), strict=True)),
    "en": dict(zip(LEVELS, LEVELS, strict=True)),
}
_ENGINE = {LEVELS[0]: "Violation", LEVELS[1]: "Warning", LEVELS[2]: "Info"}


def write_text(found: Findings, lang: str = "nl", most: int | None = None) -> str:
    """For people, a blank line between two findings; at most `most` of them, and how many more there are."""
    parts = [_text(finding, lang) for finding in found.findings[:most]]
    left = len(found.findings) - len(parts)
    if left:
        parts.append(f"… en nog {left}.\n" if lang == "nl" else f"… and {left} more.\n")
    not_checked = (
        "niet gecontroleerd, omdat {0} niet te lezen is"
        if lang == "nl"
        else "not checked, as {0} cannot be read"
    )
    parts += [f"{name}: {not_checked.format(why)}\n" for name, why in found.unchecked]
    must, should, may = (found.count(level) for level in LEVELS)
    return "\n".join([*parts, f"{must} violations, {should} warnings" + f", {may} infos" * bool(may) + ".\n"])


def _text(finding: Located, lang: str) -> str:
    name = finding.name.of(lang)
    about = ", ".join(dict.fromkeys([name, finding.plan] if finding.plan not in name else [name])).strip(", ")
    lines = [
        f"{finding.region}: {_ENGINE[finding.level]} ({_LEVEL[lang][finding.level]})"
        + (f": {about}" if about else "")
    ]
    lines += [f"    | {line}" for line in finding.region.caret().split("\n")]
    lines += [f"    {text}" for text in (finding.what.of(lang), finding.todo.of(lang)) if text]
    lines += [f"    {other.region}: {other.why.of(lang)}" for other in finding.related]
    rule = "Regel" if lang == "nl" else "Rule"
    lines += [f"    {rule}: {command_of(finding.rule)}", f"    {finding.detail}"]
    return "\n".join(lines) + "\n"


def write_json(found: Findings, lang: str = "nl") -> str:
    """For programs: all that is known of each finding, in both languages."""
    said = {
        "findings": [_plain(finding) for finding in found.findings],
        "counts": {level: found.count(level) for level in LEVELS},
        "checked": list(found.checked),
        "unchecked": [{"file": name, "because": why} for name, why in found.unchecked],
        "language": lang,
    }
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"


def _plain(finding: Located) -> dict[str, Any]:
    return {
        "level": finding.level,
        **_place(finding.region),
        "rule": finding.rule,
        "page": iri_of(finding.rule),
        "explain": command_of(finding.rule),
        "asks": vars(finding.asks),
        "what": vars(finding.what),
        "todo": vars(finding.todo),
        "name": vars(finding.name),
        "plan": finding.plan,
        "focus": finding.focus,
        "path": finding.path,
        "value": finding.value,
        "detail": finding.detail,
        "related": [{**_place(other.region), "why": vars(other.why)} for other in finding.related],
    }


def _place(region: Region) -> dict[str, Any]:
    return {
        "file": region.file,
        "line": region.line,
        "column": region.column,
        "endLine": region.end_line,
        "endColumn": region.end_column,
        "text": region.shown,
    }


WRITERS: Mapping[str, Callable[[Findings, str], str]] = {
    "text": write_text,
    "json": write_json,
    "sarif": write_sarif,
    "html": write_html,
    "turtle": write_report,
}
"""How findings are written, by the names of `FORMATS`."""
