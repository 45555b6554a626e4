"""Findings as one HTML page that loads nothing."""

from __future__ import annotations

from html import escape

from sdkg.findings.model import LEVELS, Findings, Located

_WORDS = {
    "nl": ("Bevindingen", "Moet", "Zou moeten", "Mag", "Er is niets gevonden.",
           "Wat te doen", "Ook hier", "Niet gecontroleerd",
           "omdat dit niet te lezen is:"),
    "en": ("Findings", "Must", "Should", "May", "Nothing was found.",
           "What to do", "Also here", "Not checked", "as this cannot be read:"),
}  # fmt: skip
_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem;color:#1a1a1a;"
    "background:#fff}"
    "article{border-left:.4rem solid #555;padding:.2rem 1rem;margin:1.5rem 0}.must{border-color:#a80000}"
    ".should{border-color:#8a5a00}pre{background:#f2f2f2;padding:.6rem;overflow-x:auto}code,pre{font-family:monospace}"
    ".detail{color:#444;font-size:.9rem}h3{font-size:1rem;margin:.2rem 0;overflow-wrap:anywhere}"
)


def write_html(found: Findings, lang: str = "nl") -> str:
    """The page: a heading per level, an article per finding."""
    words = _WORDS[lang]
    parts = []
    for level, heading in zip(LEVELS, words[1:4], strict=True):
        own = [finding for finding in found.findings if finding.level == level]
        if own:
            parts.append(
                f"<section><h2>{heading} ({len(own)})</h2>{''.join(_article(f, lang) for f in own)}</section>"
            )
    if found.unchecked:
        rows = "".join(f"<li>{escape(name)}, {words[8]} {escape(why)}</li>" for name, why in found.unchecked)
        parts.append(f"<section><h2>{words[7]}</h2><ul>{rows}</ul></section>")
    body = "\n".join(parts) or f"<p>{words[4]}</p>"
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{words[0]} - sdkg</title>"
        f"<style>{_STYLE}</style></head>\n<body><main><h1>{words[0]}</h1>\n{body}\n</main></body>\n</html>\n"
    )


def _article(finding: Located, lang: str) -> str:
    words = _WORDS[lang]
    name = " - ".join(escape(part) for part in (finding.name.of(lang), finding.plan) if part)
    also = "".join(
        f"<li><code>{escape(str(other.region))}</code>: {escape(other.why.of(lang))}</li>"
        for other in finding.related
    )
    return (
        f'<article class="{finding.level}"><h3><code>{escape(str(finding.region))}</code></h3>'
        + (f"<p>{name}</p>" if name else "")
        + f"<p><strong>{escape(finding.what.of(lang))}</strong></p>"
        f'<pre tabindex="0">{escape(finding.region.caret())}</pre>'
        f"<p>{words[5]}: {escape(finding.todo.of(lang))}</p>"
        + (f"<p>{words[6]}:</p><ul>{also}</ul>" if also else "")
        + f'<p class="detail">{escape(finding.detail)}</p></article>\n'
    )
