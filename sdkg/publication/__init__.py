"""Publication: the catalogue that portals harvest, the dumps it tells of, VoID, and how good all that is.

Example:
    >>> from sdkg import Project
    >>> from sdkg.publication.parts import parts
    >>> [part.name for part in parts(Project.at("."))][-1]
    'queries'
"""
