"""What compare prints of detectors: tables, Markdown and JSON."""

import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from tests import rows
from tests.commands import Commands
from tests.tui.evaluated import ADVICE, add_detectors, add_evaluation, make_evaluated
from tests.tui.filled import BENCHMARK
from tui.services.jobs.comparison import compare_recipes
from tui.services.results.comparison import compare_detectors
from tui.services.workspace import Workspace

BENCH = "bench"


def test_tables_and_markdown_show_what_json_says(
    evaluated_workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    run = Commands(evaluated_workspace.path, capsys)
    with evaluated_workspace.database() as database, database.write() as cursor:
        cursor.execute("DELETE FROM detectors WHERE recipe = 'initial'")
    figures = run.json("compare", "--on", "chat-benchmark", "--published")
    table = run("compare", "--on", "chat-benchmark", "--published")
    markdown = run("compare", "--on", "chat-benchmark", "--published", "--markdown")
    for row in figures["rows"]:
        low, high = row["intervals"]["gap"]
        shown = (
            f"{100 * row['gap']:.1f} ({100 * low:.1f}{' to ' if low < 0 else '–'}{100 * high:.1f})"
        )
        assert shown in table
        assert shown in markdown
        assert row["intervals"]["recall_at_fpr_5"] is None
    assert figures["published"]["rows"][0]["f1"] == 0.877
    assert "Detector 2-Stage" in table
    assert "published figures on HeAL" in table
    assert "| GPT-4o\\* | 81.6 | 79.5 | 93.4 | 85.9 |" in markdown
    assert "published" not in run.json("compare", "--on", "chat-benchmark")


def test_the_newest_timing_of_a_detector_is_shown(
    empty_workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    samples = [
        (sample_id, f"Text {sample_id}.", label) for sample_id, label, _ in make_evaluated(300, 0)
    ]
    speeds = [(BENCH, 10.0), (BENCH, 1234.56), ("other", 7.0)]
    with empty_workspace.database() as database:
        rows.add_dataset(database, BENCH, samples, "benchmark")
        for name in ("timed", "never"):
            add_detectors(database, tmp_path, name)
            add_evaluation(database, tmp_path, name, BENCH, make_evaluated(300, 1))
        for number, (dataset, rate) in enumerate(speeds):
            job = f"j{number}"
            found = rows.speeds("timed", dataset=dataset, rows_per_second=rate, job_id=job)
            rows.ingest(database, tmp_path, "speeds", found, job_id=job)
        comparison = compare_detectors(empty_workspace, database, BENCH)
    timed, never = comparison.rows
    assert timed.speed is not None
    assert timed.speed.rows_per_second == 1234.56
    assert never.speed is None
    run = Commands(empty_workspace.path, capsys)
    assert "| timed | cpu, 2 threads | 1,234.6 | 32 | 18.5 | 31.0 |" in run(
        "compare", "--on", BENCH, "--markdown"
    )


def test_a_reference_that_is_not_there_is_refused_before_anything_is_trained(
    evaluated_workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    run = Commands(evaluated_workspace.path, capsys)
    before = len(evaluated_workspace.supervisor.jobs())
    run("compare", "--on", "chat-benchmark", "--reference", "nobody", status=1)
    assert "There is no detector 'nobody'. Detectors: " in run.err
    assert len(evaluated_workspace.supervisor.jobs()) == before


def test_three_seeds_of_every_recipe_give_one_line_a_pair_of_recipes(
    imported_workspace: Workspace, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with imported_workspace.database() as database:
        contest = compare_recipes(imported_workspace, database, BENCHMARK, "real,stage-1", 3)
        with database.read() as cursor:
            samples = cursor.rows(
                "SELECT sample_id, label FROM samples WHERE dataset = ?", [BENCHMARK]
            )
        random = np.random.default_rng(2)
        for stage in contest.draft.stages[:-2]:  # as if they had been trained and evaluated
            params = stage.params
            add_detectors(
                database, tmp_path, params["detector_id"], name=params["name"],
                recipe=params["recipe"], base=params["base"], seed=params["seed"],
                params=json.dumps(params),
            )  # fmt: skip
            right = random.random(len(samples)) < (0.95 if params["recipe"] == "real" else 0.75)
            add_evaluation(
                database, tmp_path, params["detector_id"], BENCHMARK,
                [
                    (sample_id, label, float((label == ADVICE) == is_right))
                    for (sample_id, label), is_right in zip(samples, right, strict=True)
                ],
            )  # fmt: skip
    arguments = (
        "compare", "--on", BENCHMARK, "--recipes", "real,stage-1", "--seeds", "3", "--baselines",
    )  # fmt: skip
    run = Commands(imported_workspace.path, capsys)
    figures = run.json(*arguments)
    assert len(figures["rows"]) == 8
    pairs = {(pair["first"], pair["second"]): pair for pair in figures["pairs"]}
    assert set(pairs) == set(
        combinations(["real", "stage-1", "baseline:majority", "baseline:tfidf"], 2)
    )
    best = pairs["real", "stage-1"]
    assert (len(best["first_ids"]), len(best["second_ids"])) == (3, 3)
    means = {recipe["recipe"]: recipe["accuracy"] for recipe in figures["recipes"][:2]}
    gained = means["real"]["mean"] - means["stage-1"]["mean"]
    assert best["accuracy"]["difference"] == pytest.approx(gained)
    assert best["accuracy"]["verdict"].startswith(f"real is better by {100 * gained:.1f} points")
    run(*arguments[:-1], "--reference", "nobody", status=1)
    assert "There is no detector 'nobody'. Detectors: " in run.err
    planned = run.json(*arguments, "--reference", "real")
    assert (figures["reference"], planned["reference"]) == (None, "real")
    assert [(pair["first"], pair["second"]) for pair in planned["pairs"]] == [
        (name, "real") for name in ("stage-1", "baseline:majority", "baseline:tfidf")
    ]
    assert planned["pairs"][0]["accuracy"]["difference"] == pytest.approx(-gained)
    table = run(*arguments, "--reference", "real")
    assert "p corrected by Holm over 3 comparisons with real" in " ".join(table.split())
    assert f"With n = {figures['n']}, differences of " in table
    assert "points in accuracy would be found in 8 of 10 cases." in table
    markdown = run(*arguments, "--markdown")
    assert "These are 6 tests; --reference NAME tests only the differences" in markdown
    lines = [line for line in markdown.splitlines() if " − " in line and line.startswith("| ")]
    assert [line.split(" | ")[0].strip("| ") for line in lines[1:]] == [
        f"{first} − {second}" for first, second in pairs
    ]
    assert "bootstrap over rows and seeds, rough with few of them" in markdown
    spread = markdown[markdown.index("Over seeds") : markdown.index("Pairs on the rows")]
    assert [line.split(" | ")[0] for line in spread.splitlines() if line.startswith("| ")] == [
        "| recipe", "| ---", "| real", "| stage-1",
    ] * 2  # fmt: skip
