"""Validation: SHACL over a plan and what it shares. `run` is where to start reading."""

from sdkg.validation.model import SEVERITIES, Finding, Report
from sdkg.validation.run import (
    ENGINES,
    HOUSE_STYLE,
    Validator,
    in_processes,
    key_of_project,
    key_of_shared,
    linked_plans,
    named_plans,
    validate,
    validator_for,
)

__all__ = [
    "ENGINES",
    "HOUSE_STYLE",
    "SEVERITIES",
    "Finding",
    "Report",
    "Validator",
    "in_processes",
    "key_of_project",
    "key_of_shared",
    "linked_plans",
    "named_plans",
    "validate",
    "validator_for",
]
