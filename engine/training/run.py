"""What is trained on: the rows of a training stage, and what the stages of one detector share."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.jobs.stage import Progress
from engine.models.inputs import Row, count_tokens
from engine.training.batches import RowsAtOnce
from engine.training.checkpoints import Checkpoints, TrainingState
from engine.training.curve import CurveFile
from engine.training.rank import ALONE, Rank

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True, slots=True)
class LabelledRows:
    """Model inputs, the index of each row's label, and that label's probability.

    Without probabilities all labels are certain.
    """

    inputs: Sequence[Row]
    targets: Sequence[int]
    probabilities: Sequence[float] = ()

    @property
    def lengths(self) -> list[int]:
        """Number of tokens of each row."""
        return [count_tokens(row) for row in self.inputs]


@dataclass(frozen=True, slots=True)
class TrainingStage:
    """The rows of one training stage, and those that it is evaluated on after each epoch."""

    number: int  # 0-based
    where: str  # for people
    rows: LabelledRows
    held_out: LabelledRows


@dataclass(slots=True)
class Run:
    """What the training stages of one detector share; `state` and `best` change as it trains.

    Of several ranks, the first alone writes checkpoints and the curve.
    """

    seed: int
    device: str
    progress: Progress
    checkpoints: Checkpoints
    curve: CurveFile
    rows_at_once: RowsAtOnce
    state: TrainingState
    best: "dict[str, torch.Tensor]" = field(default_factory=dict)
    clock: Callable[[], float] = time.monotonic
    rank: Rank = ALONE
