"""Comparisons of detectors, on a store filled by hand, and what the commands print of them."""

import json
import statistics
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, f1_score, roc_auc_score

from store.database.connection import Database
from tests import rows
from tests.commands import Commands
from tests.tui.judged import ADVICE, add_detectors, add_evaluation, make_judged
from tui.commands.demo import BENCHMARK
from tui.services.jobs.comparison import compare_recipes
from tui.services.results.comparison import MEASURES, comparison_figures, single_pair_figures
from tui.services.workspace import Workspace

BENCH = "bench"


@pytest.fixture
def workspace(empty_workspace: Workspace) -> Workspace:
    return empty_workspace


@pytest.fixture
def opened(workspace: Workspace) -> Iterator[Database]:
    with workspace.database() as database:
        rows.add_dataset(
            database,
            BENCH,
            [
                (sample_id, f"Text {sample_id}.", label)
                for sample_id, label, _ in make_judged(300, 0)
            ],
            "benchmark",
        )
        yield database


def seeds_of(recipe: str, *numbers: int) -> dict[str, str]:
    return {
        f"{recipe}-{n}": json.dumps({"seed": n, "name": f"{recipe}-{n}", "lr": 1}) for n in numbers
    }


def test_measures_of_probabilities_agree_with_scikit_learn(
    workspace: Workspace, opened: Database, tmp_path: Path
) -> None:
    judged = make_judged(300, 0.8)
    add_detectors(opened, tmp_path, "d1")
    add_evaluation(opened, tmp_path, "d1", BENCH, judged)
    (row,) = comparison_figures(workspace, opened, BENCH)["rows"]
    truth = [label == ADVICE for _, label, _ in judged]
    shares = [share for *_, share in judged if share is not None]
    assert row["roc_auc"] == pytest.approx(roc_auc_score(truth, shares), abs=1e-6)
    assert row["pr_auc"] == pytest.approx(average_precision_score(truth, shares), abs=1e-6)
    assert row["f1"] == pytest.approx(f1_score(truth, [share >= 0.5 for share in shares]))
    assert row["gap"] == pytest.approx(row["precision"] - row["recall"])
    for name in MEASURES:
        low, high = row["intervals"][name]
        assert low <= row[name] <= high
    assert sum(row["collapsed"].values()) == row["n"] == 300


def test_a_failed_row_is_wrong_and_has_no_place_in_the_areas(
    workspace: Workspace, opened: Database, tmp_path: Path
) -> None:
    add_detectors(opened, tmp_path, "d1")
    advice = [name for name, label, _ in make_judged(300, 0) if label == ADVICE]
    judged = [(advice[0], ADVICE, 0.9), (advice[1], ADVICE, None)]
    add_evaluation(opened, tmp_path, "d1", BENCH, judged)
    (row,) = comparison_figures(workspace, opened, BENCH)["rows"]
    assert (row["accuracy"], row["recall"], row["precision"]) == (0.5, 0.5, 1)
    assert (row["n"], row["failed"], row["roc_auc"], row["fpr"]) == (2, 1, None, None)
    assert row["brier"] == pytest.approx(0.01)


def test_pairs_are_told_apart_only_where_they_differ_enough(
    workspace: Workspace, opened: Database, tmp_path: Path
) -> None:
    for name, skill, drawn in (("good", 1.6, 1), ("alike", 1.6, 2), ("bad", 0.2, 3)):
        add_detectors(opened, tmp_path, name)
        add_evaluation(opened, tmp_path, name, BENCH, make_judged(300, skill, drawn=drawn))
    pairs = {
        (pair["first"], pair["second"]): pair
        for pair in comparison_figures(workspace, opened, BENCH)["pairs"]
    }
    assert len(pairs) == 3
    (alike,) = [pair for names, pair in pairs.items() if "bad" not in names]
    assert alike["accuracy"]["verdict"] == alike["f1"]["verdict"] == "not distinguishable"
    for names, pair in pairs.items():
        assert pair["n"] == 300
        for found in (pair["accuracy"], pair["f1"]):
            assert found["p"] <= found["p_holm"] <= 1
            if "bad" in names:
                better = next(name for name in names if name != "bad")
                low, high = sorted(abs(100 * end) for end in found["interval"])
                assert found["verdict"] == (
                    f"{better} is better by {abs(100 * found['difference']):.1f} points "
                    f"(95 % interval {low:.1f} to {high:.1f})"
                )


def test_only_rows_that_both_judged_count(
    workspace: Workspace, opened: Database, tmp_path: Path
) -> None:
    add_detectors(opened, tmp_path, "d1", "d2")
    add_evaluation(opened, tmp_path, "d1", BENCH, make_judged(300, 1)[:200])
    add_evaluation(opened, tmp_path, "d2", BENCH, make_judged(300, 1)[150:])
    figures = comparison_figures(workspace, opened, BENCH)
    assert [row["n"] for row in figures["rows"]] == [200, 150]
    (pair,) = figures["pairs"]
    assert (pair["n"], pair["accuracy"]["p"]) == (50, 1)


def test_detectors_that_differ_in_their_seed_are_one_recipe_with_a_spread(
    workspace: Workspace, opened: Database, tmp_path: Path
) -> None:
    for number, (name, params) in enumerate(seeds_of("r", 0, 1, 2).items()):
        add_detectors(opened, tmp_path, name, params=params, seed=number)
        judged = make_judged(300, 1, drawn=number + 1)
        add_evaluation(opened, tmp_path, name, BENCH, judged)
    add_detectors(opened, tmp_path, "other", params='{"lr": 2}')
    add_evaluation(opened, tmp_path, "other", BENCH, make_judged(300, 1, drawn=9))
    figures = comparison_figures(workspace, opened, BENCH)
    several, single = figures["recipes"]
    accuracies = [row["accuracy"] for row in figures["rows"][:3]]
    assert several["seeds"] == [0, 1, 2]
    assert several["accuracy"] == {
        "n": 3, "mean": pytest.approx(statistics.mean(accuracies)),
        "sd": pytest.approx(statistics.stdev(accuracies)),
        "min": min(accuracies), "max": max(accuracies),
    }  # fmt: skip
    assert single["accuracy"]["sd"] is None
    (pair,) = figures["pairs"]
    assert (pair["first"], pair["second"]) == ("stage-1", "other")
    assert (pair["first_id"], pair["second_id"]) == (None, "other")
    assert (pair["first_ids"], pair["second_ids"]) == (["r-0", "r-1", "r-2"], ["other"])
    assert pair["only_first_right"] is None
    means = [recipe["accuracy"]["mean"] for recipe in figures["recipes"]]
    assert pair["accuracy"]["difference"] == pytest.approx(means[0] - means[1])
    means = [recipe["f1"]["mean"] for recipe in figures["recipes"]]
    assert pair["f1"]["difference"] == pytest.approx(means[0] - means[1])
    assert "several seeds stand for a recipe" in figures["tests"]


def test_seeds_that_scatter_make_no_recipe_better_even_if_these_trainings_differ(
    workspace: Workspace, opened: Database, tmp_path: Path
) -> None:
    skills = {"steady": (1.4, 1.4, 1.4), "unsteady": (1.4, 0.9, 0.2), "bad": (0.2, 0.2, 0.2)}
    for rate, (recipe, made) in enumerate(skills.items()):
        for seed, skill in enumerate(made):
            name, params = f"{recipe}-{seed}", json.dumps({"lr": rate, "seed": seed})
            add_detectors(opened, tmp_path, name, params=params, seed=seed, recipe=recipe)
            judged = make_judged(300, skill, drawn=3 * rate + seed + 1)
            add_evaluation(opened, tmp_path, name, BENCH, judged)
    figures = comparison_figures(workspace, opened, BENCH)
    found = {(pair["first"], pair["second"]): pair["accuracy"] for pair in figures["pairs"]}
    unsure, clear = found["steady", "unsteady"], found["steady", "bad"]
    assert unsure["p_holm"] > 0.05
    low, high = unsure["interval"]
    assert low < 0 < high
    assert unsure["verdict"] == "not distinguishable"
    assert clear["verdict"].startswith("steady is better by")
    assert (unsure["is_clear"], clear["is_clear"]) == (False, True)


def test_only_rows_that_all_seeds_judged_count(
    workspace: Workspace, opened: Database, tmp_path: Path
) -> None:
    for seed, (name, params) in enumerate(seeds_of("r", 0, 1).items()):
        add_detectors(opened, tmp_path, name, params=params, seed=seed)
        add_evaluation(opened, tmp_path, name, BENCH, make_judged(300, 1)[50 * seed : 250])
    add_detectors(opened, tmp_path, "other")
    add_evaluation(opened, tmp_path, "other", BENCH, make_judged(300, 1)[180:])
    (pair,) = comparison_figures(workspace, opened, BENCH)["pairs"]
    assert (pair["n"], pair["accuracy"]["p"], pair["accuracy"]["difference"]) == (70, 1, 0)


def test_names_in_pairs_tell_apart_who_shares_one(
    workspace: Workspace, opened: Database, tmp_path: Path
) -> None:
    judged = make_judged(300, 1)
    named: tuple[tuple[str, str, str, dict[str, int]], ...] = (
        ("majority-of-real", "baseline:majority", "real", {}),
        ("majority-of-stage-1", "baseline:majority", "stage-1", {}),
        ("first-of-same", "same", "real", {}),
        ("other-of-same", "same", "real", {}),
        ("real-1", "real-1", "real", {"lr": 1, "seed": 1}),
        ("real-2", "real-2", "real", {"lr": 1, "seed": 2}),
        ("alone", "real", "real", {"lr": 2}),
    )
    for detector_id, name, recipe, params in named:
        add_detectors(
            opened, tmp_path, detector_id, name=name, recipe=recipe, params=json.dumps(params)
        )
        add_evaluation(opened, tmp_path, detector_id, BENCH, judged)
    pairs = comparison_figures(workspace, opened, BENCH)["pairs"]
    assert {pair[side] for pair in pairs for side in ("first", "second")} == {
        "baseline:majority (real)", "baseline:majority (stage-1)", "same (first-of)",
        "same (other-of)", "real (2 seeds)", "real (real)",
    }  # fmt: skip


def test_two_seeds_of_a_recipe_can_be_tested_for_themselves(
    workspace: Workspace, opened: Database, tmp_path: Path
) -> None:
    for seed, (name, params) in enumerate(seeds_of("r", 0, 1).items()):
        add_detectors(opened, tmp_path, name, params=params, seed=seed)
        add_evaluation(opened, tmp_path, name, BENCH, make_judged(300, 2 - seed, drawn=seed + 1))
    assert comparison_figures(workspace, opened, BENCH)["pairs"] == []
    (pair,) = single_pair_figures(workspace, opened, BENCH, ["r-0", "r-1"])
    assert (pair["first_id"], pair["second_id"], pair["n"]) == ("r-0", "r-1", 300)
    assert pair["accuracy"]["p"] == pair["accuracy"]["p_holm"]
    assert single_pair_figures(workspace, opened, BENCH, ["r-0", "nobody"]) == []


def test_without_evaluations_there_is_nothing_to_compare(
    workspace: Workspace, opened: Database
) -> None:
    figures = comparison_figures(workspace, opened, BENCH)
    assert (figures["n"], figures["rows"], figures["pairs"], figures["recipes"]) == (0, [], [], [])


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
    assert figures["published"]["rows"][0]["f1"] == 0.877
    assert "Detector 2-Stage" in table
    assert "published figures on HeAL" in table
    assert "| GPT-4o\\* | 81.6 | 79.5 | 93.4 | 85.9 |" in markdown
    assert "published" not in run.json("compare", "--on", "chat-benchmark")


def test_the_newest_timing_of_a_detector_is_shown(
    workspace: Workspace, opened: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("timed", "never"):
        add_detectors(opened, tmp_path, name)
        add_evaluation(opened, tmp_path, name, BENCH, make_judged(300, 1))
    for number, (dataset, rate) in enumerate([(BENCH, 10.0), (BENCH, 1234.56), ("other", 7.0)]):
        job = f"j{number}"
        found = rows.speeds("timed", dataset=dataset, rows_per_second=rate, job_id=job)
        rows.ingest(opened, tmp_path, "speeds", found, job_id=job)
    by_name = {row["detector"]: row for row in comparison_figures(workspace, opened, BENCH)["rows"]}
    assert by_name["timed"]["speed"]["rows_per_second"] == 1234.56
    assert by_name["never"]["speed"] is None
    opened.close()
    run = Commands(workspace.path, capsys)
    assert "| timed | cpu, 2 threads | 1,234.6 | 32 | 18.5 | 31.0 |" in run(
        "compare", "--on", BENCH, "--markdown"
    )


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
        for stage in contest.draft.stages[:-2]:  # as if they had been trained and judged
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
    markdown = run(*arguments, "--markdown")
    lines = [line for line in markdown.splitlines() if " − " in line and line.startswith("| ")]
    assert [line.split(" | ")[0].strip("| ") for line in lines[1:]] == [
        f"{first} − {second}" for first, second in pairs
    ]
    assert "bootstrap over rows and seeds, rough with few of them" in markdown
    spread = markdown[markdown.index("Over seeds") : markdown.index("Pairs on the rows")]
    assert [line.split(" | ")[0] for line in spread.splitlines() if line.startswith("| ")] == [
        "| recipe", "| ---", "| real", "| stage-1",
    ]  # fmt: skip


def test_published_figures_are_consistent_with_themselves() -> None:
    from tui.services.results.published import published_figures

    found = published_figures()
    for row in found["rows"]:
        f1 = 2 * row["precision"] * row["recall"] / (row["precision"] + row["recall"])
        assert row["f1"] == pytest.approx(f1, abs=2e-4)
        assert round(row["accuracy"] * found["n"]) / found["n"] == pytest.approx(
            row["accuracy"], abs=6e-5
        )
