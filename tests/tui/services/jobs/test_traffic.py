"""The job that measures how traffic changed: what is due, and what its figures become."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from engine.stages.traffic import TrafficParams, TrafficStage
from store.database.connection import Database
from tests import rows
from tests.fakes import make_inputs, run_stage
from tests.tiny import tiny_bert
from tui.services.errors import NothingToDo
from tui.services.jobs.traffic import draft_traffic
from tui.services.results.interventions import read_interventions
from tui.services.workspace import Workspace

FIRST = datetime(2026, 1, 1, 12)
WORDS = ("rest", "sleep", "walk", "swim")


def add_day(database: Database, day: int, form: str, texts: int = 30) -> None:
    """Texts of a day that are all different."""
    found = [
        {
            "record_id": f"{day}-{number}",
            "logged_at": FIRST + timedelta(days=day, minutes=number),
            "text": form.format(WORDS[number % 4], 10 + (37 * number + 11 * day) % 89),
        }
        for number in range(texts)
    ]
    rows.add_records(database, "live", found)


@pytest.fixture
def live(empty_workspace: Workspace) -> Workspace:
    """Two days of like texts, then one of others."""
    with empty_workspace.database() as database:
        for day, form in enumerate(
            ("You should {} for {} days.", "You should {} for {} days.",
             "A study of {} in {} patients found no effect, as a rule.")
        ):  # fmt: skip
            add_day(database, day, form)
    return empty_workspace


def measure(workspace: Workspace, folder: Path) -> pl.DataFrame:
    """Do what is due with a tiny encoder, and take it in."""
    with workspace.database() as database:
        (stage,) = draft_traffic(workspace, database, "live", "day", UTC).planned
        assert isinstance(stage.params, TrafficParams)
        params = stage.params.model_copy(update={"encoder": f"path:{tiny_bert(folder / 'bert')}"})
        found = run_stage(TrafficStage(), make_inputs(folder, stage.tables), params)
        kept = found.with_columns(config=pl.lit(stage.params.config))
        rows.ingest(database, workspace.path, "traffic", kept)
    return found


def test_periods_of_other_texts_are_told_apart(live: Workspace, tmp_path: Path) -> None:
    found = measure(live, tmp_path)
    assert found.select("begin", "features", "n_before", "n").rows() == [
        (datetime(2026, 1, day), features, 30, 30)
        for day in (2, 3)
        for features in ("embedding", "length")
    ]
    alike, _, other, other_length = found["auc"]
    assert alike < 0.7
    assert other == other_length == 1
    with live.database() as database:
        changes = read_interventions(database, "live", "day", zone=UTC).traffic
        hours = read_interventions(database, "live", "hour", zone=UTC).traffic
    assert [(change.begin.day, change.n, change.n_before) for change in changes] == [
        (2, 30, 30), (3, 30, 30)
    ]  # fmt: skip
    assert changes[1].embedding is not None
    assert changes[1].embedding.value == 1
    assert hours == ()


def test_only_what_was_not_measured_is_due(live: Workspace, tmp_path: Path) -> None:
    measure(live, tmp_path)
    with live.database() as database:
        with pytest.raises(NothingToDo, match="measured already"):
            draft_traffic(live, database, "live", "day", UTC)
        add_day(database, 3, "You should {} for {} days.")
        (stage,) = draft_traffic(live, database, "live", "day", UTC).planned
    assert isinstance(stage.params, TrafficParams)
    assert stage.params.pairs == ((datetime(2026, 1, 3), datetime(2026, 1, 4)),)
    assert stage.tables["traffic_texts"].height == 60
    assert stage.rows == 30


def test_a_single_period_has_nothing_to_be_compared_with(live: Workspace) -> None:
    with live.database() as database, pytest.raises(NothingToDo, match="not of two weeks"):
        draft_traffic(live, database, "live", "week", UTC)
