"""`backquery task rename`: a label's name changed in task.toml, the store, recipes and detectors.

The store changes in one transaction; each file is replaced in one step, task.toml last. After an
interruption between them the same command is run again.
"""

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.jobs.parts import write_text
from engine.jobs.settings import NAME_PATTERN
from engine.models.detector import detector_folder
from store.database.connection import Database
from store.detectors import list_contestants
from store.errors import UnknownName
from store.relabelling import detectors_with_both, is_stored, rename_label
from tui.services.errors import LabelRefused, NameUnfit, SettingsInvalid
from tui.services.files.toml_names import replace_names
from tui.services.jobs.training import LONGEST_NAME
from tui.services.results.thresholds import CONFIG_NAME
from tui.services.workspace import Workspace

_CARD = "README.md"


@dataclass(frozen=True, slots=True)
class Renaming:
    """What was renamed: samples, and files by their path in the workspace."""

    samples: int
    files: tuple[Path, ...]
    unreadable: tuple[Path, ...]  # of detectors, left as they were


def rename_task_label(workspace: Workspace, database: Database, old: str, new: str) -> Renaming:
    """Give a label another name everywhere. task.toml may have the new one already.

    Raises NameUnfit, UnknownName for a label that is nowhere, LabelRefused where two labels would
    become one that detectors tell apart, and SettingsInvalid for a file that cannot be changed.
    """
    _check(workspace, database, old, new)
    texts = dict(_changed_settings(workspace, old, new))
    samples = rename_label(database, old, new)
    unreadable = []
    for detector in list_contestants(database):
        folder = detector_folder(workspace.path, detector.detector_id)
        try:
            texts = dict(_changed_detector(folder, old, new)) | texts  # task.toml stays last
        except (OSError, ValueError):
            unreadable.append(folder)
    for path, text in texts.items():
        write_text(path, text)
    return Renaming(samples, tuple(texts), tuple(unreadable))


def _check(workspace: Workspace, database: Database, old: str, new: str) -> None:
    labels = workspace.task.labels
    if len(new) > LONGEST_NAME or not re.fullmatch(NAME_PATTERN, new):
        raise NameUnfit(
            f"{new[:LONGEST_NAME]!r} is not a valid name for a label: use at most {LONGEST_NAME} "
            "letters, digits and . _ + -, with a letter or digit first."
        )
    if old == new or (old in labels and new in labels):
        raise LabelRefused(
            f"{old!r} and {new!r} are the same label, or both are the task's: {', '.join(labels)}. "
            "Name one that the task or its rows have, and one that it does not have yet."
        )
    if old not in labels and (new not in labels or not _is_anywhere(workspace, database, old)):
        raise UnknownName(
            f"There is no label {old!r}" + ("" if new in labels else f", nor {new!r} in task.toml")
            + f". The task's labels: {', '.join(labels)}."
        )  # fmt: skip
    if both := detectors_with_both(database, old, new):
        raise LabelRefused(
            f"{', '.join(both)} tell {old!r} from {new!r}: they are two labels, which a renaming "
            f"would make one. Put {old!r} back into task.toml, or rename it to another."
        )


def _is_anywhere(workspace: Workspace, database: Database, label: str) -> bool:
    """Whether a label is stored, or in a file that an interrupted renaming left."""
    if is_stored(database, label):
        return True
    folders = (workspace.path / "detectors").glob("*/config.json")
    files = [*folders, *(workspace.path / "recipes").glob("*.toml")]
    return any(json.dumps(label) in path.read_text(errors="replace") for path in files)


def _changed_settings(workspace: Workspace, old: str, new: str) -> Iterator[tuple[Path, str]]:
    """Yield the recipes and then the task with the label renamed, where they name it."""
    for path in (
        *sorted((workspace.path / "recipes").glob("*.toml")),
        workspace.path / "task.toml",
    ):
        try:
            text = path.read_text(encoding="utf-8")
            found = tomllib.loads(text)
        except (OSError, ValueError) as error:
            raise SettingsInvalid(f"{path} cannot be read: {error}") from error
        wanted = _with_names(found, old, new)
        if wanted == found:
            continue
        changed = replace_names(text, old, new, wanted)
        if changed is None:
            raise SettingsInvalid(
                f"{path} names {old!r} in a way that cannot be changed here. Write {new!r} there "
                "by hand, then run this command again."
            )
        yield path, changed


def _with_names(found: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    """A task or a recipe with a label renamed, and nothing else."""
    if "label" in found:
        labels = [
            item | {"name": new} if isinstance(item, dict) and item.get("name") == old else item
            for item in found["label"]
        ]
        return found | {"label": labels}
    changed: dict[str, Any] = _with_sources(found, old, new)
    return changed


def _with_sources(found: Any, old: str, new: str) -> Any:
    if isinstance(found, list):
        return [_with_sources(item, old, new) for item in found]
    if not isinstance(found, dict):
        return found
    return {
        name: [new if label == old else label for label in value]
        if name == "labels" and isinstance(value, list)
        else _with_sources(value, old, new)
        for name, value in found.items()
    }


def _changed_detector(folder: Path, old: str, new: str) -> Iterator[tuple[Path, str]]:
    """Yield a detector's files with the label renamed. Raises OSError and ValueError."""
    config_path, threshold_path = folder / "config.json", folder / CONFIG_NAME
    if config_path.is_file():
        config = json.loads(config_path.read_text(encoding="utf-8"))
        changed = _with_outputs(config, old, new)
        if changed != config:
            yield config_path, json.dumps(changed, indent=2) + "\n"
            card = folder / _CARD
            if card.is_file():
                name = rf"(?<![\w.+-]){re.escape(old)}(?![\w.+-])"
                yield card, re.sub(name, new, card.read_text(encoding="utf-8"))
    if threshold_path.is_file():
        found = json.loads(threshold_path.read_text(encoding="utf-8"))
        positive = [new if label == old else label for label in found.get("positive", [])]
        if positive != found.get("positive", []):
            yield threshold_path, json.dumps(found | {"positive": positive}, indent=1) + "\n"


def _with_outputs(config: Any, old: str, new: str) -> Any:
    """A model's configuration with its outputs renamed. Raises ValueError."""
    if not isinstance(config, dict):
        raise ValueError("no JSON object")
    names = dict(config.get("id2label") or {})
    places = dict(config.get("label2id") or {})
    return config | {
        "id2label": {place: new if label == old else label for place, label in names.items()},
        "label2id": {new if label == old else label: place for label, place in places.items()},
    }
