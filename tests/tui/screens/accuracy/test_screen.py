"""The accuracy screen: measures, two compared, rows, seeds made of them, curves, slices."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

import tui.screens.accuracy.desk
import tui.screens.accuracy.row_list
from store.database.connection import Database
from store.datasets import list_datasets
from store.errors import ImportRefused
from store.evaluation_rows import cell_row_ids, outcome_row_ids
from tests import rows
from tests.tui.driving import make_app, seen, shown, until
from tests.tui.evaluated import (
    ADVICE,
    CONTENT,
    GENERAL,
    add_detectors,
    add_evaluation,
    make_evaluated,
)
from tests.tui.screens.accuracy.conftest import BENCH, EVIL, N_REAL, REAL, N
from tui.screens.accuracy.desk import AccuracyDesk
from tui.screens.accuracy.ranking import order_best_first
from tui.screens.accuracy.screen import AccuracyScreen
from tui.screens.accuracy.views import (
    SHOWN_MEASURES,
    VIEWS,
    VIEWS_OF_WIDE,
    DatasetScores,
    View,
)
from tui.services.files.seed_copies import copy_as_seeds
from tui.services.numbers import MEASURES, RATES, show_percent
from tui.services.results.comparison import Comparison, compare_detectors, compare_with
from tui.services.results.power import describe_power
from tui.services.results.slices import slice_evaluation
from tui.services.workspace import Workspace

SIZES = ((160, 48), (80, 24))
WIDE, NARROW = SIZES
both_sizes = pytest.mark.parametrize("size", SIZES)
at_narrow = pytest.mark.parametrize("size", [NARROW])  # where little fits; pictures are of both

App = Pilot[None]


def keys_to(view: View, size: tuple[int, int]) -> list[str]:
    """The keys that lead from the measures to a view."""
    names = [name for name, _ in (VIEWS if size == NARROW else VIEWS_OF_WIDE)]
    return ["v"] * names.index(view)


@asynccontextmanager
async def accuracy_of(
    workspace: Workspace, database: Database, size: tuple[int, int]
) -> AsyncIterator[App]:
    """Open the screen, and wait for its first figures."""
    async with make_app(workspace, database, "accuracy").run_test(size=size) as pilot:
        await seen(pilot, f"Benchmark {BENCH} (1 of 2, b)", "true ↓ predicted →")
        yield pilot


@both_sizes
async def test_every_measure_of_the_chosen_detector_is_shown_with_n_and_interval(
    empty_workspace: Workspace, opened: Database, size: tuple[int, int]
) -> None:
    _, row, _ = compare_detectors(empty_workspace, opened, BENCH).rows
    async with accuracy_of(empty_workspace, opened, size) as pilot:
        await pilot.press("j", "j")
        if size == NARROW:
            found = await seen(pilot, "▸    ●  bad", "PR-AUC")
            for name in MEASURES:
                assert show_percent(row.measure(name)) in found
            assert all(len(line) <= 80 for line in found.splitlines())
            await pilot.press(*keys_to("chart", size))
        for name, title in SHOWN_MEASURES.items():
            interval = show_percent(row.measure(name))
            found = await seen(pilot, f"{title}", f"n = {N}", interval)
            await pilot.press("c")


@both_sizes
async def test_rates_at_chosen_points_are_shown_with_n_and_interval_and_what_they_cannot_say(
    empty_workspace: Workspace, opened: Database, size: tuple[int, int]
) -> None:
    rows_shown = compare_detectors(empty_workspace, opened, BENCH).rows
    async with accuracy_of(empty_workspace, opened, size) as pilot:
        await pilot.press(*keys_to("rates", size))
        found = await seen(pilot, "recall @1 %", "FPR @80 %", "@90 %", f"{N - 1}")
        words = found.split()
        for row in rows_shown:
            assert row.detector in words
            for name in RATES:
                assert show_percent(row.measure(name), with_interval=False) in words
        assert all(len(line) <= size[0] for line in found.splitlines())
        await pilot.press("j", "j")
        await until(pilot, lambda: chosen_name(pilot) == "bad")
        for row in rows_shown if size == WIDE else rows_shown[1:2]:
            for name in RATES:
                assert show_percent(row.measure(name)) in flowing(pilot)
        await pilot.press("b")
        await seen(pilot, "Production real")


def chosen_name(pilot: App) -> str:
    (line,) = [line for line in shown(pilot).splitlines() if "▸" in line]
    return next(word for word in line.split() if word in ("good", "alike", "bad"))


async def test_counts_are_shown_before_what_takes_longer(
    empty_workspace: Workspace, opened: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> Comparison:
        raise ImportRefused("not now")

    monkeypatch.setattr(tui.screens.accuracy.desk, "compare_scores", refuse)
    async with accuracy_of(empty_workspace, opened, WIDE) as pilot:
        found = await seen(pilot, "not now")
        assert "…  " in found or "…│" in found.replace(" ", "")
        assert "PR-AUC " not in found.replace("PR-AUC by", "")


@both_sizes
async def test_the_matrix_is_collapsed_to_positive_and_negative(
    empty_workspace: Workspace, opened: Database, size: tuple[int, int]
) -> None:
    row, *_ = compare_detectors(empty_workspace, opened, BENCH).rows
    counts = row.collapsed
    async with accuracy_of(empty_workspace, opened, size) as pilot:
        found = await seen(pilot, "1 row without a prediction")
        assert "● health-advice" in found
        await pilot.press("p")
        found = await seen(pilot, "+ positive", "− negative")
    rows_of = [line.rsplit("││", 1)[-1] for line in found.splitlines()]  # wide: beside the chart
    lines = [line for line in rows_of if "+ positive" in line or "− negative" in line]
    numbers = [[int(part) for part in line.replace("│", "").split()[2:]] for line in lines]
    assert numbers == [
        [counts.true_positives, counts.false_negatives],
        [counts.false_positives, counts.true_negatives],
    ]


@at_narrow
async def test_two_detectors_are_compared_in_words_counts_and_texts(
    empty_workspace: Workspace, opened: Database, size: tuple[int, int]
) -> None:
    planned = compare_with(empty_workspace, opened, BENCH, "good").alone
    (apart,) = (pair for pair in planned if pair.first == "bad")
    first, *_ = outcome_row_ids(opened, "e-good-bench", "e-bad-bench", {ADVICE}, (True, False))
    async with accuracy_of(empty_workspace, opened, size) as pilot:
        await pilot.press(*keys_to("compare", size))
        await seen(pilot, "Mark one detector first (m)")
        await pilot.press("escape", "m", "j", "j", *keys_to("compare", size))
        found = await seen(pilot, "good against bad, n = 300", "only good right", "both wrong")
        assert apart.accuracy.verdict.startswith("good is better by")
        await until(pilot, lambda: apart.accuracy.verdict in flowing(pilot))
        assert describe_power(apart) in flowing(pilot)
        for name, count in (
            ("bad", apart.only_first_right),
            ("good", apart.only_second_right),
        ):
            line = next(line for line in found.splitlines() if f"only {name} right" in line)
            assert f" {count} " in line
        await pilot.press("enter")
        await seen(pilot, f"only good right (1–{apart.only_second_right} of")
        await pilot.press("enter")
        found = await seen(pilot, "1 of", "TRUE", "TEXT", f"Text {first}.")
        assert found.count("health-advice 0.") == 2
        await pilot.press("escape", "escape", "n")
        await seen(pilot, "good against alike, n = 300")
        await until(pilot, lambda: "not distinguishable: alike − good" in flowing(pilot))


@at_narrow
async def test_two_that_were_trained_by_several_seeds_are_tested_alone_and_by_all_seeds(
    empty_workspace: Workspace, opened: Database, tmp_path: Path, size: tuple[int, int]
) -> None:
    for seed in (1, 2, 3):
        name = f"seed-{seed}"
        params = json.dumps({"lr": 1, "seed": seed})
        add_detectors(opened, tmp_path, name, recipe="several", params=params, seed=seed)
        add_evaluation(opened, tmp_path, name, BENCH, make_evaluated(N, 0.8, drawn=seed + 9))
    figures = compare_detectors(empty_workspace, opened, BENCH)
    planned = compare_with(empty_workspace, opened, BENCH, "good")
    (pair,) = (pair for pair in planned.recipes if pair.first == "several")
    (alone,) = (pair for pair in planned.alone if pair.first == "seed-1")
    of_seed = compare_with(empty_workspace, opened, BENCH, "seed-1").alone
    (seeds,) = (pair for pair in of_seed if pair.first == "seed-2")
    assert alone.accuracy.difference != pair.accuracy.difference
    async with accuracy_of(empty_workspace, opened, size) as pilot:
        await seen(pilot, "PR-AUC ")
        assert ("Over seeds: mean ± sample standard deviation" in shown(pilot)) == (size == WIDE)
        names = [row.detector for row in order_best_first(figures.rows, "accuracy")]
        place = names.index("seed-1")
        await pilot.press("m", *"j" * place, *keys_to("compare", size))
        for whose, found in (("these two alone", alone), ("by 3 seeds", pair)):
            await until(pilot, lambda: "by 3 seeds, F1" in flowing(pilot))
            assert f"{whose}, accuracy: {found.accuracy.verdict}" in flowing(pilot)
            assert found.f1 is not None
            assert f"p = {found.f1.p_holm:.2g}" in flowing(pilot)
        await pilot.press("enter")
        await seen(pilot, f"only good right (1–{alone.only_second_right} of")
        by = names.index("seed-2") - place
        await pilot.press("escape", "escape", "m", *("j" if by > 0 else "k") * abs(by))
        await pilot.press(*keys_to("compare", size))
        await seen(pilot, "seed-1 against seed-2")
        await until(pilot, lambda: f"p = {seeds.accuracy.p_holm:.2g}" in flowing(pilot))
        assert "by 3 seeds" not in flowing(pilot)


def flowing(pilot: App) -> str:
    """What is shown without line breaks and frames."""
    return " ".join(shown(pilot).replace("│", " ").split())


@at_narrow
async def test_rows_of_a_cell_are_listed_most_certain_first_and_opened(
    empty_workspace: Workspace, opened: Database, size: tuple[int, int]
) -> None:
    with opened.read() as cursor:
        expected = [
            name for (name,) in cursor.rows(
                """SELECT sample_id FROM evaluation_rows WHERE evaluation_id = 'e-good-bench'
                AND label = ? AND predicted_label = ? ORDER BY probabilities[2] DESC""",
                [ADVICE, CONTENT],
            )
        ]  # fmt: skip
    assert len(expected) > 1
    assert cell_row_ids(opened, "e-good-bench", [ADVICE], [CONTENT]) == expected
    async with accuracy_of(empty_workspace, opened, size) as pilot:
        await pilot.press("enter")
        await seen(pilot, "Rows of good, n = 300")
        await pilot.press(*"kkkhhhl")
        await seen(pilot, "✗ ● health-advice → ▲ health-content: ")
        await pilot.press("enter")
        await seen(pilot, f"health-content (1–{len(expected)} of {len(expected)})")
        await pilot.press("j", "enter")
        found = await seen(pilot, f"2 of {len(expected)}", f"{expected[1]}.")
        assert "TRUE ● health-advice" in found
        assert "good ▲ health-content" in found


@at_narrow
async def test_the_matrix_is_walked_cell_by_cell_and_the_cursor_is_seen_without_colour(
    empty_workspace: Workspace, opened: Database, size: tuple[int, int]
) -> None:
    row, *_ = compare_detectors(empty_workspace, opened, BENCH).rows
    labels, counts = row.confusion.labels, row.confusion.rows
    failed = next(label for name, label, _ in make_evaluated(N, 0) if name == "b1")
    signs = dict(zip(labels, "●▲■", strict=True))
    async with accuracy_of(empty_workspace, opened, size) as pilot:
        await pilot.press("enter")
        await seen(pilot, "Rows of good, n = 300", "failed")
        worst = max(
            (count, truth, guess)
            for truth, line in zip(labels, counts, strict=True)
            for guess, count in zip(labels, line, strict=True)
            if truth != guess
        )
        await seen(pilot, f"✗ {signs[worst[1]]} {worst[1]} → {signs[worst[2]]} {worst[2]}: ")
        await pilot.press("up", "up", "up", "left", "left", "left", "left")
        for down, truth in enumerate(labels):
            for across, guess in enumerate(labels):
                count = counts[down][across]
                sign = "✓" if truth == guess else "✗"
                rest = f"{count} of {N} rows, {100 * count / N:.1f} %" if count else "no rows"
                found = await seen(
                    pilot, f"{sign} {signs[truth]} {truth} → {signs[guess]} {guess}: {rest}"
                )
                assert marked_cell(found) == (down, across, str(count))
                await pilot.press(("right", "l")[across % 2])
            n_failed = int(truth == failed)
            found = await seen(pilot, f"{truth} → no prediction: {'1 of' if n_failed else 'no'}")
            assert marked_cell(found) == (down, 3, str(n_failed))
            await pilot.press("l", "j", *"hhh")  # beyond the last column lies nothing
        await pilot.press(*"kkk", *"j" * labels.index(failed), *"lll")
        await seen(pilot, f"{failed} → no prediction: 1 of {N}")
        await pilot.press("enter")
        await seen(pilot, "no prediction (1–1 of 1)")
        await pilot.press("escape", "p")
        found = await seen(pilot, "+ positive", "− negative", "✗ ")
        assert "health-advice →" not in found
        await pilot.press(*"kkhh")
        right = row.collapsed.true_positives
        found = await seen(pilot, f"✓ positive → positive: {right} of {N}")
        assert marked_cell(found) == (0, 0, str(right))
        await pilot.press("j", "l", "enter")
        right = row.collapsed.true_negatives
        await seen(pilot, f"negative → negative (1–{min(right, 200)} of {right})")


def marked_cell(found: str) -> tuple[int, int, str]:
    """Where the mark is in the matrix, and what it marks."""
    lines = found.splitlines()
    top = next(number for number, line in enumerate(lines) if "true ↓" in line)
    (marked,) = [number for number, line in enumerate(lines) if "▸" in line]
    numbers = [part for part in lines[marked].split() if part.lstrip("▸").isdigit()]
    across = next(place for place, part in enumerate(numbers) if part.startswith("▸"))
    return marked - top - 1, across, numbers[across].removeprefix("▸")


@at_narrow
async def test_an_empty_cell_is_walked_over_and_not_opened(
    empty_workspace: Workspace, opened: Database, size: tuple[int, int]
) -> None:
    async with accuracy_of(empty_workspace, opened, size) as pilot:
        await pilot.press("enter")
        await seen(pilot, "Rows of good")
        await pilot.press(*"kkkhhhll")
        await seen(pilot, "health-advice → ■ general-content: no rows")
        await pilot.press("enter")
        await seen(pilot, "There is no such row.")
        await pilot.press("l", "enter")
        await seen(pilot, "(1–")


async def test_a_matrix_of_production_is_under_its_alarms(
    empty_workspace: Workspace, opened: Database
) -> None:
    async with accuracy_of(empty_workspace, opened, NARROW) as pilot:
        await pilot.press("b")
        await seen(pilot, "Production real")
        await pilot.press("enter")
        await seen(pilot, "▸ ! flagged, with or without a label: 20", f"20 of {N_REAL} rows")
        await pilot.press("j", "j", "j")
        found = await seen(pilot, f"✗ ■ general-content → ● health-advice: 10 of {N_REAL} rows")
        assert marked_cell(found) == (2, 0, "10")
        await pilot.press("k", "k", "k", "enter")
        await seen(pilot, "with or without a label (1–20 of 20)")


async def test_rows_come_page_by_page(
    empty_workspace: Workspace, opened: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tui.screens.accuracy.row_list, "ROWS_SHOWN", 8)
    async with accuracy_of(empty_workspace, opened, WIDE) as pilot:
        await pilot.press("b")
        await seen(pilot, "Production real")
        await pilot.press("enter", "enter")
        await seen(pilot, "(1–8 of 20)")
        await pilot.press(*"j" * 8)
        await seen(pilot, "(9–16 of 20)")
        await pilot.press(*"j" * 8)
        await seen(pilot, "(17–20 of 20)")
        await pilot.press(*"j" * 9, *"k" * 4)
        await seen(pilot, "(9–16 of 20)")


async def test_another_dataset_is_listed_from_its_first_page(
    empty_workspace: Workspace, opened: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tui.screens.accuracy.row_list, "ROWS_SHOWN", 8)
    async with accuracy_of(empty_workspace, opened, WIDE) as pilot:
        await pilot.press("b")
        await seen(pilot, "Production real")
        await pilot.press("enter", "enter")
        await seen(pilot, "(1–8 of 20)")
        await pilot.press(*"j" * 8)
        await seen(pilot, "(9–16 of 20)")
        await pilot.press("b")
        await seen(pilot, f"Rows of good, n = {N}, on {BENCH}", "(1–8 of ")


async def test_the_chosen_row_stays_while_a_job_makes_progress(
    empty_workspace: Workspace, opened: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    complete = AccuracyDesk.complete

    def count(desk: AccuracyDesk, counted: DatasetScores) -> DatasetScores:
        read.append(counted.comparison.benchmark)
        return complete(desk, counted)

    monkeypatch.setattr(AccuracyDesk, "complete", count)
    async with accuracy_of(empty_workspace, opened, WIDE) as pilot:
        await pilot.press("enter", "enter", "j")
        await until(pilot, lambda: read == [BENCH])
        screen = pilot.app.screen
        assert isinstance(screen, AccuracyScreen)
        assert screen.snapshot is not None
        screen.snapshot = replace(screen.snapshot, figures="a job is further")
        await until(pilot, lambda: read == [BENCH, BENCH])
        await pilot.press("enter")
        await seen(pilot, "2 of ", "TRUE", "TEXT")


@at_narrow
async def test_flagged_texts_of_production_are_copied_as_seeds(
    empty_workspace: Workspace, opened: Database, size: tuple[int, int]
) -> None:
    async with accuracy_of(empty_workspace, opened, size) as pilot:
        await pilot.press("b")
        found = await seen(pilot, "Production real (2 of 2, b)", "500.0")
        await pilot.press("enter")
        await seen(pilot, "▸ ! flagged, with or without a label")
        await pilot.press("s")
        await seen(pilot, "Copy 20 rows", "flagged-real")
        await pilot.press("enter")
        await seen(pilot, "20 new seeds in 'flagged-real'")
        await pilot.press("enter", "s")
        await seen(pilot, "Copy 1 row ")
        await pilot.press("enter")
        await seen(pilot, "0 new seeds in 'flagged-real'; 1 was there already")
        await pilot.press("f1")
        found = await seen(pilot, "seeds              20")
        assert "Traceback" not in found
    summary = next(item for item in list_datasets(opened) if item.dataset == "flagged-real")
    assert (summary.roles, summary.rows) == (("seed",), 20)
    assert summary.labels == {None: 10, GENERAL: 10}
    with opened.read() as cursor:
        origins = cursor.rows(
            """SELECT external_id, source, text FROM samples WHERE dataset = 'flagged-real'
            AND text LIKE 'Evil%'"""
        )
    assert origins == [("p39", "from-real.jsonl", f"{EVIL} 39.")]


@at_narrow
async def test_rows_of_a_benchmark_are_never_copied(
    empty_workspace: Workspace, opened: Database, size: tuple[int, int]
) -> None:
    before = list_datasets(opened)
    async with accuracy_of(empty_workspace, opened, size) as pilot:
        await pilot.press("s")
        await seen(pilot, "Choose rows first")
        await pilot.press("enter")
        await seen(pilot, "Rows of good")
        await pilot.press("s")
        await seen(pilot, "'bench' is a benchmark; as seeds, its rows would leak into training.")
        assert "New seeds" not in shown(pilot)
    assert list_datasets(opened) == before


@pytest.mark.parametrize(
    ("source", "name", "says"),
    [
        (BENCH, "errors", "is a benchmark"),
        (REAL, BENCH, "is no dataset of seeds"),
        (REAL, REAL, "is no dataset of seeds"),
        (REAL, "../x", "is not a valid name"),
        ("old", "errors", "are seeds already"),
    ],
)
def test_copying_is_refused_where_it_would_leak_or_mix(
    empty_workspace: Workspace, opened: Database, source: str, name: str, says: str
) -> None:
    rows.add_dataset(opened, "old", [("o1", "Old.", None)], "seed")
    before = list_datasets(opened)
    sample = {BENCH: "b1", REAL: "p1"}.get(source, "o1")
    with pytest.raises(ImportRefused, match=says):
        copy_as_seeds(empty_workspace, opened, source, [sample], name)
    assert list_datasets(opened) == before


@both_sizes
async def test_curves_are_drawn_with_signs_of_their_own(
    empty_workspace: Workspace, opened: Database, size: tuple[int, int]
) -> None:
    async with accuracy_of(empty_workspace, opened, size) as pilot:
        await pilot.press(*keys_to("curves", size))
        await seen(pilot, f"n = {N}, on {BENCH}: {N - 1} with a probability", "ROC-AUC")
        signs = (
            ("ROC", ("•", "AUC 9", "good", "×", "false-positive rate")),
            ("Precision and recall", ("•", "AUC 9", "good", "×")),
            ("Calibration", ("ECE ", "Brier ", f"n = {N - 1}", "mean probability")),
            ("By threshold", ("P", "precision", "R", "recall", "F1", "false-positive rate")),
        )
        for title, texts in signs:
            await seen(pilot, title, *texts)
            if size == NARROW:
                await pilot.press("l")


async def test_as_much_is_shown_as_there_is_room_for(
    empty_workspace: Workspace, opened: Database
) -> None:
    async with accuracy_of(empty_workspace, opened, NARROW) as pilot:
        await pilot.press(*keys_to("curves", NARROW))
        await seen(pilot, "ROC (1 of 4, l)")
        assert "By threshold" not in shown(pilot)
        await pilot.resize_terminal(*WIDE)
        found = await seen(pilot, "ROC", "Precision and recall", "By threshold", "Calibration")
        assert "of 4, l)" not in found
        await pilot.press("escape", "m", "j", *keys_to("compare", WIDE))
        await seen(pilot, "only good right (1–")
        await pilot.resize_terminal(*NARROW)
        await until(pilot, lambda: "only good right (1–" not in shown(pilot))


@both_sizes
async def test_slices_are_listed_the_worst_first(
    empty_workspace: Workspace, opened: Database, size: tuple[int, int]
) -> None:
    slices = slice_evaluation(empty_workspace, opened, BENCH, "good")
    async with accuracy_of(empty_workspace, opened, size) as pilot:
        await pilot.press(*keys_to("slices", size))
        found = await seen(pilot, "Slices of good, n = 300", "forum-0", "forum-2")
        lines = [line for line in found.splitlines() if "forum-" in line or "characters" in line]
        assert f"▸ {slices[0].by}" in lines[0]
        for item, line in zip(slices, lines, strict=False):
            assert item.slice in line
            assert f" {item.n} " in line
            for figure in (item.accuracy, item.recall, item.fpr):
                assert show_percent(figure, with_interval=size == WIDE) in line
            assert ("few" in line) == item.few
        if size == NARROW:
            for figure in (slices[0].accuracy, slices[0].recall, slices[0].fpr, slices[0].f1):
                assert show_percent(figure) in flowing(pilot)
        await pilot.press("n")
        await seen(pilot, "Slices of alike")


@at_narrow
async def test_texts_names_and_labels_stay_inert(
    empty_workspace: Workspace, opened: Database, tmp_path: Path, size: tuple[int, int]
) -> None:
    add_detectors(opened, tmp_path, "evil", name="[red]x\x1b[2J\ny")
    add_evaluation(opened, tmp_path, "evil", BENCH, make_evaluated(N, 2.0, drawn=9))
    add_evaluation(opened, tmp_path, "evil", REAL, [("p39", GENERAL, 0.99)])
    async with accuracy_of(empty_workspace, opened, size) as pilot:
        await seen(pilot, "[red]x␛[2J y")
        rows_shown = compare_detectors(empty_workspace, opened, BENCH).rows
        listed = [row.detector_id for row in order_best_first(rows_shown, "accuracy")]
        await pilot.press("m", *"j" * listed.index("evil"), *keys_to("compare", size))
        await seen(pilot, "[red]x␛[2J y", " against ")
        await pilot.press("escape", "b")
        await seen(pilot, "Production real", "per 1,000")
        await pilot.press("enter")
        await seen(pilot, "Rows of [red]x␛[2J y, n = 1")
        await pilot.press("enter")
        await seen(pilot, "Evil ␛[31mred")
        await pilot.press("enter")
        found = await seen(pilot, "Evil ␛[31mred␛[0m [bold red]text[/] ⟨202E⟩ 39.")
        assert "\x1b" not in found


async def test_keys_that_cannot_act_say_why(empty_workspace: Workspace, opened: Database) -> None:
    async with accuracy_of(empty_workspace, opened, WIDE) as pilot:
        await pilot.press("l")
        await seen(pilot, "That is for the matrix of rows, and for curves.")
        await pilot.press("v", "v", "enter")
        await seen(pilot, "! Mark one detector first (m)")
        await pilot.press("p")
        await seen(pilot, "Two are compared by positive and negative only.")


@at_narrow
async def test_without_an_evaluation_it_says_how_to_make_one(
    imported_workspace: Workspace, size: tuple[int, int]
) -> None:
    with imported_workspace.database() as database:
        async with make_app(imported_workspace, database, "accuracy").run_test(size=size) as pilot:
            await until(pilot, lambda: "backquery evaluate DETECTOR --on DATASET" in flowing(pilot))
            await pilot.press("v", "j", "m", "enter", "s", "c", "b", "n", "l", "escape")
            await pilot.pause()
            assert "This should not happen" not in shown(pilot)
