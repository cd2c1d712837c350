"""What the audit screen asks of the store. Methods block; any thread may call them."""

from collections.abc import Sequence
from dataclasses import replace

from store.audit_findings import (
    AuditItem,
    WrongLabel,
    next_item,
    read_wrong,
    record_finding,
    take_back,
)
from store.audits import (
    Round,
    RoundKind,
    draw_consistency,
    draw_round,
    foresee_round,
    list_rounds,
)
from store.classifications import count_replies
from store.database.connection import Database
from store.decisions import Decision, record
from store.origins import Pair, read_pairs
from tui.screens.audit.views import AuditFindings, AuditState
from tui.services.learning import make_labels_fresh
from tui.services.results.agreement import AgreementReport, describe_alphas, read_agreement
from tui.services.results.audit import newest_round, read_audit
from tui.services.results.label_quality import LabelQuality, read_quality
from tui.services.workspace import Workspace


class AuditDesk:
    """The audit of one annotator, that of the workspace's settings."""

    def __init__(self, workspace: Workspace, database: Database) -> None:
        self._workspace = workspace
        self._database = database
        self._annotator = workspace.settings.annotator

    def state(self) -> AuditState:
        """Where the annotator's audit is.

        The newest round of each kind counts; of two that are open, the newer one comes first.
        """
        rounds = list_rounds(self._database)
        settings = self._workspace.settings.audit
        state = AuditState(
            bool(rounds),
            settings.per_cluster,
            settings.consistency,
            has_models=bool(count_replies(self._database)),
        )
        opened = self._open(rounds)
        if not opened:
            prospect = foresee_round(self._database, settings.per_cluster)
            return replace(state, prospect=prospect)
        item = next_item(self._database, opened[0].audit_id)
        return replace(state, opened=tuple(opened), item=item)

    def _newest(self, rounds: Sequence[Round]) -> list[Round]:
        kinds: tuple[RoundKind, ...] = ("propagation", "consistency")
        newest = (newest_round(rounds, kind, self._annotator) for kind in kinds)
        return [item for item in newest if item is not None]

    def _open(self, rounds: Sequence[Round]) -> list[Round]:
        unfinished = [item for item in self._newest(rounds) if item.left]
        return sorted(unfinished, key=rounds.index, reverse=True)

    def draw(self, kind: RoundKind) -> AuditState:
        """Draw a round; one of the same kind that is not finished is left as it is."""
        settings = self._workspace.settings
        seed = settings.seed + len(list_rounds(self._database))  # another draw each time
        if kind == "propagation":
            make_labels_fresh(self._workspace, self._database)
            per_cluster = settings.audit.per_cluster
            draw_round(self._database, self._annotator, seed=seed, per_cluster=per_cluster)
        else:
            clusters = settings.audit.consistency
            draw_consistency(self._database, self._annotator, seed=seed, clusters=clusters)
        return self.state()

    def record(self, item: AuditItem, label: str | None) -> AuditState:
        """Record the label that the annotator gives a text, None for unsure; what is next then."""
        record_finding(self._database, self._annotator, item.audit_id, item.answer_id, label)
        return self.state()

    def take_back(self) -> AuditState:
        """Take the newest label back, in the open round or else in a finished one."""
        rounds = list_rounds(self._database)
        opened = self._open(rounds)
        chosen = opened[:1] or self._newest(rounds)
        take_back(self._database, self._annotator, [item.audit_id for item in chosen])
        return self.state()

    def override(self, wrong: WrongLabel) -> AuditFindings:
        """Give an answer its audited label: a decision of its own, which can be undone."""
        decision = Decision("label", answer_id=wrong.answer_id, label=wrong.found)
        record(self._database, self._annotator, [decision])
        return self.findings()

    def agreement(self) -> tuple[AgreementReport, tuple[str, ...]]:
        """How far annotators agree, with a sentence for each alpha."""
        report = read_agreement(self._workspace, self._database)
        return report, tuple(describe_alphas(report))

    def pair(self, answer_id: str) -> Pair:
        """An answer with its question and its seed."""
        return read_pairs(self._database, [answer_id])[0]

    def quality(self) -> LabelQuality:
        """How good the labels are that follow from the decisions now; takes seconds."""
        return read_quality(self._workspace, self._database)

    def findings(self) -> AuditFindings:
        """The figures, and what was found wrong in the round that they are of."""
        report = read_audit(self._workspace, self._database)
        wrong = read_wrong(self._database, report.audit_id) if report.audit_id else []
        return AuditFindings(report, tuple(wrong))
