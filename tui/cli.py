"""The command line: the options that all commands share, and the module in which each one is.

A command's module is imported when that command is run, or listed. So a command may import what
it needs at the top of its module, and `backquery` itself starts as quickly as Typer.
"""

from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, Final, cast

import typer
from typer.core import TyperGroup

from tui.services.priority import give_way

GROUPS: Final = {
    "Data": {
        "init": "data",
        "import": "imports",
        "datasets": "datasets",
        "seeds": "seeds",
        "split": "data",
        "task": "task",
        "export": "data",
    },
    "Run": {
        "invent": "invent",
        "try": "try_ways",
        "run": "run",
        "status": "run",
        "jobs": "jobs",
        "drift": "drift",
        "correct": "correct",
    },
    "Label": {
        "label": "label",
        "clusters": "label",
        "audit": "audit",
        "simulate": "simulate",
        "annotate": "annotate",
        "agreement": "annotate",
        "suspects": "suspects",
    },
    "Detectors": {
        "recipes": "train",
        "train": "train",
        "evaluate": "compare",
        "compare": "compare",
        "threshold": "threshold",
    },
    "Loop": {
        "interventions": "interventions",
        "recall": "recall",
        "shadow": "shadow",
        "patterns": "patterns",
        "round": "round",
        "queue": "queue",
    },
    "Use": {
        "score": "train",
        "demo": "train",
    },
}
"""The commands under the headings of the help, each with its module in `tui/commands/`."""

COMMANDS: Final = {name: module for group in GROUPS.values() for name, module in group.items()}

GIVE_WAY: Final = frozenset(
    ("import", "datasets", "seeds", "split", "task", "export", "status", "drift", "clusters",
     "agreement", "recipes", "threshold", "score")
)  # fmt: skip
"""Those that neither open the app nor start a job, which would keep their priority."""


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
        command: Any = typer.main.get_group(apart).commands[cmd_name]
        command.rich_help_panel = next(name for name, group in GROUPS.items() if cmd_name in group)
        return command


app = typer.Typer(
    cls=Commands,
    name="backquery",
    help="Make labelled, production-like text for a guardrail detector. "
    "Without a command, open the app.",
    no_args_is_help=False,
    pretty_exceptions_enable=False,
)


def _print_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"backquery {version('backquery')}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def open_app(
    context: typer.Context,
    workspace: Annotated[
        Path,
        typer.Option(
            "-w",
            "--workspace",
            envvar="BACKQUERY_WORKSPACE",
            help="Work in this workspace.",
        ),
    ] = Path(),
    _: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_print_version,
            is_eager=True,
            help="Print the version and exit.",
        ),
    ] = False,
) -> None:
    """Remember the workspace; without a command, open the app on it."""
    context.obj = workspace
    if context.invoked_subcommand in GIVE_WAY:
        give_way(workspace)
    if context.invoked_subcommand is None:
        from tui.commands.screens import open_screen

        open_screen(workspace, None)
