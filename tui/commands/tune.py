"""`train --tune`: recipes and settings tried on the development set, the best written down."""

from collections.abc import Sequence
from dataclasses import replace

from engine.jobs.job import JobFolder
from store.counting import counted
from tui.commands.output import console, print_json, print_table, say
from tui.commands.progress import follow_job
from tui.services.errors import NothingToDo
from tui.services.files.tuned_recipe import write_tuned
from tui.services.jobs.run_plan import start_job
from tui.services.jobs.tuning import describe_tuning, draft_tuning
from tui.services.numbers import show_duration
from tui.services.results.tuning import TriedSettings, Tuning, find_tuning, read_tuning
from tui.services.workspace import Workspace


def tune(workspace: Workspace, names: str, minutes: float, *, as_json: bool) -> None:
    """Try the recipes, separated by commas, print what came of it, and write the best down."""
    wanted = list(dict.fromkeys(name.strip() for name in names.split(",") if name.strip()))
    job = _try_out(workspace, wanted, minutes)
    tuning = read_tuning(job)
    if tuning.best is None:
        raise NothingToDo(f"Job {job.job_id} tried nothing within its budget; give it more.")
    best = tuning.settings[tuning.best - 1]
    path = write_tuned(workspace, best.recipe, best, _describe(tuning, best))
    if as_json:
        print_json(replace(tuning, written=str(path)))
        return
    print_tuning(tuning)
    say(f"Wrote setting {best.number} into {path}. `backquery train {path.stem}` trains with it.")


def _try_out(workspace: Workspace, names: Sequence[str], minutes: float) -> JobFolder:
    """The job of the tuning once it has ended: one that was begun before goes on."""
    with workspace.planning():
        with workspace.database() as database:
            draft = draft_tuning(workspace, database, names, minutes)
        job = find_tuning(workspace, draft)
        if job is None:
            job = start_job(workspace, draft)
        elif job.state() == "done":
            say(f"Job {job.job_id} has tried this before.")
            return job
        else:
            workspace.supervisor.start(job)
    say(f"Job {job.job_id}: {describe_tuning(draft)}")
    follow_job(workspace, job, console())
    return job


def print_tuning(tuning: Tuning) -> None:
    """Print a row for each setting, the best marked."""
    print_table(
        ["", "recipe", "rate", "epochs", "weights", "seeds", "log loss", "accuracy", "losses"],
        [_cells(item, is_best=item.number == tuning.best) for item in tuning.settings],
        title=f"Last stage, on {counted(tuning.n, 'answer')} held back",
    )
    say(
        f"{counted(tuning.trials, 'training')} took {show_duration(tuning.seconds)} of "
        f"{show_duration(tuning.budget_s)}. ★ has the least log loss among those with the most "
        "seeds; with so few answers, settings that are close are alike."
    )


def _cells(item: TriedSettings, *, is_best: bool) -> list[object]:
    return [
        "★" if is_best else "",
        item.recipe,
        f"{item.learning_rate:g}",
        item.epochs,
        item.class_weights,
        item.seeds,
        None if item.log_loss is None else f"{item.log_loss:.3f}",
        _show_accuracy(item),
        " ".join(f"{loss:.2f}" for loss in item.losses),
    ]


def _show_accuracy(item: TriedSettings) -> str | None:
    if item.accuracy is None or item.lowest_accuracy is None or item.highest_accuracy is None:
        return None
    shown = f"{100 * item.accuracy:.1f}"
    if item.seeds == 1:
        return shown
    return f"{shown} ({100 * item.lowest_accuracy:.1f}–{100 * item.highest_accuracy:.1f})"


def _describe(tuning: Tuning, best: TriedSettings) -> str:
    loss = f"{best.log_loss:.3f}" if best.log_loss is not None else "unknown"
    return (
        f"{best.recipe} with the settings that did best on {counted(tuning.n, 'answer')} held back "
        f"(job {tuning.job_id}: log loss {loss}, {counted(best.seeds, 'seed')}, "
        f"{counted(tuning.trials, 'training')})."
    )
