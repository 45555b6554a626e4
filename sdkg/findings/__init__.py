"""Findings that a policy officer can act on: where in which file, what is wrong, and what to do."""
