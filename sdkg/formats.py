"""The names of the formats in which answers and graphs are written; what they look like is elsewhere."""

from __future__ import annotations

ROWS = ("table", "csv", "tsv", "json", "xml", "markdown", "html", "csv-nl", "xlsx", "parquet")
"""The formats for rows; csv, tsv, json and xml are the SPARQL 1.1 result formats."""

BINARY = ("xlsx", "parquet")
"""The formats that are no text, and do not belong on a terminal."""

GRAPHS = ("turtle", "trig", "nt", "nq", "jsonld", "rdfxml")
"""The formats for graphs."""
