"""The contexts of a dataset of pairs, for texts that come without one."""

from store.database.connection import Database
from store.database.served import served
from store.datasets import require_dataset
from store.errors import ImportRefused


@served
def list_contexts(database: Database, dataset: str) -> list[str]:
    """The different contexts of a dataset's pairs, and of the scenarios of its draws, in order.

    Raises UnknownName, and ImportRefused where it has none.
    """
    require_dataset(database, dataset)
    with database.read() as cursor:
        rows = cursor.rows(
            """SELECT context FROM samples WHERE dataset = ? AND context IS NOT NULL
            UNION SELECT q.text FROM queries q JOIN samples s USING (sample_id)
            JOIN dataset_roles r ON r.dataset = s.dataset AND r.role = 'invented'
            WHERE s.dataset = ? AND q.error IS NULL AND q.text IS NOT NULL
            ORDER BY 1""",
            [dataset, dataset],
        )
    if not rows:
        raise ImportRefused(
            f"No row of {dataset!r} has a context to draw from: name a dataset of pairs."
        )
    return [context for (context,) in rows]
