"""Labels of rows beside those of task.toml, which the user may change in the middle of a project.

What needs to know a label's meaning refuses one that the task does not have; what does not goes on.
"""

from collections.abc import Iterable, Sequence

from store.database.connection import Database
from store.detectors import DetectorRow, initial_detector, list_detectors
from store.relabelling import labels_that_count
from tui.services.errors import LabelUnknown
from tui.services.settings import Task


def require_labels(task: Task, found: Iterable[str | None], whose: str) -> None:
    """Raise LabelUnknown where one of these labels is not the task's; None is not one.

    `whose` begins the sentence: "Rows of 'health' have", "The detector 'initial' has".
    """
    if unknown := unknown_labels(task, found):
        raise LabelUnknown(describe_unknown(task, unknown, whose))


def unknown_labels(task: Task, found: Iterable[str | None]) -> list[str]:
    """Those of these labels that are not the task's, in order."""
    return sorted({label for label in found if label is not None}.difference(task.labels))


def describe_unknown(task: Task, unknown: Sequence[str], whose: str) -> str:
    """The sentence that names labels which the task lacks, and the way out."""
    names, one = ", ".join(map(repr, unknown)), unknown[0]
    return (
        f"{whose} the label{'s' if len(unknown) > 1 else ''} {names}, which task.toml lacks. "
        f"`backquery task rename {one} NEW` renames it everywhere; or put it back there. "
        f"The task's labels: {', '.join(task.labels)}."
    )


def require_outputs(task: Task, detector: DetectorRow) -> None:
    """Raise LabelUnknown where a detector gives a label that is not the task's."""
    require_labels(task, detector.labels, f"The detector {detector.name!r} gives")


def describe_meanings(task: Task, detectors: Sequence[DetectorRow]) -> list[str]:
    """A sentence for each label that was positive when a detector was trained, or negative.

    Only for those that are the other now.
    """
    trained: dict[tuple[str, bool], list[str]] = {}
    for item in detectors:
        if "positive" not in item.params:
            continue
        for label in set(task.labels).intersection(item.labels):
            was_positive = label in item.params["positive"]
            if was_positive != (label in task.positives):
                trained.setdefault((label, was_positive), []).append(item.name)
    return [
        f"The label {label!r} was {_sign(was)} at the training of "
        f"{', '.join(dict.fromkeys(names))} and is {_sign(not was)} in task.toml now, by which "
        f"all figures go. If that is a mistake, write `positive = {str(was).lower()}` there again."
        for (label, was), names in sorted(trained.items())
    ]


def _sign(is_positive: bool) -> str:
    return "positive" if is_positive else "negative"


def label_warnings(task: Task, database: Database) -> tuple[str, ...]:
    """A sentence for each thing in which stored labels differ from the task's."""
    initial = initial_detector(database)
    found = labels_that_count(database).union(initial.labels if initial else ())
    unknown = unknown_labels(task, found)
    return (
        *([describe_unknown(task, unknown, "Stored rows have")] if unknown else []),
        *describe_meanings(task, list_detectors(database)),
    )
