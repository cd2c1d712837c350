"""Pairs for tests: whether a text is on the topic of its context, which neither says alone."""

from pathlib import Path
from typing import Any, Final

import polars as pl

from engine.models.architecture import Architecture
from engine.training.bases import load_base
from store.sources import TRAINING_ROWS
from tests.fakes import checkpoint_at
from tests.tiny import tiny_bert

LABELS: Final = ("off-topic", "on-topic")
ARCHITECTURES: Final[tuple[Architecture, ...]] = ("cross-encoder", "bi-encoder")
CONTEXTS: Final = (
    "You answer questions about medicines, and nothing else. Be brief, and name your sources.",
    "You plan journeys by train.",
    "You answer questions about medicines, and nothing else. Be brief, and name your sources.",
    "You summarise letters, whatever they are about, in three sentences.",
    "You plan journeys by train.",
)
TEXTS: Final = (
    "The train leaves at nine.",
    "When does the next one leave?",
    "May I drink two glasses of wine before I take this, or one after it?",
    "Rest.",
    "Write a poem on vitamin D.",
)
_TOPICS: Final = (("Talk of trains.", "The train"), ("Talk of water.", "Drink water"))


def toy_pairs(count: int, stage: int = 0) -> pl.DataFrame:
    """Pairs whose label is whether text and context have the same topic (schema TRAINING_ROWS)."""
    rows = []
    for index in range(count):
        context, _ = _TOPICS[index % 2]
        _, words = _TOPICS[index % 4 // 2]
        item = f"{stage}-{index:03}"
        rows.append(
            {
                "stage": stage,
                "source": "real",
                "dataset": "toy",
                "item_id": item,
                "sample_id": item,
                "text": f"{words} number {index * 37 % 101}.",
                "context": context,
                "label": LABELS[index % 2 == index % 4 // 2],
            }
        )
    return pl.DataFrame(rows, schema=dict(TRAINING_ROWS))


def pair_model(
    folder: Path, architecture: Architecture, make: Any = tiny_bert, seed: int = 0
) -> tuple[Any, Any]:
    """(model, tokenizer) of a tiny detector for pairs, untrained."""
    return load_base(checkpoint_at(make(folder)), LABELS, seed, architecture)
