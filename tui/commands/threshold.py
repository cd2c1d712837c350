"""The command that chooses from which probability on a detector flags: threshold."""

import math
from typing import Annotated

import typer

from store.detectors import find_contestant
from tui.commands.compare import evaluate_missing
from tui.commands.completion import complete_datasets, complete_detectors
from tui.commands.output import JsonOption, open_workspace, print_json, print_table, say, tell
from tui.services.results.thresholds import (
    ThresholdCurve,
    choose_by_rule,
    keep_threshold,
    parse_rule,
    read_threshold,
    require_probabilities,
    warn_of,
)

SHOWN_POINTS = 21


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command("threshold")(threshold)


def _require_number(at: float | None) -> float | None:
    if at is not None and math.isnan(at):  # which is neither below 0 nor above 1
        raise typer.BadParameter("nan is not in the range 0<=x<=1.")
    return at


def threshold(
    context: typer.Context,
    detector: Annotated[
        str, typer.Argument(help="The detector's name or id.", autocompletion=complete_detectors)
    ],
    on: Annotated[
        str | None,
        typer.Option(
            help="Choose on this labelled dataset, best not a benchmark.",
            autocompletion=complete_datasets,
        ),
    ] = None,
    rule: Annotated[
        str | None,
        typer.Option(
            help="Choose by this rule: max-f1, fpr=0.01 (at most) or recall=0.95 (at least)."
        ),
    ] = None,
    at: Annotated[
        float | None,
        typer.Option(min=0, max=1, callback=_require_number, help="Set this threshold."),
    ] = None,
    reset: Annotated[
        bool, typer.Option("--reset", help="Go back to the most probable label.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show or choose the positive probability from which a text is flagged; score then uses it."""
    if (rule is not None) + (at is not None) + reset > 1:
        raise typer.BadParameter("takes the place of the others.", param_hint="--rule/--at/--reset")
    if rule is not None and on is None:
        raise typer.BadParameter("name the dataset to choose on with --on.", param_hint="--rule")
    workspace = open_workspace(context)
    chosen_rule = parse_rule(rule) if rule else None
    with workspace.database() as database:
        chosen = find_contestant(database, detector)
    require_probabilities(chosen)
    if on is not None:
        evaluate_missing(workspace, [chosen.detector_id], on)
    with workspace.database() as database:
        if chosen_rule is not None and on is not None:
            choose_by_rule(workspace, database, chosen, on, chosen_rule)
            warning = warn_of(database, on)
            if warning:
                say(warning)
        elif at is not None or reset:
            keep_threshold(workspace, database, chosen, at, "by hand" if at is not None else "none")
        curve = read_threshold(workspace, database, chosen, on)
    if as_json:
        print_json(curve)
    else:
        _print(curve)


def _print(curve: ThresholdCurve) -> None:
    chosen = curve.chosen
    if chosen is None:
        tell(f"{curve.detector} has no threshold: the most probable label counts.")
    else:
        place = f" on {chosen.dataset}" if chosen.dataset else ""
        tell(
            f"{curve.detector} flags from a positive probability of {chosen.threshold:.4f} "
            f"on, chosen by {chosen.rule}{place}."
        )
    points = curve.curve
    if not points:
        return
    step = max(len(points) - 1, 1) / (SHOWN_POINTS - 1)
    places = sorted({min(round(step * number), len(points) - 1) for number in range(SHOWN_POINTS)})
    shown = [points[place] for place in places]
    print_table(
        ["threshold", "precision", "recall", "F1", "FPR"],
        [[x.threshold, x.precision, x.recall, x.f1, x.false_positive_rate] for x in shown],
        title=f"{curve.dataset}, n = {curve.n:,}: flagged from the threshold on",
    )
