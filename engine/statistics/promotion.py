"""Whether a new detector takes the place of an old one: the rule, as it is written down. Pure."""

from dataclasses import dataclass
from typing import Literal

from engine.statistics.paired_cells import PairedComparison

Verdict = Literal["PROMOTE", "KEEP", "UNDECIDED"]
Finding = Literal["yes", "no", "unclear"]


@dataclass(frozen=True, slots=True)
class Promotion:
    """The verdict, and whether each of its conditions holds: yes, no, or not told by the labels."""

    verdict: Verdict
    is_recall_kept: Finding
    are_alarms_fewer: Finding


def decide(comparison: PairedComparison | None, margin: float) -> Promotion:
    """PROMOTE if both conditions hold, KEEP if one is refuted, else UNDECIDED.

    The new recall is kept if it is more than the old one minus `margin`, and its false alarms are
    fewer if their difference is below 0. Either holds if the whole interval of the difference says
    so, and is refuted if none of it does. As both have to hold, neither is corrected for the other
    (intersection-union test, Berger, Technometrics 24, 1982). None is no labelled row.
    """
    recall = comparison.recall_difference if comparison else None
    alarms = comparison.alarm_difference if comparison else None
    kept: Finding = "unclear"
    if recall is not None and recall.interval is not None:
        kept = "yes" if recall.low > -margin else "no" if recall.high <= -margin else "unclear"
    fewer: Finding = "unclear"
    if alarms is not None and alarms.interval is not None:
        fewer = "yes" if alarms.high < 0 else "no" if alarms.low >= 0 else "unclear"
    findings = {kept, fewer}
    verdict: Verdict = (
        "KEEP" if "no" in findings else "UNDECIDED" if "unclear" in findings else "PROMOTE"
    )
    return Promotion(verdict, kept, fewer)
