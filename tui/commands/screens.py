"""Opening the app from the command line."""

from pathlib import Path
from shutil import get_terminal_size
from textwrap import fill

import typer

from tui.frame import collector
from tui.services.errors import NotAWorkspace
from tui.services.inert import inert
from tui.services.terminal import require_terminal


def open_screen(folder: Path, screen: str | None, annotator: str | None = None) -> None:
    """Open the app on one of its screens, or where it was closed.

    `annotator` takes the place of the configured one.
    """
    if not (folder / "workspace.toml").is_file():
        raise NotAWorkspace(
            f"{folder.resolve()} is not a workspace. Make one with `backquery init DIR`, name one "
            "with -w, or see `backquery demo`; `backquery --help` lists all commands."
        )
    require_terminal()
    collector.pause()  # until the app has begun
    from tui.running import run_app
    from tui.services.configuration import Configuration

    def read() -> Configuration:
        configuration = Configuration.open(folder)
        return configuration.of_annotator(annotator) if annotator else configuration

    run_app(read, screen, lambda owner: _may_look_on(folder, owner))


def _may_look_on(folder: Path, owner: str) -> bool:
    """Ask whether the app should look on where another process has the workspace."""
    said = inert(f"{folder.resolve()} is open in {owner}.")
    width = get_terminal_size().columns
    typer.echo(fill(said, width, break_long_words=False, break_on_hyphens=False), err=True)
    question = "Look on from here, without changing anything, until it is free?"
    return typer.confirm(question, default=True, err=True)
