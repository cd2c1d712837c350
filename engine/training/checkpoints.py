"""Checkpoints: where a training goes on from after its process was killed.

    checkpoints/<number>/weights.safetensors    the model
                         optimizer.safetensors  the moments of its parameters
                         best.safetensors       the best weights, if training may stop early
                         state.json             how far the training is
                         complete.json          last: whose it is, and the digests of the others

A folder counts only if `complete.json` names exactly its files. The newest two are kept, so there
is one to fall back on. No pickle is written or read.
"""

import json
import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from engine.jobs.parts import file_digest, sync, write_text

if TYPE_CHECKING:
    import torch

    Tensors = Mapping[str, "torch.Tensor"]

COMPLETE = "complete.json"
TIME_SHARE = 0.05  # of the training that may go into writing checkpoints
LEAST_INTERVAL_S = 5.0
EXPECTED_BYTES_PER_S = 500e6  # until a first checkpoint was timed


class TrainingState(BaseModel):
    """How far a training is, up to the step that was finished last."""

    model_config = ConfigDict(extra="forbid")

    stage: int = 0  # the training stage that is under way, 0-based
    epoch: int = 0  # epochs of the stage that are finished
    step: int = 0  # steps of the epoch that are finished
    rows: int = 0  # seen in all
    seconds: float = 0.0  # spent in all
    points: int = 0  # of the learning curve
    epoch_losses: list[float] = []  # mean training loss of each finished epoch, over all stages
    epoch_sum: float = 0.0  # of the losses of the epoch under way
    epoch_rows: int = 0
    best_epoch: int = 0  # of the stage, 0-based
    best_loss: float | None = None  # on the rows held out

    def next_stage(self, number: int) -> None:
        """Begin another training stage."""
        self.stage, self.epoch, self.step = number, 0, 0
        self.epoch_sum, self.epoch_rows = 0.0, 0
        self.best_epoch, self.best_loss = 0, None


class Checkpoints:
    """The checkpoints of one training, in a folder of its job.

    `training` identifies it: what was written for another one is as good as damaged. A checkpoint
    is due when writing costs at most TIME_SHARE of the time, or every `every_steps` steps.
    """

    def __init__(
        self,
        folder: Path,
        training: str,
        every_steps: int | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder, self._training, self._clock = folder, training, clock
        self._every_steps, self._steps = every_steps, 0
        self._found: Path | None = None
        self._interval_s, self._saved_at = LEAST_INTERVAL_S, clock()

    def restore(self, model: Any) -> TrainingState | None:
        """Put the newest whole checkpoint's weights into the model and return its state.

        None if there is none. What is not whole is removed.
        """
        from safetensors.torch import load_model

        weights = sum(tensor.nbytes for tensor in model.state_dict().values())
        self._pace(3 * weights / EXPECTED_BYTES_PER_S)  # the optimizer holds two of each
        for folder in reversed(self._folders()):
            if self._is_whole(folder):
                self._found = self._found or folder
            else:
                shutil.rmtree(folder)
        if self._found is None:
            return None
        load_model(model, self._found / "weights.safetensors")
        return TrainingState.model_validate_json((self._found / "state.json").read_bytes())

    def best_weights(self) -> "dict[str, torch.Tensor]":
        """The best weights that the restored checkpoint holds, or nothing."""
        return self._load("best.safetensors")

    def restore_optimizer(self, optimizer: Any) -> None:
        """Put the moments of the restored checkpoint into a fresh optimizer."""
        state: dict[int, dict[str, Any]] = {}
        for name, tensor in self._load("optimizer.safetensors").items():
            parameter, _, key = name.partition(".")
            state.setdefault(int(parameter), {})[key] = tensor
        groups = optimizer.state_dict()["param_groups"]
        optimizer.load_state_dict({"state": state, "param_groups": groups})

    def is_due(self) -> bool:
        """Whether to save after this step; asked once a step."""
        self._steps += 1
        if self._every_steps is not None:
            return self._steps % self._every_steps == 0
        return self._clock() - self._saved_at >= self._interval_s

    def save(self, state: TrainingState, model: Any, optimizer: Any, best: "Tensors") -> None:
        """Write a checkpoint durably; of the older ones, only the newest stays."""
        from safetensors.torch import save_file, save_model

        began = self._clock()
        older = self._folders()
        folder = self._folder / f"{int(older[-1].name) + 1 if older else 1:06}"
        folder.mkdir(parents=True)
        save_model(model, str(folder / "weights.safetensors"))
        save_file(_moments(optimizer), folder / "optimizer.safetensors")
        if best:
            save_file(dict(best), folder / "best.safetensors")
        (folder / "state.json").write_text(state.model_dump_json(), encoding="utf-8")
        digests = {path.name: file_digest(path) for path in folder.iterdir()}
        for name in digests:
            sync(folder / name)
        whole = {"training": self._training, "files": digests}
        write_text(folder / COMPLETE, json.dumps(whole))
        sync(self._folder)
        for path in older[:-1]:
            shutil.rmtree(path)
        self._pace(self._clock() - began)

    def clear(self) -> None:
        """Remove all checkpoints: the training is over."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _pace(self, took_s: float) -> None:
        self._interval_s = max(LEAST_INTERVAL_S, took_s / TIME_SHARE)
        self._saved_at = self._clock()

    def _folders(self) -> list[Path]:
        return sorted(self._folder.glob("[0-9]*"))

    def _is_whole(self, folder: Path) -> bool:
        try:
            whole = json.loads((folder / COMPLETE).read_bytes())
            digests = {
                path.name: file_digest(path) for path in folder.iterdir() if path.name != COMPLETE
            }
        except (OSError, ValueError):
            return False
        return bool(whole == {"training": self._training, "files": digests})

    def _load(self, name: str) -> "dict[str, torch.Tensor]":
        from safetensors.torch import load_file

        if self._found is None or not (self._found / name).exists():
            return {}
        # What load_file returns is backed by the file, which will be removed.
        return {key: tensor.clone() for key, tensor in load_file(self._found / name).items()}


def _moments(optimizer: Any) -> "dict[str, torch.Tensor]":
    """The optimizer's tensors by number of parameter and name."""
    state = optimizer.state_dict()["state"]
    return {
        f"{parameter}.{key}": tensor.contiguous()
        for parameter, tensors in state.items()
        for key, tensor in tensors.items()
    }
