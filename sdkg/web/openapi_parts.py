"""The parts of the OpenAPI document that are the same for every query: JSON Schemas, headers and errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_Json = dict[str, Any]


def _object(required: Mapping[str, _Json], optional: Mapping[str, _Json] | None = None) -> _Json:
    properties = {**required, **(optional or {})}
    return {"type": "object", "required": list(required), "properties": properties}


def _array(items: _Json) -> _Json:
    return {"type": "array", "items": items}


def _ref(name: str) -> _Json:
    return {"$ref": f"#/components/schemas/{name}"}


def problem(text: str) -> _Json:
    """The response for an error (RFC 9457)."""
    return {
        "description": text,
        "headers": {"API-Version": {"$ref": "#/components/headers/API-Version"}},
        "content": {"application/problem+json": {"schema": _ref("Probleem")}},
    }


_TEXT: _Json = {"type": "string"}
_TEXTS: _Json = _array(_TEXT)
_COUNT: _Json = {"type": "integer", "minimum": 0}
_IRI: _Json = {"type": "string", "format": "uri"}
_MAYBE: _Json = {"type": ["string", "null"]}
_LINKS: _Json = {"type": "object", "additionalProperties": _IRI}
_PAGED = {"query": _TEXT, "total": _COUNT, "limit": _COUNT, "offset": _COUNT, "links": _LINKS}
_QUERY = {
    "name": _TEXT,
    "iri": _IRI,
    "question": _ref("Tekst"),
    "tags": _TEXTS,
    "links": _LINKS,
}
_HIT = {
    "iri": _IRI,
    "name": _TEXT,
    "matched": _TEXT,
    "class": _IRI,
    "plan": _MAYBE,
    "score": {"type": "number"},
    "links": _LINKS,
}
_PARAMETER = {
    "name": _TEXT,
    "type": _TEXT,
    "datatype": _MAYBE,
    "class": _MAYBE,
    "label": _ref("Tekst"),
    "required": {"type": "boolean"},
    "default": _MAYBE,
    "example": _TEXT,
    "options": _TEXTS,
    "links": _LINKS,
}

SCHEMAS: Mapping[str, _Json] = {
    "Object": {"type": "object"},
    "Tekst": _object({"nl": _TEXT, "en": _TEXT}),
    "Start": _object({"version": _TEXT, "links": _LINKS}),
    "Pagina": _object(_PAGED),
    "Vragen": _object(
        {
            "total": _COUNT,
            "queries": _array(_object(_QUERY)),
            "tags": _array(_object({"name": _TEXT, "label": _ref("Tekst")})),
        }
    ),
    "Vraag": _object(
        {
            **_QUERY,
            "description": _ref("Tekst"),
            "parameters": _array(_object(_PARAMETER)),
            "columns": _array(_object({"name": _TEXT, "title": _ref("Tekst")})),
            "sparql": _TEXT,
        }
    ),
    "Waarden": _object(
        {
            **_PAGED,
            "parameter": _TEXT,
            "type": _TEXT,
            "values": _array(
                _object({"value": _TEXT, "label": _ref("Tekst"), "aliases": _TEXTS, "plan": _MAYBE})
            ),
        }
    ),
    "Treffers": _object(
        {
            "total": _COUNT,
            "limit": _COUNT,
            "hits": _array(_object(_HIT)),
        }
    ),
    "Redenen": _object(
        {
            **_PAGED,
            "rows": _array(
                _object({"row": {"type": "object"}, "reasons": _ref("Onderbouwing"), "text": _ref("Tekst")})
            ),
        }
    ),
    "Onderbouwing": _object(
        {
            "statements": _array(_ref("Verklaring")),
            "absent": _array({"type": "object"}),
            "ways": {"type": "integer", "minimum": 1},
        }
    ),
    "Verklaring": _object(
        {
            "subject": {"type": "object"},
            "predicate": {"type": "object"},
            "object": {"type": "object"},
            "naming": {"type": "boolean"},
            "stated": _array({"type": "object"}),
            "rule": {"type": ["object", "null"]},
            "premises": _array(_ref("Verklaring")),
        }
    ),
    "Probleem": _object(
        {"status": {"type": "integer"}, "title": _TEXT, "detail": _TEXT},
        {
            "type": _TEXT,
            "instance": _TEXT,
            "candidates": _TEXTS,
            "available": _TEXTS,
            "errors": _array(_object({"in": _TEXT, "name": _TEXT, "detail": _TEXT}, {"candidates": {}})),
        },
    ),
}
"""JSON Schemas of what the API answers."""

PROBLEMS: Mapping[str, str] = {
    "Invoer": "De invoer klopt niet; alle fouten tegelijk / The input is wrong; all faults at once",
    "NietGevonden": "Die vraag of parameter is er niet / There is no such question or parameter",
    "GeenFormaat": "Geen van de gevraagde formaten / None of the formats asked for",
    "TeDruk": "Te veel vragen tegelijk; zie Retry-After / Too many questions at a time; see Retry-After",
    "TeLang": "Geen antwoord binnen de tijd / No answer in time",
}
"""The errors, as Dutch / English."""

DESCRIBED: Mapping[str, _Json] = {
    "API-Version": {
        "description": "De versie van de API / The version of the API",
        "schema": {"type": "string", "pattern": r"^\d+\.\d+\.\d+$"},
    },
    "Link": {
        "description": "De volgende, vorige, eerste en laatste bladzijde (RFC 8288) / The next, previous, "
        "first and last page",
        "schema": _TEXT,
    },
    "Total-Count": {
        "description": "Het aantal rijen in totaal / The number of rows in all",
        "schema": _COUNT,
    },
}
"""The headers of answers, described."""
