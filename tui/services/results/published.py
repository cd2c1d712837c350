"""Figures that papers published, to be read beside one's own; they were not measured here."""

import tomllib
from typing import Any

from tui.services.settings import presets


def published_figures() -> dict[str, Any]:
    """Return the papers' rows with their source: {benchmark, n, source, note, rows}."""
    text = (presets() / "published" / "heal.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
