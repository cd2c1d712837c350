"""Processes that train together end as one does, also short of memory, or killed and resumed.

They share the processor, where accelerate takes gloo in place of NCCL.
"""

import json
from collections.abc import Callable, Sequence
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from engine.errors import EngineError, TrainingRefused
from engine.jobs.stage import Progress
from engine.stages import train as train_stage
from engine.stages.train import TrainStage
from engine.training import loss, processes
from engine.training.hyperparameters import StageSettings
from engine.training.params import TrainParams
from engine.training.processes import run_together
from engine.training.rank import Rank
from store.schema import DETECTORS
from tests.engine.stages.test_train import LABELS, make_params, toy_rows, two_stages
from tests.engine.stages.test_train_resumed import outcome, stage_dir
from tests.fakes import RecordedProgress, make_inputs, run_stage, short_of_room
from tests.killed_training import PRELOADED, arm
from tests.tiny import calm, tiny_bert

Work = Callable[[], Any]
TWO = ("cpu", "cpu")


@pytest.fixture(autouse=True)
def _quick_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fork processes off one that has loaded the libraries; no GPU is left behind in it."""
    get_context("forkserver").set_forkserver_preload(PRELOADED)
    monkeypatch.setattr(processes, "START_METHOD", "forkserver")


def short_of_memory(work: Work) -> Any:
    """Do the work in a process that has room for one row at once."""
    vars(loss)["sum_losses"] = short_of_room(1)
    return work()


def dying(work: Work) -> Any:
    """Do the work in a process that is killed after its fifth step."""
    arm("step:5")
    return work()


def disturb_second(monkeypatch: pytest.MonkeyPatch, disturbed: Callable[[Work], Any]) -> None:
    """Let something happen to the second of the processes that train together."""

    def run(make_work: Callable[[Rank, Progress], Work], *others: Any) -> Any:
        def make(rank: Rank, progress: Progress) -> Work:
            work = make_work(rank, progress)
            return work if rank.leads else partial(disturbed, work)

        return run_together(make, *others)

    monkeypatch.setattr(train_stage, "run_together", run)


def train(
    workspace: Path,
    rows: pl.DataFrame,
    params: TrainParams,
    devices: Sequence[str] = TWO,
) -> tuple[dict[str, Any], RecordedProgress]:
    progress = RecordedProgress()
    inputs = make_inputs(
        workspace, {"training_rows": rows}, devices=tuple(devices), progress=progress
    )
    stage = TrainStage(checkpoint_steps=3)
    return run_stage(stage, inputs, params).row(0, named=True), progress


def weights(workspace: Path) -> dict[str, Any]:
    from safetensors.torch import load_file

    return load_file(workspace / "detectors" / "d1" / "model.safetensors")


def test_processes_that_train_together_end_as_one_does_even_short_of_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 25 rows in batches of 4, the last leaves the second process without any."""
    rows = toy_rows(25)
    params = make_params(calm(tiny_bert(tmp_path / "base")), epochs=2, batch_size=4)
    alone, _ = train(tmp_path / "alone", rows, params, TWO[:1])
    disturb_second(monkeypatch, short_of_memory)
    together, progress = train(tmp_path / "together", rows, params)
    expected, found = weights(tmp_path / "alone"), weights(tmp_path / "together")
    assert max(float((found[name] - expected[name]).abs().max()) for name in expected) < 1e-5
    assert together["losses"] == pytest.approx(alone["losses"], abs=1e-5)
    assert progress.done == progress.total == 2 * 25
    assert any("from the last checkpoint" in note for note in progress.notes)
    versions = json.loads(together["versions"])
    assert versions["devices"] == 2
    assert versions["rows at once"] == "at most 1 from step 1 of training stage 1"


def test_a_training_of_several_processes_goes_on_after_one_was_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    params = make_params(
        tiny_bert(tmp_path / "base"), epochs=3, batch_size=4, warmup_ratio=0.1,
        validation_share=0.2, early_stop_epochs=1,
        stages=(StageSettings(), StageSettings(epochs=2)),
    )  # fmt: skip
    train(tmp_path / "whole", two_stages(), params)
    with monkeypatch.context() as patched:
        disturb_second(patched, dying)
        with pytest.raises(EngineError, match=r"One of 2 processes .* ended with status"):
            train(tmp_path / "cut", two_stages(), params)
    assert sorted(path.name for path in (stage_dir(tmp_path / "cut") / "checkpoints").iterdir())
    train(tmp_path / "cut", two_stages(), params)
    assert outcome(tmp_path / "cut") == outcome(tmp_path / "whole")


@pytest.mark.parametrize(
    ("devices", "own"),
    [(("cuda:2", "cuda:0"), ["cuda:0", "cuda:1"]), (("cpu", "cpu"), ["cpu", "cpu"])],
)
def test_each_process_has_the_gpu_of_its_place_among_those_it_sees(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, devices: tuple[str, ...], own: list[str]
) -> None:
    given: list[str] = []

    def note(make_work: Callable[[Rank, Progress], Any], among: Sequence[str], _: Any) -> Any:
        assert tuple(among) == devices
        works = [
            make_work(Rank(number, len(among)), RecordedProgress()) for number in range(len(among))
        ]
        given.extend(work.args[1].device for work in works)
        return pl.DataFrame(schema=dict(DETECTORS))

    monkeypatch.setattr(train_stage, "run_together", note)
    inputs = make_inputs(tmp_path, {"training_rows": two_stages()}, devices=devices)
    list(TrainStage().run(inputs, make_params(tmp_path / "base")))
    assert given == own


def test_rows_are_refused_and_models_adopted_without_another_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(train_stage, "run_together")
    one_label = two_stages().filter(pl.col("label") == "advice")
    with pytest.raises(TrainingRefused, match="all labelled 'advice'"):
        train(tmp_path / "refused", one_label, make_params(tmp_path / "base"))
    base = tiny_bert(tmp_path / "base", LABELS)
    row, _ = train(tmp_path / "adopted", toy_rows(0), make_params(base))
    assert row["training_rows"] == 0
