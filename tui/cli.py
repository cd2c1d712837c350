"""The command line: the options that all commands share, and the module in which each one is.

A command's module is imported when that command is run, or listed. So a command may import what
it needs at the top of its module, and `backquery` itself starts as quickly as Typer.
"""

from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Final, cast

import typer
from typer.core import TyperGroup

COMMANDS: Final = {
    "init": "data",
    "import": "imports",
    "datasets": "datasets",
    "split": "data",
    "run": "run",
    "status": "run",
    "jobs": "run",
    "label": "label",
    "clusters": "label",
    "audit": "audit",
    "drift": "drift",
    "recipes": "train",
    "train": "train",
    "evaluate": "compare",
    "compare": "compare",
    "threshold": "threshold",
    "score": "train",
    "export": "data",
    "task": "task",
    "demo": "train",
}
"""The commands in the order of the help, each with its module in `tui/commands/`."""


class Commands(TyperGroup):
    """The group of all commands, which are found by their names alone."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = cast("Any", dict.fromkeys(COMMANDS))

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of a name, out of its module; None without one."""
        module = COMMANDS.get(cmd_name)
        if module is None:
            return None
        apart = typer.Typer()
        import_module(f"tui.commands.{module}").register(apart)
        return typer.main.get_group(apart).commands[cmd_name]


app = typer.Typer(
    cls=Commands,
    name="backquery",
    help="Make labelled, production-like text for a guardrail detector. "
    "Without a command, open the app.",
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.callback(invoke_without_command=True)
def open_app(
    context: typer.Context,
    workspace: Annotated[
        Path,
        typer.Option("-w", "--workspace", envvar="BACKQUERY_WORKSPACE", help="The workspace."),
    ] = Path(),
) -> None:
    """Remember the workspace; without a command, open the app on it."""
    context.obj = workspace
    if context.invoked_subcommand is None:
        from tui.commands.screens import open_screen

        open_screen(workspace, "pipeline")
