"""What models, the detector and cross-validation say of labels, and how much each counts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import polars as pl

from engine.statistics.agreement import Agreement, measure_counts
from store.suspects import DECIDED_ORIGINS
from tui.services.results.inlined import INLINED

VoiceKind = Literal["model", "detector", "cross-validation"]
CROSS_VALIDATION: Final = "cross-validation"
_KINDS: Final[tuple[VoiceKind, ...]] = ("model", "detector", "cross-validation")


@dataclass(frozen=True, slots=True)
class Voice:
    """What a model, the detector or cross-validation calls an answer.

    `probability` is that of its label; None for models, which give none.
    """

    kind: VoiceKind
    name: str
    label: str
    probability: float | None


@dataclass(frozen=True, slots=True)
class VoiceAgreement:
    """How far a voice agrees with the decided labels; by its kappa it counts."""

    kind: VoiceKind
    name: str
    agreement: Agreement = field(metadata=INLINED)


def describe_voice(voice: Voice) -> str:
    """Who says what, and how surely: detector 0.91 health-content."""
    who = "model" if voice.kind == "model" else voice.kind
    sure = "" if voice.probability is None else f" {voice.probability:.2f}"
    return f"{who}{sure} {voice.label}"


def hear(labelled: pl.DataFrame, classified: pl.DataFrame, issues: pl.DataFrame) -> pl.DataFrame:
    """What voices call labelled answers, beside the `given` label and its origin and annotator.

    A row for each answer and voice: `label` with its `probability`, and the probability that the
    voice gives to the given label, `for_given`; null for models, which give none. A model that gave
    the label itself is not heard.
    """
    voices = pl.concat([_models(classified), _detector(labelled), _learned(issues)])
    return voices.join(
        labelled.select("answer_id", "origin", "annotator", given="label"), on="answer_id"
    ).filter(pl.col("name").ne_missing(pl.col("annotator")))


def _models(classified: pl.DataFrame) -> pl.DataFrame:
    return classified.select(
        "answer_id",
        kind=pl.lit("model"),
        name="annotator",
        label="label",
        probability=pl.lit(None, pl.Float64),
        for_given=pl.lit(None, pl.Float64),
    )


def _detector(labelled: pl.DataFrame) -> pl.DataFrame:
    return labelled.filter(pl.col("predicted").is_not_null()).select(
        "answer_id",
        kind=pl.lit("detector"),
        name="detector",
        label="predicted",
        probability="predicted_probability",
        for_given="label_probability",
    )


def _learned(issues: pl.DataFrame) -> pl.DataFrame:
    return issues.filter(pl.col("likeliest").is_not_null()).select(
        "answer_id",
        kind=pl.lit(CROSS_VALIDATION),
        name=pl.lit(CROSS_VALIDATION),
        label="likeliest",
        probability="likeliest_probability",
        for_given="probability",
    )


def measure_agreements(heard: pl.DataFrame) -> Iterator[VoiceAgreement]:
    """How far each voice agrees with the decided labels, by kind and name."""
    decided = heard.filter(pl.col("origin").is_in(DECIDED_ORIGINS))
    counted = decided.group_by("kind", "name", "given", "label").len()
    for (kind, name), rows in sorted(counted.partition_by("kind", "name", as_dict=True).items()):
        counts = {(given, label): n for _, _, given, label, n in rows.rows()}
        yield VoiceAgreement(kind, name, measure_counts(counts))


def weigh(heard: pl.DataFrame, agreements: Sequence[VoiceAgreement]) -> pl.DataFrame:
    """For each answer its doubt, and whether a voice that counts, or a model, is at odds."""
    weights = pl.DataFrame(
        [
            (item.kind, item.name, max(kappa.value, 0.0) if kappa else 0.0)
            for item in agreements
            for kappa in [item.agreement.kappa]
        ],
        schema={"kind": pl.String, "name": pl.String, "weight": pl.Float64},
        orient="row",
    )
    is_at_odds = (pl.col("label") != pl.col("given")) & (pl.col("weight") > 0)
    for_given = pl.coalesce("for_given", (pl.col("label") == pl.col("given")).cast(pl.Float64))
    against = (pl.col("weight") * (1 - for_given)).sum()
    return (
        heard.join(weights, on=["kind", "name"])
        .group_by("answer_id")
        .agg(
            doubt=pl.when(pl.col("weight").sum() > 0)
            .then(against / pl.col("weight").sum())
            .otherwise(0.0),
            is_disputed=is_at_odds.any(),
            is_disputed_by_model=(is_at_odds & (pl.col("kind") == "model")).any(),
        )
    )


def voices_of(heard: pl.DataFrame, answer_ids: pl.Series) -> Mapping[str, tuple[Voice, ...]]:
    """What is said of each of these answers: models first, by name, cross-validation last."""
    chosen = heard.filter(pl.col("answer_id").is_in(answer_ids.implode()))
    found: dict[str, tuple[Voice, ...]] = {}
    order = pl.col("kind").replace_strict({kind: n for n, kind in enumerate(_KINDS)})
    for answer_id, *said in (
        chosen.sort(order, "name").select("answer_id", *Voice.__slots__).iter_rows()
    ):
        found[answer_id] = (*found.get(answer_id, ()), Voice(*said))
    return found
