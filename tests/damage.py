"""A real plan, damaged in many ways: what is changed where, and what must then be found at which place.

A row of `RULES` is an element, what is replaced in its block (once), what stands there then, and the rule that
finds it. « marks where the finding must point, and is left out; without it the finding points at the element.
`SYNTAX` is the same over the whole text, one fault at a time.
"""
# ruff: noqa: E501, SIM905 (tables)

from __future__ import annotations

from typing import NamedTuple

from tests.paths import ROOT

PLAN = ROOT / "instances" / "heemstede" / "heemstede-2025.ttl"
PREFIX = "heemstede-2025:"

MORE = """

heemstede-2025:indicator-eenzaamheid
    a sd:Indicator ;
    skos:prefLabel "Percentage eenzame 65-plussers"@nl ;
    sd:inPlan id:heemstede-2025 ;
    sd:vindplaats heemstede-2025:sectie-doelenboom ;
    sd:volgorde 77 ;
    sd:onderdeelVan heemstede-2025:thema-gezondheid ;
    sd:meet heemstede-2025:thema-gezondheid ;
    sd:indicatorsoort waarde:kwantitatief .
""" + "".join(
    f"""
heemstede-2025:meting-{name}
    a sd:Meting ;
    skos:prefLabel "Matig eenzame 65-plussers: {number}%"@nl ;
    sd:inPlan id:heemstede-2025 ;
    sd:vindplaats heemstede-2025:sectie-doelenboom ;
    sd:volgorde {number} ;
    sd:metingVan heemstede-2025:indicator-eenzaamheid ;
    sd:metingsoort waarde:nulmeting ;
    sd:waarde {number}.5 ;
    sd:eenheid waarde:procent ;
    sd:populatie "inwoners van 65 jaar en ouder"@nl ;
    sd:gebied gemeente:heemstede .
"""
    for number, name in enumerate(
        "gemeente huurders ouderen inwoners jongeren mannen vrouwen nieuwkomers starters".split(), 80
    )
)
"""Elements as another plan has them, for what this one lacks."""


class Damage(NamedTuple):
    subject: str
    old: str
    new: str
    rule: str


RULES = [
    Damage("thema-gezondheid", '    skos:prefLabel "Gezondheid"@nl ;\n', "", "Benoemd-label"),
    Damage("thema-opgroeien-en-ontwikkelen", '"Opgroeien en ontwikkelen"@nl', '«"Opgroeien"@ln', "Benoemd-label"),
    Damage("thema-hulp-en-ondersteuning", "sd:vindplaats", "sd:vindplats", "Vindbaar-vindplaats"),
    Damage("principe-beleidskader-bij-meer-themas", "sd:volgorde 12", 'sd:volgorde «"12"', "volgorde-vorm"),
    Damage("principe-beleidskader-bij-meer-themas", "onderwerp:sturing", "«onderwerp:sturnig", "heeftOnderwerp-klasse"),
    Damage("maatregel-verdiepende-doelenbomen", "partner:wij-heemstede", "«partner:wij-hemstede", "steuntOpPartner-klasse"),
    Damage("maatregel-verdiepende-doelenbomen", "sd:lopend true", 'sd:lopend «"ja"', "lopend-vorm"),
    Damage("principe-doelen-volgen-binnen-de-beleidskaders", "sd:volgorde 14", "sd:volgorde 14, «99", "Planelement-volgorde"),
    Damage("maatregel-impactmeters-verder-ontwikkelen", "    sd:volgorde 15 ;\n", "", "Planelement-volgorde"),
    Damage("principe-eigen-thuis-als-basis", "onderdeelVan heem", "onderdeelvan heem", "Planelement-ouder"),
    Damage("principe-je-redden-mag-met-hulp", "sd:tussenkop", "«sd:tussenkopje", "Naamruimte-eigenschap"),
    Damage("principe-talenten-ontwikkelen-zonder-moeten-presteren", "sd:voorDoelgroep d", "«sd:doelgroep d", "doelgroep-vervangen"),
    Damage("principe-vrijwillige-inzet-is-onmisbaar", "doelgroep:vrijwilligers", "«doelgroep:vrijwiligers", "voorDoelgroep-klasse"),
    Damage("principe-brede-kijk-op-gezondheid", "kader:positieve-gezondheid", "«wet:wmo-2015", "steuntOpKader-klasse"),
    Damage("principe-meedoen-op-voet-van-gelijkheid", "sd:inPlan id:heemstede-2025 ;\n    sd:vindplaats ", "sd:inPlan id:heemstede-2019 ;\n    sd:vindplaats «", "Planelement-vindplaats-plan"),
    Damage("resultaat-sociaal-beleid-beter-vindbaar", "heemstede-2025:sectie-overige-argumenten", "«heemstede-2025:sectie-overige-argument", "vindplaats-klasse"),
    Damage("trend-ontwikkelingen-bepalen-of-de-visie-lukt", "sd:volgorde 23", "sd:volgorde «28", "Beleidsplan-volgorde"),
    Damage("principe-raakvlakken-buiten-het-sociaal-domein", "partner:woningcorporaties", "«onderwerp:wonen", "noemt-klasse"),
    Damage("principe-doelenboom-is-nooit-af", "a sd:Principe", "a «sd:Principes", "Naamruimte-klasse"),
    Damage("bewijs-medeverantwoordelijk-kanttekeningen", "bewijstRelatie sd:onderdeelVan", "bewijstRelatie «sd:onderdeelVn", "bewijstRelatie-klasse"),
    Damage("bewijs-plan-klankbordgroep-wmo", "partner:klankbordgroep-wmo-heemstede", "«partner:wij-heemstede", "Bewijs-verband"),
    Damage("bewijs-plan-onderwerp-jeugd", "    sd:bewijstRelatie sd:heeftOnderwerp ;\n", "", "Bewijs-bewijstRelatie"),
    Damage("maatregel-publieksversies-van-de-doelenboom", "sd:lopend true", "sd:lopend true ;\n    «sd:bovensectie heemstede-2025:sectie-doelenboom", "Sectie-domein"),
    Damage("maatregel-visie-breed-onder-de-aandacht-brengen", "    sd:heeftOnderwerp onderwerp:dienstverlening", "    sd:lopend true", "Element-onderwerp"),
    Damage("maatregel-voorleestekst-doelenboom", "onderwerp:toegankelijkheid", "onderwerp:wonen, onderwerp:jeugd, «onderwerp:sturing", "Element-onderwerp-hoogstens"),
    Damage("indicator-eenzaamheid", "waarde:kwantitatief", "«waarde:kwantitatef", "indicatorsoort-lijst"),
    Damage("meting-gemeente", "    sd:metingsoort waarde:nulmeting ;\n", "", "Meting-metingsoort"),
    Damage("meting-huurders", "    sd:eenheid waarde:procent ;\n", "", "Meting-eenheid"),
    Damage("meting-ouderen", "sd:waarde 82.5", "sd:waarde «182.5", "Meting-eenheidsbereik"),
    Damage("meting-inwoners", "    sd:waarde 83.5 ;\n", "", "Meting-getal"),
    Damage("meting-jongeren", "gemeente:heemstede", "«gemeente:hemstede", "gebied-klasse"),
    Damage("meting-mannen", "sd:waarde 85.5", "sd:waardeVan «9.5 ; sd:waardeTot 3.5", "Meting-bereik"),
    Damage("meting-vrouwen", '    sd:populatie "inwoners van 65 jaar en ouder"@nl ;\n', "", "Meting-populatie"),
    Damage("meting-nieuwkomers", "waarde:nulmeting", "«waarde:nulmeeting", "metingsoort-lijst"),
    Damage("meting-starters", "sd:waarde 88.5", 'sd:waarde «"veel"', "waarde-vorm"),
]  # fmt: skip

SYNTAX = [
    ("onderwerp:gezondheid .", "«onderwerp:gezondheid", "dot"),
    ("sd:volgorde 9 ;", "sd:volgorde «9", "semicolon"),
    ("onderwerp:gezondheid .", "onderwerp:gezondheid «;", "dot-for-semicolon"),
    ('"Gezondheid"@nl', '«"Gezondheid@nl', "string"),
    ('"Gezondheid"@nl', '"Gezond"«heid"@nl', "quote"),
    ('"Gezondheid"@nl', '"Gezondheid"«@', "language"),
    ('"Gezondheid"@nl', '"Gezondheid"«@nederlands', "language"),
    ('"Gezondheid"@nl', '"Gezondheid"«@nl_NL', "language"),
    ("a sd:Thema", "a «ds:Thema", "prefix"),
    ("gemeente:heemstede", "«gemente:heemstede", "prefix"),
    ("gemeente:heemstede", "«<https://w3id.org/een gemeente>", "iri"),
    ("gemeente:heemstede", "«<gemeente>", "relative"),
    ("sd:volgorde 9 ;", "«sd:volgorde ;", "no-object"),
    ("sd:volgorde 9 ;", "sd:volgorde «negen ;", "object"),
    ("sd:volgorde 9 ;", "«9 sd:volgorde ;", "predicate"),
    ("sd:volgorde 9 ;", "sd:volgorde «9 10 ;", "mark"),
    ("@prefix sd: <", "@prefix «sd <", "prefix-form"),
    ("<https://w3id.org/sociaal-domein/def#> .", "«<https://w3id.org/sociaal-domein/def#>", "dot"),
    ("sd:volgorde 9 ;", "sd:volgorde «[ sd:waarde 9 .", "unclosed"),
    ("sd:volgorde 9 ;", "sd:volgorde 9 «] ;", "bracket"),
    ('"2025-01-01"^^xsd:date', '"2025-01-01"^^«"date"', "datatype"),
]
"""What is replaced (once), what stands there then, and the kind of fault."""

BLANK = """
heemstede-2025:meting-los a sd:Meting ;
    sd:metingVan [ a sd:Indicator ; sd:meet heemstede-2025:thema-gezondheid ] .
"""


def place_of(text: str) -> tuple[str, int, int]:
    """The text without its «, and the line and column where that was."""
    at = text.index("«")
    before = text[:at]
    return before + text[at + 1 :], before.count("\n") + 1, at - before.rfind("\n")


def damaged() -> tuple[str, list[tuple[str, int, int]]]:
    """The plan with all damage of `RULES`, and per row the rule with the line and column expected."""
    text = PLAN.read_text("utf-8") + MORE
    for number, damage in enumerate(RULES):
        start = text.index(f"\n{PREFIX}{damage.subject}\n") + 1
        end = text.index(" .\n", start) + 3
        block = text[start:end]
        assert damage.old in block, damage
        new = block.replace(damage.old, damage.new.replace("«", f"«{number}»"), 1)
        if "«" not in damage.new:
            new = f"«{number}»{new}"
        text = text[:start] + new + text[end:]
    expected = []
    for number, damage in enumerate(RULES):
        mark = f"«{number}»"
        line_start = text[: text.index(mark)].rpartition("\n")[2]
        line = text[: text.index(mark)].count("\n") + 1
        column = len(_unmarked(line_start)) + 1
        expected.append((damage.rule, line, column))
    return _unmarked(text), expected


def _unmarked(text: str) -> str:
    import re

    return re.sub("«[0-9]+»", "", text)
