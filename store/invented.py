"""What was invented: contexts and texts of scenarios, and what they were drawn from.

The texts of a scenario are answers, or in a benchmark samples, whose group is the scenario.
"""

import polars as pl

from store.database.connection import Database
from store.database.served import served

_INVENTED = "SELECT dataset FROM dataset_roles WHERE role = 'invented'"

_SCENARIOS = f"""
SELECT q.query_id AS scenario_id, q.sample_id, s.dataset, q.text AS context
FROM queries q JOIN samples s USING (sample_id)
WHERE q.error IS NULL AND s.dataset IN ({_INVENTED})
"""
_TEXTS = f"""
WITH scenarios AS ({_SCENARIOS})
SELECT scenario_id, dataset, c.label, a.text
FROM scenarios JOIN answers a ON a.query_id = scenario_id
JOIN constructed_labels c USING (answer_id)
UNION ALL
SELECT scenario_id, k.dataset, k.label, k.text
FROM scenarios JOIN samples k ON k.group_key = scenario_id WHERE k.label IS NOT NULL
"""


@served
def read_scenarios(database: Database) -> pl.DataFrame:
    """Scenarios without an error, by id: scenario_id, sample_id (the draw), dataset, context."""
    with database.read() as cursor:
        return cursor.frame(f"{_SCENARIOS} ORDER BY scenario_id")


@served
def scenario_texts(database: Database) -> pl.DataFrame:
    """Their texts: scenario_id, dataset, label (the one written for), text."""
    with database.read() as cursor:
        return cursor.frame(f"SELECT * FROM ({_TEXTS}) ORDER BY ALL")


@served
def known_texts(database: Database) -> pl.DataFrame:
    """All that no later scenario may repeat, one column null: context, text."""
    with database.read() as cursor:
        return cursor.frame(
            f"""SELECT context, NULL::VARCHAR AS text FROM ({_SCENARIOS})
            UNION ALL SELECT NULL, text FROM ({_TEXTS}) ORDER BY ALL"""
        )


@served
def drawn_values(database: Database) -> pl.DataFrame:
    """The values of draws whose scenario is right or still to come: sample_id, dimension, value."""
    with database.read() as cursor:
        return cursor.frame(
            f"""SELECT sample_id, dimension, "value" FROM sample_dimensions
            JOIN samples s USING (sample_id)
            WHERE s.dataset IN ({_INVENTED}) AND s.label IS NULL AND (
                sample_id NOT IN (SELECT sample_id FROM queries)
                OR sample_id IN (SELECT sample_id FROM queries WHERE error IS NULL))
            ORDER BY ALL"""
        )


@served
def real_texts(database: Database, limit: int) -> pl.DataFrame:
    """Imported rows in an order of chance, at most `limit` of a label: context, label, text."""
    with database.read() as cursor:
        return cursor.frame(
            f"""SELECT context, label, text FROM samples WHERE dataset NOT IN ({_INVENTED})
            QUALIFY row_number() OVER (PARTITION BY label ORDER BY sha256(sample_id)) <= {limit:d}
            ORDER BY sha256(sample_id)"""
        )
