"""The gaps of plans as text, as JSON, and as a page of HTML that needs nothing else."""

from __future__ import annotations

import json
from html import escape

from sdkg.gaps import Element, Gap, Gaps
from sdkg.gaps.kinds import KINDS, NOTE, Text
from sdkg.namespaces import shorten
from sdkg.sheet import sheet

FORMATS = ("text", "json", "html")

_TITLE: Text = ("Wat laten de plannen open?", "What do the plans leave open?")
_COMPARED: Text = ("De plannen naast elkaar", "The plans side by side")
_KIND: Text = ("leemte", "gap")
_NONE: Text = ("geen", "none")
_REMARKS: dict[str, Text] = {
    "doelen-zonder-iets-meetbaars": ("niet te meten: ", "cannot be measured: "),
    "themas-zonder-wet": ("met een wet, in dit plan en in alle: ", "with a law, here and overall: "),
    "themas-zonder-partner": (
        "met een partner, in dit plan en in alle: ",
        "with a partner, here and overall: ",
    ),
}

_STYLE = """
.note { border-left: .3rem solid var(--may); padding: .5rem 1rem; background: var(--pale); }
.scroll { overflow-x: auto; margin: 1.5rem 0; }
table { border-collapse: collapse; font-size: .9rem; }
caption { text-align: left; font-weight: bold; padding: .5rem 0; }
th, td { border-bottom: 1px solid var(--line); padding: .4rem .75rem .4rem 0; text-align: left;
  vertical-align: top; overflow-wrap: break-word; }
thead th { min-width: 8rem; font-weight: 600; } tbody th { min-width: 10rem; font-weight: normal; }
td { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
h3 { margin-top: 1.5rem; } ul { padding-left: 1.25rem; } li { margin: .35rem 0; }
summary { cursor: pointer; padding: .25rem 0; }
@media print { .scroll { overflow: visible; } table { font-size: .7rem; } thead th, tbody th { min-width: 0; }
  td { white-space: normal; } li, tr { break-inside: avoid; }
  details::details-content { content-visibility: visible; block-size: auto; } summary { list-style: none; } }
"""


def write_gaps(gaps: Gaps, style: str = "text", lang: str = "nl") -> str:
    """The gaps in one of `FORMATS`, in Dutch (`nl`) or English (`en`).

    Example:
        >>> write_gaps(Gaps((), (), ()), "text", "en").splitlines()[0]
        "A gap is something that a plan itself leaves open. It is no fault of the data: see 'sdkg validate'."
    """
    pick = 0 if lang == "nl" else 1
    return {"text": _text, "json": _json, "html": _html}[style](gaps, pick)


def _amount(gap: Gap, pick: int) -> str:
    if gap.share is None:
        return "-"
    join = ("van", "of")[pick]
    return f"{len(gap.elements)} {join} {gap.total} ({gap.share:.0%})"


def _remark(gap: Gap, element: Element, pick: int) -> str:
    texts = _REMARKS.get(gap.kind.key)
    return texts[pick] + element.remark if texts and element.remark else ""


def _text(gaps: Gaps, pick: int) -> str:
    lines = [NOTE[pick], ""]
    names = dict(gaps.plans)
    for plan in gaps.chosen:
        lines += [names[plan], "=" * len(names[plan]), ""]
        for gap in (gaps.of(plan, kind) for kind in KINDS):
            lines.append(f"{gap.kind.label[pick]}: {_amount(gap, pick)}")
            lines += [f"    {gap.kind.hint[pick]}"] if gap.elements else []
            for element in gap.elements:
                where = " · ".join(
                    part
                    for part in (element.section, shorten(element.iri), _remark(gap, element, pick))
                    if part
                )
                lines += [f"  - {element.label}", f"      {where}"]
            lines.append("")
    return "\n".join([*lines, *_comparison(gaps, pick)]) + "\n"


def _comparison(gaps: Gaps, pick: int) -> list[str]:
    """Each kind of gap, plan by plan."""
    if len(gaps.plans) < 2:
        return []
    lines = [_COMPARED[pick], "-" * len(_COMPARED[pick])]
    for kind in KINDS:
        lines.append(kind.label[pick])
        lines += [f"  {_amount(gaps.of(plan, kind), pick):>18}  {label}" for plan, label in gaps.plans]
    return lines


def _json(gaps: Gaps, pick: int) -> str:
    plans = [
        {"plan": plan, "label": label, "gaps": [_gap_as_dict(gaps.of(plan, kind), pick) for kind in KINDS]}
        for plan, label in gaps.plans
        if plan in gaps.chosen
    ]
    compared = [
        {
            "kind": kind.key,
            "label": kind.label[pick],
            "plans": [_numbers(gaps.of(plan, kind)) | {"plan": plan} for plan, _ in gaps.plans],
        }
        for kind in KINDS
    ]
    whole = {"note": NOTE[pick], "plans": plans, "comparison": compared}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def _numbers(gap: Gap) -> dict[str, object]:
    return {
        "count": len(gap.elements),
        "total": gap.total,
        "share": None if gap.share is None else round(gap.share, 4),
    }


def _gap_as_dict(gap: Gap, pick: int) -> dict[str, object]:
    elements = [
        {"iri": e.iri, "label": e.label, "section": e.section}
        | ({"remark": _remark(gap, e, pick)} if e.remark else {})
        for e in gap.elements
    ]
    names = {"kind": gap.kind.key, "label": gap.kind.label[pick], "of": gap.kind.of[pick]}
    return names | {"hint": gap.kind.hint[pick]} | _numbers(gap) | {"elements": elements}


def _html(gaps: Gaps, pick: int) -> str:
    names = dict(gaps.plans)
    parts = [_html_table(gaps, pick)]
    for plan in gaps.chosen:
        parts.append(f'<section>\n<h2><a href="{escape(plan)}">{escape(names[plan])}</a></h2>')
        parts += [_html_gap(gaps.of(plan, kind), pick) for kind in KINDS]
        parts.append("</section>")
    note = f'<p class="note">{escape(NOTE[pick])}</p>'
    return sheet(_TITLE[pick], ("nl", "en")[pick], "\n".join([note, *parts]), _STYLE)


def _html_table(gaps: Gaps, pick: int) -> str:
    heads = "".join(f'<th scope="col">{escape(label)}</th>' for _, label in gaps.plans)
    rows = "\n".join(
        f'<tr><th scope="row">{escape(kind.label[pick])}</th>'
        + "".join(f"<td>{_amount(gaps.of(plan, kind), pick)}</td>" for plan, _ in gaps.plans)
        + "</tr>"
        for kind in KINDS
    )
    return (
        f'<div class="scroll" role="region" aria-label="{escape(_COMPARED[pick])}" tabindex="0">\n<table>\n'
        f"<caption>{escape(_COMPARED[pick])}</caption>\n"
        f'<thead><tr><th scope="col">{_KIND[pick]}</th>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n'
        "</table>\n</div>"
    )


def _html_gap(gap: Gap, pick: int) -> str:
    heading = f"<h3>{escape(gap.kind.label[pick])}: {_amount(gap, pick)}</h3>"
    if not gap.elements:
        return f"{heading}\n<p>{_NONE[pick]}</p>"
    items = "\n".join(_html_element(gap, element, pick) for element in gap.elements)
    summary = f"{len(gap.elements)} {escape(gap.kind.of[pick])}"
    hint = escape(gap.kind.hint[pick])
    return (
        f"{heading}\n<p>{hint}</p>\n<details>\n<summary>{summary}</summary>\n<ul>\n{items}\n</ul>\n</details>"
    )


def _html_element(gap: Gap, element: Element, pick: int) -> str:
    where = " · ".join(part for part in (element.section, _remark(gap, element, pick)) if part)
    link = f'<a href="{escape(element.iri)}">{escape(element.label)}</a>'
    return f'<li>{link} <span class="quiet">{escape(where)}</span></li>'
