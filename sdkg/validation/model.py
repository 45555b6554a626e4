"""What validation finds: findings, and the report that holds them."""

from __future__ import annotations

from dataclasses import dataclass

from sdkg.namespaces import shorten

SEVERITIES = ("Violation", "Warning", "Info")


@dataclass(frozen=True, order=True)
class Finding:
    """One thing a shape found: in which file, how bad, on what (IRIs), and what to do about it (nl, en)."""

    rank: int
    file: str
    focus: str
    shape: str
    path: str
    value: str
    message_nl: str
    message_en: str
    label: str = ""

    @property
    def severity(self) -> str:
        """`Violation` (must), `Warning` (should) or `Info`."""
        return SEVERITIES[self.rank]

    def text(self, lang: str = "nl") -> str:
        """The finding in a few lines, for people."""
        message = self.message_nl if lang == "nl" else self.message_en
        name = f"{self.label} ({shorten(self.focus)})" if self.label else shorten(self.focus)
        about = " ".join(part for part in (shorten(self.path), shorten(self.value)) if part)
        detail = " · ".join(part for part in (about, shorten(self.shape)) if part)
        return f"{self.file}: {self.severity}: {name}\n    {message}\n    {detail}"


@dataclass(frozen=True)
class Report:
    """The findings of a run, most severe first, then by file."""

    findings: tuple[Finding, ...]

    @property
    def conforms(self) -> bool:
        """Whether nothing that must hold is broken."""
        return not self.of("Violation")

    def of(self, severity: str) -> list[Finding]:
        """The findings of one severity."""
        return [finding for finding in self.findings if finding.severity == severity]
