"""Labelling rows of production: named patterns, below what their guard said of them."""

import pytest

from store.database.connection import Database
from tests import rows
from tests.rows import LABELS, add_records
from tests.tui.driving import is_settled, make_app, seen, shown, until, until_clusters
from tests.tui.filled import use_spread, write_job
from tests.tui.paired import INITIAL as PAIRS_INITIAL
from tests.tui.paired import OFF, ON
from tests.tui.production import GUARD, LIVE, add_patterns, answers_of
from tui.frame.messages import ClusterWanted
from tui.screens.label.filters import Filter
from tui.screens.label.place import read_place, write_place
from tui.screens.label.views import Place
from tui.services.jobs.patterns import PatternsRequest, draft_patterns
from tui.services.workspace import Workspace

NARROW, WIDE = (80, 24), (160, 48)
FLAGGED = f"flagged by {GUARD}"


@pytest.fixture
def workspace(clustered_workspace: Workspace) -> Workspace:
    """At the patterns of a dataset."""
    add_patterns(clustered_workspace)
    place = Place(filter=Filter(dataset=LIVE, selected="patterns"))
    write_place(clustered_workspace.path, clustered_workspace.settings.annotator, place)
    return clustered_workspace


async def press(
    workspace: Workspace, *keys: str, size: tuple[int, int] = WIDE, until_seen: str = ""
) -> str:
    """Press keys where patterns are labelled; what is shown then."""
    with workspace.database() as database:
        async with make_app(workspace, database).run_test(size=size) as pilot:
            screen = await until_clusters(pilot)
            await pilot.press(*keys)
            await until(pilot, lambda: is_settled(screen) and until_seen in shown(pilot))
            return shown(pilot)


async def test_a_pattern_has_its_name_and_what_the_guard_said(workspace: Workspace) -> None:
    text = await press(workspace)
    assert "cough syrup, rest" in text
    assert f"as {FLAGGED}: ● health-advice" in text
    assert "predicted" not in text
    assert "Clusters: 3 of" in text


async def test_the_bar_fits_where_it_is_narrow(workspace: Workspace) -> None:
    text = await press(workspace, size=NARROW)
    assert f"as {FLAGGED}: ● health-advice" in text
    assert "Label 4 answers:" in text


async def test_the_origin_is_the_record_of_the_log(workspace: Workspace) -> None:
    text = await press(workspace, "x", until_seen="PRODUCTION")
    assert f"PRODUCTION {LIVE}" in text
    assert f"{FLAGGED} 1, score 0.88 · medical · [bold]odd[/bold]" in text
    assert "conversation talk-r0" in text
    assert "What about r0?" in text
    assert "SEED" not in text


async def test_text_of_production_is_shown_and_never_obeyed(workspace: Workspace) -> None:
    text = await press(workspace, "G", until_seen="An odd one")
    assert "[b]An odd one[/b] ␛[31mnumber 7." in text


async def test_in_blind_mode_nothing_says_what_the_guard_said(workspace: Workspace) -> None:
    text = await press(workspace, "x", "B", until_seen="PROMPT")
    assert "blind" in text
    assert "flagged" not in text
    assert "medical" not in text


async def test_one_key_says_what_all_of_a_pattern_is(workspace: Workspace) -> None:
    text = await press(workspace, "2", until_seen="Labelled")
    assert f"not ● health-advice as {FLAGGED}: cluster 1, 4 answers" in text
    with workspace.database() as database:
        assert labels_of(database, ["r0", "r1", "r2", "r3"]) == {
            ("centroid", LABELS[1]), ("propagated", LABELS[1])
        }  # fmt: skip
        assert labels_of(database, ["r4", "r5", "r6", "r7"]) == set()


async def test_a_key_labels_a_pattern_also_where_other_labels_are_learned(
    clustered_workspace: Workspace,
) -> None:
    workspace = use_spread(clustered_workspace, "learned")
    add_patterns(workspace)
    with workspace.database() as database:
        async with make_app(workspace, database).run_test(size=WIDE) as pilot:
            screen = await until_clusters(pilot)
            await pilot.press("1", "2")
            await seen(pilot, "more elsewhere")
            screen.go_to(ClusterWanted("p-cough", then_split=False))
            text = await seen(pilot, f"as {FLAGGED}", "Label 4 answers:")
            assert "elsewhere" not in text.split("Label 4 answers:")[1].splitlines()[0]
            await pilot.press("2")
            await seen(pilot, f"as {FLAGGED}: cluster")
        assert labels_of(database, ["r1", "r2", "r3"]) == {("propagated", LABELS[1])}


async def test_the_page_on_a_pattern_names_it(workspace: Workspace) -> None:
    text = await press(workspace, "i", until_seen="This cluster")
    assert "cough syrup, rest" in text
    assert f"health-advice, {FLAGGED}" in text
    assert read_place(workspace.path, workspace.settings.annotator).filter.dataset == LIVE


def labels_of(database: Database, records: list[str]) -> set[tuple[str, str]]:
    with database.read() as cursor:
        return {
            (origin, label)
            for answer, origin, label in cursor.rows(
                "SELECT answer_id, origin, label FROM answer_labels"
            )
            if answer in answers_of(records)
        }


async def test_a_pair_of_production_is_below_its_context(pair_workspace: Workspace) -> None:
    records = [
        {"text": f"Which fund, number {number}?", "context": "You help customers of a bank.",
         "verdict": "flagged", "guard": GUARD, "prompt": None}
        for number in range(3)
    ]  # fmt: skip
    with pair_workspace.database() as database:
        add_records(database, LIVE, records)
        draft_patterns(pair_workspace, database, PatternsRequest(LIVE))
    ids = answers_of(["r0", "r1", "r2"])
    predicted = rows.predictions(dict.fromkeys(ids, ON), detector_id=PAIRS_INITIAL)
    members = rows.members(
        {"p-bank": ids}, clustering_id="g-live", label=OFF, detector_id=PAIRS_INITIAL
    )
    stages = [("predict", predicted), ("cluster", members)]
    write_job(pair_workspace, "20260107-090000-0001", stages)
    place = Place(filter=Filter(dataset=LIVE, selected="patterns"))
    write_place(pair_workspace.path, pair_workspace.settings.annotator, place)

    text = await press(pair_workspace, "x", until_seen="PRODUCTION")
    assert text.index("PRODUCTION live") < text.index("You help customers")
    assert text.index("You help customers") < text.index("USER PROMPT")
    assert f"as {FLAGGED}: " in text
    assert "overturns" not in text
