"""The job that corrects flagged answers: how the model is asked, and what is refused."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from engine.stages.correct import CorrectParams
from store.database.connection import Database
from store.decisions import Decision, record
from store.errors import UnknownName
from store.thresholds import add_threshold
from tests import rows
from tests.observed import observe
from tui.services.errors import DetectorMissing, NothingToDo, SettingsInvalid
from tui.services.jobs.correction import CorrectionRequest, draft_correction
from tui.services.workspace import Workspace


def add_alarms(workspace: Workspace, database: Database, folder: Path) -> None:
    """Two right alarms, and two detectors."""
    positive = next(iter(sorted(workspace.task.positives)))
    flagged = [{"verdict": "flagged", "prompt": f"What of {number}?", "context": "Be kind.",
                "text": f"You must, {number}."} for number in range(2)]  # fmt: skip
    observe(database, folder, flagged, {"c0": ["r0", "r1"]}, flagged_as=positive)
    record(database, "ada", [Decision("label", cluster_id="c0", label=positive)])
    for place, name in enumerate(("old", "new")):
        labels = list(workspace.task.labels)
        frame = rows.detectors(name).with_columns(labels=pl.lit(labels))
        rows.ingest(database, folder, "detectors", frame, part=place)
        rows.stand_in(workspace.path, name)


@pytest.fixture
def single(empty_workspace: Workspace, tmp_path: Path) -> Iterator[Database]:
    with empty_workspace.database() as database:
        add_alarms(empty_workspace, database, tmp_path)
        yield database


def asked(workspace: Workspace, database: Database, **request: object) -> CorrectParams:
    draft = draft_correction(workspace, database, CorrectionRequest(**request))  # type: ignore[arg-type]
    (params,) = draft.params(CorrectParams)
    return params


def test_the_newest_detector_with_its_threshold_has_to_let_corrections_pass(
    empty_workspace: Workspace, single: Database
) -> None:
    add_threshold(single, "new", 0.3, "at", None)
    params = asked(empty_workspace, single)
    assert (params.detector_id, params.threshold) == ("new", 0.3)
    assert params.positives == ("health-advice",)
    assert params.allowed == "health-content or general-content"
    assert (params.candidates, params.model) == (4, "bundled:smollm2-135m-instruct")
    assert (params.template.name, params.scorer) == ("correct", "bundled:all-minilm-l6-v2")
    params = asked(empty_workspace, single, detector="old", candidates=2, model="hf:a/b")
    assert (params.detector_id, params.threshold) == ("old", None)
    assert (params.candidates, params.model) == (2, "hf:a/b")


def test_a_pair_is_asked_about_with_its_context(
    empty_pair_workspace: Workspace, tmp_path: Path
) -> None:
    with empty_pair_workspace.database() as database:
        add_alarms(empty_pair_workspace, database, tmp_path)
        draft = draft_correction(empty_pair_workspace, database, CorrectionRequest())
    (stage,) = draft.planned
    assert stage.tables["flagged_answers"]["context"].to_list() == ["Be kind.", "Be kind."]
    (params,) = draft.params(CorrectParams)
    assert params.template.name == "correct-pair"
    assert f"under this {empty_pair_workspace.task.context}:" in params.template.prompt
    assert "{context}" in params.template.prompt


def test_what_cannot_be_done_is_refused_with_the_way_out(
    empty_workspace: Workspace, single: Database
) -> None:
    with pytest.raises(UnknownName, match="no dataset 'nothing'"):
        asked(empty_workspace, single, dataset="nothing")
    with pytest.raises(UnknownName, match="no detector 'nobody'"):
        asked(empty_workspace, single, detector="nobody")
    template = empty_workspace.path / "templates" / "correct.toml"
    template.write_text(template.read_text().replace("{answer}", "it"))
    with pytest.raises(SettingsInvalid, match=r"has no {answer}, the place where flagged answers"):
        asked(empty_workspace, single)


def test_candidates_that_cannot_differ_are_refused(
    empty_workspace: Workspace, single: Database
) -> None:
    settings = empty_workspace.path / "workspace.toml"
    greedy = "\n[corrections]\ncandidates = 1\n[corrections.sampling]\ntemperature = 0\n"
    settings.write_text(settings.read_text() + greedy)
    workspace = Workspace.open(empty_workspace.path)
    assert asked(workspace, single).candidates == 1
    with pytest.raises(SettingsInvalid, match=r"--candidates: .*all candidates are the same"):
        asked(workspace, single, candidates=3)


def test_a_detector_that_is_broken_or_missing_is_named(
    empty_workspace: Workspace, single: Database
) -> None:
    (empty_workspace.path / "detectors" / "new" / "model.safetensors").unlink()
    with pytest.raises(DetectorMissing, match=r"^new: "):
        asked(empty_workspace, single)
    with single.write() as cursor:
        cursor.execute("DELETE FROM detectors")
    with pytest.raises(DetectorMissing, match="`backquery train RECIPE` makes one"):
        asked(empty_workspace, single)


def test_alarms_without_a_prompt_lead_to_other_logs(
    empty_workspace: Workspace, single: Database
) -> None:
    with single.write() as cursor:
        cursor.execute("UPDATE log_records SET prompt = NULL")
    with pytest.raises(NothingToDo, match="None of 2 right alarms has a prompt"):
        asked(empty_workspace, single)
