"""`backquery demo`: the complete way, on the embedded models and the sample seeds.

Every step does what is missing, so a demo that was interrupted goes
on, and one that is done only shows its tables. Decisions of an annotator are left alone.
"""

import csv
from pathlib import Path

from rich.console import Console

from engine.jobs.draft import JobDraft
from store.clusters import list_clusters
from store.counting import counted
from store.counts import count_all
from store.database.connection import Database
from store.datasets import list_datasets
from store.detectors import list_detectors
from store.pairs import Draw
from store.reading.options import ImportOptions, Role
from tui.commands.compare import evaluate_missing, print_comparison
from tui.commands.drift_tables import print_scores
from tui.commands.output import say
from tui.commands.progress import follow_job
from tui.commands.run import print_counts
from tui.commands.screens import open_screen
from tui.services.errors import NotAWorkspace, NothingToDo
from tui.services.files.imports import import_files
from tui.services.files.label_file import label_from_file
from tui.services.jobs.run_plan import RunRequest, draft_run, start_job
from tui.services.jobs.training import assemble_recipe, plan_training, train_params
from tui.services.results.comparison import compare_detectors
from tui.services.results.drift_scores import read_drift_scores
from tui.services.settings import samples
from tui.services.terminal import has_terminal
from tui.services.workspace import Workspace

SEEDS = 106
RECIPES = ("synthetic", "two-stage-balanced")
BENCHMARK = "chat-benchmark"
ANNOTATOR = "auto"
MARKER = "demo.txt"
RULE = "each keeps the label that the initial detector predicted for its members"
IMPORTS: tuple[tuple[str, str, Role], ...] = (
    ("abstracts", "abstracts.csv", "seed"),
    ("laypeople", "laypeople.csv", "seed"),
    ("suggestions", "suggestions.csv", "seed"),
    (BENCHMARK, "benchmark.jsonl", "benchmark"),
)


def run_demo(folder: Path, console: Console) -> None:
    """Run the demo in a folder, from where it was left.

    Raises NotAWorkspace for a folder that is not the demo's.
    """
    workspace = open_demo(folder)
    import_samples(workspace)
    _generate(workspace, console)
    labelled = label_automatically(workspace)
    _train(workspace, console)
    with workspace.database() as database:
        detectors = [item.detector_id for item in list_detectors(database)]
    evaluate_missing(workspace, detectors, BENCHMARK)
    with workspace.database() as database:
        _show(workspace, database)
    _say_goodbye(folder, labelled)
    if has_terminal():
        open_screen(folder, "label")


def open_demo(folder: Path) -> Workspace:
    """Make the demo's workspace, or open it again."""
    if (folder / "workspace.toml").is_file() and not (folder / MARKER).is_file():
        raise NotAWorkspace(
            f"{folder} is a workspace of your own; the demo leaves it alone. Give it a new "
            "folder: backquery demo DIR"
        )
    if (folder / MARKER).is_file():
        say(f"Going on in {folder}.")
        return Workspace.open(folder)
    workspace = Workspace.create(folder, task="health-advice", preset="embedded")
    (folder / MARKER).write_text("Made by `backquery demo`.\n", encoding="utf-8")
    return workspace


def import_samples(workspace: Workspace) -> None:
    """Import the sample data, what of it is not there yet."""
    with workspace.database() as database:
        for dataset, file, role in IMPORTS:
            options = ImportOptions(
                dataset=dataset, roles=(role,), text_column="text", label_column="label"
            )
            import_files(workspace, database, [Path(str(samples() / file))], options)
        rows = {summary.dataset: summary.rows for summary in list_datasets(database)}
    say("Seeds and benchmark: " + ", ".join(f"{name} {count}" for name, count in rows.items()))


def _generate(workspace: Workspace, console: Console) -> None:
    """Write questions and answers, train the initial detector, predict, cluster, score drift."""
    workspace.require_no_running_job()
    request = RunRequest(draw=Draw(total=SEEDS, seed=workspace.settings.seed))
    with workspace.database() as database:
        try:
            draft = draft_run(workspace, database, request)
        except NothingToDo:
            return
    follow_job(workspace, start_job(workspace, draft), console)


def label_automatically(workspace: Workspace) -> int:
    """Label the clusters by RULE, once; return how many were labelled now.

    The decisions go through the same file as `label --from` takes, and are kept in exports/.
    """
    with workspace.database() as database:
        if count_all(database).decisions:
            return 0
        path = workspace.path / "exports" / "auto-labels.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["cluster_id", "label"])
            for cluster in list_clusters(database):
                writer.writerow([cluster.cluster_id, cluster.predicted_label])
        return label_from_file(workspace, database, path, annotator=ANNOTATOR)


def _train(workspace: Workspace, console: Console) -> None:
    """Train the demo's recipes that have no detector yet, in one job."""
    draft = JobDraft()
    with workspace.database() as database:
        trained = {detector.recipe for detector in list_detectors(database)}
        for name in RECIPES:
            if name not in trained:
                rows = assemble_recipe(workspace, database, workspace.recipe(name))
                seed = workspace.settings.seed
                params = train_params(workspace, rows, name=name, seed=seed)
                draft.add(plan_training(params, rows))
    if draft.planned:
        follow_job(workspace, start_job(workspace, draft), console)


def _show(workspace: Workspace, database: Database) -> None:
    print_counts(count_all(database))
    print_scores(read_drift_scores(database).groups)
    print_comparison(compare_detectors(workspace, database, BENCHMARK))


def _say_goodbye(folder: Path, labelled: int) -> None:
    if labelled:
        say(f"Labelled without a person: {counted(labelled, 'cluster')}, {RULE}.")
    say(
        f"Labels by the annotator {ANNOTATOR!r} show the machinery; they are no substitute for a "
        "person's, and the scores above are worth no more than they are."
    )
    say(f"Label yourself: backquery -w {folder} label")
