"""The audit of propagated labels: its figures as `--json` prints them, and the app's side of it."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from itertools import combinations
from typing import Any

from engine.statistics.agreement import Agreement, krippendorff_alpha, measure_agreement
from engine.statistics.estimate import Estimate
from engine.statistics.label_noise import JudgedLabel, LabelNoise, measure_groups, measure_noise
from store.annotators import annotator_labels
from store.audit_judgements import (
    AuditItem,
    WrongLabel,
    judge,
    next_item,
    read_judged,
    read_wrong,
    take_back,
)
from store.audits import (
    Round,
    RoundKind,
    draw_consistency,
    draw_round,
    foresee_round,
    list_rounds,
    read_coverage,
)
from store.database.connection import Database
from store.decisions import Decision, record
from store.origins import Pair, read_pairs
from tui.screens.audit.views import AuditFigures, AuditState, view_figures
from tui.services.task_labels import require_labels
from tui.services.workspace import Workspace

METHOD = (
    "accuracy: share of judged labels that are right, each counted once as in STAR's Table 5, "
    "with Wilson's 95 % interval; weighted: each counted for the labels of its cluster that it "
    "stands for (Hájek), with Wilson's interval at Kish's effective n"
)
SHARES = ("accuracy", "weighted_accuracy", "collapsed_accuracy", "weighted_collapsed_accuracy")


def audit_figures(workspace: Workspace, database: Database) -> dict[str, Any]:
    """Return the figures of the newest round of propagated labels, and of all agreement.

    Shares are of labels; the collapsed ones of positive and negative. Before any round they are
    null. Raises LabelUnknown where the task lacks a label that was judged.
    """
    rounds = list_rounds(database)
    newest = _newest(rounds, "propagation")
    judged = read_judged(database, newest.audit_id) if newest else []
    coverage = read_coverage(database, newest.audit_id) if newest else None
    rows = [
        JudgedLabel(item.cluster_id, item.stratum_size, item.label, item.judged, item.dataset)
        for item in judged
    ]
    positives = workspace.task.positives
    given = (label for item in judged for label in (item.label, item.judged))
    require_labels(workspace.task, given, "Audited texts have")
    return {
        "audit_id": newest.audit_id if newest else None,
        "annotator": newest.annotator if newest else None,
        **_noise_figures(measure_noise(rows, positives)),
        "left": newest.left if newest else 0,
        "positive": sorted(positives),
        "method": METHOD,
        "by_dataset": [
            {"dataset": dataset, **_noise_figures(noise)}
            for dataset, noise in measure_groups(rows, positives).items()
        ],
        "single_member_clusters": coverage.single_member if coverage else None,
        "coverage": asdict(coverage) if coverage else None,
        "rounds": [{**asdict(item), "left": item.left} for item in rounds],
        "consistency": _consistency_figures(database, _newest(rounds, "consistency")),
        "annotators": _annotator_figures(database),
    }


def _newest(rounds: Sequence[Round], kind: RoundKind, annotator: str | None = None) -> Round | None:
    found = (
        item
        for item in reversed(rounds)
        if item.kind == kind and annotator in (None, item.annotator)
    )
    return next(found, None)


def _noise_figures(noise: LabelNoise) -> dict[str, Any]:
    figures: dict[str, Any] = {
        name: getattr(noise, name)
        for name in ("n", "unsure", "false_positives", "false_negatives", "wrong", "effective_n")
    }
    for name in SHARES:
        value, interval = _estimate(getattr(noise, name))
        figures[name] = value
        figures[name.replace("accuracy", "interval")] = interval
    return figures


def _estimate(estimate: Estimate | None) -> tuple[float | None, list[float] | None]:
    return (estimate.value, [estimate.low, estimate.high]) if estimate else (None, None)


def _agreement_figures(found: Agreement) -> dict[str, Any]:
    agreement, interval = _estimate(found.share)
    kappa, kappa_interval = _estimate(found.kappa)
    return {
        "n": found.n,
        "agreement": agreement,
        "interval": interval,
        "kappa": kappa,
        "kappa_interval": kappa_interval,
    }


def _consistency_figures(database: Database, newest: Round | None) -> dict[str, Any] | None:
    if newest is None:
        return None
    pairs = [
        (item.label, item.judged)
        for item in read_judged(database, newest.audit_id)
        if item.judged is not None
    ]
    found = measure_agreement([then for then, _ in pairs], [now for _, now in pairs])
    about = {name: getattr(newest, name) for name in ("audit_id", "annotator", "unsure", "left")}
    return about | _agreement_figures(found)


def _annotator_figures(database: Database) -> dict[str, Any]:
    """Return how far annotators agree on the clusters and answers that several labelled."""
    items: dict[tuple[str, str], dict[str, str]] = {}
    for given in annotator_labels(database):
        items.setdefault((given.item_kind, given.item_id), {})[given.annotator] = given.label
    shared = [labels for labels in items.values() if len(labels) > 1]
    pairs = []
    for first, second in combinations(sorted({name for labels in shared for name in labels}), 2):
        both = [labels for labels in shared if first in labels and second in labels]
        if both:
            found = measure_agreement(
                [labels[first] for labels in both], [labels[second] for labels in both]
            )
            pairs.append({"first": first, "second": second, **_agreement_figures(found)})
    alpha, interval = _estimate(krippendorff_alpha([[*labels.values()] for labels in shared]))
    return {"pairs": pairs, "alpha": alpha, "alpha_interval": interval, "n": len(shared)}


class Audits:
    """What the audit screen asks of the store. Methods block; any thread may call them."""

    def __init__(self, workspace: Workspace, database: Database) -> None:
        self._workspace = workspace
        self._database = database
        self._annotator = workspace.settings.annotator

    def state(self) -> AuditState:
        """Return where the annotator's audit stands.

        The newest round of each kind counts; of two that are open, the newer one is judged first.
        """
        rounds = list_rounds(self._database)
        settings = self._workspace.settings.audit
        state = AuditState(bool(rounds), settings.per_cluster, settings.consistency)
        opened = self._open(rounds)
        if not opened:
            prospect = foresee_round(self._database, settings.per_cluster)
            return replace(state, prospect=prospect)
        item = next_item(self._database, opened[0].audit_id)
        return replace(state, opened=tuple(opened), item=item)

    def _current(self, rounds: Sequence[Round]) -> list[Round]:
        newest = (_newest(rounds, kind, self._annotator) for kind in ("propagation", "consistency"))
        return [item for item in newest if item is not None]

    def _open(self, rounds: Sequence[Round]) -> list[Round]:
        current = [item for item in self._current(rounds) if item.left]
        return sorted(current, key=rounds.index, reverse=True)

    def draw(self, kind: RoundKind) -> AuditState:
        """Draw a round; one of the same kind that is not finished is left as it is."""
        settings = self._workspace.settings
        seed = settings.seed + len(list_rounds(self._database))  # another draw each time
        if kind == "propagation":
            per_cluster = settings.audit.per_cluster
            draw_round(self._database, self._annotator, seed=seed, per_cluster=per_cluster)
        else:
            clusters = settings.audit.consistency
            draw_consistency(self._database, self._annotator, seed=seed, clusters=clusters)
        return self.state()

    def judge(self, item: AuditItem, label: str | None) -> AuditState:
        """Record a judgement, None for unsure, and return what is next."""
        judge(self._database, self._annotator, item.audit_id, item.answer_id, label)
        return self.state()

    def take_back(self) -> AuditState:
        """Take the newest judgement back, in the round being judged or else in a finished one."""
        rounds = list_rounds(self._database)
        opened = self._open(rounds)
        chosen = opened[:1] or self._current(rounds)
        take_back(self._database, self._annotator, [item.audit_id for item in chosen])
        return self.state()

    def override(self, wrong: WrongLabel) -> AuditFigures:
        """Give an answer the label it was judged as: a decision of its own, which can be undone."""
        decision = Decision("label", answer_id=wrong.answer_id, label=wrong.judged)
        record(self._database, self._annotator, [decision])
        return self.figures()

    def pair(self, answer_id: str) -> Pair:
        """Return an answer with its question and its seed."""
        return read_pairs(self._database, [answer_id])[0]

    def figures(self) -> AuditFigures:
        """Return the figures, and what was judged wrong in the round that they are of."""
        figures = audit_figures(self._workspace, self._database)
        audit_id = figures["audit_id"]
        return view_figures(figures, read_wrong(self._database, audit_id) if audit_id else [])
