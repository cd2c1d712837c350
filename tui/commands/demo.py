"""`backquery demo`: the complete way, on the embedded models and the sample seeds.

Every step does what is missing, so a demo that was interrupted goes on, and one that is done only
shows its tables. Decisions of an annotator are left alone.
"""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from rich.console import Console

from store.clusters import list_clusters
from store.counting import counted
from store.counts import count_all
from store.database.connection import Database
from store.datasets import list_datasets
from store.detectors import INITIAL
from store.pairs import Draw
from store.reading.options import ImportOptions, Role
from tui.commands.compare import print_comparison
from tui.commands.demo_outcome import (
    describe_curve,
    describe_outcome,
    describe_rule,
    describe_spread,
)
from tui.commands.demo_rule import RULE, label_by_words
from tui.commands.demo_steps import follow_untimed, open_demo, run_stages
from tui.commands.drift_tables import print_scores
from tui.commands.output import say
from tui.commands.run import print_counts
from tui.commands.screens import open_screen
from tui.services.files.imports import import_files
from tui.services.files.label_file import label_from_file
from tui.services.jobs.comparison import compare_recipes
from tui.services.jobs.run_plan import RunRequest
from tui.services.learning import make_labels_fresh
from tui.services.results.comparison import compare_detectors
from tui.services.results.drift_scores import read_drift_scores
from tui.services.results.label_curve import read_label_curve
from tui.services.settings import samples
from tui.services.terminal import has_terminal
from tui.services.workspace import Workspace

TASK: Final = "health-advice"
SEEDS: Final = 90  # with these, all detectors are compared within five minutes on two cores
CLUSTERS: Final = 10  # for each predicted label, of three answers; with 20 most would have one
RECIPES: Final = ("stage-1", "two-stage", "backquery")
REFERENCE: Final = INITIAL  # has all real rows and no answer, as a detector of `real` would here
BENCHMARK: Final = "answers-benchmark"
ANNOTATOR: Final = "auto"
SEED_IMPORTS: Final[tuple[tuple[str, str, Role], ...]] = (
    ("abstracts", "abstracts.csv", "seed"),
    ("laypeople", "laypeople.csv", "seed"),
    ("suggestions", "suggestions.csv", "seed"),
)
WRITTEN_BENCHMARK: Final[tuple[str, str, Role]] = ("chat-benchmark", "benchmark.jsonl", "benchmark")
IMPORTS: Final = (*SEED_IMPORTS, (BENCHMARK, "answers.jsonl", "benchmark"), WRITTEN_BENCHMARK)


def run_demo(folder: Path, console: Console) -> None:
    """Run the demo in a folder, from where it was left.

    Raises NotAWorkspace for a folder that is not the demo's.
    """
    workspace = open_demo(folder, TASK, clusters=CLUSTERS)
    import_samples(workspace, IMPORTS)
    drawn = Draw(total=SEEDS, seed=workspace.settings.seed)
    run_stages(workspace, RunRequest(draw=drawn), console)
    label_automatically(workspace)
    detectors = _train(workspace, console)
    with workspace.database() as database:
        _show(workspace, database, detectors)
    say(f"Label yourself: backquery -w {folder} label")
    if has_terminal():
        open_screen(folder, "label")


def import_samples(workspace: Workspace, imports: Sequence[tuple[str, str, Role]]) -> None:
    """Import sample data, what of it is not there yet."""
    with workspace.database() as database:
        for dataset, file, role in imports:
            options = ImportOptions(
                dataset=dataset, roles=(role,), text_column="text", label_column="label"
            )
            import_files(workspace, database, [Path(str(samples() / file))], options)
        rows = {summary.dataset: summary.rows for summary in list_datasets(database)}
    say("Seeds and benchmarks: " + ", ".join(f"{name} {count}" for name, count in rows.items()))


def label_automatically(workspace: Workspace) -> int:
    """Label each cluster's representative by RULE, once; return how many were labelled now.

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
                writer.writerow([cluster.cluster_id, label_by_words(cluster.representative)])
        labelled = label_from_file(workspace, database, path, annotator=ANNOTATOR)
    say(f"Labels are simulated: {RULE}, gave {counted(labelled, 'representative')} their labels.")
    return labelled


def _train(workspace: Workspace, console: Console) -> tuple[str, ...]:
    """Train and evaluate in one job what is missing of the recipes; return the detectors' ids."""
    with workspace.database() as database:
        contest = compare_recipes(
            workspace, database, BENCHMARK, ",".join(RECIPES), 1, reference=REFERENCE
        )
    follow_untimed(workspace, contest.draft, console)
    return contest.detector_ids


def _show(workspace: Workspace, database: Database, detectors: Sequence[str]) -> None:
    make_labels_fresh(workspace, database)
    print_counts(count_all(database))
    print_scores(read_drift_scores(database).groups)
    comparison = compare_detectors(workspace, database, BENCHMARK, detectors, reference=REFERENCE)
    print_comparison(comparison)
    say(describe_rule(database, BENCHMARK))
    say(describe_spread(database))
    say(describe_curve(read_label_curve(workspace, database)))
    say(describe_outcome(comparison, RECIPES[-1]))
