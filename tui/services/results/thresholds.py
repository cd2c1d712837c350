"""Choosing where a detector's positive probability is cut, on a dataset that it was judged on."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from engine.jobs.parts import write_text
from engine.models.detector import detector_folder
from engine.statistics.estimate import Estimate
from engine.statistics.thresholds import (
    Cuts,
    Rule,
    RuleName,
    choose_threshold,
    cut_everywhere,
    measure_at,
    thin_curve,
)
from store.database.connection import Database
from store.datasets import require_dataset
from store.detectors import DetectorRow
from store.errors import UnknownName
from store.thresholds import add_threshold, find_threshold
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


def require_probabilities(detector: DetectorRow) -> None:
    """Raise NothingToDo for a language model: it gives labels alone, which no threshold cuts."""
    if detector.is_judge:
        raise NothingToDo(f"{detector.name} gives no probabilities, so it can have no threshold.")


def parse_rule(text: str) -> Rule:
    """Return the rule of "max-f1", "fpr=0.01" or "recall=0.95". Raises UnknownName."""
    name, _, bound = text.partition("=")
    try:
        share = float(bound) if bound else None
    except ValueError:
        share = -1.0
    fits = share is None if name == "max-f1" else share is not None and 0 <= share <= 1
    if name not in RULES or not fits:
        raise UnknownName(
            f"{text!r} is no rule. Rules: max-f1, fpr=SHARE (at most), recall=SHARE (at least), "
            "with a share from 0 to 1."
        )
    return Rule(RULES[name], share)


def threshold_figures(
    workspace: Workspace, database: Database, detector: DetectorRow, dataset: str | None
) -> dict[str, Any]:
    """Return the threshold of a detector, and on a dataset that it was judged on the curve.

    `at` are the measures that the threshold has there.
    """
    chosen = find_threshold(database, detector.detector_id)
    figures: dict[str, Any] = {
        "detector": detector.name,
        "detector_id": detector.detector_id,
        "dataset": dataset,
        "chosen": asdict(chosen) if chosen else None,
        "n": None,
        "curve": [],
        "at": None,
    }
    if dataset is None:
        return figures
    is_positive, probabilities = _scored(workspace, database, detector, dataset)
    figures["n"] = len(is_positive)
    figures["curve"] = [
        asdict(point) for point in thin_curve(cut_everywhere(is_positive, probabilities))
    ]
    if chosen:
        measures = measure_at(is_positive, probabilities, chosen.threshold)
        names = ("accuracy", "precision", "recall", "f1", "false_positive_rate")
        figures["at"] = {name: _shown(getattr(measures, name)) for name in names}
    return figures


def _shown(estimate: Estimate | None) -> dict[str, Any] | None:
    if estimate is None:
        return None
    return {"value": estimate.value, "interval": [estimate.low, estimate.high]}


def choose_by_rule(
    workspace: Workspace, database: Database, detector: DetectorRow, dataset: str, rule: Rule
) -> float:
    """Choose a threshold on a dataset that the detector was judged on, keep and return it.

    Raises NothingToDo where no threshold fulfils the rule.
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

    Raises NothingToDo where the folder is gone, and LabelUnknown where the task lacks a label of
    the detector; nothing is kept then.
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
    """Raise where the detector's chosen threshold is not one of the labels that are positive now.

    LabelUnknown where the task lacks a label of the detector, ThresholdOutdated where the task's
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
    """Return what a detector's folder says of its threshold; nothing if it cannot be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def warn_of(database: Database, dataset: str) -> str | None:
    """Return why figures will look too good after choosing on a dataset, if they will."""
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


def _scored(workspace: Workspace, database: Database, detector: DetectorRow, dataset: str) -> Any:
    found = read_evaluations(workspace, database, dataset, [detector.detector_id])
    if not found:
        raise NothingToDo(f"{detector.name} was not judged on {dataset!r} yet.")
    return found[0].scored()
