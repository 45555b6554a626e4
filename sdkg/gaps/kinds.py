"""The kinds of gaps a plan can have, in the words of a policy officer."""

from __future__ import annotations

import re
from dataclasses import dataclass

Text = tuple[str, str]
"""In Dutch and in English."""


@dataclass(frozen=True)
class Kind:
    """A kind of gap.

    Attributes:
        key: its name in JSON.
        label: what it is called.
        of: what it is a share of.
        hint: what the plan could say.
        cls: the class whose elements are counted, as "Doel"; "" for targets.
    """

    key: str
    label: Text
    of: Text
    hint: Text
    cls: str


_GOALS, _INDICATORS = ("doelen", "goals"), ("indicatoren", "indicators")
_TARGETS, _RESULTS = ("streefwaarden", "targets"), ("resultaten", "results")
_MEASURES, _THEMES = ("maatregelen", "measures"), ("thema's", "themes")

KINDS = (
    Kind(
        "doelen-zonder-indicator",
        ("Doelen zonder indicator", "Goals without indicator"),
        _GOALS,
        (
            "Noem waaraan te zien is dat het doel dichterbij komt.",
            "Name what shows that the goal comes nearer.",
        ),
        "Doel",
    ),
    Kind(
        "doelen-zonder-iets-meetbaars",
        ("Doelen die niets meetbaars noemen", "Goals that name nothing measurable"),
        _GOALS,
        (
            "Zeg wat er anders is als het doel is bereikt, voor wie, hoeveel en wanneer.",
            "Say what is different once the goal is reached, for whom, how much and by when.",
        ),
        "Doel",
    ),
    Kind(
        "indicatoren-zonder-nulmeting",
        ("Indicatoren zonder nulmeting", "Indicators without baseline"),
        _INDICATORS,
        (
            "Geef de stand bij het begin, met jaar en bron.",
            "Give the value at the start, with year and source.",
        ),
        "Indicator",
    ),
    Kind(
        "indicatoren-zonder-streefwaarde",
        ("Indicatoren zonder streefwaarde", "Indicators without target"),
        _INDICATORS,
        ("Zeg waar het naartoe moet.", "Say where it should go."),
        "Indicator",
    ),
    Kind(
        "streefwaarden-zonder-jaar",
        ("Streefwaarden zonder jaar", "Targets without year"),
        _TARGETS,
        ("Zeg wanneer de waarde gehaald moet zijn.", "Say when the value is to be reached."),
        "",
    ),
    Kind(
        "resultaten-zonder-trekker",
        ("Resultaten zonder trekker", "Results nobody owns"),
        _RESULTS,
        ("Noem wie ervoor zorgt.", "Name who sees to it."),
        "Resultaat",
    ),
    Kind(
        "maatregelen-zonder-doel",
        ("Maatregelen die geen doel dienen", "Measures that serve no goal"),
        _MEASURES,
        ("Zeg bij welk doel de maatregel hoort.", "Say which goal the measure belongs to."),
        "Maatregel",
    ),
    Kind(
        "themas-zonder-wet",
        (
            "Thema's zonder wet, waar andere er een hebben",
            "Themes without a law, where others have one",
        ),
        _THEMES,
        (
            "Noem op welke wet het thema rust, als die er is.",
            "Name the law the theme rests on, if there is one.",
        ),
        "Thema",
    ),
    Kind(
        "themas-zonder-partner",
        (
            "Thema's zonder partner, waar andere er een hebben",
            "Themes without a partner, where others have one",
        ),
        _THEMES,
        (
            "Noem met wie de gemeente aan het thema werkt.",
            "Name whom the municipality works with on the theme.",
        ),
        "Thema",
    ),
)  # fmt: skip
"""Every kind of gap, in the order in which they are told."""

NOTE: Text = (
    "Een leemte is iets wat het plan zelf openlaat, geen fout in de gegevens: die zoekt 'sdkg validate'.",
    "A gap is something that a plan itself leaves open. It is no fault of the data: see 'sdkg validate'.",
)

_VAGUE = (
    "aandacht voor", "bevorder", "inzet op", "inzetten op", "zetten in op", "zetten we in op",
    "stimuler", "versterk", "ondersteunen", "faciliter", "verbeter", "optimaliser", "streven naar",
    "bijdragen aan", "draagt bij", "werken aan", "zoveel mogelijk", "waar mogelijk", "optimaal",
    "voldoende", "passend", "adequaat",
)  # fmt: skip
"""Words that promise effort or direction but no state that can be seen; some are the beginning of a word."""

_FOUND = re.compile(r"\b(?:" + "|".join(re.escape(word) for word in _VAGUE) + r")\w*", re.IGNORECASE)
_NUMBER = re.compile(
    r"\d|\b(?:[eé][eé]n|twee|drie|vier|vijf|zes|zeven|acht|negen|tien) op de\b"
    r"|\b(?:helft|kwart|procent|verdubbel\w*|halver\w*|geen enkel\w*|niemand|iedereen|alle)\b",
    re.IGNORECASE,
)


def vague_word(text: str) -> str | None:
    """The word by which a goal promises something that cannot be measured; `None` if it names a number.

    Example:
        >>> vague_word("Inwoners voldoende laten bewegen")
        'voldoende'
        >>> vague_word("In 2027 sport 60% van de inwoners voldoende") is None
        True
    """
    found = _FOUND.search(text)
    return found.group().lower() if found and not _NUMBER.search(text) else None
