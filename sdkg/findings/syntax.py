"""What a syntax fault is called, and what to do about it."""
# ruff: noqa: E501, RUF001 (a table of sentences)

from __future__ import annotations

import difflib
from collections.abc import Iterable

from sdkg.findings.model import Text
from sdkg.namespaces import PREFIXES
from sdkg.positions import Fault, Span

_SAID = {
    "dot": ("Achter dit blok ontbreekt een punt.", "The dot behind this block is missing.",
            "Voeg ' .' toe aan het eind van deze regel.", "Add ' .' at the end of this line."),
    "dot-for-semicolon": ("Het blok eindigt met een puntkomma in plaats van een punt.",
                          "The block ends with a semicolon instead of a dot.",
                          "Vervang deze puntkomma door een punt.", "Replace this semicolon by a dot."),
    "semicolon": ("Achter deze waarde ontbreekt een puntkomma.", "The semicolon behind this value is missing.",
                  "Voeg ' ;' toe aan het eind van deze regel.", "Add ' ;' at the end of this line."),
    "mark": ("Achter deze waarde ontbreekt een leesteken.", "A punctuation mark is missing behind this value.",
             "Voeg ',' toe voor nog een waarde, ';' voor een volgende eigenschap of '.' aan het eind.",
             "Add ',' before another value, ';' before the next property or '.' at the end."),
    "string": ("Deze tekst heeft geen sluitend aanhalingsteken.", "This text has no closing quote.",
               "Voeg het aanhalingsteken toe aan het eind van de tekst.", "Add the quote at the end of the text."),
    "quote": ("In deze tekst staat een los aanhalingsteken.", "There is a bare quote in this text.",
              'Vervang een aanhalingsteken binnen de tekst door \\" of door ’.',
              'Replace a quote inside the text by \\" or by ’.'),
    "language": ("Dit is geen taalaanduiding.", "This is no language tag.",
                 "Vervang dit door @nl of @en, direct achter het aanhalingsteken.",
                 "Replace this by @nl or @en, directly behind the quote."),
    "iri": ("Dit is geen geldige IRI: er staat een spatie of een ander verboden teken in, of de punthaak ontbreekt.",
            "This is no valid IRI: it holds a space or another forbidden character, or the bracket is missing.",
            "Vervang dit door het hele adres, zonder spaties, tussen < en >.",
            "Replace this by the whole address, without spaces, between < and >."),
    "relative": ("Dit adres begint niet met een schema zoals https.", "This address starts with no scheme, such as https.",
                 "Vervang het door het hele adres, of door een naam met een prefix.",
                 "Replace it by the whole address, or by a name with a prefix."),
    "no-object": ("Achter deze eigenschap staat geen waarde.", "There is no value behind this property.",
                  "Voeg de waarde toe, of verwijder de eigenschap.", "Add the value, or remove the property."),
    "object": ("'{0}' is geen waarde.", "'{0}' is no value.",
               "Vervang dit door een naam met een prefix, een <adres>, een \"tekst\"@nl of een getal.",
               "Replace this by a name with a prefix, an <address>, a \"text\"@nl or a number."),
    "predicate": ("'{0}' is geen eigenschap.", "'{0}' is no property.",
                  "Vervang dit door een eigenschap zoals sd:inPlan, of verwijder het leesteken ervoor.",
                  "Replace this by a property such as sd:inPlan, or remove the mark before it."),
    "subject": ("Met '{0}' kan geen blok beginnen.", "No block can begin with '{0}'.",
                "Voeg de naam toe waar dit over gaat, of vervang de punt op de regel ervoor door een puntkomma.",
                "Add the name of what this is about, or replace the dot on the line before by a semicolon."),
    "literal-subject": ("Een blok begint met een naam, niet met een tekst of getal.",
                        "A block begins with a name, not with a text or number.",
                        "Vervang dit door de naam van het element, of vervang de punt ervoor door een komma.",
                        "Replace this by the name of the element, or replace the dot before it by a comma."),
    "prefix-form": ("Dit is geen prefixregel.", "This is no prefix line.",
                    "Vervang de regel door: @prefix naam: <adres> .", "Replace the line by: @prefix name: <address> ."),
    "datatype": ("Achter ^^ hoort een datatype.", "A datatype belongs behind ^^.",
                 "Voeg een datatype toe, zoals xsd:date.", "Add a datatype, such as xsd:date."),
    "bracket": ("Hier staat een sluithaak zonder openingshaak.", "There is a closing bracket without an opening one.",
                "Verwijder de haak, of voeg de openingshaak toe.", "Remove the bracket, or add the opening one."),
    "unclosed": ("Deze haak wordt niet gesloten.", "This bracket is not closed.",
                 "Voeg de sluithaak toe.", "Add the closing bracket."),
    "deep": ("De haken staan te diep in elkaar.", "The brackets stand too deep within each other.",
             "Verwijder overtollige haken.", "Remove superfluous brackets."),
    "engine": ("Dit is geen geldige Turtle: {0}", "This is no valid Turtle: {0}",
               "Vervang wat hier staat door geldige Turtle.", "Replace what stands here by valid Turtle."),
    "unreadable": ("Dit bestand is niet te lezen: {0}", "This file cannot be read: {0}",
                   "Vervang het door een bestand in UTF-8 met Turtle.", "Replace it by a file in UTF-8 with Turtle."),
}  # fmt: skip


def sentences(fault: Fault, declared: Iterable[str]) -> tuple[Text, Text]:
    """What is wrong and what to do.

    Example:
        >>> from sdkg.positions import parse_text
        >>> fault = parse_text("@prefix wet: <urn:w:> . wte:wgs a wet:x .").fault
        >>> sentences(fault, ["wet"])[1].nl
        'Bedoelde u wet:wgs? Vervang wte: door wet:.'
    """
    if fault.kind == "prefix":
        return _prefix(fault, list(declared))
    what_nl, what_en, todo_nl, todo_en = _SAID[fault.kind]
    return Text(what_nl.format(*fault.words), what_en.format(*fault.words)), Text(todo_nl, todo_en)


def in_general() -> dict[str, tuple[Text, Text]]:
    """What is wrong and what to do, by the kind of fault, where no file is at hand.

    Example:
        >>> in_general()["dot"][0].en
        'The dot behind this block is missing.'
    """
    said = {"prefix": sentences(Fault("prefix", Span(0, 1), ("…", "…")), [])}
    return said | {kind: sentences(Fault(kind, Span(0, 1), ("…",)), []) for kind in _SAID}


def _prefix(fault: Fault, declared: list[str]) -> tuple[Text, Text]:
    prefix, written = fault.words
    what = Text(
        f"De prefix {prefix}: is niet bekend in dit bestand.",
        f"The prefix {prefix}: is not declared in this file.",
    )
    if prefix in PREFIXES:
        line = f"@prefix {prefix}: <{PREFIXES[prefix]}> ."
        return what, Text(f"Voeg bovenaan toe: {line}", f"Add at the top: {line}")
    known = sorted({*declared, *PREFIXES})
    swapped = [other for other in known if sorted(other) == sorted(prefix)]
    near = swapped or difflib.get_close_matches(prefix, known, n=1)
    if near:
        better = near[0] + written[len(prefix) :]
        return what, Text(
            f"Bedoelde u {better}? Vervang {prefix}: door {near[0]}:.",
            f"Did you mean {better}? Replace {prefix}: by {near[0]}:.",
        )
    return what, Text(
        f"Voeg bovenaan een regel @prefix {prefix}: <adres> . toe, of vervang de prefix door een bekende.",
        f"Add a line @prefix {prefix}: <address> . at the top, or replace the prefix by a known one.",
    )
