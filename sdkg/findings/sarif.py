"""Findings as SARIF 2.1.0, so that a code host shows them at the line.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from sdkg import __version__
from sdkg.findings.guide import command_of, iri_of, shipped_page
from sdkg.findings.model import Findings, Located, Region, Text
from sdkg.namespaces import shorten

_HELP = Text("Uitleg en voorbeelden: {0}", "Explanation and examples: {0}")
_LEVELS = {"must": "error", "should": "warning", "may": "note"}


def write_sarif(found: Findings, lang: str = "nl") -> str:
    """One run, with a rule for each shape or kind of syntax fault that found something."""
    rules = {finding.rule: finding for finding in found.findings}
    order = {rule: index for index, rule in enumerate(sorted(rules))}
    run = {
        "tool": {
            "driver": {
                "name": "sdkg",
                "version": __version__,
                "language": lang,
                "rules": [_rule(rules[rule], lang) for rule in order],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, order[finding.rule], lang) for finding in found.findings],
    }
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _rule(finding: Located, lang: str) -> dict[str, Any]:
    asks = finding.asks.of(lang) or finding.what.of(lang)
    page, command = shipped_page(finding.rule), command_of(finding.rule)
    if ":" in finding.rule and asks not in page:
        page = ""  # a shape of the project's own
    return {
        "id": shorten(finding.rule),
        "shortDescription": {"text": asks},
        "help": {
            "text": f"{asks} {_HELP.of(lang).format(command)}",
            "markdown": page or f"{asks} `{command}`",
        },
        "helpUri": iri_of(finding.rule),
        "defaultConfiguration": {"level": _LEVELS[finding.level]},
    }


def _result(finding: Located, index: int, lang: str) -> dict[str, Any]:
    name = finding.name.of(lang)
    sentences = [finding.what.of(lang), finding.todo.of(lang), f"({name})" if name else ""]
    # not the line: the same fault is the same one when lines above it come or go
    identity = "\n".join(
        (finding.rule, finding.region.file, finding.focus, finding.path, finding.value, finding.region.shown)
    )
    return {
        "ruleId": shorten(finding.rule),
        "ruleIndex": index,
        "level": _LEVELS[finding.level],
        "message": {"text": " ".join(part for part in sentences if part)},
        "locations": [{"physicalLocation": _physical(finding.region)}],
        "relatedLocations": [
            {
                "id": number,
                "physicalLocation": _physical(other.region),
                "message": {"text": other.why.of(lang)},
            }
            for number, other in enumerate(finding.related)
        ],
        "partialFingerprints": {"sdkgFinding/v1": sha256(identity.encode()).hexdigest()},
    }


def _physical(region: Region) -> dict[str, Any]:
    return {
        "artifactLocation": {"uri": quote(region.file)},
        "region": {
            "startLine": region.line,
            "startColumn": region.column,
            "endLine": region.end_line,
            "endColumn": region.end_column,
            "snippet": {"text": region.shown},
        },
    }
