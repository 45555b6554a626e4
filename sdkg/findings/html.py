"""Findings as one HTML page that loads nothing."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from sdkg.findings.guide import command_of, iri_of, name_of
from sdkg.findings.model import LEVELS, Findings, Located, Region, Text
from sdkg.sheet import sheet

_TITLE = Text("Bevindingen", "Findings")
_HEADS = dict(
    zip(LEVELS, (Text("Moet", "Must"), Text("Zou moeten", "Should"), Text("Mag", "May")), strict=True)
)
_NOTHING = Text("Er is niets gevonden.", "Nothing was found.")
_LEAD = Text("{0} bevindingen in {1} bestanden.", "{0} findings in {1} files.")
_LEAD_ONE = Text("{0} bevinding in 1 bestand.", "{0} finding in 1 file.")
_TODO = Text("Wat te doen", "What to do")
_ALSO = Text("Ook hier", "Also here")
_RULE = Text("Regel", "Rule")
_UNCHECKED = Text("Niet gecontroleerd", "Not checked")
_WHY = Text("{0}, omdat dit niet te lezen is: {1}", "{0}, as this cannot be read: {1}")
_AROUND = 60
"""How many characters of a line stay before and behind what a finding is about."""

_STYLE = """
nav ul { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; margin: .5rem 0; }
article { border-left: .3rem solid var(--may); padding: .1rem 0 .1rem 1rem; margin: 0 0 2rem;
  break-inside: avoid; }
.must { border-color: var(--must); } .should { border-color: var(--should); }
pre { background: var(--pale); padding: .6rem .75rem; margin: .6rem 0; white-space: pre-wrap;
  overflow-wrap: anywhere; }
mark { background: var(--mark); color: inherit; text-decoration: underline wavy var(--must);
  text-underline-offset: .2em; }
@media print { pre { border: 1px solid var(--line); } }
"""


def write_html(found: Findings, lang: str = "nl") -> str:
    """The page: how much there is, a heading per level, an article per finding."""
    return sheet(_TITLE.of(lang), lang, "\n".join(_body(found, lang)), _STYLE)


def _body(found: Findings, lang: str) -> Iterator[str]:
    if not found.findings:
        yield f"<p>{_NOTHING.of(lang)}</p>"
    else:
        files = len({finding.region.file for finding in found.findings})
        lead = _LEAD_ONE if len(found.findings) == 1 else _LEAD
        yield f'<p class="lead">{lead.of(lang).format(len(found.findings), files)}</p>'
        levels = [level for level in LEVELS if found.count(level)]
        links = "".join(f'<li><a href="#{level}">{_head(found, level, lang)}</a></li>' for level in levels)
        yield f'<nav aria-label="{_TITLE.of(lang)}"><ul>{links}</ul></nav>'
        for level in levels:
            yield f'<section aria-labelledby="{level}">\n<h2 id="{level}">{_head(found, level, lang)}</h2>'
            yield from (_article(finding, lang) for finding in found.findings if finding.level == level)
            yield "</section>"
    if found.unchecked:
        rows = "".join(f"<li>{escape(_WHY.of(lang).format(name, why))}</li>" for name, why in found.unchecked)
        yield f"<section>\n<h2>{_UNCHECKED.of(lang)}</h2>\n<ul>{rows}</ul>\n</section>"


def _head(found: Findings, level: str, lang: str) -> str:
    return f"{_HEADS[level].of(lang)} ({found.count(level)})"


def _article(finding: Located, lang: str) -> str:
    name, place = finding.name.of(lang), f"<code>{escape(str(finding.region))}</code>"
    about = [name] if finding.plan in name else [name, finding.plan]
    where = " · ".join([place, *(escape(part) for part in about if part)])
    return "\n".join(
        [
            f'<article class="{finding.level}">',
            f"<h3>{escape(finding.what.of(lang))}</h3>",
            f'<p class="quiet">{where}</p>',
            f"<pre>{_line(finding.region)}</pre>",
            f"<p><strong>{_TODO.of(lang)}:</strong> {escape(finding.todo.of(lang))}</p>",
            *_also(finding, lang),
            f'<p class="quiet">{_rule(finding, lang)}<br>{escape(finding.detail)}</p>',
            "</article>",
        ]
    )


def _line(region: Region) -> str:
    """The line, with what the finding is about marked in it."""
    start = region.column - 1
    end = region.end_column - 1 if region.end_line == region.line else len(region.shown)
    before, about, behind = region.shown[:start], region.shown[start:end], region.shown[end:]
    lead = "…" if len(before) > _AROUND else ""
    tail = "…" if len(about) > 2 * _AROUND or len(behind) > _AROUND else ""
    if len(about) > 2 * _AROUND:
        about, behind = about[: 2 * _AROUND], ""
    return (
        f"{lead}{escape(before[-_AROUND:].lstrip() if not lead else before[-_AROUND:])}"
        f"<mark>{escape(about) or '&nbsp;'}</mark>{escape(behind[:_AROUND])}{tail}"
    )


def _also(finding: Located, lang: str) -> Iterator[str]:
    if finding.related:
        rows = "".join(
            f"<li><code>{escape(str(other.region))}</code>: {escape(other.why.of(lang))}</li>"
            for other in finding.related
        )
        yield f"<p>{_ALSO.of(lang)}:</p>\n<ul>{rows}</ul>"


def _rule(finding: Located, lang: str) -> str:
    link = f'<a href="{escape(iri_of(finding.rule))}">{escape(name_of(finding.rule))}</a>'
    return f"{_RULE.of(lang)}: {link} (<code>{escape(command_of(finding.rule))}</code>)"
