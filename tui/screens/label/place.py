"""Where each annotator was, kept in the workspace from one opening of the app to the next.

Only a convenience: a file that is damaged or from another version counts as none.
"""

import json
import os
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from tui.screens.label.filters import Filter, Order
from tui.screens.label.views import Display, MemberOrder, PaneName, Place
from tui.widgets.origin_text import Unfolded

FILE_NAME: Final = "view.json"


class _Stored(BaseModel):
    """A place as it is in the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cluster_id: str | None
    pane: PaneName
    sides: tuple[PaneName, ...] = Display().sides
    order: Order
    filter: Filter
    members_order: MemberOrder
    draw: int
    top_line: int
    shows_origin: bool
    shows_context: bool = False
    is_blind: bool
    highlight: tuple[str, ...]
    searches: tuple[str, ...] = ()


def read_place(workspace: Path, annotator: str) -> Place:
    """An annotator's place; the beginning if none is known."""
    try:
        stored = _Stored.model_validate(_read(workspace).get(annotator))
    except ValidationError:
        return Place()
    return Place(
        cluster_id=stored.cluster_id,
        top_line=stored.top_line,
        order=stored.order,
        filter=stored.filter,
        display=Display(
            pane=stored.pane,
            sides=stored.sides,
            members_order=stored.members_order,
            draw=stored.draw,
            unfolded=Unfolded(stored.shows_origin, stored.shows_context),
            is_blind=stored.is_blind,
            highlight=stored.highlight,
        ),
        searches=stored.searches,
    )


def write_place(workspace: Path, annotator: str, place: Place) -> None:
    """Keep an annotator's place, beside those of others."""
    display = place.display
    stored = _Stored(
        cluster_id=place.cluster_id,
        pane=display.pane,
        sides=display.sides,
        order=place.order,
        filter=place.filter,
        members_order=display.members_order,
        draw=display.draw,
        top_line=place.top_line,
        shows_origin=display.unfolded.origin,
        shows_context=display.unfolded.context,
        is_blind=display.is_blind,
        highlight=display.highlight,
        searches=place.searches,
    )
    places = {**_read(workspace), annotator: stored.model_dump(mode="json")}
    path = workspace / FILE_NAME
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps(places, indent=1), encoding="utf-8")
    os.replace(temporary, path)


def _read(workspace: Path) -> dict[str, object]:
    try:
        found = json.loads((workspace / FILE_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
