"""How quickly something classifies texts: in batches, and one text at a time."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

Item = TypeVar("Item")

MOST_S: Final = 5.0  # for either; a measurement under way is ended
BATCHES_TOGETHER: Final = 8  # a detector puts texts of similar length in a batch
ONE_BY_ONE: Final = 100
P95: Final = 94  # of the 99 cuts into hundredths


@dataclass(frozen=True, slots=True)
class Speed:
    """Rows a second in batches, over `rows`; milliseconds for one text, over `latency_rows`."""

    rows: int
    rows_per_second: float
    latency_rows: int
    latency_ms: float  # the median
    latency_p95_ms: float


def measure_speed(
    classify: Callable[[Sequence[Item], int], object],
    texts: Sequence[Item],
    batch_size: int,
    batches_together: int = BATCHES_TOGETHER,
    clock: Callable[[], float] = time.perf_counter,
) -> Speed:
    """Time `classify(texts, batch size)` on at least one text or pair, tokenizing included.

    What is only slow the first time is done before; a first batch that takes longer than MOST_S is
    itself the measurement. Otherwise as many texts are taken as MOST_S allows, each once, and at
    least the first batches, of which so many are given together.
    """
    classify(texts[:1], 1)
    rows, began = len(texts[:batch_size]), clock()
    classify(texts[:batch_size], batch_size)
    took = clock() - began
    if took <= MOST_S:
        rows, began = 0, clock()
        for start in range(0, len(texts), batches_together * batch_size):
            chunk = texts[start : start + batches_together * batch_size]
            classify(chunk, batch_size)
            rows, took = rows + len(chunk), clock() - began
            if took > MOST_S:
                break
    single = _time_one_by_one(classify, texts[:ONE_BY_ONE], clock)
    return Speed(
        rows=rows,
        rows_per_second=rows / took,
        latency_rows=len(single),
        latency_ms=1000 * statistics.median(single),
        latency_p95_ms=1000 * _p95(single),
    )


def _time_one_by_one(
    classify: Callable[[Sequence[Item], int], object],
    texts: Sequence[Item],
    clock: Callable[[], float],
) -> list[float]:
    began, found = clock(), []
    for text in texts:
        before = clock()
        classify([text], 1)
        found.append(clock() - before)
        if clock() - began > MOST_S:
            break
    return found


def _p95(seconds: Sequence[float]) -> float:
    if len(seconds) == 1:
        return seconds[0]
    return statistics.quantiles(seconds, n=100, method="inclusive")[P95]
