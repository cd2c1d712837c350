from pathlib import Path

import polars as pl
import pytest

from engine.errors import ModelUnavailable
from engine.generation.protocol import Generator, Sampling
from engine.generation.templates import Template
from engine.stages import trial
from engine.stages.trial import TrialParams, TrialStage, WayParams
from store.schema import SAMPLES
from tests import rows
from tests.fakes import FakeEncoder, FakeGenerator, RecordedProgress, make_inputs, run_stage

SEEDS = {"s0": "Rest for a day.", "s1": "Drink some water.", "s2": "Wash the wound."}


class Models:
    """Stands in for `load_generator`, and remembers which models were loaded."""

    def __init__(self) -> None:
        self.loaded: list[str] = []

    def load(self, reference: str, **_: object) -> Generator:
        self.loaded.append(reference)
        if reference == "path:missing":
            raise ModelUnavailable("There is no model in missing.")
        return FakeGenerator(fails_at="Wash the wound.?")


@pytest.fixture
def models(monkeypatch: pytest.MonkeyPatch) -> Models:
    models = Models()
    monkeypatch.setattr("engine.generation.params.load_generator", models.load)
    monkeypatch.setattr(trial, "Encoder", FakeEncoder)
    return models


def way(model: str = "path:m", prompt: str = "{text}?", temperature: float = 0.6) -> WayParams:
    return WayParams(
        model=model,
        template=Template(name="t", style="chat", prompt=prompt),
        template_file="t",
        sampling=Sampling(temperature=temperature),
    )


def ask(
    tmp_path: Path, *ways: WayParams, parts_done: int = 0, progress: RecordedProgress | None = None
) -> pl.DataFrame:
    samples = rows.frame(
        SAMPLES, [{"sample_id": name, "dataset": "d", "text": text} for name, text in SEEDS.items()]
    )
    inputs = make_inputs(
        tmp_path, {"samples": samples}, stage="1-try", parts_done=parts_done, progress=progress
    )
    return run_stage(TrialStage(), inputs, TrialParams(ways=ways, encoder="path:e"))


def test_every_way_asks_about_every_seed(tmp_path: Path, models: Models) -> None:
    found = ask(tmp_path, way(), way(prompt="Ask: {text}"))
    assert found.group_by("way").len().sort("way").rows() == [(0, 3), (1, 3)]
    second = found.filter(pl.col("way") == 1)
    assert sorted(second["sample_id"]) == list(SEEDS)
    assert second["text"].str.contains("Ask: ").all()
    assert second["error"].null_count() == 3


def test_a_question_is_compared_with_its_own_seed(tmp_path: Path, models: Models) -> None:
    found = ask(tmp_path, way())
    encoder = FakeEncoder("", "")
    for sample_id, text, similarity in found.select("sample_id", "text", "similarity").rows():
        if text is None:
            assert similarity is None
            continue
        seed, question = encoder.embed([SEEDS[sample_id], text])
        assert similarity == pytest.approx(float(seed @ question), abs=1e-6)


def test_a_model_is_loaded_once_for_ways_in_a_row(tmp_path: Path, models: Models) -> None:
    ask(tmp_path, way(), way(temperature=1.0), way("path:other"))
    assert models.loaded == ["path:m", "path:other"]


def test_a_way_whose_model_is_missing_does_not_stop_the_others(
    tmp_path: Path, models: Models
) -> None:
    found = ask(tmp_path, way("path:missing"), way())
    first = found.filter(pl.col("way") == 0)
    assert first["error"].to_list() == ["There is no model in missing."] * 3
    assert found.filter(pl.col("way") == 1)["error"].drop_nulls().to_list() == [
        "nothing came of it"
    ]


def test_a_try_that_was_interrupted_goes_on_at_its_next_way(tmp_path: Path, models: Models) -> None:
    whole = ask(tmp_path / "whole", way(), way(prompt="Ask: {text}"))
    ask(tmp_path / "cut", way())
    models.loaded.clear()
    resumed = ask(tmp_path / "cut", way(), way(prompt="Ask: {text}"), parts_done=1)
    assert models.loaded == ["path:m"]
    assert resumed.drop("seconds").equals(whole.drop("seconds"))


def test_a_way_that_was_interrupted_is_not_timed(tmp_path: Path, models: Models) -> None:
    (tmp_path / "jobs" / "job-1" / "1-try" / "way-1").mkdir(parents=True)
    assert ask(tmp_path, way())["seconds"].null_count() == 3
    assert ask(tmp_path / "other", way())["seconds"].null_count() == 0


def test_progress_says_which_way_is_asked(tmp_path: Path, models: Models) -> None:
    progress = RecordedProgress()
    ask(tmp_path, way(), way(prompt="Ask: {text}"), progress=progress)
    assert [note for note in progress.notes if "way" in note] == ["way 1 of 2", "way 2 of 2"]
