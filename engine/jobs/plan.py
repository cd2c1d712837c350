"""The plan of a stage that works in batches: which rows, in which order, with which seeds.

The text of a row depends on the batch it is in, so a resumed stage must form the same batches.
The plan is written when the stage first starts and followed from then on; chunk n makes part n.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from engine.jobs.parts import read_parquet, write_parquet
from store.ids import row_id

MOST_TOKENS: Final = 32_768  # of a chunk; more take gigabytes, and minutes before anything is seen
PLAN_SCHEMA = {"chunk": pl.Int32(), "row_id": pl.String(), "seed": pl.Int64()}


@dataclass(frozen=True, slots=True)
class Chunk:
    """The rows of one batch, in order, and the random seed it runs under."""

    number: int
    row_ids: tuple[str, ...]
    seed: int


class Plan:
    """The chunks of one stage, kept in `plan.parquet` of its folder."""

    def __init__(self, path: Path, chunks: list[tuple[str, ...]], seed: int) -> None:
        self._path = path
        self._chunks = chunks
        self._seed = seed

    @classmethod
    def load_or_make(
        cls,
        stage_dir: Path,
        row_ids: Sequence[str],
        lengths: Sequence[int],
        chunk_rows: int,
        seed: int,
    ) -> "Plan":
        """The plan that is there, else a new one: longest rows first, ties by id.

        Rows of similar length share a chunk, so little is padded; with the longest first, memory
        runs out at the beginning if it does at all. A chunk has at most `chunk_rows`, and fewer of
        rows so long that they would be more than MOST_TOKENS.
        """
        path = stage_dir / "plan.parquet"
        if path.exists():
            frame = read_parquet(path)
            grouped = frame.group_by("chunk", maintain_order=True).agg("row_id")
            return cls(path, [tuple(ids) for ids in grouped["row_id"]], seed)
        order = sorted(zip(lengths, row_ids, strict=True), key=lambda item: (-item[0], item[1]))
        plan = cls(path, list(_cut_ordered(order, chunk_rows)), seed)
        plan._write()
        return plan

    def __len__(self) -> int:
        """The number of chunks."""
        return len(self._chunks)

    def chunk(self, number: int) -> Chunk:
        """A chunk; its seed follows from the stage's seed and its rows."""
        rows = self._chunks[number]
        return Chunk(number, rows, self._chunk_seed(rows))

    def rows_before(self, number: int) -> int:
        """How many rows the chunks before this one hold."""
        return sum(len(rows) for rows in self._chunks[:number])

    def halve_from(self, number: int) -> None:
        """Cut this chunk and all after it to half its size, and write that down."""
        rest = [row for rows in self._chunks[number:] for row in rows]
        half = max(1, (len(self._chunks[number]) + 1) // 2)
        self._chunks[number:] = _cut(rest, half)
        self._write()

    def _chunk_seed(self, rows: tuple[str, ...]) -> int:
        return int(row_id("chunk", self._seed, *rows)[:12], 16)

    def _write(self) -> None:
        rows = [
            (number, row, self._chunk_seed(chunk))
            for number, chunk in enumerate(self._chunks)
            for row in chunk
        ]
        write_parquet(self._path, pl.DataFrame(rows, schema=PLAN_SCHEMA, orient="row"))


def _cut_ordered(order: Sequence[tuple[int, str]], most_rows: int) -> Iterator[tuple[str, ...]]:
    """Chunks of rows that come with their lengths, longest first, to which others are padded."""
    start = 0
    while start < len(order):
        longest, _ = order[start]
        size = min(most_rows, max(MOST_TOKENS // max(longest, 1), 1))
        yield tuple(row for _, row in order[start : start + size])
        start += size


def _cut(rows: Sequence[str], size: int) -> list[tuple[str, ...]]:
    return [tuple(rows[start : start + size]) for start in range(0, len(rows), size)]
