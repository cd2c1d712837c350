"""Which rows each step of a training sees, and how many of them are computed at once."""

import json
import random
from collections.abc import Sequence
from pathlib import Path

from engine.jobs.parts import write_text

Batch = list[int]  # indices of rows
Step = list[Batch]


def plan_batches(
    lengths: Sequence[int], batch_size: int, seed: int, stage: int, epoch: int
) -> list[Batch]:
    """Every row's index once, in batches of similar length, in random order.

    Rows are shuffled and sorted by length within pools of up to 50 batches only, at least four
    pools to an epoch, so that the batches differ from epoch to epoch. One batch is short if the
    rows do not divide evenly.
    """
    generator = random.Random(f"{seed} {stage} {epoch}")
    order = list(range(len(lengths)))
    generator.shuffle(order)
    pool_size = batch_size * min(max(len(order) // (4 * batch_size), 1), 50)
    batches = []
    for start in range(0, len(order), pool_size):
        pool = sorted(order[start : start + pool_size], key=lambda row: lengths[row])
        batches += [pool[at : at + batch_size] for at in range(0, len(pool), batch_size)]
    generator.shuffle(batches)
    return batches


def group_steps(batches: Sequence[Batch], gradient_accumulation: int) -> list[Step]:
    """Steps of an epoch: so many batches each, the last perhaps fewer."""
    starts = range(0, len(batches), gradient_accumulation)
    return [list(batches[start : start + gradient_accumulation]) for start in starts]


class RowsAtOnce:
    """How many rows of a batch fit in memory together, found by trying and kept in a file.

    What was found at a step holds from there to the end of its training stage. It is written
    down before it is tried, so a resumed training cuts the same batches at the same steps.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._found: list[tuple[int, int, int]] = (  # stage, step, rows; in the order found
            [tuple(item) for item in json.loads(path.read_text("utf-8"))] if path.exists() else []
        )

    def cut(self, step: Step, stage: int, number: int) -> list[Batch]:
        """Pieces that batches of a step are computed in, at a 0-based step."""
        rows = self._rows(step, stage, number)
        return [batch[at : at + rows] for batch in step for at in range(0, len(batch), rows)]

    def halve(self, step: Step, stage: int, number: int) -> bool:
        """Halve the pieces from this step on; False if they are single rows already."""
        rows = self._rows(step, stage, number)
        if rows == 1:
            return False
        self._found.append((stage, number, (rows + 1) // 2))
        write_text(self._path, json.dumps(self._found))
        return True

    def describe(self) -> str:
        """What was found, for people; empty if every batch fitted."""
        return "; ".join(
            f"at most {rows} from step {number + 1} of training stage {stage + 1}"
            for stage, number, rows in self._found
        )

    def _rows(self, step: Step, stage: int, number: int) -> int:
        limits = [rows for at, since, rows in self._found if at == stage and since <= number]
        return min([*limits, max((len(batch) for batch in step), default=1)])
