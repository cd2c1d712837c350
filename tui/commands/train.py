"""Commands that make and use detectors: recipes, train, score, demo."""

import codecs
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tui.commands.completion import complete_detectors, complete_recipes
from tui.commands.job_options import DetachOption
from tui.commands.output import (
    JsonOption,
    console,
    open_workspace,
    print_json,
    print_table,
)
from tui.commands.progress import wait_or_leave
from tui.commands.train_tables import print_outcome, print_preview
from tui.commands.tune import tune
from tui.services.bounds import MOST_TRAININGS
from tui.services.jobs.run_plan import start_job
from tui.services.jobs.training import assemble_recipe, check_name
from tui.services.jobs.training_draft import draft_training
from tui.services.results.training_outcome import add_outcome
from tui.services.results.training_preview import preview_training


class DemoTask(StrEnum):
    """The shipped tasks that there is a demo of."""

    health_advice = "health-advice"
    off_topic = "off-topic"


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("recipes")(recipes)
    app.command("train")(train)
    app.command("score")(score)
    app.command("demo")(demo)


def recipes(context: typer.Context, as_json: JsonOption = False) -> None:
    """List the recipes of the workspace."""
    found = open_workspace(context).recipes()
    if as_json:
        print_json(found)
    else:
        print_table(
            ["recipe", "stages", "what it trains on"],
            [[recipe.name, len(recipe.stage), recipe.description] for recipe in found],
        )


def train(
    context: typer.Context,
    recipe: Annotated[
        str,
        typer.Argument(help="A recipe's name, or a TOML file.", autocompletion=complete_recipes),
    ],
    name: Annotated[
        str | None, typer.Option(help="Name the detector; it gets the recipe's name if not given.")
    ] = None,
    seeds: Annotated[
        int,
        typer.Option(min=1, max=MOST_TRAININGS, help="Train so many times, under different seeds."),
    ] = 1,
    detach: DetachOption = False,
    preview: Annotated[
        bool, typer.Option("--preview", help="Show the rows, and train nothing.")
    ] = False,
    tuning_minutes: Annotated[
        float | None,
        typer.Option(
            "--tune",
            min=0.1,
            metavar="MINUTES",
            help="Try settings on the development set for so long, and write the best as a recipe; "
            "RECIPE may be several, separated by commas.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Fine-tune a detector with a recipe; its rows, and what is left out, are shown first."""
    workspace = open_workspace(context)
    if tuning_minutes is not None:
        tune(workspace, recipe, tuning_minutes, as_json=as_json)
        return
    chosen = workspace.recipe(recipe)
    check_name(chosen.name if name is None else name)
    with workspace.database() as database:
        rows = assemble_recipe(workspace, database, chosen)
        draft = draft_training(workspace, database, rows, name, seeds)
    found = preview_training(rows, workspace.task)
    if not as_json:
        print_preview(found)
    if not preview:
        wait_or_leave(workspace, start_job(workspace, draft), detach)
    if not (preview or detach):
        found = add_outcome(workspace, found, draft)
    if as_json:
        print_json(found)
    elif not (preview or detach):
        print_outcome(found)


def score(
    context: typer.Context,
    detector: Annotated[
        str, typer.Argument(help="The detector's name or id.", autocompletion=complete_detectors)
    ],
    file: Annotated[
        Path, typer.Argument(help="A file of JSON lines or plain lines; - is standard input.")
    ],
    text: Annotated[
        str, typer.Option(metavar="FIELD", help="Read the text from this field.")
    ] = "text",
    context_field: Annotated[
        str,
        typer.Option("--context", metavar="FIELD", help="Read the context of a pair from this."),
    ] = "context",
) -> None:
    """Write every line of FILE as JSON with the detector's label and probabilities, in order."""
    from tui.services.files.scoring import FieldNames, score_file

    names = FieldNames(text, context_field)
    score_file(
        open_workspace(context), detector, file, names, write=typer.echo,
        ascii_only=codecs.lookup(sys.stdout.encoding).name != "utf-8",
    )  # fmt: skip


def demo(
    folder: Annotated[
        Path, typer.Argument(help="The folder to make it in, or to go on in.")
    ] = Path("demo-workspace"),
    task: Annotated[
        DemoTask,
        typer.Option(
            help="Begin with sample seeds (health-advice), or a problem's definition (off-topic)."
        ),
    ] = DemoTask.health_advice,
    loop: Annotated[
        bool,
        typer.Option("--loop", help="Turn the loop twice, on a product that is simulated."),
    ] = False,
) -> None:
    """Run every step on the embedded models, from sample seeds or a problem's definition."""
    if loop:
        if task is not DemoTask.health_advice:
            raise typer.BadParameter("is of health advice alone.", param_hint="--loop")
        from tui.commands.demo_loop import run_loop_demo

        run_loop_demo(folder, console())
    elif task is DemoTask.off_topic:
        from tui.commands.demo_pairs import run_pair_demo

        run_pair_demo(folder, console())
    else:
        from tui.commands.demo import run_demo

        run_demo(folder, console())
