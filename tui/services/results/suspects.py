"""Doubtful labels: those with which models, the detector or confident learning are at odds.

Each voice counts by how far it agrees with the labels that people decided, so that a model that
guesses raises no doubt.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from engine.suspects.child import FOUND, find_issues_apart
from store.database.connection import Database
from store.ids import row_id
from store.origins import read_pairs
from store.suspects import DECIDED_ORIGINS, read_classified, read_labelled
from store.vectors import newest_space, read_vectors
from tui.services.inert import one_line
from tui.services.results.voices import (
    CROSS_VALIDATION,
    Voice,
    VoiceAgreement,
    hear,
    measure_agreements,
    voices_of,
    weigh,
)

METHOD: Final = (
    "doubt: the mean over voices of the probability that each gives to other labels, weighted by "
    "its kappa with the decided labels; models give 0 or 1. Issues: confident learning by cleanlab "
    "on probabilities of a logistic regression that was fitted without the answer's cluster"
)
OPENING: Final = 300  # characters of a text
ISSUE: Final = "+"  # ends the digest of what confident learning doubts, too


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
    heard = hear(labelled, read_classified(database), issues)
    agreements = tuple(measure_agreements(heard))
    doubts = weigh(heard, agreements)
    found = (
        labelled.join(doubts, on="answer_id")
        .join(issues.select("answer_id", "issue"), on="answer_id", how="left")
        .with_columns(is_issue=pl.col("issue").is_not_null())
        .filter(_is_doubtful())
        .sort("doubt", "answer_id", descending=[True, False])
    )
    everyone = list(_suspects(found, voices_of(heard, found["answer_id"])))
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


def _find_issues(database: Database, decided: pl.DataFrame) -> pl.DataFrame:
    """What confident learning says of decided answers that have a vector."""
    space = newest_space(database)
    if space is None or decided.is_empty():
        return pl.DataFrame(schema={"answer_id": pl.String, "label": pl.String, **FOUND})
    rows = decided.join(read_vectors(database, space, decided), on="answer_id").sort("answer_id")
    cluster = pl.coalesce("cluster_id", "answer_id").alias("cluster")
    found = find_issues_apart(rows.select("label", cluster, "vector"))
    return pl.concat([rows.select("answer_id", "label"), found], how="horizontal")


def _is_doubtful() -> pl.Expr:
    """An issue, or a decided label that a voice disputes; any other only if a model does.

    A detector is at odds with every member of a cluster whose label is not the predicted one.
    """
    is_decided = pl.col("origin").is_in(DECIDED_ORIGINS)
    return (
        pl.col("is_issue") | (is_decided & pl.col("is_disputed")) | pl.col("is_disputed_by_model")
    )


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
