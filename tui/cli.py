"""The command line: the options that all commands share, and where each command lives."""

from pathlib import Path
from typing import Annotated

import typer

from tui.commands import (
    audit,
    compare,
    data,
    datasets,
    drift,
    imports,
    label,
    run,
    task,
    threshold,
    train,
)

app = typer.Typer(
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
        label.open_screen(workspace, "pipeline")


for module in (data, imports, datasets, run, label, audit, drift, compare, threshold, train, task):
    module.register(app)
