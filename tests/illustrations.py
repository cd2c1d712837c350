"""Pictures for the documentation: `python -m tests.illustrations WORKSPACE FOLDER`.

They show the real app over copies of a workspace that `backquery demo` made. What they show of
labels and audits was done by rules, and the pages that show them say so.
"""

import asyncio
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from store.audit_findings import next_item, record_finding
from store.audits import draw_round
from store.database.connection import Database
from store.decisions import undo
from tests.tui.driving import make_app
from tests.tui.playing import PicturedApp, Traffic
from tests.tui.scenes import Size
from tui.commands.demo import ANNOTATOR
from tui.frame import collector
from tui.services.workspace import Workspace

SIZE = (160, 48)
NARROW = (80, 24)

_SEED_LABELS = """
SELECT answer_id, samples.label FROM answers
JOIN queries USING (query_id) JOIN samples USING (sample_id)
"""

Prepare = Callable[[Database], object]


def _take_labels_back(database: Database) -> None:
    undo(database, ANNOTATOR)  # the demo labels all clusters as one action


def _audit(database: Database) -> None:
    """Audit a round in place of a person: an answer should have the label of its seed."""
    with database.read() as cursor:
        labels = dict(cursor.rows(_SEED_LABELS))
    drawn = draw_round(database, ANNOTATOR, seed=0, per_cluster=2)
    while item := next_item(database, drawn.audit_id):
        record_finding(database, ANNOTATOR, item.audit_id, item.answer_id, labels[item.answer_id])


def _leave(_: Database) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Picture:
    """What is shown: a screen after keys, once `prepare` has changed the copied workspace."""

    name: str
    screen: str
    keys: Sequence[str] = ()
    prepare: Prepare = _leave
    size: Size = SIZE


# Four of the largest clusters as their representatives are, and back to the largest.
LABELLED = ("j", "2", "3", "1", "3", "g")

PICTURES = (
    Picture("pipeline", "pipeline", size=NARROW),
    Picture("label", "label", (*LABELLED, "x"), _take_labels_back),
    Picture("label-narrow", "label", LABELLED, _take_labels_back, NARROW),
    Picture("member", "label", (*LABELLED, "l", "j", "j", "j"), _take_labels_back),
    Picture("label-map", "label", ("M",)),
    Picture("audit-figures", "audit", ("x",), _audit),
    Picture("drift", "drift"),
    Picture("drift-pair", "drift", ("enter", "j", "enter")),
    Picture("training", "training", ("j", "space", "j")),
    Picture("accuracy", "accuracy", ("m",)),
    Picture("accuracy-compared", "accuracy", ("m", "j", *"VVVV")),
    Picture("data", "data", ("v", "v", "v", "j", "j")),
)


def take(demo: Path, picture: Picture, folder: Path) -> None:
    """Save one picture as SVG, of a copy of the demo's workspace."""
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary) / "demo"
        shutil.copytree(demo, copy)
        _act_as_the_demo(copy / "workspace.toml")
        workspace = Workspace.open(copy)
        with workspace.database() as database:
            picture.prepare(database)
            svg = asyncio.run(_show(workspace, database, picture))
    (folder / f"{picture.name}.svg").write_text(svg, encoding="utf-8")


def _act_as_the_demo(settings: Path) -> None:
    """Make the demo's annotator that of a workspace, so that nobody's login name is shown."""
    settings.write_text(f'annotator = "{ANNOTATOR}"\n{settings.read_text("utf-8")}', "utf-8")


async def _show(workspace: Workspace, database: Database, picture: Picture) -> str:
    traffic = Traffic()
    with traffic.watched():
        app = make_app(workspace, database, picture.screen, PicturedApp)
        async with app.run_test(size=picture.size) as pilot:
            await traffic.play(pilot, picture.keys)
            return app.export_screenshot()


def main(demo: Path, folder: Path) -> None:
    """Take every picture of a demo's workspace."""
    folder.mkdir(parents=True, exist_ok=True)
    for picture in PICTURES:
        take(demo, picture, folder)
    collector.release()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
