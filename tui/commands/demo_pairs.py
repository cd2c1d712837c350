"""`backquery demo --task off-topic`: from a problem's definition to compared detectors, no seed.

Nobody checks the labels: what was written for a label counts as that. Every step does what is
missing, as in the demo of single texts.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from rich.console import Console

from store.counting import counted
from store.database.connection import Database
from store.detectors import INITIAL
from store.reading.options import ImportOptions
from tui.commands.compare import print_comparison
from tui.commands.coverage_tables import print_coverage
from tui.commands.demo_steps import follow_untimed, open_demo, run_stages
from tui.commands.output import say
from tui.commands.progress import follow_job
from tui.commands.screens import open_screen
from tui.services.errors import NothingToDo
from tui.services.files.imports import import_files
from tui.services.jobs.comparison import compare_recipes
from tui.services.jobs.invention import InventRequest, draft_invention
from tui.services.jobs.run_plan import RunRequest, start_job
from tui.services.numbers import show_percent
from tui.services.results.comparison import Comparison, compare_detectors
from tui.services.results.coverage import read_coverage
from tui.services.settings import samples
from tui.services.terminal import has_terminal
from tui.services.workspace import Workspace

TASK: Final = "off-topic"
SCENARIOS: Final = 32  # with these, all is compared within five minutes on two cores
BENCHMARK: Final = "off-topic-benchmark"
RECIPES: Final = "bi-encoder"
CHANCE: Final = 0.5  # the ROC-AUC of guessing
REFERENCE: Final = INITIAL  # a cross-encoder of the same rows


def run_pair_demo(folder: Path, console: Console) -> None:
    """Run the demo of pairs in a folder, from where it was left.

    Raises NotAWorkspace for a folder that is not this demo's.
    """
    workspace = open_demo(folder, TASK, clusters=10)
    import_benchmark(workspace)
    _invent(workspace, console)
    run_stages(workspace, RunRequest(), console)
    detectors = _compare(workspace, console)
    with workspace.database() as database:
        _show(workspace, database, detectors)
    say(f"Check the labels yourself: backquery -w {folder} label")
    if has_terminal():
        open_screen(folder, "label")


def import_benchmark(workspace: Workspace) -> None:
    """Import the shipped benchmark, what of it is not there yet."""
    options = ImportOptions(
        dataset=BENCHMARK, roles=("benchmark",), text_column="text", label_column="label",
        group_column="group",
    )  # fmt: skip
    with workspace.database() as database:
        import_files(workspace, database, [Path(str(samples() / "off-topic.jsonl"))], options)


def _invent(workspace: Workspace, console: Console) -> None:
    """Have scenarios written, of the draws that there are once there are so many.

    So small a model fails at many; it does not pause for that.
    """
    workspace.require_no_running_job()
    with workspace.database() as database:
        drawn = sum(
            item.right + item.failed + item.waiting
            for item in read_coverage(workspace, database).draws
        )
        request = InventRequest(more=max(SCENARIOS - drawn, 0), seed=workspace.settings.seed)
        try:
            draft = draft_invention(workspace, database, request)
        except NothingToDo:
            return
    follow_job(workspace, start_job(workspace, draft, force=True), console)


def _compare(workspace: Workspace, console: Console) -> tuple[str, ...]:
    """Train and evaluate in one job what is missing; return the contestants' ids."""
    with workspace.database() as database:
        contest = compare_recipes(
            workspace, database, BENCHMARK, RECIPES, 1, baselines=True, reference=REFERENCE
        )
    follow_untimed(workspace, contest.draft, console)
    return contest.detector_ids


def _show(workspace: Workspace, database: Database, detectors: Sequence[str]) -> None:
    print_coverage(read_coverage(workspace, database))
    comparison = compare_detectors(workspace, database, BENCHMARK, detectors, reference=REFERENCE)
    print_comparison(comparison)
    say(describe_pairs(comparison))


def describe_pairs(comparison: Comparison) -> str:
    """What the reference of a comparison beats in accuracy, what beats it, and what neither."""
    ahead, behind, open_ = list[str](), list[str](), list[str]()
    for pair in comparison.pairs:
        other = pair.second if pair.first == REFERENCE else pair.first
        gained = pair.accuracy.difference.value * (1 if pair.first == REFERENCE else -1)
        if not pair.accuracy.is_clear:
            open_.append(other)
        else:
            (ahead if gained > 0 else behind).append(other)
    found = [
        f"is clearly better than {_listed(ahead)}" if ahead else "",
        f"clearly worse than {_listed(behind)}" if behind else "",
        f"cannot be told from {_listed(open_)}" if open_ else "",
    ]
    rows = counted(comparison.n, "row")
    return (
        f"In accuracy on {comparison.benchmark} ({rows}), {REFERENCE}, a cross-encoder that "
        f"learned from what the embedded model wrote, {'; '.join(filter(None, found))}. "
        f"{describe_ranking(comparison)} Nobody checked the labels it learned from, and so small a "
        "model writes poorly: a larger one and your own keys are what would change that."
    )


def describe_ranking(comparison: Comparison) -> str:
    """How well the reference of a comparison ranks, and whether that is better than chance."""
    row = next(item for item in comparison.rows if item.detector == REFERENCE)
    area = row.roc_auc
    if area is None or area.interval is None:
        return "How well it ranks is not known."
    chance = ", no better than chance" if area.interval[0] <= CHANCE else ""
    return f"Its ROC-AUC is {show_percent(area)} %{chance}."


def _listed(names: Sequence[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
