"""Where the app was closed: the screen, and the view of each, kept in the workspace.

Only a convenience: a file that is damaged or from another version counts as none.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tui.keys.everywhere import SCREENS

FILE_NAME: Final = "app.json"
FIRST: Final = SCREENS[0].scope


@dataclass(frozen=True, slots=True)
class LastPlace:
    """A screen, and by screen the view that was shown last; whether there is one, it decides."""

    screen: str = FIRST
    views: Mapping[str, str] = field(default_factory=dict)


def read_last_place(workspace: Path) -> LastPlace:
    """Where the app was closed; the first screen if that is not known."""
    try:
        found = json.loads((workspace / FILE_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return LastPlace()
    if not isinstance(found, dict):
        return LastPlace()
    known = {screen.scope for screen in SCREENS}
    screen, views = found.get("screen"), found.get("views")
    return LastPlace(
        screen=screen if isinstance(screen, str) and screen in known else FIRST,
        views={name: view for name, view in views.items() if isinstance(view, str)}
        if isinstance(views, dict)
        else {},
    )


def write_last_place(workspace: Path, place: LastPlace) -> None:
    """Keep where the app is closed; a folder that cannot be written to keeps nothing."""
    path = workspace / FILE_NAME
    temporary = path.with_suffix(".tmp")
    text = json.dumps({"screen": place.screen, "views": dict(place.views)}, indent=1)
    try:
        temporary.write_text(text, encoding="utf-8")
        os.replace(temporary, path)
    except OSError:
        return
