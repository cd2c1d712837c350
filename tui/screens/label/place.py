"""Where the person was on the labelling screen, kept in the workspace from one opening to the next.

A convenience and no truth: a file that is damaged or from another version counts as none.
"""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from tui.screens.label.worklist import ORDERS, STANDINGS, Filter, Order

FILE_NAME: Final = "view.json"
PANES: Final = ("queue", "text", "members")


@dataclass(frozen=True, slots=True)
class LabelMemory:
    """One person's place: the cluster, what is shown of it and how, and the line on top."""

    cluster_id: str | None = None
    pane: str = "text"
    order: Order = "largest"
    filter: Filter = field(default_factory=Filter)
    members_order: str = "nearest"
    draw: int = 0
    top_line: int = 0
    shows_origin: bool = False
    is_blind: bool = False
    highlight: tuple[str, ...] = ()


def read_memory(workspace: Path, annotator: str) -> LabelMemory:
    """Return an annotator's place; the beginning where none is known."""
    try:
        found = _read(workspace).get(annotator, {})
        memory = LabelMemory(
            **{**found, "filter": Filter(**found["filter"]), "highlight": tuple(found["highlight"])}
        )
    except (KeyError, TypeError, AttributeError):
        return LabelMemory()
    is_known = (
        memory.order in ORDERS and memory.filter.standing in STANDINGS and memory.pane in PANES
    )
    return memory if is_known else LabelMemory()


def write_memory(workspace: Path, annotator: str, memory: LabelMemory) -> None:
    """Keep an annotator's place, beside those of others."""
    places = {**_read(workspace), annotator: asdict(memory)}
    path = workspace / FILE_NAME
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps(places, indent=1), encoding="utf-8")
    os.replace(temporary, path)


def _read(workspace: Path) -> dict[str, Any]:
    try:
        found = json.loads((workspace / FILE_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
