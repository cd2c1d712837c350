"""The command that shows how often deployed guards flagged over time: interventions."""

from typing import Annotated

import typer

from store.counting import counted
from store.interventions import Group
from tui.commands.completion import complete_datasets
from tui.commands.figures import Figure
from tui.commands.output import (
    JsonOption,
    console,
    open_workspace,
    print_json,
    print_table,
    say,
    tell,
)
from tui.commands.progress import follow_job
from tui.services.errors import NothingToDo
from tui.services.jobs.run_plan import start_job
from tui.services.jobs.traffic import draft_traffic
from tui.services.numbers import show_interval, show_rate, show_share
from tui.services.periods import Length
from tui.services.results.intervention_rates import Change, Period, Rate, Series
from tui.services.results.intervention_words import marks_of, show_begin, show_change, show_p
from tui.services.results.interventions import Interventions, read_interventions
from tui.services.workspace import Workspace

HEADINGS = ["flagged", "of", "per 1,000 (95 %)"]
APART = ["failed", "no verdict", "no text"]


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command("interventions")(interventions)


def interventions(
    context: typer.Context,
    on: Annotated[
        str,
        typer.Option(
            help="The dataset that the log was imported into.", autocompletion=complete_datasets
        ),
    ],
    by: Annotated[
        Length | None,
        typer.Option(help="Periods of local time; as short as makes at most 60 without it."),
    ] = None,
    group: Annotated[
        Group | None,
        typer.Option(help="Also show each version, category or guard by itself."),
    ] = None,
    drift: Annotated[
        bool,
        typer.Option(
            "--drift",
            help="Also measure how the texts changed, period by period: a job of some minutes.",
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show how often deployed guards flagged, by hour, day or week, and where that changed."""
    workspace = open_workspace(context)
    with workspace.database() as database:
        found = read_interventions(database, on, by, group)
    if drift and _measure_traffic(workspace, found):
        with workspace.database() as database:
            found = read_interventions(database, on, by, group)
    if as_json:
        print_json(found)
    else:
        _print(found)


def _measure_traffic(workspace: Workspace, found: Interventions) -> bool:
    """Run the job that measures what was not measured yet; whether there was any."""
    try:
        with workspace.database() as database:
            draft = draft_traffic(workspace, database, found.dataset, found.by)
    except NothingToDo as refusal:
        say(str(refusal))
        return False
    with workspace.planning():
        job = start_job(workspace, draft)
    follow_job(workspace, job, console())
    return True


def _print(found: Interventions) -> None:
    if found.groups:
        print_table(
            [str(found.group), *HEADINGS],
            [[item.name, *_rate_cells(item)] for item in (found.all, *found.groups)],
            title=f"{found.dataset} by {found.group}",
        )
    for series in found.groups or (found.all,):
        _print_periods(found, series)
    tell(
        "Flagged per 1,000 records with a verdict (95 %, Wilson), and its changes (Newcombe); p is "
        "two-sided, corrected over all changes (Holm). p < 0.05 is marked: ▲ ▼ since the period "
        "before, △ ▽ since all before."
    )
    if found.traffic:
        _print_traffic(found)
    if found.undated:
        tell(f"Without a time, so in no period: {counted(found.undated, 'record')}.")


def _print_periods(found: Interventions, series: Series) -> None:
    print_table(
        [found.by, *HEADINGS, "since last", "p", "since all", "p", "", *APART],
        [_cells(found.by, period) for period in series.periods],
        title=f"{found.dataset}: {series.name}, by {found.by} in local time",
    )


def _cells(by: Length, period: Period) -> list[object]:
    counts = period.counts
    return [
        show_begin(period.begin, by),
        *_rate_cells(period),
        *_change_cells(period.since_last),
        *_change_cells(period.since_all),
        marks_of(period),
        counts.failed,
        counts.without_verdict,
        counts.redacted + counts.absent,
    ]


def _print_traffic(found: Interventions) -> None:
    print_table(
        [found.by, "n", "n before", "by embedding (95 %)", "by length (95 %)"],
        [
            [
                show_begin(change.begin, found.by), change.n, change.n_before,
                show_share(change.embedding), show_share(change.length),
            ]
            for change in found.traffic
        ],
        title="Texts against those of the period before (ROC-AUC)",
    )  # fmt: skip


def _rate_cells(item: Period | Series) -> list[object]:
    return [item.counts.flagged, item.counts.verdicts, _figure(item.rate)]


def _figure(rate: Rate) -> Figure:
    found = rate.per_1000
    if found is None:
        return Figure("–", ("–",))
    return Figure(show_rate(found), (f"{found.value:.1f}", show_interval(found.low, found.high, 1)))


def _change_cells(change: Change | None) -> list[object]:
    return [show_change(change), show_p(change.adjusted_p) if change else ""]
