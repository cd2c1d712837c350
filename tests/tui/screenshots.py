"""Pictures of the app for the documentation: `python -m tests.tui.screenshots [FOLDER]`.

They are taken of the real app over a workspace filled like a person's, at two sizes.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from tests.tui.driving import make_app
from tests.tui.filled import fill, make_workspace
from tests.tui.scenes import SCENES, SIZES, Scene, Size, Traffic
from tui.services.workspace import Workspace


async def take(workspace: Workspace, scene: Scene, folder: Path, size: Size) -> None:
    """Open the app, press the scene's keys, and save a picture of it."""
    traffic = Traffic()
    with scene.prepare(workspace), workspace.database() as database, traffic.watched():
        app = make_app(workspace, database, scene.screen)
        async with app.run_test(size=size) as pilot:
            await traffic.play(pilot, scene.keys)
            svg = app.export_screenshot(title="backquery")
    (folder / f"{scene.name}-{size[0]}x{size[1]}.svg").write_text(svg, encoding="utf-8")


def main(folder: Path) -> None:
    """Take every scene at every size; each size begins with a workspace of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    for size in SIZES:
        for scene in SCENES:
            with tempfile.TemporaryDirectory() as temporary:
                workspace = make_workspace(Path(temporary) / "health-advice")
                fill(workspace, scene.step)
                asyncio.run(take(workspace, scene, folder, size))


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/pictures"))
