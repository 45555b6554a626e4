"""The pages for people: from a `KnowledgeGraph` to HTML, for the server and for the static site alike.

words, values     the pages' own words in Dutch and English; numbers and dates as people write them
links             where a page finds another: on a server, or as files beside each other
reader            what the pages ask of the graph: labels, kinds, places, evidence
statements        what a thing says and what points at it, grouped and bounded; reasons of what is inferred
tree, basis, figures, overview, plans      what one kind of thing has of its own
resource, home, questions, vocabulary, searching, asking, problems     one page each
site              all of them as files

Example:
    >>> from sdkg import load
    >>> from sdkg.pages.links import Served
    >>> from sdkg.pages.resource import resource_page
    >>> html = resource_page(load(), "https://w3id.org/sociaal-domein/id/wet/jeugdwet", Served("nl"))
    >>> b"Doelen die hierop steunen" in html
    True
"""

from __future__ import annotations
