"""One log on its way into a dataset of production, batch by batch, from where it was left.

Each batch is a transaction that also says how far the log has been read. What is refused is kept
with its reason, as of any import.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Final

import polars as pl

from store.database.connection import Database
from store.errors import ImportRefused, RowKnown
from store.log_files import LogFile, list_log_files
from store.logs import (
    KNOWN,
    LogProgress,
    LogTally,
    find_records,
    take_in_records,
)
from store.reading.logs.batches import Batch, Reject
from store.reading.logs.entries import LogSource, Place
from store.redacted import list_redactions
from tui.services.files.log_options import (
    LogOptions,
    describe_reading,
    describe_redaction,
    open_reader,
)
from tui.services.files.rejects_path import RejectsFile
from tui.services.workspace import Workspace

ROWS_AT_ONCE: Final = 5_000  # in one transaction
FEW_AT_ONCE: Final = 2_000  # where a user at a screen may wait for it: some 30 ms


@dataclass(slots=True)
class LogCounts:
    """What became of a log's records: `read` = `new` + `known` + `rejected`.

    Of the known ones, something was `learned` of some. `flagged` and `missing` are new records,
    the latter without a text. `passed` counts rows without a text to speak of, `reasons` those that
    were refused, by why.
    """

    read: int = 0
    new: int = 0
    known: int = 0
    rejected: int = 0
    learned: int = 0
    flagged: int = 0
    missing: int = 0
    passed: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)


class LogIntake:
    """A log that is being taken in; it may grow meanwhile.

    `counts` are of this import. `waits` says that the log ends in the middle of a row. Raises
    ImportRefused for a log of no known layout, or of another than the options say.
    """

    def __init__(
        self,
        workspace: Workspace,
        database: Database,
        log: LogSource,
        options: LogOptions,
        rejects: RejectsFile,
    ) -> None:
        self.log, self.options, self.rejects = log, options, rejects
        self.counts, self.waits = LogCounts(), False
        self.layout, self._reader = open_reader(workspace, database, log, options)
        self._reading = describe_reading(self._reader, self.layout, options)
        self._left = self._find_left(database)
        self._place = self._left.place if self._left else Place()
        self._must_recount = self._left is not None and self._left.is_counted
        self.lines_before = self._place.read_lines
        is_redacted = options.redaction is not None or options.dataset in list_redactions(database)
        self._is_other = pl.lit(value=False) if is_redacted else _IS_OTHER
        self._import_id: int | None = None
        self._are_new = True

    def _find_left(self, database: Database) -> LogFile | None:
        """Where this log was left, whatever it was called then."""
        files = list_log_files(database, self.options.dataset, self._reading)
        return next((file for file in files if self.log.mark(file.place) == file.mark), None)

    @property
    def is_same(self) -> bool:
        """Whether the file is still the one that was read, and not another in its place."""
        return self._left is None or self.log.mark(self._left.place) == self._left.mark

    def take_in(
        self,
        database: Database,
        *,
        is_ended: bool = False,
        told: Callable[[int], None] | None = None,
    ) -> bool:
        """Take in what the log has beyond what was read; whether that was anything.

        With `is_ended` nobody writes it any more, so that half a row at its end is refused.
        `told` is called with the number of records read, batch by batch.
        """
        if self._must_recount and any(True for _ in islice(self.log.entries(self._place), 1)):
            self._place, self._must_recount = Place(), False
        before, self.waits = self._place, False
        size = FEW_AT_ONCE if database.is_modest else ROWS_AT_ONCE
        is_ended = is_ended or not self.log.can_grow
        batches = self._reader.batches(self._place, size, is_ended=is_ended)
        for batch, is_last in _with_last(batches):
            self.waits = batch.waits
            if batch.end == self._place:
                continue
            # What is packed has no place to go on from but its end: to look there takes too long.
            self._store(database, batch, is_noted=is_last or self.log.can_grow, is_last=is_last)
            if told is not None:
                told(self.counts.read)
        return self._place != before

    def _store(self, database: Database, batch: Batch, *, is_noted: bool, is_last: bool) -> None:
        """Store a batch; records of one id go one after the other, each in a transaction."""
        self.counts.passed.update(batch.passed)
        self._refuse(database, batch.rejects)
        layers = _layers(batch.records)
        for number, layer in enumerate(layers, start=1):
            end = batch.end if is_noted and number == len(layers) else None
            while not self._try_layer(database, batch, layer, end, is_last):
                pass
        self._place = batch.end

    def _try_layer(
        self,
        database: Database,
        batch: Batch,
        layer: pl.DataFrame,
        end: Place | None,
        is_last: bool,
    ) -> bool:
        """Store records of different ids; False where some are there that were taken to be new.

        They are taken for it as long as those before were: to look for each takes longer.
        """
        record_ids = layer["record_id"]
        known = _NONE_KNOWN if self._are_new else find_records(database, record_ids)
        found = layer.join(known, on="record_id", suffix="_known", maintain_order="left")
        others = found.filter(self._is_other)
        rejects = [self._reader.reject_other(batch, nth) for nth in others["nth"]]
        new = layer.drop("nth").join(known, on="record_id", how="anti", maintain_order="left")
        learned = found.filter(_TEACHES & ~self._is_other).select(new.columns)
        counts = replace(
            self.counts,
            read=self.counts.read + layer.height,
            new=self.counts.new + new.height,
            known=self.counts.known + found.height - others.height,
            learned=self.counts.learned + learned.height,
            rejected=self.counts.rejected + others.height,
            flagged=self.counts.flagged + int((new["verdict"] == "flagged").sum()),
            missing=self.counts.missing + new["missing"].count(),
        )
        progress = self._progress(counts, end, is_last)
        try:
            self._import_id = take_in_records(
                database, self.options.dataset, new, learned, progress
            )
        except RowKnown:
            self._are_new = False
            return False
        self._are_new = found.is_empty()
        self.counts = counts
        self._left = progress.file or self._left
        self._keep(database, rejects)
        return True

    def _progress(self, counts: LogCounts, end: Place | None, is_last: bool) -> LogProgress:
        file = None
        if end is not None:
            mark = self.log.mark(end)
            if mark is None:
                raise ImportRefused(f"{self.log.name} was cut short while it was read. Try again.")
            file = LogFile(self.log.name, mark, end, self._reader.is_counting)
        path = self.rejects.path
        return LogProgress(
            name=self.log.name,
            file=file,
            before=self._left.mark if self._left else None,
            tally=LogTally(counts.read, counts.new, counts.known, counts.rejected),
            reading=self._reading,
            noted={**self._reading, **describe_redaction(self.options)},
            rejects_file=path.name if counts.rejected and path is not None else None,
            is_last=is_last,
            import_id=self._import_id,
        )

    def _refuse(self, database: Database, rejects: list[Reject]) -> None:
        """Keep rows that were refused, before the batch that they are of says that it was read."""
        self.counts.read += len(rejects)
        self.counts.rejected += len(rejects)
        self._keep(database, rejects)

    def _keep(self, database: Database, rejects: list[Reject]) -> None:
        self.counts.reasons.update(reason for _, _, reason, _ in rejects)
        self.rejects.keep(database, rejects)


_NONE_KNOWN: Final = pl.DataFrame(schema=KNOWN)
# Of records that are there already: what is new, and what cannot be.
_TEACHES: Final = (
    (pl.col("verdict").is_not_null() & pl.col("verdict_known").is_null())
    | (pl.col("text").is_not_null() & pl.col("missing_known").is_not_null())
    | (pl.col("feedback").is_not_null() & pl.col("feedback").ne_missing(pl.col("feedback_known")))
)
_IS_OTHER: Final = pl.col("text_hash").ne(pl.col("text_hash_known")).fill_null(value=False)


def _layers(records: pl.DataFrame) -> list[pl.DataFrame]:
    """Records with their positions `nth`, parted so that ids differ in each; one part at least."""
    placed = records.with_row_index("nth").with_columns(
        layer=pl.int_range(pl.len()).over("record_id")
    )
    parts = placed.partition_by("layer", maintain_order=True, include_key=False)
    return parts or [placed.drop("layer")]


def _with_last(batches: Iterator[Batch]) -> Iterator[tuple[Batch, bool]]:
    """Each batch, and whether it is the last."""
    before = next(batches, None)
    for batch in batches:
        if before is not None:
            yield before, False
        before = batch
    if before is not None:
        yield before, True
