"""The build of the package: bundles the query editor into it, where there is npm to fetch it."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class EditorHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs `sdkg/pages/editor/build.py` for wheels and editable installs."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Bundle before the files are collected, and have the bundle, which git ignores, be one of them."""
        script = Path(self.root) / "sdkg" / "pages" / "editor" / "build.py"
        runpy.run_path(str(script))["bundle"]()
        build_data["artifacts"].append("sdkg/pages/static/vendor/*")
