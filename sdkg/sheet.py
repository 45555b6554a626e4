"""A page that stands on its own: it loads nothing, reads on a phone, in the dark and on paper."""

from __future__ import annotations

from html import escape

_STYLE = """
:root { color-scheme: light dark; --ink: #1b1b1b; --soft: #4d4d4d; --paper: #fff; --pale: #f3f4f6;
  --line: #767676; --link: #00508f; --must: #a80000; --should: #8a5a00; --may: #00508f; --mark: #ffe08a; }
@media (prefers-color-scheme: dark) { :root { --ink: #ececec; --soft: #b8b8b8; --paper: #16181c;
  --pale: #24272d; --line: #8a8f98; --link: #8cc4ff; --must: #ff8f8f; --should: #f0b95a; --may: #8cc4ff;
  --mark: #5c4a00; } }
* { box-sizing: border-box; }
body { font: 1rem/1.55 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 0; }
main { max-width: 62rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 .5rem; }
h2 { font-size: 1.3rem; line-height: 1.3; margin: 2.5rem 0 .75rem; }
h3 { font-size: 1.05rem; line-height: 1.4; margin: 0 0 .25rem; }
p { margin: .4rem 0; }
h1, h2, h3, p, li, td, th { overflow-wrap: anywhere; }
a { color: var(--link); } a:focus-visible, summary:focus-visible, [tabindex]:focus-visible {
  outline: 3px solid var(--link); outline-offset: 2px; }
code, pre { font: .9rem/1.5 ui-monospace, monospace; }
.lead { font-size: 1.1rem; } .quiet { color: var(--soft); font-size: .9rem; }
@media print { :root { color-scheme: light; --ink: #000; --soft: #333; --paper: #fff; --pale: #fff; }
  main { max-width: none; padding: 0; } h2, h3 { break-after: avoid; } a { color: inherit; } }
"""


def sheet(title: str, lang: str, body: str, style: str = "") -> str:
    """A whole page of HTML.

    Args:
        title: what it is called, as text.
        lang: the language it is in.
        body: what follows the heading, as HTML.
        style: rules of its own, after those that every sheet has; these give it `.lead` and `.quiet`, and
            the colours `--must`, `--should`, `--may`, `--soft`, `--pale`, `--line` and `--mark`.

    Example:
        >>> sheet("A & B", "en", "<p>Hello.</p>").splitlines()[-3]
        '<p>Hello.</p>'
    """
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(lang)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)} - sdkg</title>\n<style>{_STYLE}{style}</style>\n</head>\n"
        f"<body>\n<main>\n<h1>{escape(title)}</h1>\n{body}\n</main>\n</body></html>\n"
    )
