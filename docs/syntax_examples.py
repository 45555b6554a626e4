"""For each kind of syntax fault an example that has it, and one that has not; a test has the parser look at them."""
# ruff: noqa: E501 (a table)

from __future__ import annotations

_BLOCK = """voorbeeld-2024:doel-minder-rokers
    a sd:Doel ;
    sd:volgorde 3 ;
    skos:prefLabel "Minder rokers"@nl .
"""
_DEEP = 62


def _spoiled(old: str, new: str) -> tuple[str, str]:
    return _BLOCK.replace(old, new), _BLOCK


def _completed(new: str, good: str) -> tuple[str, str]:
    return _BLOCK.replace("sd:volgorde 3", new), _BLOCK.replace("sd:volgorde 3", good)


SYNTAX_EXAMPLES: dict[str, tuple[str, str]] = {
    "prefix": _spoiled("sd:Doel", "ds:Doel"),
    "dot": (_BLOCK.replace("@nl .", "@nl") + "\n" + _BLOCK.replace("rokers", "drinkers"),
            _BLOCK + "\n" + _BLOCK.replace("rokers", "drinkers")),
    "dot-for-semicolon": _spoiled("@nl .", "@nl ;"),
    "semicolon": _spoiled("volgorde 3 ;", "volgorde 3"),
    "mark": _completed("sd:heeftOnderwerp onderwerp:roken onderwerp:gezondheid",
                       "sd:heeftOnderwerp onderwerp:roken, onderwerp:gezondheid"),
    "string": _spoiled('"@nl', ""),
    "quote": (_BLOCK.replace("Minder rokers", 'Minder "rokers"'), _BLOCK.replace("Minder rokers", 'Minder \\"rokers\\"')),
    "language": _spoiled("@nl", "@nederlands"),
    "iri": _completed("schema:sameAs <https://example.org/minder rokers>", "schema:sameAs <https://example.org/minder-rokers>"),
    "relative": _completed("schema:sameAs <minder-rokers>", "schema:sameAs <https://example.org/minder-rokers>"),
    "no-object": _spoiled("volgorde 3 ;", "volgorde ;"),
    "object": _spoiled("volgorde 3", "volgorde drie"),
    "predicate": _spoiled("sd:volgorde 3", "3 sd:volgorde"),
    "subject": (_BLOCK.replace("3 ;", "3 .").replace("skos:prefLabel", "; skos:prefLabel"), _BLOCK),
    "literal-subject": ('"Minder rokers"@nl\n    a sd:Doel .\n', _BLOCK),
    "prefix-form": ("@prefix sd <https://w3id.org/sociaal-domein/def#> .\n",
                    "@prefix sd: <https://w3id.org/sociaal-domein/def#> .\n"),
    "datatype": _completed('sd:datum "2024-01-01"^^"date"', 'sd:datum "2024-01-01"^^xsd:date'),
    "bracket": _spoiled("3 ;", "3 ] ;"),
    "unclosed": _completed("sd:heeftMeting [ sd:waarde 20.0", "sd:heeftMeting [ sd:waarde 20.0 ]"),
    "deep": _completed(f"rdfs:seeAlso {'( ' * _DEEP}{') ' * _DEEP}".rstrip(), "rdfs:seeAlso ( )"),
    "engine": _completed('sd:nummer "\\uD800"', 'sd:nummer "3"'),
    "unreadable": ("", ""),
}  # fmt: skip
"""For each kind of syntax fault what has it and what has not; a file that is no UTF-8 cannot be shown."""
