"""How quickly detectors classify texts, as it was timed."""

from dataclasses import dataclass

from store.database.connection import Database
from store.database.served import served


@dataclass(frozen=True, slots=True)
class TimedDetector:
    """Rows a second in batches, and milliseconds for one text: the median and the 95th of 100.

    Over `rows` and `latency_rows` texts, on a device as people call it.
    """

    device: str
    batch_size: int
    rows: int
    rows_per_second: float
    latency_rows: int
    latency_ms: float
    latency_p95_ms: float


@served
def newest_speeds(database: Database, dataset: str) -> dict[str, TimedDetector]:
    """The newest measurement of each detector on texts of a dataset, by detector's id."""
    with database.read() as cursor:
        rows = cursor.rows(
            """SELECT detector_id, device, batch_size, rows, rows_per_second, latency_rows,
                latency_ms, latency_p95_ms
            FROM speeds WHERE dataset = ?
            QUALIFY row_number() OVER (PARTITION BY detector_id ORDER BY measured_at DESC) = 1""",
            [dataset],
        )
    return {detector_id: TimedDetector(*rest) for detector_id, *rest in rows}
