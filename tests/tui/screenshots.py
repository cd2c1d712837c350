"""Pictures of the app for the documentation: `python -m tests.tui.screenshots [FOLDER]`.

They are taken of the real app over a workspace filled like a person's, at two sizes.
"""

import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from textual.pilot import Pilot

from store.database.connection import Database
from tests.tui.audited import audit, label_clusters
from tests.tui.driving import make_app, until, until_clusters
from tests.tui.filled import Step, fill, make_workspace
from tui.frame.snapshot import Snapshot
from tui.services.workspace import Workspace

SIZES = ((160, 48), (80, 24))
LABELLED = ("1", "1", "enter", "s", "3", "enter", "2", "enter", "enter")

Scene = tuple[str, str, Step, Sequence[str]]  # name, screen, filled how far, keys
SCENES: tuple[Scene, ...] = (
    ("pipeline", "pipeline", "evaluated", ()),
    ("label", "label", "evaluated", LABELLED),
    ("label-members", "label", "evaluated", (*LABELLED, "x", "l", "j")),
    ("label-list", "label", "evaluated", (*LABELLED, "h")),
    ("label-blind", "label", "evaluated", (*LABELLED, "B")),
    ("label-filter", "label", "evaluated", (*LABELLED, "f")),
    ("label-bulk", "label", "evaluated", (*LABELLED, "b")),
    ("member", "label", "evaluated", (*LABELLED, "l", "enter")),
    ("guidelines", "label", "evaluated", ("t",)),
    ("audit-empty", "audit", "imported", ()),
    ("audit-intro", "audit", "clustered", ()),
    ("audit", "audit", "clustered", ("n", "1", "2", "d")),
    ("audit-figures", "audit", "evaluated", ("j", "x")),
    ("drift", "drift", "evaluated", ()),
    ("drift-spread", "drift", "evaluated", ("c", "v")),
    ("drift-labels", "drift", "evaluated", ("v", "v")),
    ("drift-ways", "drift", "evaluated", ("v", "v", "v")),
    ("drift-pairs", "drift", "evaluated", ("enter", "j", "e", "j")),
    ("drift-pair", "drift", "evaluated", ("enter", "j", "enter")),
    ("training", "training", "evaluated", ("j",)),
    ("accuracy", "accuracy", "evaluated", ("j", "j")),
    ("accuracy-compared", "accuracy", "evaluated", ("m", "j", "v")),
    ("accuracy-rows", "accuracy", "evaluated", ("j", "v", "v", "enter")),
    ("jobs", "jobs", "evaluated", ("j", "j")),
    ("help", "label", "evaluated", ("question_mark",)),
    ("run", "pipeline", "imported", ("r",)),
    ("label-empty", "label", "imported", ()),
)


async def take(workspace: Workspace, scene: Scene, folder: Path, size: tuple[int, int]) -> None:
    """Open the app, press the scene's keys, and save a picture of it."""
    name, screen, _, keys = scene
    with Database(workspace.path) as database:
        if screen == "audit":
            _prepare_audit(workspace, database, scene[2])
        app = make_app(workspace, database, screen)
        async with app.run_test(size=size) as pilot:
            await _settle(pilot)
            if screen == "label" and keys:
                await until_clusters(pilot)
            await pilot.press(*keys)
            await _settle(pilot)
            svg = app.export_screenshot(title="backquery")
    (folder / f"{name}-{size[0]}x{size[1]}.svg").write_text(svg, encoding="utf-8")


def _prepare_audit(workspace: Workspace, database: Database, step: Step) -> None:
    """Label the clusters there are and, where detectors are evaluated, audit the labels too."""
    if step == "imported":
        return
    annotator = workspace.settings.annotator
    label_clusters(database, annotator)
    if step == "evaluated":
        label_clusters(database, "bob", clusters=12, skip=4)
        audit(database, annotator)


async def _settle(pilot: Pilot[None]) -> None:
    """Wait until the workspace is open and no read is under way."""
    app = pilot.app

    def is_settled() -> bool:
        snapshot: Snapshot | None = getattr(app.screen_stack[0], "snapshot", None)
        reads = (worker for worker in app.workers if worker.group != "talk")  # a dialog waits
        return snapshot is not None and all(worker.is_finished for worker in reads)

    await until(pilot, is_settled)
    await pilot.pause(0.2)


def main(folder: Path) -> None:
    """Take every scene at every size; each size begins with a workspace of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    for size in SIZES:
        for scene in SCENES:
            with tempfile.TemporaryDirectory() as temporary:
                workspace = make_workspace(Path(temporary) / "health-advice")
                fill(workspace, scene[2])
                asyncio.run(take(workspace, scene, folder, size))


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/pictures"))
