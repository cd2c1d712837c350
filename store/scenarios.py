"""What is in a scenario: the prompts that an LLM wrote with a context, each for a label."""

from typing import Final

import polars as pl

from store.ids import content_digest, row_id, sample_id
from store.schema import ANSWERS

PROMPTS: Final = pl.Schema({**ANSWERS, "context": pl.String(), "label": pl.String()})


def read_prompts(scenarios: pl.DataFrame) -> pl.DataFrame:
    """The prompts of scenarios (schema SCENARIOS), in their order (schema PROMPTS).

    They were written together, so all that says how is that of the scenario.
    """
    rows = []
    for scenario in scenarios.filter(pl.col("prompts").is_not_null()).iter_rows(named=True):
        shared = {name: scenario[name] for name in ANSWERS if name in scenario}
        rows += [
            shared | {
                "answer_id": row_id("prompt", scenario["query_id"], place),
                "context": scenario["text"],
                "text": prompt["text"],
                "label": prompt["label"],
                "new_tokens": 0,  # the scenario has them
            }
            for place, prompt in enumerate(scenario["prompts"])
        ]  # fmt: skip
    return pl.DataFrame(rows, schema=dict(PROMPTS), orient="row")


def make_samples(prompts: pl.DataFrame) -> pl.DataFrame:
    """Rows of the table `samples` of prompts (PROMPTS and `dataset`); a scenario is a group.

    The line is the place of a prompt in its scenario, from 1.
    """
    seen: dict[tuple[str, ...], int] = {}
    rows = []
    for prompt in prompts.iter_rows(named=True):
        key = (prompt["dataset"], prompt["context"], prompt["text"], prompt["label"])
        nth = seen[key] = seen.get(key, -1) + 1
        rows.append({
            "sample_id": sample_id(
                prompt["dataset"], prompt["text"], prompt["context"], prompt["label"], nth
            ),
            "dataset": prompt["dataset"],
            "text": prompt["text"],
            "context": prompt["context"],
            "text_hash": content_digest(prompt["text"], prompt["context"]),
            "label": prompt["label"],
            "group_key": prompt["query_id"],
            "source": prompt["model"],
        })  # fmt: skip
    line = pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("group_key")
    return pl.DataFrame(rows, schema=_SAMPLES).with_columns(
        external_id=pl.lit(None, pl.String), line=line
    )


_SAMPLES: Final = dict.fromkeys(
    ("sample_id", "dataset", "text", "context", "text_hash", "label", "group_key", "source"),
    pl.String,
)
