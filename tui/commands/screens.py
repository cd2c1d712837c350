"""Opening the app from the command line."""

from pathlib import Path

from tui.frame import collector
from tui.services.errors import NotAWorkspace
from tui.services.terminal import require_terminal


def open_screen(folder: Path, screen: str, annotator: str | None = None) -> None:
    """Open the app on one of its screens; `annotator` takes the place of the configured one."""
    if not (folder / "workspace.toml").is_file():
        raise NotAWorkspace(
            f"{folder.resolve()} is not a workspace. Make one with `backquery init DIR`, name one "
            "with -w, or see `backquery demo`; `backquery --help` lists all commands."
        )
    require_terminal()
    collector.pause()  # until the app has begun
    from tui.app import run_app
    from tui.services.configuration import Configuration

    configuration = Configuration.open(folder)
    run_app(configuration.of_annotator(annotator) if annotator else configuration, screen)
