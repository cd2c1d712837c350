"""The training screen: trainings under way, learning curves side by side, recipes tried out."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from textual.pilot import Pilot

from engine.jobs.job import JobFolder
from engine.jobs.parts import write_text
from engine.jobs.records import JobResult, write_spec
from engine.training.curve import CurvePoint
from store.database.connection import Database
from tests import rows
from tests.tui.driving import make_app, shown, until
from tests.tui.evaluated import add_detectors
from tests.tui.filled import ENDED, write_job
from tests.tui.trained import curve, keep_curve, make_training, train_on, training
from tui.frame.session import Session
from tui.screens.dialogs.confirm import Confirm
from tui.screens.training.curves import MOST_POINTS, Curve, thin_curve
from tui.screens.training.desk import TrainingDesk
from tui.screens.training.detectors import DetectorsView
from tui.services.jobs.training import assemble_recipe, train_params
from tui.services.workspace import Workspace

SIZES = ((160, 48), (80, 24))
WIDE, NARROW = SIZES
both_sizes = pytest.mark.parametrize("size", SIZES)
at_narrow = pytest.mark.parametrize("size", [NARROW])  # where little fits; pictures are of both
DETECTORS = ("d-initial", "d-synthetic", "d-stage-1", "d-two-stage")
HOSTILE = "\x1b[2J[red]x"

App = Pilot[None]


@asynccontextmanager
async def opened(workspace: Workspace, size: tuple[int, int] = WIDE) -> AsyncIterator[App]:
    """Open the screen."""
    with workspace.database() as database:
        async with make_app(workspace, database, "training").run_test(size=size) as pilot:
            yield pilot


async def seen(pilot: App, *texts: str) -> str:
    """Wait until the screen shows these texts, its lines joined, and return all that it shows."""
    await until(pilot, lambda: all(text in joined(pilot) for text in texts))
    return shown(pilot)


def joined(pilot: App) -> str:
    """What the screen shows with one blank between words, so that wrapped lines join."""
    return " ".join(shown(pilot).split())


def line_with(text: str, found: str) -> str:
    return next(line for line in found.splitlines() if text in line)


@both_sizes
async def test_detectors_and_what_is_under_way_stand_in_one_table(
    evaluated_workspace: Workspace, size: tuple[int, int]
) -> None:
    with training(evaluated_workspace, seeds=2) as job:
        train_on(job, curve([4], [0.9, 0.7, 0.6, 0.4]), share=0.25)
        async with opened(evaluated_workspace, size) as pilot:
            found = await seen(pilot, "live-1", "two-stage", "▶ running 25 %")
    first, second = line_with("live-1", found), line_with("live-2", found)
    for text in ("▸", "300", "1 of 3", "0.6500", "123", "1 min 15 s"):
        assert text in first
    assert "… waiting" in second
    assert "0 of 3" in second
    assert "✓ trained" in line_with("two-stage", found)
    assert found.index("live-2") < found.index("initial")


@both_sizes
async def test_the_curve_grows_while_a_stage_writes_it(
    evaluated_workspace: Workspace, size: tuple[int, int]
) -> None:
    losses = [2.0 - number / 400 for number in range(MOST_POINTS + 10)]
    points = curve([30, len(losses) - 30], losses)
    with training(evaluated_workspace) as job:
        async with opened(evaluated_workspace, size) as pilot:
            await seen(pilot, "live", "… waiting")
            await pilot.press(*("v" if size == NARROW else ""))
            train_on(job, points[:20], share=0.2)
            await seen(pilot, f"20 steps, newest loss {losses[19]:.4f}")
            train_on(job, points[20:30], share=0.3)
            found = await seen(pilot, f"30 steps, newest loss {losses[29]:.4f}")
            assert "a training stage begins" not in found
            train_on(job, points[30:], share=0.9)
            found = await seen(
                pilot,
                f"{len(losses)} steps, newest loss {sum(losses[-2:]) / 2:.4f}",
                "learning rate 2.00e-05, 123 rows/s, 1 min 15 s left, training stage 1 of 2.",
                "live, mean of 2 steps",
                "Of live: ┊ a training stage begins, ○ mean of an epoch",
            )
    chart = found.partition("Training loss")[2]
    assert sum(line.count("┊") for line in chart.splitlines()) >= 5
    assert "○" in chart


@both_sizes
async def test_curves_of_earlier_detectors_are_drawn_beside_the_chosen_one(
    evaluated_workspace: Workspace, size: tuple[int, int]
) -> None:
    for place, name in enumerate(DETECTORS):
        keep_curve(evaluated_workspace, name, curve([20], [1.0 + place] * 20))
    async with opened(evaluated_workspace, size) as pilot:
        names = await detectors_of(pilot)
        await pilot.press("space", "j", *("v" if size == NARROW else ""))
        await signed(pilot, {"•": names[1], "1": names[0]})
        chart = shown(pilot).partition("Training loss")[2].partition("rows seen")[0]
        lines = [line.partition("┤")[2] or line.partition("│ ")[2] for line in chart.splitlines()]
        assert any(line.count("•") >= 3 for line in lines)
        assert any(line.count("1") >= 3 for line in lines)
        await pilot.press("space", "k")
        await signed(pilot, {"1": names[0], "2": names[1]})
        await pilot.press("space")
        await signed(pilot, {"•": names[0], "1": names[1]})


async def signed(pilot: App, wanted: dict[str, str]) -> None:
    """Wait until the key of the chart has these signs, each for a detector."""

    def is_so() -> bool:
        lines = [line for line in shown(pilot).splitlines() if ", each step" in line]
        found = {line.split()[1][1]: line.split()[2].rstrip(",") for line in lines}
        return found == wanted

    await until(pilot, is_so)


async def detectors_of(pilot: App) -> list[str]:
    """Wait for the table, and return the names of its detectors in order."""
    await seen(pilot, *(name.removeprefix("d-") for name in DETECTORS))
    return [row.name for row in pilot.app.screen.query_one(DetectorsView).rows]


async def test_no_more_than_four_curves_are_marked(evaluated_workspace: Workspace) -> None:
    more = rows.detectors("d-more")
    write_job(evaluated_workspace, "20260106-090000-a1f0", [("train", more)])
    async with opened(evaluated_workspace) as pilot:
        await seen(pilot, "d-more")
        await pilot.press(*["space", "j"] * 5)
        found = await seen(pilot, "4 curves are marked; Space on one of them takes its mark away.")
    assert [line for line in found.splitlines() if "│ ▸ •" in line]


@at_narrow
async def test_the_learning_rate_is_drawn_in_place_of_the_loss(
    evaluated_workspace: Workspace, size: tuple[int, int]
) -> None:
    keep_curve(evaluated_workspace, "d-initial", curve([9], [0.5] * 9, learning_rate=3e-4))
    async with opened(evaluated_workspace, size) as pilot:
        await detectors_of(pilot)
        await pilot.press("space", *("enter" if size == WIDE else "v"), "c")
        await pilot.press(*"jjj")
        found = await seen(pilot, "Learning rate", "initial: trained, 9 steps", "3.0e-04")
        assert "Training loss" not in found
        await pilot.press("c")
        await seen(pilot, "Training loss")


async def test_losses_on_rows_held_out_are_marked(evaluated_workspace: Workspace) -> None:
    points = curve([4], [0.9, 0.8, 0.7, 0.6])
    points[-1] = replace(points[-1], validation_loss=0.75)
    for name in DETECTORS:
        keep_curve(evaluated_workspace, name, points)
    async with opened(evaluated_workspace) as pilot:
        await seen(pilot, "0.7500 on rows held out", "lowest 0.7500 after epoch 1", "★ lowest")


async def test_the_loss_is_smoothed_more_and_at_last_not_at_all(
    evaluated_workspace: Workspace,
) -> None:
    for name in DETECTORS:
        keep_curve(evaluated_workspace, name, curve([9], [0.5] * 9))
    async with opened(evaluated_workspace) as pilot:
        await seen(pilot, "Training loss, smoothing 0.9 (s)", "dotted: before smoothing")
        await pilot.press("s")
        await seen(pilot, "smoothing 0.97 (s)")
        await pilot.press("s", "s")
        found = await seen(pilot, "Training loss, not smoothed (s)")
        assert "before smoothing" not in found


@at_narrow
async def test_other_seeds_are_drawn_each_or_as_their_mean_and_range(
    evaluated_workspace: Workspace, tmp_path: Path, size: tuple[int, int]
) -> None:
    with evaluated_workspace.database() as database:
        for seed in (1, 2, 3):
            params = json.dumps({"lr": 1, "seed": seed, "name": f"s-{seed}"})
            add_detectors(database, tmp_path, f"s-{seed}", params=params, seed=seed)
            keep_curve(evaluated_workspace, f"s-{seed}", curve([9], [seed / 2] * 9))
    async with opened(evaluated_workspace, size) as pilot:
        await seen(pilot, "s-1", "s-2", "s-3")
        listed = [row.name for row in pilot.app.screen.query_one(DetectorsView).rows]
        first, *others = (name for name in listed if name.startswith("s-"))
        await pilot.press(*"j" * listed.index(first), "a", *("v" if size == NARROW else ""))
        await seen(pilot, "each of 3 seeds")
        await signed(pilot, dict(zip("•ab", [first, *others], strict=True)))
        await pilot.press("a")
        await seen(
            pilot, "mean and range of 3 seeds", f"mean of 3 seeds as {first}; dotted: lowest"
        )
        await pilot.press("a")
        await until(pilot, lambda: "seeds as" not in shown(pilot))
        await pilot.press(*"k" * len(listed), *"j" * listed.index("two-stage"), "a")
        await seen(pilot, "No other detector differs from this one in its seed alone")


async def test_a_detector_without_a_curve_says_so(evaluated_workspace: Workspace) -> None:
    async with opened(evaluated_workspace) as pilot:
        await seen(pilot, "Training loss: no curve was kept")


async def test_a_training_that_failed_says_why_until_its_detector_is_there(
    evaluated_workspace: Workspace,
) -> None:
    job = make_training(evaluated_workspace)
    train_on(job, curve([3], [0.9, 0.8, 0.7]), share=0.5)
    job.log_path.write_text("")
    job.write_result(JobResult(state="failed", error=f"Diverged {HOSTILE}.", ended_at=ENDED))
    async with opened(evaluated_workspace) as pilot:
        found = await seen(pilot, "live: failed, 3 steps", "Diverged ␛[2J[red]x.")
        assert "✗ failed" in line_with("▸ •  live", found)
    made = rows.detectors(job.spec().stages[0].params["detector_id"], recipe="real")
    named = made.with_columns(name=pl.lit("live"))
    write_job(evaluated_workspace, "20260106-090000-a1f0", [("train", named)])
    async with opened(evaluated_workspace) as pilot:
        found = await seen(pilot, "live")
        assert "✓ trained" in line_with("live", found)


async def test_the_chosen_training_stays_chosen_when_it_has_made_its_detector(
    evaluated_workspace: Workspace,
) -> None:
    with training(evaluated_workspace) as job:
        train_on(job, curve([2], [0.9, 0.8]), share=0.5)
        detector_id = job.spec().stages[0].params["detector_id"]
        async with opened(evaluated_workspace) as pilot:
            await seen(pilot, "live: running, 2 steps")
            await pilot.press("space")
            finish(job)
            await seen(pilot, "live: trained, 2 steps", "1⠤ live, each step")
            keep_curve(evaluated_workspace, detector_id, curve([5], [0.5] * 5))
            made = rows.detectors(detector_id, recipe="real").with_columns(name=pl.lit("live"))
            whole = write_job(evaluated_workspace, ".making", [("train", made)])
            job_id = "20260106-090000-a1f0"
            write_spec(whole.path, whole.spec().model_copy(update={"job_id": job_id}))
            whole.path.rename(whole.path.with_name(job_id))
            await seen(pilot, "live: trained, 5 steps", "1⠤ live, each step")


def finish(job: JobFolder) -> None:
    path = job.stage_dir(0, "train") / "progress.json"
    write_text(path, path.read_text().replace('"finished":false', '"finished":true'))


@at_narrow
async def test_a_recipe_is_tried_out_and_trained_by_after_asking(
    imported_workspace: Workspace, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[JobFolder] = []
    monkeypatch.setattr(
        type(imported_workspace.supervisor), "start", lambda _, job: started.append(job)
    )
    with imported_workspace.database() as database:
        recipe = imported_workspace.recipe("real")
        chosen = assemble_recipe(imported_workspace, database, recipe)
    async with opened(imported_workspace, size) as pilot:
        await seen(pilot, "v lists the recipes to train with")
        await pilot.press("v", "t")
        await seen(pilot, "▸ alternate-two-stage", "Enter on a recipe shows its rows")
        await pilot.press(*"jjjjj", "enter")
        found = await seen(pilot, "What real would train on", "Left out: none. t trains on them.")
        assert f"{chosen.rows.height} rows." in found
        for stage, source, dataset, label, count in chosen.counts().rows():
            cells = [f"{stage + 1}", source, dataset, label, f"{count}"]
            assert any(all(cell in line for cell in cells) for line in found.splitlines())
        await pilot.press("t")
        await until(pilot, lambda: isinstance(pilot.app.screen, Confirm))
        assert "Train with the recipe real?" in shown(pilot)
        await pilot.press("n")
        await seen(pilot, "Nothing was started.")
        assert imported_workspace.supervisor.jobs() == []
        await pilot.press("t", "y")
        await seen(pilot, "Started job", "… waiting")
    (job,) = imported_workspace.supervisor.jobs()
    assert started == [job]
    wanted = train_params(imported_workspace, chosen, name="real", seed=0)
    (stage,) = job.spec().stages
    assert stage.params == wanted.model_dump(mode="json")
    path = job.inputs_dir(0, "train") / "training_rows.parquet"
    assert pl.read_parquet(path, glob=False).equals(chosen.rows)


@at_narrow
async def test_rows_too_near_to_a_benchmark_are_shown_with_its_row(
    imported_workspace: Workspace, size: tuple[int, int]
) -> None:
    with imported_workspace.database() as database:
        text = first_of_benchmark(database)
        texts = (text, "Drink a glass of water.", "drink a glass of  water.", *["Sleep on it."] * 2)
        labels = (*[rows.LABELS[0]] * 4, rows.LABELS[1])
        leaking = [(f"x{place}", *row) for place, row in enumerate(zip(texts, labels, strict=True))]
        rows.add_dataset(database, HOSTILE, leaking, "train")
    async with opened(imported_workspace, size) as pilot:
        await seen(pilot, "v lists the recipes")
        await pilot.press("v", "j", "j", "enter")
        found = await seen(
            pilot, "Too near to a benchmark, left out: 1", "1 too near to a benchmark",
            "2 with a text that is labelled in two ways", "1 with the text of another row",
        )  # fmt: skip
    leak = line_with("chat-be", found)
    assert leak.count(text[:8]) == 2
    assert "␛[2J[" in leak


def first_of_benchmark(database: Database) -> str:
    with database.read() as cursor:
        query = "SELECT text FROM samples WHERE dataset = 'chat-benchmark' ORDER BY line LIMIT 1"
        return str(cursor.rows(query)[0][0])


@at_narrow
async def test_why_a_recipe_cannot_be_trained_is_a_sentence(
    imported_workspace: Workspace, size: tuple[int, int]
) -> None:
    async with opened(imported_workspace, size) as pilot:
        await seen(pilot, "v lists the recipes")
        await pilot.press("v", *"jjjjjjjj", "enter")
        await seen(pilot, "Stage 1 of recipe 'synthetic' selects no rows.", "once their clusters")
        await pilot.press("t")
        await seen(pilot, "There is nothing to train; below the table it says why.")
        await pilot.press("escape")
        await seen(pilot, "▸ synthetic ")
        await pilot.press("escape")
        await seen(pilot, "v lists the recipes")


@at_narrow
async def test_a_recipe_that_cannot_be_read_says_why_and_leaves_the_others(
    imported_workspace: Workspace, size: tuple[int, int]
) -> None:
    (imported_workspace.path / "recipes" / "a-mistake.toml").write_text("name = \n")
    async with opened(imported_workspace, size) as pilot:
        await seen(pilot, "v lists the recipes")
        await pilot.press("v")
        await seen(pilot, "▸ a-mistake", "two-stage-balanced", "stage-1")
        await pilot.press("enter")
        await seen(pilot, "a-mistake.toml cannot be read: Invalid value (at line 1")
        await pilot.press("t")
        await seen(pilot, "There is nothing to train; below the table it says why.")
        await pilot.press("escape", *"jjjjjj", "enter")
        await seen(pilot, "What real would train on")


async def test_training_again_what_is_there_says_so(imported_workspace: Workspace) -> None:
    job = make_training(imported_workspace, "real")
    made = rows.detectors(job.spec().stages[0].params["detector_id"], recipe="real")
    job.write_result(JobResult(state="done", ended_at=ENDED))
    write_job(imported_workspace, "20260106-090000-a1f0", [("train", made)])
    async with opened(imported_workspace) as pilot:
        await seen(pilot, "✓ trained")
        await pilot.press("v", *"jjjjj", "enter")
        await seen(pilot, "was trained on these rows in this way; t trains it again.")


@at_narrow
async def test_names_and_recipes_are_inert(
    evaluated_workspace: Workspace, size: tuple[int, int]
) -> None:
    recipes = evaluated_workspace.path / "recipes"
    escaped = HOSTILE.replace("\x1b", "\\u001b")
    changed = (recipes / "real.toml").read_text().replace("Real rows", escaped)
    (recipes / f"{HOSTILE}.toml").write_text(changed)  # the first of them
    with training(evaluated_workspace, HOSTILE) as job:
        train_on(job, curve([9], [0.5] * 9), share=0.5)
        async with opened(evaluated_workspace, size) as pilot:
            found = await seen(pilot, "␛[2J[red]x: running")
            await pilot.press(*("v" if size == NARROW else ""))
            await seen(pilot, "•⠤ ␛[2J[red]x, each step")
            await pilot.press("v")
            found += await seen(pilot, "▸ ␛[2J[red]x ", "␛[2J[red]x only: stage-1")
    assert "\x1b" not in found


async def test_a_curve_is_worked_on_only_where_it_has_grown(
    evaluated_workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    thinned: list[int] = []

    def thin(points: Sequence[CurvePoint]) -> Curve:
        thinned.append(len(points))
        return thin_curve(points)

    monkeypatch.setattr("tui.screens.training.live.thin_curve", thin)
    with training(evaluated_workspace) as job, evaluated_workspace.database() as database:
        train_on(job, curve([5000], [0.5] * 5000), share=0.5)
        session = Session(evaluated_workspace, database)
        desk = TrainingDesk(evaluated_workspace, database)
        for _ in range(3):
            view = desk.view(session.snapshot().jobs, [])
            assert view.rows[0].loss == 0.5
        train_on(job, curve([1], [0.5]), share=0.6)
        desk.view(session.snapshot().jobs, [])
    assert thinned == [5000, 5001]
