"""Doubtful labels: those with which models, the detector or confident learning are at odds.

Each voice counts by how far it agrees with the labels that people decided, so that a model that
guesses raises no doubt.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

import polars as pl

from engine.statistics.agreement import Agreement, measure_counts
from engine.suspects.child import FOUND, find_issues_apart
from store.database.connection import Database
from store.ids import row_id
from store.origins import read_pairs
from store.suspects import DECIDED_ORIGINS, read_classified, read_labelled
from store.vectors import newest_space, read_vectors
from tui.services.inert import one_line
from tui.services.results.inlined import INLINED

METHOD: Final = (
    "doubt: the mean over voices of the probability that each gives to other labels, weighted by "
    "its kappa with the decided labels; models give 0 or 1. Issues: confident learning by cleanlab "
    "on probabilities of a logistic regression that was fitted without the answer's cluster"
)
OPENING: Final = 300  # characters of a text

VoiceKind = Literal["model", "detector", "cross-validation"]
CROSS_VALIDATION: Final = "cross-validation"
_KINDS: Final[tuple[VoiceKind, ...]] = ("model", "detector", "cross-validation")
ISSUE: Final = "+"  # ends the digest of what confident learning doubts, too


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
class Suspect:
    """A doubtful label of an answer; `annotator` gave it, None where it was learned.

    The label is one of a cluster where `origin` is "centroid", of this answer alone where it is
    "override" or "audited"; else nobody has read the answer for it. `said` is a digest of the
    voices, by which a label that was kept stays out until something else is said.
    """

    answer_id: str
    cluster_id: str | None
    rank: int | None
    size: int | None
    label: str
    origin: str
    annotator: str | None
    doubt: float
    is_issue: bool
    voices: tuple[Voice, ...]
    text: str
    said: str

    @property
    def against(self) -> tuple[Voice, ...]:
        """The voices that call it something else."""
        return tuple(voice for voice in self.voices if voice.label != self.label)


@dataclass(frozen=True, slots=True)
class VoiceAgreement:
    """How far a voice agrees with the decided labels; by its kappa it counts."""

    kind: VoiceKind
    name: str
    agreement: Agreement = field(metadata=INLINED)


@dataclass(frozen=True, slots=True)
class SuspectReport:
    """Doubtful labels, the most doubtful first: `found` in all, of `n` that were examined.

    `decided` of these were given to the very text; `learned_from` of them have a vector, so that
    confident learning examined them. `kept` are left out, since an annotator kept them.
    """

    suspects: tuple[Suspect, ...]
    found: int
    n: int
    decided: int
    learned_from: int
    kept: int
    voices: tuple[VoiceAgreement, ...]
    method: str


def find_suspects(database: Database, limit: int | None = None) -> SuspectReport:
    """The doubtful labels as they are now, at most `limit` of them; takes seconds.

    Confident learning runs in a child process. Raises EngineError if that died.
    """
    labelled = read_labelled(database)
    decided = labelled.filter(pl.col("origin").is_in(DECIDED_ORIGINS))
    issues = _find_issues(database, decided)
    voices = pl.concat([_models(read_classified(database)), _detector(labelled), _learned(issues)])
    heard = voices.join(
        labelled.select("answer_id", "origin", "annotator", given="label"), on="answer_id"
    ).filter(pl.col("name").ne_missing(pl.col("annotator")))
    agreements = tuple(_agreements(heard))
    doubts = _doubts(heard, agreements)
    found = (
        labelled.join(doubts, on="answer_id")
        .join(issues.select("answer_id", "issue"), on="answer_id", how="left")
        .with_columns(is_issue=pl.col("issue").is_not_null())
        .filter(_is_doubtful())
        .sort("doubt", "answer_id", descending=[True, False])
    )
    everyone = list(_suspects(found, _voices(heard, found["answer_id"])))
    waiting = [suspect for suspect, kept_for in everyone if not _is_kept(suspect, kept_for)]
    return SuspectReport(
        suspects=_with_texts(database, waiting[:limit]),
        found=len(waiting),
        n=labelled.height,
        decided=decided.height,
        learned_from=issues.height,
        kept=len(everyone) - len(waiting),
        voices=agreements,
        method=METHOD,
    )


def describe_voice(voice: Voice) -> str:
    """Who says what, and how surely: detector 0.91 health-content."""
    who = "model" if voice.kind == "model" else voice.kind
    sure = "" if voice.probability is None else f" {voice.probability:.2f}"
    return f"{who}{sure} {voice.label}"


def _find_issues(database: Database, decided: pl.DataFrame) -> pl.DataFrame:
    """What confident learning says of decided answers that have a vector."""
    space = newest_space(database)
    if space is None or decided.is_empty():
        return pl.DataFrame(schema={"answer_id": pl.String, "label": pl.String, **FOUND})
    rows = decided.join(read_vectors(database, space, decided), on="answer_id").sort("answer_id")
    cluster = pl.coalesce("cluster_id", "answer_id").alias("cluster")
    found = find_issues_apart(rows.select("label", cluster, "vector"))
    return pl.concat([rows.select("answer_id", "label"), found], how="horizontal")


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


def _agreements(heard: pl.DataFrame) -> Iterator[VoiceAgreement]:
    decided = heard.filter(pl.col("origin").is_in(DECIDED_ORIGINS))
    counted = decided.group_by("kind", "name", "given", "label").len()
    for (kind, name), rows in sorted(counted.partition_by("kind", "name", as_dict=True).items()):
        counts = {(given, label): n for _, _, given, label, n in rows.rows()}
        yield VoiceAgreement(kind, name, measure_counts(counts))


def _doubts(heard: pl.DataFrame, agreements: Sequence[VoiceAgreement]) -> pl.DataFrame:
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


def _is_doubtful() -> pl.Expr:
    """An issue, or a decided label that a voice disputes; any other only if a model does.

    A detector is at odds with every member of a cluster whose label is not the predicted one.
    """
    is_decided = pl.col("origin").is_in(DECIDED_ORIGINS)
    return (
        pl.col("is_issue") | (is_decided & pl.col("is_disputed")) | pl.col("is_disputed_by_model")
    )


def _voices(heard: pl.DataFrame, answer_ids: pl.Series) -> Mapping[str, tuple[Voice, ...]]:
    chosen = heard.filter(pl.col("answer_id").is_in(answer_ids.implode()))
    found: dict[str, tuple[Voice, ...]] = {}
    order = pl.col("kind").replace_strict({kind: n for n, kind in enumerate(_KINDS)})
    for answer_id, *said in (
        chosen.sort(order, "name").select("answer_id", *Voice.__slots__).iter_rows()
    ):
        found[answer_id] = (*found.get(answer_id, ()), Voice(*said))
    return found


def _suspects(
    rows: pl.DataFrame, voices: Mapping[str, tuple[Voice, ...]]
) -> Iterator[tuple[Suspect, str | None]]:
    """Suspects without their texts, each with what was said when it was kept."""
    for row in rows.iter_rows(named=True):
        said = voices[row["answer_id"]]
        suspect = Suspect(
            row["answer_id"],
            row["cluster_id"],
            row["rank"],
            row["size"],
            row["label"],
            row["origin"],
            row["annotator"],
            row["doubt"],
            row["is_issue"],
            said,
            "",
            _digest(row["label"], said, is_issue=row["is_issue"]),
        )
        yield suspect, row["kept_for"]


def _digest(label: str, voices: Sequence[Voice], *, is_issue: bool) -> str:
    """What is said of a label; cross-validation changes with every decision, and is left out."""
    others = (voice for voice in voices if voice.kind != CROSS_VALIDATION)
    said = row_id(label, *(f"{voice.kind}:{voice.name}={voice.label}" for voice in others))
    return f"{said}{ISSUE}" if is_issue else said


def _is_kept(suspect: Suspect, kept_for: str | None) -> bool:
    """Whether it was kept against all that is said of it now."""
    return kept_for in (suspect.said, suspect.said.removesuffix(ISSUE) + ISSUE)


def _with_texts(database: Database, suspects: Sequence[Suspect]) -> tuple[Suspect, ...]:
    pairs = read_pairs(database, [item.answer_id for item in suspects])
    texts = {pair.answer_id: one_line(pair.answer, OPENING) for pair in pairs}
    return tuple(replace(item, text=texts[item.answer_id]) for item in suspects)
