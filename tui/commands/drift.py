"""The command that shows drift."""

import typer

from tui.commands.drift_tables import (
    print_distributions,
    print_flow,
    print_labels,
    print_over_time,
    print_paired,
    print_production,
    print_scores,
    print_steps,
    print_ways,
)
from tui.commands.output import JsonOption, open_workspace, print_json, say
from tui.services.learning import make_labels_fresh
from tui.services.results.drift import Drift, read_drift


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command("drift")(drift)


def drift(context: typer.Context, as_json: JsonOption = False) -> None:
    """Show how far answers are from their seeds, where that happens, and what labels became."""
    workspace = open_workspace(context)
    with workspace.database() as database:
        make_labels_fresh(workspace, database)
        found = read_drift(database)
    if as_json:
        print_json(found)
    else:
        _print_tables(found)


def _print_tables(found: Drift) -> None:
    if not found.groups:
        say("No answer has a drift score yet; `backquery run drift` makes them.")
    else:
        print_scores(found.groups)
        print_steps(found.groups)
        labels = sorted({label for flow in found.flow for label in flow.labels})
        if labels:
            print_flow(found.flow, labels)
            print_labels(found, labels)
        print_over_time(found.over_time)
        if len(found.ways) > 1:
            print_ways(found.ways)
            print_paired(found.paired)
    if found.distributions:
        print_distributions(found.distributions)
    elif found.groups:
        say("`backquery run distribution` measures how answers as a whole differ from their seeds.")
    if found.production:
        print_production(found.production)
