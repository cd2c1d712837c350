"""The drift screen beyond its table: where drift happens, its spread, labels, single pairs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import polars as pl
import pytest
from textual.pilot import Pilot

import tui.screens.drift.desk
import tui.screens.drift.pairs
from store.clusters import list_clusters
from store.decisions import undo
from store.drift_pairs import list_pairs
from store.origins import read_pairs
from store.pairs import Draw
from store.recipes import load_recipe
from store.training import assemble
from tests import rows
from tests.tui.audited import label_clusters
from tests.tui.drifted import ask_in_another_way
from tests.tui.driving import make_app, seen, shown, until
from tui.screens.drift.map import DriftMap
from tui.screens.drift.messages import PairsRead
from tui.screens.drift.pair_dialog import PairDialog
from tui.screens.drift.pairs import PairsView
from tui.screens.drift.views import PairsChoice
from tui.services.jobs.run_plan import RunRequest, draft_run
from tui.services.numbers import show_share
from tui.services.results.cluster_map import MapReader
from tui.services.results.drift_over_time import read_over_time
from tui.services.results.drift_scores import read_config, read_drift_scores
from tui.services.results.label_flow import read_label_flow
from tui.services.results.ways import compare_ways
from tui.services.workspace import Workspace
from tui.widgets.map_layout import Direction, next_in_direction

SIZES = ((160, 48), (80, 24))
WIDE, NARROW = SIZES
both_sizes = pytest.mark.parametrize("size", SIZES)
at_narrow = pytest.mark.parametrize("size", [NARROW])  # where little fits; pictures are of both

App = Pilot[None]
MOVES: Final[dict[str, Direction]] = {"l": "right", "up": "up", "h": "left", "j": "down"}


@asynccontextmanager
async def drift_of(workspace: Workspace, size: tuple[int, int]) -> AsyncIterator[App]:
    """Open the screen, and wait for its figures."""
    with workspace.database() as database:
        async with make_app(workspace, database, "drift").run_test(size=size) as pilot:
            await seen(pilot, "all datasets")
            yield pilot


@both_sizes
async def test_drift_is_put_down_to_the_question_or_the_answer(
    evaluated_workspace: Workspace, size: tuple[int, int]
) -> None:
    with evaluated_workspace.database() as database:
        whole = read_drift_scores(database).groups[0]
    async with drift_of(evaluated_workspace, size) as pilot:
        for name, text in (("query_seed", "question against seed"),
                           ("answer_query", "answer against question")):  # fmt: skip
            await pilot.press("c")
            step = whole.compared(name)
            assert step is not None
            await seen(pilot, text, f"{step.f1.value:.3f}", f"{step.floor_f1:.3f}")


@both_sizes
async def test_the_spread_of_scores_is_drawn_with_the_floor_in_it(
    evaluated_workspace: Workspace, size: tuple[int, int]
) -> None:
    async with drift_of(evaluated_workspace, size) as pilot:
        if size != WIDE:
            await pilot.press("v")
        await seen(pilot, "against seed: all datasets", "pairs, n = 60", "floor", "% of pairs")


@both_sizes
async def test_what_became_of_labels_is_counted(
    evaluated_workspace: Workspace, size: tuple[int, int]
) -> None:
    with evaluated_workspace.database() as database:
        label_clusters(database, "ann")
        found_labels = read_label_flow(database)
    flow, (sizes,) = found_labels.flow[0], found_labels.cluster_sizes
    async with drift_of(evaluated_workspace, size) as pilot:
        await pilot.press(*("v" if size == WIDE else "vv"))
        found = await seen(pilot, "What became of labels: all datasets", "│ all  ")
    assert flow.n > 0
    if size == WIDE:
        assert f"{sizes.clusters} clusters of {sizes.mean_size:.1f} on average" in found
        for own in flow.labels.values():
            assert f"{own.n} ({own.n / flow.n:.1%})" in found
    for seed, row in flow.from_.items():
        lines = [line for line in found.splitlines() if seed[:8] in line]
        assert row.stays is not None
        assert any(f" {100 * row.stays.value:.1f} " in line for line in lines)


@at_narrow
async def test_single_pairs_are_listed_by_drift_and_opened_in_full(
    evaluated_workspace: Workspace, size: tuple[int, int]
) -> None:
    with evaluated_workspace.database() as database:
        config = read_config(database).config_hash or ""
        first, second = list_pairs(database, config, "most drifted", limit=2)
        (least,) = list_pairs(database, config, "least drifted", limit=1)
        (texts,) = read_pairs(database, [second.answer_id])
    async with drift_of(evaluated_workspace, size) as pilot:
        await pilot.press("enter")
        await seen(pilot, "most drifted first (1–60)", f"▸     {first.f1['answer_seed']:.3f}")
        await pilot.press("j", "enter")
        await seen(pilot, "2 of 60", "QUESTION", " ".join(texts.seed_text.split()[:4]))
        await pilot.press("escape", "o")
        await seen(pilot, "least drifted first", f"▸     {least.f1['answer_seed']:.3f}")


async def test_pairs_are_filtered_by_what_their_answers_have(
    evaluated_workspace: Workspace,
) -> None:
    with evaluated_workspace.database() as database:
        config = read_config(database).config_hash or ""
        pairs = list_pairs(database, config, "most drifted", limit=100)
    word = pairs[7].text.split()[-1].strip(".,")
    having = [pair for pair in pairs if word.casefold() in pair.text.casefold()]
    async with drift_of(evaluated_workspace, WIDE) as pilot:
        await pilot.press("slash")
        await seen(pilot, "Show pairs whose answer has these words")
        await pilot.press(*word, "enter")
        await seen(pilot, f"Pairs with “{word}”, most drifted first (1–{len(having)})")
        await pilot.press("slash", *["backspace"] * len(word), *"/(/", "enter")
        await seen(pilot, "is not a regular expression", f"Pairs with “{word}”")
        await pilot.press("o", "o")
        await seen(pilot, f"Pairs with “{word}”, most at odds first")
        await pilot.press("o", "slash", *["backspace"] * len(word), "enter")
        await seen(pilot, "Pairs, most drifted first (1–60)")


@both_sizes
async def test_ways_of_asking_stand_side_by_side(
    evaluated_workspace: Workspace, size: tuple[int, int]
) -> None:
    presses = "vv" if size == WIDE else "vvv"
    async with drift_of(evaluated_workspace, size) as pilot:
        await pilot.press(*presses)
        await seen(pilot, "Ways of asking: there is only one")
    with evaluated_workspace.database() as database:
        ask_in_another_way(evaluated_workspace, database)
        config = read_config(database).config_hash or ""
        compared = compare_ways(database, config)
    whole = compared.paired[0]
    async with drift_of(evaluated_workspace, size) as pilot:
        await pilot.press(*presses)
        found = await seen(pilot, "Paired over the seeds", f"{whole.difference.value:+.3f} (")
    for way in compared.ways:
        assert f"{way.answer_seed:.3f}" in found
    assert "question template other@od" in found or size != WIDE


async def test_how_near_production_is_stands_on_the_screen(
    evaluated_workspace: Workspace,
) -> None:
    async with drift_of(evaluated_workspace, WIDE) as pilot:
        await pilot.press(*"vvvvv")
        await seen(pilot, "differ from production?: not measured")
    with evaluated_workspace.database() as database:
        rows.ingest(database, evaluated_workspace.path, "two_sample", rows.two_sample("t"))
    async with drift_of(evaluated_workspace, WIDE) as pilot:
        await pilot.press(*"vvvvv")
        await seen(pilot, "0.750 (0.600–0.900)", "as they are")


@both_sizes
async def test_drift_over_time_has_a_line_for_each_job_and_dataset(
    evaluated_workspace: Workspace, size: tuple[int, int]
) -> None:
    with evaluated_workspace.database() as database:
        ask_in_another_way(evaluated_workspace, database)
        jobs = read_over_time(database, read_config(database).config_hash or "")
    async with drift_of(evaluated_workspace, size) as pilot:
        await pilot.press(*("vvvv" if size == WIDE else "vvvvv"))
        found = await seen(pilot, "F1 over time, answer against seed, all datasets: 2 jobs")
        for job in jobs:
            assert job.answer_seed is not None
            is_told = show_share(job.answer_seed) in found
            assert is_told or job.dataset is None or size != WIDE
        await pilot.press("c")
        await seen(pilot, "F1 over time, question against seed")


async def test_how_answers_differ_as_a_whole_is_told_for_the_dataset(
    evaluated_workspace: Workspace,
) -> None:
    async with drift_of(evaluated_workspace, WIDE) as pilot:
        await pilot.press(*"vvv")
        await seen(pilot, "all datasets: not measured yet: `backquery run distribution`")
    with evaluated_workspace.database() as database:
        datasets = read_drift_scores(database).groups
        name = next(group.dataset for group in datasets if group.dataset)
        found = [
            rows.distribution("t-all", None),
            rows.distribution("t-own", name, pairs=21, matched=True, mmd2_p=0.25),
        ]
        frame = pl.concat(found)
        rows.ingest(database, evaluated_workspace.path, "distributions", frame)
    async with drift_of(evaluated_workspace, WIDE) as pilot:
        await pilot.press(*"vvv")
        await seen(pilot, "all datasets: 60 pairs", "0.125 (0.100–0.150)", "p 0.001", "as is")
        await pilot.press(*"VVV", *"j" * next(
            place for place, group in enumerate(datasets) if group.dataset == name
        ))  # fmt: skip
        await pilot.press(*"vvv")
        await seen(pilot, f"{name}: 21 pairs", "p 0.25", "equal")


async def test_a_group_has_its_own_pairs(evaluated_workspace: Workspace) -> None:
    async with drift_of(evaluated_workspace, WIDE) as pilot:
        await pilot.press(*"jjjj")
        await seen(pilot, "answer against seed: abstracts, all labels")
        await pilot.press("enter")
        await until(
            pilot,
            lambda: (
                "abstracts" in shown(pilot).partition("most drifted first")[2]
                and "laypeople" not in shown(pilot).partition("most drifted first")[2]
            ),
        )


async def test_a_pair_is_left_out_of_training_and_taken_back_in(
    evaluated_workspace: Workspace,
) -> None:
    with evaluated_workspace.database() as database:
        label_clusters(database, "ann")
        recipe = load_recipe(evaluated_workspace.path / "recipes" / "synthetic.toml")
        config = read_config(database).config_hash or ""
        (worst,) = list_pairs(database, config, "most drifted", limit=1)

        def is_trained_on() -> bool:
            found = assemble(database, recipe, evaluated_workspace.task.positives, seed=0)
            return worst.answer_id in found.rows["item_id"]

        assert is_trained_on()
        async with make_app(evaluated_workspace, database, "drift").run_test(size=WIDE) as pilot:
            await seen(pilot, "all datasets")
            await pilot.press("enter")
            await seen(pilot, f"▸     {worst.f1['answer_seed']:.3f}")
            await pilot.press("e")
            await seen(pilot, "Left out of training", f"▸ ×   {worst.f1['answer_seed']:.3f}")
            assert not is_trained_on()
            await pilot.press("e")
            await seen(pilot, "Taken back into training")
            assert is_trained_on()
            await pilot.press("e")
            await seen(pilot, "Left out of training")
            action = undo(database, evaluated_workspace.settings.annotator)
            assert (action.kind, action.answer_ids) == ("exclude", (worst.answer_id,))
            assert is_trained_on()


async def test_pairs_come_page_by_page(
    evaluated_workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (tui.screens.drift.desk, tui.screens.drift.pairs):
        monkeypatch.setattr(module, "PAIRS_SHOWN", 25)
    async with drift_of(evaluated_workspace, WIDE) as pilot:
        await pilot.press("enter")
        await seen(pilot, "most drifted first (1–25)")
        await pilot.press(*"j" * 25)
        await seen(pilot, "most drifted first (26–50)")
        await pilot.press("k")
        await seen(pilot, "most drifted first (1–25)")
        await pilot.press("j")
        await seen(pilot, "most drifted first (26–50)")
        await pilot.press(*"j" * 40)
        await seen(pilot, "most drifted first (51–60)")


async def test_a_late_reply_about_other_pairs_is_dropped(evaluated_workspace: Workspace) -> None:
    async with drift_of(evaluated_workspace, WIDE) as pilot:
        await pilot.press("enter")
        await seen(pilot, "most drifted first (1–60)")
        pairs = pilot.app.screen.query_one(PairsView)
        assert pairs.subject is not None
        late = PairsRead(pairs.subject, PairsChoice("least drifted", "", 0), ())
        pairs.post_message(late)
        await pilot.pause()
        assert "most drifted first (1–60)" in shown(pilot)
        pairs.post_message(PairsRead(pairs.subject, pairs.choice, ()))
        await seen(pilot, "most drifted first: none")


@at_narrow
async def test_a_cluster_on_the_map_leads_to_its_pairs_and_back(
    evaluated_workspace: Workspace, size: tuple[int, int]
) -> None:
    with evaluated_workspace.database() as database:
        found = MapReader(database).read()
        largest = {cluster.cluster_id: cluster.size for cluster in list_clusters(database)}
    first = found.clusters[0]
    assert first.size == largest[first.cluster_id] == max(largest.values())
    async with drift_of(evaluated_workspace, size) as pilot:
        await pilot.press("m")
        await seen(pilot, "60 answers in", "by F1 of answer against seed", "of the variance")
        view = pilot.app.screen.query_one(DriftMap)
        assert view.chosen == 0
        nearest = view.nearest_answers
        assert len(nearest) == len(set(nearest)) == first.size
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, PairDialog))
        await pilot.press("escape")
        await seen(pilot, f"Pairs of cluster 1, most drifted first (1–{first.size})")
        pairs = pilot.app.screen.query_one(PairsView)
        assert pairs._pairs[pairs._place].answer_id == nearest[0]
        await pilot.press("escape")
        await seen(pilot, "60 answers in")
        plane = found.planes[0]
        for key, direction in MOVES.items():
            place = plane.clusters.index(view.chosen)
            expected = next_in_direction(plane.spots, place, direction)
            await pilot.press(key)
            assert view.chosen == plane.clusters[expected]
        await pilot.press("m")
        await seen(pilot, "60 answers in", "by dataset")
        await pilot.press("z")
        label = found.clusters[view.chosen].predicted_label
        await seen(pilot, f"answers predicted as {label}")
        await pilot.press("escape", "enter")
        assert "Pairs of cluster" not in shown(pilot)


async def test_a_map_without_clusters_says_so(evaluated_workspace: Workspace) -> None:
    with evaluated_workspace.database() as database, database.write() as cursor:
        for table in ("members", "clusters", "clusterings"):
            cursor.execute(f"DELETE FROM {table}")
    async with drift_of(evaluated_workspace, WIDE) as pilot:
        await pilot.press("m")
        await seen(pilot, "Map: no answer is in a cluster yet")
        await pilot.press("l", "z", "m")


async def test_a_seed_is_sent_back_for_another_question(evaluated_workspace: Workspace) -> None:
    def asked_again() -> list[tuple[str, int]]:
        request = RunRequest(("queries",), Draw(datasets=("abstracts", "laypeople", "suggestions")))
        draft = draft_run(evaluated_workspace, database, request)
        asked = set(draft.inputs[0]["samples"]["sample_id"])
        return [(name, draft.stages[0].params["attempt"]) for name in asked & answered]

    with evaluated_workspace.database() as database:
        config = read_config(database).config_hash or ""
        (worst,) = list_pairs(database, config, "most drifted", limit=1)
        with database.read() as cursor:
            answered = {row[0] for row in cursor.rows("SELECT sample_id FROM queries")}
        sample_id = worst.answer_id.removeprefix("a-")
        assert asked_again() == []
        async with make_app(evaluated_workspace, database, "drift").run_test(size=WIDE) as pilot:
            await seen(pilot, "all datasets")
            await pilot.press("enter")
            await seen(pilot, f"▸     {worst.f1['answer_seed']:.3f}")
            await pilot.press("a")
            await seen(pilot, "the next run writes another question", "▸ ×")
            assert asked_again() == [(sample_id, 2)]
            await pilot.press("u")
            await seen(pilot, "Undid: left out of training", f"▸     {worst.f1['answer_seed']:.3f}")
            assert asked_again() == []
            await pilot.press("a")
            await seen(pilot, "the next run writes another question")
        again = rows.queries(["again"], attempt=2).with_columns(sample_id=pl.lit(sample_id))
        rows.ingest(database, evaluated_workspace.path, "queries", again)
        assert asked_again() == []
