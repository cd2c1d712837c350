"""The audit of propagated labels: how noisy they are, and how far people agree."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

from engine.statistics.agreement import Agreement, krippendorff_alpha, measure_agreement
from engine.statistics.estimate import Estimate
from engine.statistics.label_noise import AuditedLabel, LabelNoise, measure_groups, measure_noise
from store.annotators import annotator_labels
from store.audit_findings import read_findings
from store.audits import Coverage, Round, RoundKind, list_rounds, read_coverage
from store.database.connection import Database
from tui.services.results.audited_values import ValueNoise, audit_by_value, share_written_wrong
from tui.services.results.construction import Construction, read_construction, read_prompts
from tui.services.results.inlined import INLINED
from tui.services.task_labels import require_labels
from tui.services.workspace import Workspace

METHOD: Final = (
    "accuracy: share of audited labels that are right, each counted once as in STAR's Table 5, "
    "with Wilson's 95 % interval; weighted: each counted for the labels of its cluster that it "
    "stands for (Hájek), with Wilson's interval at Kish's effective n"
)


@dataclass(frozen=True, slots=True)
class DatasetNoise:
    """The label noise of one dataset."""

    dataset: str
    noise: LabelNoise = field(metadata=INLINED)


@dataclass(frozen=True, slots=True)
class RoundProgress:
    """A round and how many of its texts are left to audit."""

    round: Round = field(metadata=INLINED)
    left: int


@dataclass(frozen=True, slots=True)
class Consistency:
    """How far an annotator agrees with their own earlier labels, in a round of that kind."""

    audit_id: str
    annotator: str
    unsure: int
    left: int
    agreement: Agreement = field(metadata=INLINED)


@dataclass(frozen=True, slots=True)
class AnnotatorPair:
    """How far two annotators agree on what both labelled."""

    first: str
    second: str
    agreement: Agreement = field(metadata=INLINED)


@dataclass(frozen=True, slots=True)
class AnnotatorAgreement:
    """How far annotators agree on the `n` clusters and answers that several of them labelled.

    `alpha` is Krippendorff's.
    """

    pairs: tuple[AnnotatorPair, ...]
    alpha: Estimate | None
    n: int


@dataclass(frozen=True, slots=True)
class AuditReport:
    """The newest round of propagated labels, all rounds, and all agreement.

    `left` counts texts of the newest round that are not audited. Before any round its id is None
    and its shares are undefined. Shares are of labels; the collapsed ones of positive and
    negative, and `interval` is that of the accuracy. `single_member_clusters` are left out of the
    round. In a task of pairs `written_wrong` is the share of audited prompts with another label
    than they were written for, `by_value` the noise by what prompts were drawn with, and
    `construction` what people overturned; there is none of single texts.
    """

    audit_id: str | None
    annotator: str | None
    noise: LabelNoise = field(metadata=INLINED)
    left: int
    positive: tuple[str, ...]
    method: str
    by_dataset: tuple[DatasetNoise, ...]
    written_wrong: Estimate | None
    by_value: tuple[ValueNoise, ...]
    construction: Construction | None
    single_member_clusters: int | None
    coverage: Coverage | None
    rounds: tuple[RoundProgress, ...]
    consistency: Consistency | None
    annotators: AnnotatorAgreement
    interval: tuple[float, float] | None


def read_audit(workspace: Workspace, database: Database) -> AuditReport:
    """The audit as it is now. Raises LabelUnknown if the task lacks a label that was audited."""
    rounds = list_rounds(database)
    newest = newest_round(rounds, "propagation")
    audited = read_findings(database, newest.audit_id) if newest else []
    coverage = read_coverage(database, newest.audit_id) if newest else None
    rows = [
        AuditedLabel(item.cluster_id, item.stratum_size, item.label, item.found, item.dataset)
        for item in audited
    ]
    positives = workspace.task.positives
    given = (label for item in audited for label in (item.label, item.found))
    require_labels(workspace.task, given, "Audited texts have")
    noise = measure_noise(rows, positives)
    prompts = read_prompts(workspace, database)
    return AuditReport(
        audit_id=newest.audit_id if newest else None,
        annotator=newest.annotator if newest else None,
        noise=noise,
        left=newest.left if newest else 0,
        positive=tuple(sorted(positives)),
        method=METHOD,
        by_dataset=tuple(
            DatasetNoise(dataset, noise)
            for dataset, noise in measure_groups(rows, positives).items()
        ),
        written_wrong=share_written_wrong(prompts, audited),
        by_value=audit_by_value(prompts, audited, rows, positives),
        construction=read_construction(workspace, prompts) if workspace.task.is_pair else None,
        single_member_clusters=coverage.single_member if coverage else None,
        coverage=coverage,
        rounds=tuple(RoundProgress(item, item.left) for item in rounds),
        consistency=_read_consistency(database, newest_round(rounds, "consistency")),
        annotators=_compare_annotators(database),
        interval=noise.accuracy.interval if noise.accuracy else None,
    )


def newest_round(
    rounds: Sequence[Round], kind: RoundKind, annotator: str | None = None
) -> Round | None:
    """The newest round of a kind, by one annotator or by any; None without one."""
    found = (
        item
        for item in reversed(rounds)
        if item.kind == kind and annotator in (None, item.annotator)
    )
    return next(found, None)


def _read_consistency(database: Database, newest: Round | None) -> Consistency | None:
    if newest is None:
        return None
    pairs = [
        (item.label, item.found)
        for item in read_findings(database, newest.audit_id)
        if item.found is not None
    ]
    found = measure_agreement([then for then, _ in pairs], [now for _, now in pairs])
    return Consistency(newest.audit_id, newest.annotator, newest.unsure, newest.left, found)


def _compare_annotators(database: Database) -> AnnotatorAgreement:
    items: dict[tuple[str, str], dict[str, str]] = {}
    for given in annotator_labels(database):
        items.setdefault((given.item_kind, given.item_id), {})[given.annotator] = given.label
    shared = [labels for labels in items.values() if len(labels) > 1]
    names = sorted({name for labels in shared for name in labels})
    pairs = []
    for first, second in combinations(names, 2):
        both = [labels for labels in shared if first in labels and second in labels]
        if both:
            found = measure_agreement(
                [labels[first] for labels in both], [labels[second] for labels in both]
            )
            pairs.append(AnnotatorPair(first, second, found))
    alpha = krippendorff_alpha([[*labels.values()] for labels in shared])
    return AnnotatorAgreement(tuple(pairs), alpha, len(shared))
