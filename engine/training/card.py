"""The model card that lies in a detector's folder: how it was made, and what it is not.

It states facts only: no figure that nobody measured, and none that belongs to a benchmark.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from engine.models.architecture import Architecture
from engine.training.pair_card import LOADING, describe_pair_limits, describe_sides
from store.counting import counted


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What the card tells beside the counts of the training rows.

    `max_tokens` are those of a text or a pair; of a bi-encoder's context, `max_context_tokens`.
    """

    detector_id: str
    name: str
    recipe: str
    base: str
    labels: Sequence[str]  # in the order of the model's outputs
    positive: Sequence[str]
    pooling: str
    max_tokens: int
    max_context_tokens: int
    architecture: Architecture | None
    params: Mapping[str, object]
    versions: Mapping[str, object]


def render_card(facts: CardFacts, rows: pl.DataFrame, held_out: pl.DataFrame) -> str:
    """The text of README.md. `rows` has the columns of TRAINING_ROWS, or no row.

    Of these, `held_out` were not trained on, but evaluated after each epoch.
    """
    return "\n\n".join(
        [
            _front_matter(facts),
            f"# {_cell(facts.name)}",
            *_origin(facts),
            *_data(rows, held_out),
            _limits(facts),
        ]
    )


def _front_matter(facts: CardFacts) -> str:
    lines = ["library_name: transformers", "pipeline_tag: text-classification"]
    if facts.base.startswith("hf:"):
        lines.append(f"base_model: {json.dumps(facts.base.removeprefix('hf:'))}")
    return "\n".join(["---", *lines, "---"])


def _origin(facts: CardFacts) -> list[str]:
    labels = ", ".join(
        f"`{_cell(label)}`" + (" (positive)" if label in facts.positive else "")
        for label in facts.labels
    )
    return [
        f"A detector made with Backquery, number `{facts.detector_id}`.",
        f"- Base: `{_cell(facts.base)}`\n"
        f"- Recipe: `{_cell(facts.recipe)}`\n"
        f"- Labels, in the order of the outputs: {labels}\n"
        + describe_sides(facts.architecture)
        + f"- Embedding: {_embedding(facts)}",
        *([LOADING[facts.architecture]] if facts.architecture else []),
        "## Parameters",
        _code(facts.params),
        "## Versions",
        _code(facts.versions),
    ]


def _embedding(facts: CardFacts) -> str:
    if facts.architecture == "bi-encoder":
        return "the state of both texts that the classifier takes, `fused` in the output"
    return f"last hidden layer, pooled by `{facts.pooling}`"


def _data(rows: pl.DataFrame, held_out: pl.DataFrame) -> list[str]:
    if rows.is_empty():
        return ["## Training data", "None here: the model was brought along as it is."]
    keys = ["stage", "source", "dataset", "label"]
    counts = rows.group_by(keys).len("rows").sort(keys)
    table = ["| stage | source | dataset | label | rows |", "| --- | --- | --- | --- | --- |"]
    for stage, source, dataset, label, count in counts.iter_rows():
        cells = (str(stage + 1), _cell(source), _cell(dataset), _cell(label), str(count))
        table.append(f"| {' | '.join(cells)} |")
    told = f"{counted(len(rows), 'row')}."
    if len(held_out):
        told += (
            f" Of these, {len(held_out)}, all that came from {held_out['sample_id'].n_unique()} "
            "seeds, were not trained on but held out to evaluate the training after each epoch."
        )
    return [f"## Training data\n\n{told}", "\n".join(table)]


def _limits(facts: CardFacts) -> str:
    return (
        "## Limits\n\n"
        + _length_limit(facts)
        + "- Its probabilities are those of the softmax; nobody calibrated them.\n"
        "- It knows the labels, the language and the kind of text of its training data. This "
        "card claims no accuracy: measure it on texts like those it will meet.\n"
        "- Labels of synthetic rows may have spread from one text to a whole cluster.\n"
        "- The licences of the base and of the data hold for this model too.\n"
    )


def _length_limit(facts: CardFacts) -> str:
    if facts.architecture is not None:
        return describe_pair_limits(facts.architecture, facts.max_tokens, facts.max_context_tokens)
    return (
        f"- It reads the first {facts.max_tokens} tokens of a text. A pipeline cuts there only "
        "with `truncation=True`.\n"
    )


def _code(values: Mapping[str, object]) -> str:
    return f"```json\n{json.dumps(values, indent=2, ensure_ascii=False)}\n```"


def _cell(text: str | None) -> str:
    """A name that can break neither a table nor a line."""
    return " ".join((text or "–").replace("|", "\\|").replace("`", "'").split())
