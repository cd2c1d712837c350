"""The positive probability from which on a detector flags: chosen, kept, and its curve."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.jobs.parts import write_text
from engine.models.detector import detector_folder
from engine.statistics.estimate import Estimate
from engine.statistics.thresholds import (
    Cuts,
    Rule,
    RuleName,
    ThresholdPoint,
    choose_threshold,
    cut_everywhere,
    measure_at,
    thin_curve,
)
from store.database.connection import Database
from store.datasets import require_dataset
from store.detectors import DetectorRow
from store.errors import UnknownName
from store.thresholds import ChosenThreshold, add_threshold, find_threshold
from tui.services.errors import NothingToDo, ThresholdOutdated
from tui.services.results.evaluations import read_evaluations
from tui.services.task_labels import require_outputs
from tui.services.workspace import Workspace

CONFIG_NAME = "backquery.json"
RULES: dict[str, RuleName] = {
    "max-f1": "max-f1",
    "fpr": "fpr-at-most",
    "recall": "recall-at-least",
}


@dataclass(frozen=True, slots=True)
class ThresholdScores:
    """What a detector's threshold gives on a dataset."""

    accuracy: Estimate | None
    precision: Estimate | None
    recall: Estimate | None
    f1: Estimate | None
    false_positive_rate: Estimate | None


@dataclass(frozen=True, slots=True)
class ThresholdCurve:
    """Measures against the threshold, lowest first, over the `n` rows with a probability.

    `chosen` is the detector's threshold, `at` its scores; None if it has none. Without a dataset
    there is no n and no curve.
    """

    detector: str
    detector_id: str
    dataset: str | None
    chosen: ChosenThreshold | None
    n: int | None
    curve: tuple[ThresholdPoint, ...]
    at: ThresholdScores | None


def require_probabilities(detector: DetectorRow) -> None:
    """Raise NothingToDo for a language model: it gives labels alone, which no threshold cuts."""
    if detector.is_language_model:
        raise NothingToDo(f"{detector.name} gives no probabilities, so it can have no threshold.")


def parse_rule(text: str) -> Rule:
    """The rule that "max-f1", "fpr=0.01" or "recall=0.95" names. Raises UnknownName."""
    name, _, bound = text.partition("=")
    try:
        share = float(bound) if bound else None
    except ValueError:
        share = -1.0
    fits = share is None if name == "max-f1" else share is not None and 0 <= share <= 1
    if name not in RULES or not fits:
        raise UnknownName(
            f"{text!r} is not a rule. Rules: max-f1, fpr=SHARE (at most), recall=SHARE (at least), "
            "with a share from 0 to 1."
        )
    return Rule(RULES[name], share)


def read_threshold(
    workspace: Workspace, database: Database, detector: DetectorRow, dataset: str | None
) -> ThresholdCurve:
    """A detector's threshold, with its curve on a dataset that the detector was evaluated on."""
    chosen = find_threshold(database, detector.detector_id)
    name, detector_id = detector.name, detector.detector_id
    if dataset is None:
        return ThresholdCurve(name, detector_id, None, chosen, None, (), None)
    is_positive, probabilities = _scored(workspace, database, detector, dataset)
    curve = tuple(thin_curve(cut_everywhere(is_positive, probabilities)))
    at = None
    if chosen:
        found = measure_at(is_positive, probabilities, chosen.threshold)
        at = ThresholdScores(
            found.accuracy, found.precision, found.recall, found.f1, found.false_positive_rate
        )
    return ThresholdCurve(name, detector_id, dataset, chosen, len(is_positive), curve, at)


def choose_by_rule(
    workspace: Workspace, database: Database, detector: DetectorRow, dataset: str, rule: Rule
) -> float:
    """The threshold that a rule chooses on a dataset of an evaluation; it is kept.

    Raises NothingToDo if no threshold fulfils the rule.
    """
    cuts: Cuts = cut_everywhere(*_scored(workspace, database, detector, dataset))
    point = choose_threshold(cuts, rule)
    if point is None:
        raise NothingToDo(
            f"No threshold fulfils {rule} on {dataset!r}: it has {cuts.positives} positive and "
            f"{cuts.negatives} negative rows with a probability."
        )
    keep_threshold(workspace, database, detector, point.threshold, str(rule), dataset)
    return point.threshold


def keep_threshold(
    workspace: Workspace,
    database: Database,
    detector: DetectorRow,
    threshold: float | None,
    rule: str,
    dataset: str | None = None,
) -> None:
    """Keep a threshold in the store and in the detector's folder; None takes it back.

    Raises NothingToDo if the folder is gone, and LabelUnknown if the task lacks a label of the
    detector; nothing is kept then.
    """
    if threshold is not None:
        require_outputs(workspace.task, detector)
    path = _config_path(workspace, detector)
    if not path.parent.is_dir():
        raise NothingToDo(f"{path.parent} is gone: the detector cannot be used any more.")
    add_threshold(database, detector.detector_id, threshold, rule, dataset)
    config = _read_config(path)
    config["positive"] = sorted(workspace.task.positives)
    config["threshold"] = threshold
    config["threshold_rule"] = rule
    config["threshold_dataset"] = dataset
    write_text(path, json.dumps(config, indent=1, ensure_ascii=False) + "\n")


def require_meaning(workspace: Workspace, detector: DetectorRow) -> None:
    """Raise if the detector's threshold was not chosen for the labels that are positive now.

    LabelUnknown if the task lacks a label of the detector, ThresholdOutdated if the task's
    positive labels are others than when it was chosen.
    """
    require_outputs(workspace.task, detector)
    before = _read_config(_config_path(workspace, detector)).get("positive")
    now = sorted(workspace.task.positives)
    if before is not None and sorted(before) != now:
        raise ThresholdOutdated(
            f"The threshold of {detector.name!r} was chosen while {', '.join(before)} counted as "
            f"positive; in task.toml it is {', '.join(now)} now. Choose it again with `backquery "
            f"threshold {detector.name} --on DATASET --rule RULE`, or omit it with `--reset`."
        )


def _config_path(workspace: Workspace, detector: DetectorRow) -> Path:
    return detector_folder(workspace.path, detector.detector_id) / CONFIG_NAME


def _read_config(path: Path) -> dict[str, Any]:
    """The settings in a detector's folder; none if they cannot be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def warn_of(database: Database, dataset: str) -> str | None:
    """Why figures will look too good after choosing on a dataset, if they will."""
    roles = require_dataset(database, dataset).roles
    if "benchmark" in roles:
        return (
            f"{dataset!r} is a benchmark: with a threshold chosen on it, its figures are too good. "
            "Choose on another, held out for it: `backquery split DATASET --holdout N --as NAME`."
        )
    if {"seed", "train"} & set(roles):
        return (
            f"The detector may have been trained on rows of {dataset!r}, on which it is more "
            "certain than elsewhere. Better choose on rows that it never saw."
        )
    return None


def _scored(
    workspace: Workspace, database: Database, detector: DetectorRow, dataset: str
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    found = read_evaluations(workspace, database, dataset, [detector.detector_id])
    if not found:
        raise NothingToDo(f"{detector.name} was not evaluated on {dataset!r} yet.")
    return found[0].scored()
