"""What an audit found by what prompts were drawn with: where a language model errs."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from engine.statistics.estimate import Estimate
from engine.statistics.label_noise import AuditedLabel, LabelNoise, measure_groups
from engine.statistics.measures import wilson
from store.audit_findings import Finding
from tui.services.results.construction import Prompt
from tui.services.results.inlined import INLINED


@dataclass(frozen=True, slots=True)
class ValueNoise:
    """The label noise of the audited prompts that were drawn with a value of a dimension.

    `written_wrong` is the share found to have another label than they were written for.
    """

    dimension: str
    value: str
    noise: LabelNoise = field(metadata=INLINED)
    written_wrong: Estimate | None


def share_written_wrong(prompts: Sequence[Prompt], findings: Sequence[Finding]) -> Estimate | None:
    """The share of audited prompts that have another label than they were written for."""
    return _share_wrong({item.answer_id: item for item in prompts}, findings)


def _share_wrong(known: Mapping[str, Prompt], findings: Sequence[Finding]) -> Estimate | None:
    wrong = [
        item.found != known[item.answer_id].written_for
        for item in findings
        if item.found is not None and item.answer_id in known
    ]
    return wilson(sum(wrong), len(wrong))


def audit_by_value(
    prompts: Sequence[Prompt],
    findings: Sequence[Finding],
    rows: Sequence[AuditedLabel],
    positives: Collection[str],
) -> tuple[ValueNoise, ...]:
    """The noise by value, those first of which most was written wrong.

    `rows` are the findings as they are measured. Order is by the lower end of the interval.
    """
    known = {prompt.answer_id: prompt for prompt in prompts}
    drawn = [dict(known[item.answer_id].values) if item.answer_id in known else {}
             for item in findings]  # fmt: skip
    found = []
    for dimension in dict.fromkeys(name for values in drawn for name in values):
        cut = [
            replace(row, group=values.get(dimension, ""))
            for row, values in zip(rows, drawn, strict=True)
        ]
        own: dict[str, list[Finding]] = defaultdict(list)
        for row, finding in zip(cut, findings, strict=True):
            own[row.group].append(finding)
        found += [
            ValueNoise(dimension, value, noise, _share_wrong(known, own[value]))
            for value, noise in measure_groups(cut, positives).items()
            if value
        ]
    return tuple(sorted(found, key=_from_the_worst))


def _from_the_worst(item: ValueNoise) -> tuple[float, float, str, str]:
    share = item.written_wrong
    low, value = (share.low, share.value) if share else (0.0, 0.0)
    return (-low, -value, item.dimension, item.value)
