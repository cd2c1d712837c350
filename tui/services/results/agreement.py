"""How far people, language models and the detector agree on the answers that they labelled."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, repeat
from typing import Final, Literal

import polars as pl

from engine.statistics.agreement import Agreement, krippendorff_alpha, measure_counts
from engine.statistics.estimate import Estimate
from engine.statistics.measures import Confusion
from store.annotators import answer_annotations
from store.classifications import UnreadReply, count_replies, unread_replies
from store.counting import counted
from store.database.connection import Database
from tui.services.numbers import show_share
from tui.services.results.inlined import INLINED
from tui.services.workspace import Workspace

METHOD: Final = (
    "kappa: Cohen's, of answers that both labelled; alpha: Krippendorff's, nominal, of answers "
    "that several labelled; 95 % intervals carry Wilson's limits of the observed agreement. A "
    "cluster's label is one of its representative. Representatives are no random draw of answers: "
    "each stands for one cluster, whatever its size"
)
FAILURES_SHOWN: Final = 5

Kind = Literal["person", "model", "detector"]
_KINDS: Final[tuple[Kind, ...]] = ("person", "model", "detector")


@dataclass(frozen=True, slots=True)
class Annotator:
    """Somebody who labelled `n` answers; `failed` replies of a model named no label."""

    name: str
    kind: Kind
    n: int
    failed: int


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """How far two annotators agree, and which labels of the first are which of the second."""

    first: str
    second: str
    agreement: Agreement = field(metadata=INLINED)
    confusion: Confusion


@dataclass(frozen=True, slots=True)
class Alpha:
    """Krippendorff's alpha over the `n` answers that several of these kinds labelled."""

    kinds: tuple[Kind, ...]
    alpha: Estimate | None
    n: int


@dataclass(frozen=True, slots=True)
class AgreementReport:
    """All annotators, every two that share an answer, and several at once.

    People come first, then models, then the initial detector. `failures` are the first replies of
    models that named no label.
    """

    annotators: tuple[Annotator, ...]
    pairs: tuple[PairAgreement, ...]
    alphas: tuple[Alpha, ...]
    failures: tuple[UnreadReply, ...]
    method: str


def read_agreement(workspace: Workspace, database: Database) -> AgreementReport:
    """The agreement as it is now."""
    said = answer_annotations(database)
    replies = count_replies(database)
    annotators = tuple(_list_annotators(said, replies))
    pairs = (
        _compare(first, second, said, workspace.task.labels)
        for first, second in combinations(annotators, 2)
    )
    return AgreementReport(
        annotators,
        tuple(pair for pair in pairs if pair.agreement.n),
        tuple(_alphas(said)),
        tuple(unread_replies(database, FAILURES_SHOWN)),
        METHOD,
    )


def describe_alphas(report: AgreementReport) -> Iterator[str]:
    """A line for each group of annotators that several of are there."""
    words = {"person": "people", "model": "models", "detector": "the detector"}
    for found in report.alphas:
        if found.n:
            who = ", ".join(words[kind] for kind in found.kinds)
            alpha = show_share(found.alpha)
            yield f"Krippendorff's alpha of {who}: {alpha}, {counted(found.n, 'answer')}."


def _list_annotators(
    said: pl.DataFrame, replies: Mapping[str, tuple[int, int]]
) -> Iterator[Annotator]:
    counted = {(kind, name): n for name, kind, n in said.group_by("annotator", "kind").len().rows()}
    silent = {("model", name): 0 for name in replies if ("model", name) not in counted}
    for kind in _KINDS:
        for (found, name), n in sorted((counted | silent).items()):
            if found == kind:
                yield Annotator(name, kind, n, replies.get(name, (0, 0))[1])


def _compare(
    first: Annotator, second: Annotator, said: pl.DataFrame, labels: Sequence[str]
) -> PairAgreement:
    one, other = (
        said.filter(annotator=item.name, kind=item.kind).select("answer_id", "label")
        for item in (first, second)
    )
    both = one.join(other, on="answer_id", suffix="_second")
    counts = {
        (here, there): n for here, there, n in both.group_by("label", "label_second").len().rows()
    }
    used = {label for pair in counts for label in pair}
    names = (*labels, *sorted(used.difference(labels)))
    rows = tuple(tuple(counts.get((here, there), 0) for there in names) for here in names)
    confusion = Confusion(names, rows)
    return PairAgreement(first.name, second.name, measure_counts(counts), confusion)


def _alphas(said: pl.DataFrame) -> Iterator[Alpha]:
    """Of people, of people and models, and of all, where one more kind adds somebody."""
    there = set(said["kind"].unique())
    for count in range(1, len(_KINDS) + 1):
        kinds = tuple(kind for kind in _KINDS[:count] if kind in there)
        if _KINDS[count - 1] not in there or not kinds:
            continue
        units = _units(said.filter(pl.col("kind").is_in(kinds)))
        alpha = krippendorff_alpha(unit for unit, n in units for unit in repeat(unit, n))
        yield Alpha(kinds, alpha, sum(n for _, n in units))


def _units(said: pl.DataFrame) -> list[tuple[list[str], int]]:
    """The labels of each answer that several labelled, with how many answers have the same."""
    labels = said.group_by("answer_id").agg(pl.col("label").sort())
    several = labels.filter(pl.col("label").list.len() > 1)
    return several.group_by("label").len().rows()
