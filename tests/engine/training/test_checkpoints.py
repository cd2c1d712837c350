"""Checkpoints: what counts as whole, what is kept, and how often they are written."""

from pathlib import Path
from typing import Any

import pytest
import torch

from engine.training.checkpoints import Checkpoints, TrainingState

FILES = ("weights.safetensors", "optimizer.safetensors", "state.json", "best.safetensors")


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def trained(steps: int) -> tuple[Any, Any]:
    """A model and its optimizer after some steps."""
    torch.manual_seed(0)
    model = torch.nn.Linear(3, 2)
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.1)
    for step in range(steps):
        model(torch.full((1, 3), float(step + 1))).sum().backward()
        optimizer.step()
    return model, optimizer


def save(checkpoints: Checkpoints, steps: int) -> None:
    model, optimizer = trained(steps)
    best = {"weight": torch.full((2,), float(steps))}
    checkpoints.save(TrainingState(rows=steps, epoch_losses=[0.1]), model, optimizer, best)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Checkpoints after one, two and three steps; the first was removed."""
    checkpoints = Checkpoints(tmp_path / "checkpoints", "t")
    for steps in (1, 2, 3):
        save(checkpoints, steps)
    return tmp_path / "checkpoints"


def test_the_newest_gives_back_weights_moments_and_state(folder: Path) -> None:
    model, optimizer = trained(0)
    again, (expected, moments) = Checkpoints(folder, "t"), trained(3)
    assert again.restore(model) == TrainingState(rows=3, epoch_losses=[0.1])
    assert torch.equal(model.weight, expected.weight)
    again.restore_optimizer(optimizer)
    found, wanted = optimizer.state_dict()["state"], moments.state_dict()["state"]
    assert {key: sorted(kept) for key, kept in found.items()} == {
        key: sorted(kept) for key, kept in wanted.items()
    }
    assert all(
        torch.equal(found[key][name], wanted[key][name]) for key in wanted for name in wanted[key]
    )
    assert again.best_weights()["weight"].tolist() == [3.0, 3.0]
    assert names(folder) == ["000002", "000003"]


@pytest.mark.parametrize("name", [*FILES, "complete.json"])
@pytest.mark.parametrize("harm", ["cut", "flipped", "missing", "added"])
def test_a_damaged_one_is_removed_and_the_one_before_it_used(
    folder: Path, name: str, harm: str
) -> None:
    path = folder / "000003" / name
    content = path.read_bytes()
    if harm == "missing":
        path.unlink()
    elif harm == "cut":
        path.write_bytes(content[:-1])
    elif harm == "flipped":
        path.write_bytes(content[:-9] + bytes([content[-9] ^ 1]) + content[-8:])
    else:
        (path.parent / f"{name}.pkl").write_bytes(content)
    model, _ = trained(0)
    state = Checkpoints(folder, "t").restore(model)
    assert state == TrainingState(rows=2, epoch_losses=[0.1])
    assert torch.equal(model.weight, trained(2)[0].weight)
    assert names(folder) == ["000002"]


def test_without_a_whole_one_nothing_is_restored_and_nothing_left(folder: Path) -> None:
    for path in folder.glob("*/complete.json"):
        path.unlink()
    model, _ = trained(0)
    again = Checkpoints(folder, "t")
    assert again.restore(model) is None
    assert torch.equal(model.weight, trained(0)[0].weight)
    assert (names(folder), again.best_weights()) == ([], {})


def test_those_of_another_training_do_not_count(folder: Path) -> None:
    assert Checkpoints(folder, "other").restore(trained(0)[0]) is None
    assert names(folder) == []


def test_the_newest_two_are_kept_and_none_after_the_end(folder: Path) -> None:
    assert names(folder) == ["000002", "000003"]
    assert not list(folder.rglob("*.p*t*"))  # no pickle
    Checkpoints(folder, "t").clear()
    assert not folder.exists()


def test_writing_takes_a_twentieth_of_the_time_at_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    checkpoints = Checkpoints(tmp_path / "checkpoints", "t", clock=clock)
    model, optimizer = trained(1)
    checkpoints.restore(model)
    clock.now = 4.9
    assert not checkpoints.is_due()
    clock.now = 5.0
    assert checkpoints.is_due()

    def slow(*_: Any) -> dict[str, torch.Tensor]:
        clock.now += 3.0
        return {}

    monkeypatch.setattr("engine.training.checkpoints._moments", slow)
    checkpoints.save(TrainingState(), model, optimizer, {})
    clock.now += 59.9
    assert not checkpoints.is_due()
    clock.now += 0.1
    assert checkpoints.is_due()


def test_a_large_model_waits_longer_for_its_first(tmp_path: Path) -> None:
    """A gigabyte of weights: three with its moments, six seconds at 500 MB/s, two minutes."""
    clock = Clock()
    checkpoints = Checkpoints(tmp_path / "checkpoints", "t", clock=clock)

    class Large:
        def state_dict(self) -> dict[str, Any]:
            return {"weight": torch.empty(250_000_000, device="meta")}

    assert checkpoints.restore(Large()) is None
    clock.now = 119.0
    assert not checkpoints.is_due()
    clock.now = 120.0
    assert checkpoints.is_due()
