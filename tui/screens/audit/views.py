"""What the audit screen renders: frozen, with no way back to the store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tui.frame.snapshot import Share

if TYPE_CHECKING:
    from store.audit_judgements import AuditItem, WrongLabel
    from store.audits import Prospect, Round


@dataclass(frozen=True, slots=True)
class AuditState:
    """Where the annotator's audit stands.

    `opened` are the rounds that are not finished, newest first, and `item` is the text of the
    first that is next. Only where there is none, `prospect` is known: what a round would draw.
    """

    has_rounds: bool
    per_cluster: int
    consistency: int
    opened: "tuple[Round, ...]" = ()
    item: "AuditItem | None" = None
    prospect: "Prospect | None" = None

    @property
    def round(self) -> "Round | None":
        """The round that is being judged."""
        return self.opened[0] if self.opened else None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is labelled and nothing was ever drawn."""
        return not self.has_rounds and self.prospect is not None and not self.prospect.labelled


@dataclass(frozen=True, slots=True)
class NoiseRow:
    """Label noise of one dataset; None is all of them. Shares with their 95 % intervals."""

    dataset: str | None
    n: int
    unsure: int
    false_positives: int
    false_negatives: int
    wrong: int
    accuracy: Share
    weighted: Share
    collapsed: Share
    weighted_collapsed: Share


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """Two labellings of the same `n` items, and who they are by."""

    who: str
    n: int
    agreement: Share
    kappa: Share


@dataclass(frozen=True, slots=True)
class AuditFigures:
    """The figures of the newest round of propagated labels, and what was found wrong in it.

    `left` counts texts of the round that are not judged. `alpha` is over `alpha_n` clusters and
    answers that several annotators labelled.
    """

    annotator: str | None
    left: int
    single_member: int
    noise: tuple[NoiseRow, ...]
    agreements: tuple[AgreementRow, ...]
    alpha: Share
    alpha_n: int
    wrong: "tuple[WrongLabel, ...]"


def view_figures(figures: Mapping[str, Any], wrong: "Sequence[WrongLabel]") -> AuditFigures:
    """Return the figures of `tui.services.results.audit` as the screen renders them."""
    own, others = figures["consistency"], figures["annotators"]
    agreements = [
        _agreement_row(f"{pair['first']} and {pair['second']}", pair) for pair in others["pairs"]
    ]
    if own is not None:
        agreements.insert(0, _agreement_row(f"{own['annotator']}, then and now", own))
    return AuditFigures(
        annotator=figures["annotator"],
        left=figures["left"],
        single_member=figures["single_member_clusters"] or 0,
        noise=(
            _noise_row(None, figures),
            *(_noise_row(group["dataset"], group) for group in figures["by_dataset"]),
        ),
        agreements=tuple(agreements),
        alpha=_share(others, "alpha", "alpha_interval"),
        alpha_n=others["n"],
        wrong=tuple(wrong),
    )


def _noise_row(dataset: str | None, group: Mapping[str, Any]) -> NoiseRow:
    return NoiseRow(
        dataset=dataset,
        n=group["n"],
        unsure=group["unsure"],
        false_positives=group["false_positives"],
        false_negatives=group["false_negatives"],
        wrong=group["wrong"],
        accuracy=_share(group, "accuracy", "interval"),
        weighted=_share(group, "weighted_accuracy", "weighted_interval"),
        collapsed=_share(group, "collapsed_accuracy", "collapsed_interval"),
        weighted_collapsed=_share(
            group, "weighted_collapsed_accuracy", "weighted_collapsed_interval"
        ),
    )


def _agreement_row(who: str, found: Mapping[str, Any]) -> AgreementRow:
    return AgreementRow(
        who=who,
        n=found["n"],
        agreement=_share(found, "agreement", "interval"),
        kappa=_share(found, "kappa", "kappa_interval"),
    )


def _share(figures: Mapping[str, Any], value: str, interval: str) -> Share:
    limits = figures[interval]
    return Share(figures[value], (limits[0], limits[1]) if limits else None)
