"""The noise of labels that prompts were written for: which of them people overturned, and where."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from engine.scenarios.problem import WORD
from engine.statistics.estimate import Estimate
from engine.statistics.label_noise import effective_size
from engine.statistics.measures import wilson_limits
from store.constructed import read_constructed
from store.database.connection import Database
from store.invented import drawn_values
from tui.services.errors import ProblemMissing
from tui.services.problems import read_problem
from tui.services.results.inlined import INLINED
from tui.services.workspace import Workspace

METHOD: Final = (
    "overturned: share of the prompts on which somebody decided, with all members of a labelled "
    "cluster, that have another label than they were written for; Wilson's 95 % interval at "
    "Kish's effective n, where a decision counts for the prompts that it reached. What a model "
    "learned is left out; and of a dimension that only one label's prompts have, those of others"
)


@dataclass(frozen=True, slots=True)
class Overturned:
    """Of `n` prompts that `decisions` reached, those that have another label than written for.

    A false positive was written as positive and found negative; two labels of one side are
    neither.
    """

    n: int
    decisions: int
    overturned: int
    false_positives: int
    false_negatives: int
    share: Estimate | None


@dataclass(frozen=True, slots=True)
class OverturnedValue:
    """What was overturned of the prompts that were drawn with a value of a dimension."""

    dimension: str
    value: str
    noise: Overturned = field(metadata=INLINED)


@dataclass(frozen=True, slots=True)
class Construction:
    """Label noise of the method: what people overturned of `written` prompts.

    Values come with the worst first, by the lower end of their interval.
    """

    written: int
    noise: Overturned = field(metadata=INLINED)
    by_value: tuple[OverturnedValue, ...]
    method: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt with the values of its draw that it has to do with; `label` is None until decided.

    `decision` is what all prompts share that one decision reached.
    """

    answer_id: str
    written_for: str
    label: str | None
    decision: str
    values: tuple[tuple[str, str], ...]


def read_construction(workspace: Workspace, prompts: Sequence[Prompt]) -> Construction:
    """What was overturned as of now, of `read_prompts`."""
    positives = workspace.task.positives
    decided = [prompt for prompt in prompts if prompt.label is not None]
    groups: dict[tuple[str, str], list[Prompt]] = defaultdict(list)
    for prompt in decided:
        for value in prompt.values:
            groups[value].append(prompt)
    by_value = [
        OverturnedValue(dimension, value, _measure(own, positives))
        for (dimension, value), own in groups.items()
    ]
    return Construction(
        len(prompts),
        _measure(decided, positives),
        tuple(sorted(by_value, key=_from_the_worst)),
        METHOD,
    )


def read_prompts(workspace: Workspace, database: Database) -> list[Prompt]:
    """All prompts that were invented for a label; none in a task of single texts.

    Raises SettingsInvalid for a problem that cannot be read.
    """
    if not workspace.task.is_pair:
        return []
    owners = _owners(workspace)
    values: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for sample_id, dimension, value in drawn_values(database).rows():
        if dimension != WORD:
            values[sample_id].append((dimension, value))
    return [
        Prompt(
            answer_id,
            written_for,
            label,
            answer_id if decision is None else str(decision),
            tuple(
                value for value in values[sample_id]
                if owners.get(value[0]) in (None, written_for)
            ),
        )
        for answer_id, sample_id, written_for, label, decision in read_constructed(database).rows()
    ]  # fmt: skip


def _owners(workspace: Workspace) -> Mapping[str, str | None]:
    """The label whose prompts alone have a dimension, by its name; None of one that all have."""
    try:
        return {item.name: item.label for item in read_problem(workspace).dimension}
    except ProblemMissing:
        return {}


def _measure(prompts: Sequence[Prompt], positives: Collection[str]) -> Overturned:
    sides = [(item.written_for in positives, item.label in positives) for item in prompts]
    overturned = sum(item.label != item.written_for for item in prompts)
    reached = Counter(item.decision for item in prompts)
    size = effective_size([*reached.values()])
    share = overturned / len(prompts) if prompts else 0.0
    return Overturned(
        n=len(prompts),
        decisions=len(reached),
        overturned=overturned,
        false_positives=sides.count((True, False)),
        false_negatives=sides.count((False, True)),
        share=None if size is None else Estimate(share, wilson_limits(share, size), len(prompts)),
    )


def _from_the_worst(item: OverturnedValue) -> tuple[float, float, str, str]:
    share = item.noise.share
    low, value = (share.low, share.value) if share else (0.0, 0.0)
    return (-low, -value, item.dimension, item.value)
