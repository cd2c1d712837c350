"""Where a cluster's label and a model differ: apart from what finds it, which needs numpy."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A cluster whose `label` a model doubts, which is a reason to split it.

    Of its `members`, `against` lean to another label, most of them to `other`.
    `expected_wrong` is the sum over the members of the probability that the label is wrong.
    """

    cluster: str
    label: str
    members: int
    against: int
    other: str
    expected_wrong: float
