"""The other screens: what they show, and what starting, cancelling and resuming does."""

from functools import partial

import pytest

from engine.jobs.job import JobFolder
from engine.jobs.records import StageProgress
from store.database.connection import Database
from tests import rows
from tests.tui.driving import make_app, text_of, until
from tests.tui.filled import write_job, write_progress
from tui.app import BackqueryApp
from tui.keys.everywhere import SCREENS
from tui.screens.accuracy.desk import AccuracyDesk
from tui.screens.dialogs.confirm import Confirm
from tui.services.results.drift_scores import read_drift_scores
from tui.services.workspace import Workspace

WIDE, NARROW = (160, 48), (80, 24)
JOB = "20260102-120000-beef"


def is_shown(app: BackqueryApp, says: str) -> bool:
    """Whether the screen says something."""
    return says in text_of(app)


async def see(
    workspace: Workspace, screen: str, says: str, *keys: str, size: tuple[int, int] = WIDE
) -> str:
    """Open a screen, wait until it says something, press keys, and return what it shows then."""
    with workspace.database() as database:
        app = make_app(workspace, database, screen)
        async with app.run_test(size=size) as pilot:
            await until(pilot, lambda: says in text_of(app))
            await pilot.press(*keys)
            await pilot.pause()
            return text_of(app)


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize("screen", [screen.scope for screen in SCREENS])
async def test_every_screen_of_an_empty_workspace_says_what_to_do(
    empty_workspace: Workspace, screen: str, size: tuple[int, int]
) -> None:
    shown = await see(empty_workspace, screen, "There are no seeds yet.", size=size)
    assert "Import a file of texts" in " ".join(shown.split())
    assert "? help" in shown


async def test_the_pipeline_counts_the_way_and_says_what_is_next(
    evaluated_workspace: Workspace,
) -> None:
    shown = await see(evaluated_workspace, "pipeline", "Label by the representatives")
    assert "clusters are undecided" in shown
    for line in ("seeds             300", "answers            60", "detectors           3"):
        assert line in shown


async def test_screens_are_reached_by_function_keys_and_tab(
    evaluated_workspace: Workspace,
) -> None:
    with evaluated_workspace.database() as database:
        app = make_app(evaluated_workspace, database, "pipeline")
        async with app.run_test(size=NARROW) as pilot:
            for key, mode in (("f2", "label"), ("f10", "loop"), ("tab", "pipeline"),
                              ("shift+tab", "loop"), ("f9", "try"), ("f7", "jobs"), ("f8", "data"),
                              ("f6", "accuracy"), ("f3", "audit"),
                              ("f4", "drift"), ("f5", "training")):  # fmt: skip
                await pilot.press(key)
                assert app.current_mode == mode


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_drift_stands_by_dataset_and_label_with_n_interval_and_floor(
    evaluated_workspace: Workspace, size: tuple[int, int]
) -> None:
    shown = await see(evaluated_workspace, "drift", "all datasets", size=size)
    with evaluated_workspace.database() as database:
        whole = read_drift_scores(database).groups[0]
    assert (whole.dataset, whole.seed_label) == (None, None)
    assert whole.n == 60
    assert whole.f1.interval is not None
    low, high = whole.f1.interval
    assert f"60  {'' if size == NARROW else f'{whole.precision:.3f}  '}" in shown
    assert f"{whole.f1.value:.3f} ({low:.3f}–{high:.3f})" in shown
    assert f"{whole.floor_f1:.3f}" in shown
    assert ("━" in shown) == (size == WIDE)  # names come before bars
    assert "┃" in shown


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_accuracy_shows_the_chosen_detector_with_intervals_and_confusion(
    evaluated_workspace: Workspace, size: tuple[int, int]
) -> None:
    shown = await see(evaluated_workspace, "accuracy", "two-stage", "j", size=size)
    with evaluated_workspace.database() as database:
        desk = AccuracyDesk(evaluated_workspace, database)
        (benchmark,) = desk.datasets()
        chosen = desk.counted(benchmark).comparison.rows[1]
    assert f"Benchmark {benchmark.dataset}" in shown
    assert any("▸" in line and chosen.detector in line for line in shown.splitlines())
    assert chosen.recall is not None
    assert f"({100 * chosen.recall.low:.1f}–" in shown
    assert "n = 150; 61 rows/s, one" in shown
    assert "".join(f"{count:>9}" for count in chosen.confusion.rows[0]) in shown


async def test_b_goes_to_the_next_benchmark(evaluated_workspace: Workspace) -> None:
    evaluated = [("s1", rows.LABELS[0], rows.LABELS[0]), ("s2", rows.LABELS[1], None)]
    frame = rows.evaluation(evaluated, detector_id="d-stage-1", dataset="a-second")
    write_job(evaluated_workspace, JOB, [("evaluate", frame)])
    with evaluated_workspace.database() as database:
        texts = [(sample, f"text of {sample}", label) for sample, label, _ in evaluated]
        rows.add_dataset(database, "a-second", texts, "benchmark")
    shown = await see(evaluated_workspace, "accuracy", "a-second (1 of 2, b)", "b")
    assert "Benchmark chat-benchmark (2 of 2, b)" in shown


async def test_a_run_starts_only_after_it_was_shown_and_agreed_to(
    imported_workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[JobFolder] = []
    monkeypatch.setattr(
        type(imported_workspace.supervisor), "start", lambda _, job: started.append(job)
    )
    with imported_workspace.database() as database:
        app = make_app(imported_workspace, database, "pipeline")
        async with app.run_test(size=NARROW) as pilot:
            await until(pilot, lambda: "Run what is due" in text_of(app))
            await pilot.press("r")
            await until(pilot, lambda: isinstance(app.screen, Confirm))
            assert "queries   300 rows" in text_of(app)
            await pilot.press("n")
            await until(pilot, lambda: "Nothing was started." in text_of(app))
            assert imported_workspace.supervisor.jobs() == []
            await pilot.press("r")
            await until(pilot, lambda: isinstance(app.screen, Confirm))
            await pilot.press("y")
            await until(pilot, lambda: "Started job" in text_of(app))
    (job,) = imported_workspace.supervisor.jobs()
    assert [stage.name for stage in job.spec().stages][:2] == ["queries", "answers"]
    assert started == [job]


async def test_progress_of_a_running_job_appears(imported_workspace: Workspace) -> None:
    job = write_job(imported_workspace, JOB, [("queries", rows.queries(["s0"]))])
    job.clear_result()
    with imported_workspace.database() as database, job.lock():
        app = make_app(imported_workspace, database, "pipeline")
        async with app.run_test(size=WIDE) as pilot:
            for done in (32, 64):
                progress = StageProgress(
                    done=done,
                    written=done,
                    total=128,
                    tokens_per_s=390.4,
                    eta_s=75.0,
                    note="a batch of 32",
                )
                write_progress(job, 0, "queries", progress)
                says = f"{done} of 128 rows, 390 tokens/s, 1 min 15 s left, a batch of 32"
                await until(pilot, partial(is_shown, app, says))
            assert f"Job {JOB} is running." in text_of(app)
            assert "▶ 1 job" in text_of(app)
            await pilot.press("r")
            await until(pilot, lambda: "is still running" in text_of(app))


async def test_what_runs_and_every_screen_is_named_on_80_columns(
    imported_workspace: Workspace,
) -> None:
    job = write_job(imported_workspace, JOB, [("queries", rows.queries(["s0"]))])
    job.clear_result()
    with imported_workspace.database() as database, job.lock():
        app = make_app(imported_workspace, database, "pipeline")
        async with app.run_test(size=NARROW) as pilot:
            await until(pilot, lambda: "▶ 1" in text_of(app))
            assert all(screen.short in text_of(app).splitlines()[0] for screen in SCREENS)


async def test_rows_of_a_running_job_are_taken_in(imported_workspace: Workspace) -> None:
    with imported_workspace.database() as database:
        app = make_app(imported_workspace, database, "pipeline")
        async with app.run_test(size=NARROW) as pilot:
            await until(pilot, lambda: "questions           0" in text_of(app))
            write_job(imported_workspace, JOB, [("queries", rows.queries(["s0", "s1"]))])
            await until(pilot, lambda: "questions           2" in text_of(app))


async def test_jobs_show_the_log_of_the_chosen_one_as_inert_text(
    evaluated_workspace: Workspace,
) -> None:
    job = evaluated_workspace.supervisor.jobs()[0]
    job.log_path.write_text("begin\n\x1b[2J[red]no colour[/red]\n")
    shown = await see(evaluated_workspace, "jobs", "Worked on evaluate", "G", "j", "j", "j")
    assert "▸ 20260105-090000-a1f0" in shown
    with evaluated_workspace.database() as database:
        app = make_app(evaluated_workspace, database, "jobs")
        async with app.run_test(size=WIDE) as pilot:
            await until(pilot, lambda: "Worked on evaluate" in text_of(app))
            await pilot.press("j", "j")
            await until(pilot, lambda: "␛[2J[red]no colour[/red]" in text_of(app))


async def test_a_failed_job_says_why_and_is_resumed_after_asking(
    imported_workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    resumed: list[str] = []
    monkeypatch.setattr(
        type(imported_workspace.supervisor), "start", lambda _, job: resumed.append(job.job_id)
    )
    queries = [("queries", rows.queries(["s0"]))]
    write_job(imported_workspace, JOB, queries, state="failed", error="The model [b]is gone[/b].")
    with imported_workspace.database() as database:
        app = make_app(imported_workspace, database, "jobs")
        async with app.run_test(size=NARROW) as pilot:
            await until(pilot, lambda: "The model [b]is gone[/b]." in text_of(app))
            await pilot.press("r", "n", "c")
            await until(pilot, lambda: "Only a running job can be cancelled." in text_of(app))
            assert resumed == []
            await pilot.press("r", "y")
            await until(pilot, lambda: f"Resumed job {JOB}." in text_of(app))
    assert resumed == [JOB]


async def test_a_running_job_is_cancelled_after_asking(
    imported_workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    cancelled: list[str] = []
    monkeypatch.setattr(
        type(imported_workspace.supervisor), "cancel", lambda _, job: cancelled.append(job.job_id)
    )
    job = write_job(imported_workspace, JOB, [("queries", rows.queries(["s0"]))])
    job.clear_result()
    with imported_workspace.database() as database, job.lock():
        app = make_app(imported_workspace, database, "jobs")
        async with app.run_test(size=NARROW) as pilot:
            await until(pilot, lambda: "▶ running" in text_of(app))
            await pilot.press("c", "escape")
            assert cancelled == []
            await pilot.press("c", "y")
            await until(pilot, lambda: f"Cancelled job {JOB}" in text_of(app))
    assert cancelled == [JOB]


async def test_a_part_that_cannot_be_taken_in_is_said_and_the_rest_goes_on(
    clustered_workspace: Workspace, database: Database
) -> None:
    path = next(clustered_workspace.supervisor.jobs()[0].path.glob("*/parts/*.parquet"))
    late = clustered_workspace.supervisor.jobs()[0].path / "1-queries/parts/00001.parquet"
    late.write_bytes(path.read_bytes()[:100])
    app = make_app(clustered_workspace, database, "pipeline")
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: "! " in text_of(app))
        await pilot.press("f2")
        assert app.current_mode == "label"
