"""The command that opens the audit, or prints its figures.

What the app does not need is imported inside, so that the screen opens quickly.
"""

import typer

from tui.commands.output import JsonOption, open_workspace, print_json
from tui.commands.screens import open_screen


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command("audit")(audit)


def audit(context: typer.Context, as_json: JsonOption = False) -> None:
    """Label some propagated texts again, blindly; with --json, print how noisy their labels are."""
    if not as_json:
        open_screen(context.obj, "audit")
        return
    from tui.services.results.audit import read_audit

    workspace = open_workspace(context)
    with workspace.database() as database:
        report = read_audit(workspace, database)
    print_json(report)
