"""Comparisons of detectors, on a store filled by hand."""

import json
import statistics
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from sklearn.metrics import average_precision_score, f1_score, roc_auc_score

from engine.models.baseline_name import TFIDF
from engine.statistics.estimate import Estimate
from engine.statistics.significance import adjust_holm
from store.database.connection import Database
from store.errors import UnknownName
from tests import rows
from tests.tui.evaluated import ADVICE, add_detectors, add_evaluation, make_evaluated
from tui.services.numbers import MEASURES
from tui.services.results.comparison import compare_detectors, compare_with
from tui.services.results.pairs import ComparedPair
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
                for sample_id, label, _ in make_evaluated(300, 0)
            ],
            "benchmark",
        )
        yield database


def seeds_of(recipe: str, *numbers: int) -> dict[str, str]:
    return {
        f"{recipe}-{n}": json.dumps({"seed": n, "name": f"{recipe}-{n}", "lr": 1}) for n in numbers
    }


def value_of(estimate: Estimate | None) -> float:
    assert estimate is not None
    return estimate.value


def test_measures_of_probabilities_agree_with_scikit_learn(
    workspace: Workspace, opened: Database, tmp_path: Path
) -> None:
    evaluated = make_evaluated(300, 0.8)
    add_detectors(opened, tmp_path, "d1")
    add_evaluation(opened, tmp_path, "d1", BENCH, evaluated)
    (row,) = compare_detectors(workspace, opened, BENCH).rows
    truth = [label == ADVICE for _, label, _ in evaluated]
    shares = [share for *_, share in evaluated if share is not None]
    assert value_of(row.roc_auc) == pytest.approx(roc_auc_score(truth, shares), abs=1e-6)
    assert value_of(row.pr_auc) == pytest.approx(average_precision_score(truth, shares), abs=1e-6)
    assert value_of(row.f1) == pytest.approx(f1_score(truth, [share >= 0.5 for share in shares]))
    assert value_of(row.gap) == pytest.approx(value_of(row.precision) - value_of(row.recall))
    for name in MEASURES:
        found = row.measure(name)
        assert found is not None
        assert found.low <= found.value <= found.high
    assert sum(asdict(row.collapsed).values()) == row.n == 300


def test_a_failed_row_is_wrong_and_has_no_place_in_the_areas(
    workspace: Workspace, opened: Database, tmp_path: Path
) -> None:
    add_detectors(opened, tmp_path, "d1")
    rows_of = make_evaluated(300, 0)
    advice = [name for name, label, _ in rows_of if label == ADVICE]
    other = next((name, label, None) for name, label, _ in rows_of if label != ADVICE)
    evaluated = [(advice[0], ADVICE, 0.9), (advice[1], ADVICE, None), other]
    add_evaluation(opened, tmp_path, "d1", BENCH, evaluated)
    (row,) = compare_detectors(workspace, opened, BENCH).rows
    assert value_of(row.accuracy) == pytest.approx(1 / 3)
    assert [value_of(x) for x in (row.recall, row.precision, row.fpr)] == [0.5, 1, 0]
    assert (row.n, row.failed, row.roc_auc) == (3, 2, None)
    assert value_of(row.brier) == pytest.approx(0.01)


def test_one_of_a_pair_is_better_only_if_they_differ_enough(
    workspace: Workspace, opened: Database, tmp_path: Path
) -> None:
    for name, skill, drawn in (("good", 1.6, 1), ("alike", 1.6, 2), ("bad", 0.2, 3)):
        add_detectors(opened, tmp_path, name)
        add_evaluation(opened, tmp_path, name, BENCH, make_evaluated(300, skill, drawn=drawn))
    pairs = {
        (pair.first, pair.second): pair
        for pair in compare_detectors(workspace, opened, BENCH).pairs
    }
    assert len(pairs) == 3
    (alike,) = [pair for names, pair in pairs.items() if "bad" not in names]
    assert alike.f1 is not None
    assert alike.accuracy.verdict == alike.f1.verdict == "not distinguishable"
    for names, pair in pairs.items():
        assert pair.n == 300
        for found in (pair.accuracy, pair.f1):
            assert found is not None
            assert found.p <= found.p_holm <= 1
            if "bad" in names:
                better = next(name for name in names if name != "bad")
                low, high = sorted(
                    abs(100 * end) for end in (found.difference.low, found.difference.high)
                )
                assert found.verdict == (
                    f"{better} is better by {abs(100 * found.difference.value):.1f} points "
                    f"(95 % interval {low:.1f} to {high:.1f})"
                )


def test_only_rows_that_both_were_evaluated_on_count(
    workspace: Workspace, opened: Database, tmp_path: Path
) -> None:
    add_detectors(opened, tmp_path, "d1", "d2")
    add_evaluation(opened, tmp_path, "d1", BENCH, make_evaluated(300, 1)[:200])
    add_evaluation(opened, tmp_path, "d2", BENCH, make_evaluated(300, 1)[150:])
    figures = compare_detectors(workspace, opened, BENCH)
    assert [row.n for row in figures.rows] == [200, 150]
    (pair,) = figures.pairs
    assert (pair.n, pair.accuracy.p) == (50, 1)


def test_detectors_that_differ_in_their_seed_are_one_recipe_with_a_spread(
    workspace: Workspace, opened: Database, tmp_path: Path
) -> None:
    for number, (name, params) in enumerate(seeds_of("r", 0, 1, 2).items()):
        add_detectors(opened, tmp_path, name, params=params, seed=number)
        evaluated = make_evaluated(300, 1, drawn=number + 1)
        add_evaluation(opened, tmp_path, name, BENCH, evaluated)
    add_detectors(opened, tmp_path, "other", params='{"lr": 2}')
    add_evaluation(opened, tmp_path, "other", BENCH, make_evaluated(300, 1, drawn=9))
    figures = compare_detectors(workspace, opened, BENCH)
    several, single = figures.recipes
    accuracies = [value_of(row.accuracy) for row in figures.rows[:3]]
    assert several.seeds == (0, 1, 2)
    spread = several.accuracy
    assert spread is not None
    assert (spread.n, spread.min, spread.max) == (3, min(accuracies), max(accuracies))
    assert spread.mean == pytest.approx(statistics.mean(accuracies))
    assert spread.sd == pytest.approx(statistics.stdev(accuracies))
    assert single.accuracy is not None
    assert single.accuracy.sd is None
    (pair,) = figures.pairs
    assert (pair.first, pair.second) == ("stage-1", "other")
    assert (pair.first_id, pair.second_id) == (None, "other")
    assert (pair.first_ids, pair.second_ids) == (("r-0", "r-1", "r-2"), ("other",))
    assert pair.only_first_right is None
    means = [recipe.accuracy.mean for recipe in figures.recipes if recipe.accuracy]
    assert pair.accuracy.difference.value == pytest.approx(means[0] - means[1])
    means = [recipe.f1.mean for recipe in figures.recipes if recipe.f1]
    assert pair.f1 is not None
    assert pair.f1.difference.value == pytest.approx(means[0] - means[1])
    assert "several seeds stand for a recipe" in figures.tests


def test_seeds_that_scatter_make_no_recipe_better_even_if_these_trainings_differ(
    workspace: Workspace, opened: Database, tmp_path: Path
) -> None:
    skills = {"steady": (1.4, 1.4, 1.4), "unsteady": (1.4, 0.9, 0.2), "bad": (0.2, 0.2, 0.2)}
    for rate, (recipe, made) in enumerate(skills.items()):
        for seed, skill in enumerate(made):
            name, params = f"{recipe}-{seed}", json.dumps({"lr": rate, "seed": seed})
            add_detectors(opened, tmp_path, name, params=params, seed=seed, recipe=recipe)
            evaluated = make_evaluated(300, skill, drawn=3 * rate + seed + 1)
            add_evaluation(opened, tmp_path, name, BENCH, evaluated)
    figures = compare_detectors(workspace, opened, BENCH)
    found = {(pair.first, pair.second): pair.accuracy for pair in figures.pairs}
    unsure, clear = found["steady", "unsteady"], found["steady", "bad"]
    assert unsure.p_holm > 0.05
    assert unsure.difference.low < 0 < unsure.difference.high
    assert unsure.verdict == "not distinguishable"
    assert clear.verdict.startswith("steady is better by")
    assert (unsure.is_clear, clear.is_clear) == (False, True)


def test_only_rows_that_all_seeds_were_evaluated_on_count(
    workspace: Workspace, opened: Database, tmp_path: Path
) -> None:
    for seed, (name, params) in enumerate(seeds_of("r", 0, 1).items()):
        add_detectors(opened, tmp_path, name, params=params, seed=seed)
        add_evaluation(opened, tmp_path, name, BENCH, make_evaluated(300, 1)[50 * seed : 250])
    add_detectors(opened, tmp_path, "other")
    add_evaluation(opened, tmp_path, "other", BENCH, make_evaluated(300, 1)[180:])
    (pair,) = compare_detectors(workspace, opened, BENCH).pairs
    assert (pair.n, pair.accuracy.p, pair.accuracy.difference.value) == (70, 1, 0)


def test_detectors_of_one_name_have_others_in_pairs(
    workspace: Workspace, opened: Database, tmp_path: Path
) -> None:
    evaluated = make_evaluated(300, 1)
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
        add_evaluation(opened, tmp_path, detector_id, BENCH, evaluated)
    pairs = compare_detectors(workspace, opened, BENCH).pairs
    assert {name for pair in pairs for name in (pair.first, pair.second)} == {
        "baseline:majority (real)", "baseline:majority (stage-1)", "same (first-of)",
        "same (other-of)", "real (2 seeds)", "real (real)",
    }  # fmt: skip


def test_two_seeds_of_a_recipe_can_be_tested_for_themselves(
    workspace: Workspace, opened: Database, tmp_path: Path
) -> None:
    for seed, (name, params) in enumerate(seeds_of("r", 0, 1).items()):
        add_detectors(opened, tmp_path, name, params=params, seed=seed)
        add_evaluation(opened, tmp_path, name, BENCH, make_evaluated(300, 2 - seed, drawn=seed + 1))
    assert compare_detectors(workspace, opened, BENCH).pairs == ()
    planned = compare_with(workspace, opened, BENCH, "r-1")
    (pair,) = planned.alone
    assert (pair.first_id, pair.second_id, pair.n) == ("r-0", "r-1", 300)
    assert pair.accuracy.p == pair.accuracy.p_holm
    assert planned.recipes == ()


def test_without_evaluations_there_is_nothing_to_compare(
    workspace: Workspace, opened: Database
) -> None:
    figures = compare_detectors(workspace, opened, BENCH)
    assert (figures.n, figures.rows, figures.pairs, figures.recipes) == (0, (), (), ())


def test_the_others_minus_one_detector_in_every_measure_are_what_pairs_say(
    workspace: Workspace, opened: Database, tmp_path: Path
) -> None:
    for name, skill, drawn in (("good", 1.6, 1), ("alike", 1.6, 2), ("bad", 0.2, 3)):
        add_detectors(opened, tmp_path, name)
        add_evaluation(opened, tmp_path, name, BENCH, make_evaluated(300, skill, drawn=drawn))
    figures = compare_detectors(workspace, opened, BENCH)
    rows_of = {row.detector_id: row for row in figures.rows}
    for pair in figures.pairs:
        assert set(pair.differences) == set(MEASURES)
        for name, found in pair.differences.items():
            first, second = (
                value_of(rows_of[str(item)].measure(name))
                for item in (pair.first_id, pair.second_id)
            )
            assert found.difference.value == pytest.approx(first - second, abs=1e-6)
            assert found.difference.low <= found.difference.value <= found.difference.high
        assert pair.differences["accuracy"].difference == pair.accuracy.difference
        assert pair.f1 is not None
        assert pair.differences["f1"].difference == pair.f1.difference
    planned = compare_with(workspace, opened, BENCH, "alike")
    assert [(pair.first, pair.second) for pair in planned.alone] == [
        ("good", "alike"),
        ("bad", "alike"),
    ]
    for pair in planned.alone:
        (same,) = [other for other in figures.pairs if other.holds("alike", pair.first)]
        for name, found in pair.differences.items():
            own = same.gained_by(pair.first, name)
            assert own is not None
            assert found.difference.value == pytest.approx(own.value)
    assert planned.recipes == ()
    assert compare_with(workspace, opened, BENCH, "nobody").alone == ()


def test_a_reference_is_compared_with_each_other_one_and_p_corrected_over_these(
    workspace: Workspace, opened: Database, tmp_path: Path
) -> None:
    skills = {"good": 1.6, "fair": 1.2, "alike": 1.6, "same": 1.6, "twin": 1.6}
    for drawn, (name, skill) in enumerate(skills.items(), start=1):
        add_detectors(opened, tmp_path, name)
        add_evaluation(opened, tmp_path, name, BENCH, make_evaluated(300, skill, drawn=drawn))
    everything = compare_detectors(workspace, opened, BENCH)
    planned = compare_detectors(workspace, opened, BENCH, reference="fair")
    assert (everything.reference, planned.reference) == (None, "fair")
    assert [(pair.first, pair.second) for pair in planned.pairs] == [
        (name, "fair") for name in skills if name != "fair"
    ]
    assert "p corrected by Holm over all 10 pairs" in everything.tests
    assert "p corrected by Holm over 4 comparisons with fair" in planned.tests
    assert [pair.accuracy.p_holm for pair in planned.pairs] == pytest.approx(
        adjust_holm([pair.accuracy.p for pair in planned.pairs])
    )
    for pair in planned.pairs:
        (same,) = [item for item in everything.pairs if item.holds(pair.first, "fair")]
        assert pair.accuracy.p == same.accuracy.p
        assert pair.accuracy.p_holm <= same.accuracy.p_holm
        assert pair.power.level == pytest.approx(0.05 / 4)
        assert same.power.level == pytest.approx(0.05 / 10)
        assert pair.power.difference_found is not None
        assert same.power.difference_found is not None
        assert pair.power.difference_found < same.power.difference_found
    assert sum(item.accuracy.is_clear for item in everything.pairs if "fair" in shown(item)) == 3
    assert all(pair.accuracy.is_clear for pair in planned.pairs)


def shown(pair: ComparedPair) -> tuple[str, str]:
    return pair.first, pair.second


def test_a_recipe_of_several_seeds_is_a_reference_by_its_name_or_that_of_a_detector(
    workspace: Workspace, opened: Database, tmp_path: Path
) -> None:
    for rate, recipe in enumerate(("real", "stage-1")):
        for seed in range(3):
            name, params = f"{recipe}-{seed}", json.dumps({"lr": rate, "seed": seed})
            add_detectors(opened, tmp_path, name, params=params, seed=seed, recipe=recipe)
            evaluated = make_evaluated(300, 1 + rate, drawn=3 * rate + seed + 1)
            add_evaluation(opened, tmp_path, name, BENCH, evaluated)
    add_detectors(opened, tmp_path, "words", base=TFIDF, recipe="real")
    add_evaluation(opened, tmp_path, "words", BENCH, make_evaluated(300, 0.7, drawn=9))
    for reference in ("real", "real-1"):
        found = compare_detectors(workspace, opened, BENCH, reference=reference)
        assert found.reference == "real"
        assert [(pair.first, pair.second) for pair in found.pairs] == [
            ("stage-1", "real"),
            ("words", "real"),
        ]
        assert all(pair.power.discordance is None for pair in found.pairs)
    planned = compare_with(workspace, opened, BENCH, "real-2")
    assert len(planned.alone) == 6
    assert planned.recipes == found.pairs
    with pytest.raises(UnknownName, match=r"'nobody' is not one .* real, stage-1, words"):
        compare_detectors(workspace, opened, BENCH, reference="nobody")


def test_differences_of_areas_are_of_the_rows_that_both_have(
    workspace: Workspace, opened: Database, tmp_path: Path
) -> None:
    add_detectors(opened, tmp_path, "all", "part")
    whole, part = make_evaluated(300, 1.2), make_evaluated(300, 0.5, drawn=2)[100:]
    add_evaluation(opened, tmp_path, "all", BENCH, whole)
    add_evaluation(opened, tmp_path, "part", BENCH, part)
    (pair,) = compare_detectors(workspace, opened, BENCH).pairs
    truth = [label == ADVICE for _, label, _ in part]
    first, second = (
        roc_auc_score(truth, [share or 0.0 for *_, share in found]) for found in (whole[100:], part)
    )
    found = pair.differences["roc_auc"].difference
    assert found.value == pytest.approx(first - second, abs=1e-6)
    assert found.n == 200


def test_the_best_by_each_measure_has_its_best_figure(
    workspace: Workspace, opened: Database, tmp_path: Path
) -> None:
    for name, skill in (("good", 1.6), ("bad", 0.2)):
        add_detectors(opened, tmp_path, name)
        add_evaluation(opened, tmp_path, name, BENCH, make_evaluated(300, skill))
    figures = compare_detectors(workspace, opened, BENCH)
    assert figures.best["fpr"] == figures.best["accuracy"] == "good"
    assert "gap" not in figures.best
    assert [row.kind for row in figures.rows] == ["detector", "detector"]
