"""The command that lists doubtful labels: suspects."""

from typing import Annotated

import typer

from store.counting import counted
from tui.commands.output import JsonOption, open_workspace, print_json, print_table, say
from tui.services.bounds import MOST_ROWS
from tui.services.inert import one_line
from tui.services.learning import make_labels_fresh
from tui.services.numbers import show_share
from tui.services.results.suspects import SuspectReport, find_suspects
from tui.services.results.voices import describe_voice

SHOWN = 20
TEXT_WIDTH = 60


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command("suspects")(suspects)


def suspects(
    context: typer.Context,
    limit: Annotated[
        int, typer.Option(min=1, max=MOST_ROWS, help="List so many, the most doubtful first.")
    ] = SHOWN,
    as_json: JsonOption = False,
) -> None:
    """List labels that models, the detector or confident learning are at odds with.

    In the app, a key of Label goes through them.
    """
    workspace = open_workspace(context)
    with workspace.database() as database:
        make_labels_fresh(workspace, database)
        report = find_suspects(database, limit)
    if as_json:
        print_json(report)
    else:
        _print(report)


def _print(report: SuspectReport) -> None:
    if not report.n:
        say("No answer has a label yet that could be doubtful: `backquery label` gives some.")
        return
    if report.suspects:
        print_table(
            ["answer", "doubt", "label", "by", "but", "text"],
            [
                [
                    item.answer_id[:10],
                    round(item.doubt, 2),
                    item.label,
                    item.annotator or item.origin,
                    ", ".join(map(describe_voice, item.against)),
                    one_line(item.text, TEXT_WIDTH),
                ]
                for item in report.suspects
            ],
            title=f"Doubtful labels, {len(report.suspects):,} of {report.found:,}",
        )
    print_table(
        ["voice", "n", "kappa with the decided labels"],
        [[item.name, item.agreement.n, show_share(item.agreement.kappa)] for item in report.voices],
        title="How much each voice counts",
    )
    typer.echo(
        f"{counted(report.n, 'label')} examined, {report.decided:,} of them decided; confident "
        f"learning on {report.learned_from:,}; {counted(report.found, 'doubtful label')}, "
        f"{report.kept:,} more kept. {report.method}."
    )
