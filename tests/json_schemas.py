"""JSON Schemas of what commands print with `--json`, derived from the types of their results.

They follow `tui/commands/encoding.py`: one object per dataclass, with its docstring as its
description. `python -m tests.documents` writes them to `docs/schemas/`, where they are pinned.
"""

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, TypeAdapter

from engine.statistics.estimate import Estimate
from store.recipes import Recipe
from tui.commands.encoding import INTERVALS, estimate_fields, is_inlined
from tui.services.files.imports import ImportSummary
from tui.services.files.seed_copies import CopiedFailures
from tui.services.results.agreement import AgreementReport
from tui.services.results.audit import AuditReport
from tui.services.results.clusters import ClusterSummary
from tui.services.results.comparison import Comparison
from tui.services.results.corrections import Corrections
from tui.services.results.coverage import Coverage
from tui.services.results.datasets import DatasetStatus
from tui.services.results.drift import Drift
from tui.services.results.evaluation_report import EvaluationReport
from tui.services.results.interventions import Interventions
from tui.services.results.learning_curves import LearningCurves
from tui.services.results.patterns import Patterns
from tui.services.results.published import ComparisonWithPapers
from tui.services.results.queue import Queues
from tui.services.results.recall import Recall
from tui.services.results.rounds import Rounds
from tui.services.results.shadow import Shadow
from tui.services.results.simulation import LabelSimulation
from tui.services.results.status import JobStatus, Status
from tui.services.results.suspects import SuspectReport
from tui.services.results.thresholds import ThresholdCurve
from tui.services.results.training_preview import TrainingPreview
from tui.services.results.trial import Trial
from tui.services.results.tuning import Tuning

Schema = dict[str, Any]

RESULTS: Final[Mapping[str, object]] = {
    "invent": Coverage,
    "try": Trial,
    "status": Status,
    "jobs": list[JobStatus],
    "jobs show": JobStatus,
    "datasets": list[DatasetStatus],
    "import": ImportSummary,
    "seeds": CopiedFailures,
    "clusters": list[ClusterSummary],
    "audit": AuditReport,
    "simulate labels": LabelSimulation,
    "simulate learning": LearningCurves,
    "queue": Queues,
    "annotate": AgreementReport,
    "agreement": AgreementReport,
    "suspects": SuspectReport,
    "drift": Drift,
    "correct": Corrections,
    "recipes": list[Recipe],
    "train": TrainingPreview | Tuning,
    "evaluate": EvaluationReport,
    "compare": Comparison | ComparisonWithPapers,
    "threshold": ThresholdCurve,
    "interventions": Interventions,
    "recall": Recall,
    "round": Rounds,
    "shadow": Shadow,
    "patterns": Patterns,
}
"""What each command with `--json` prints."""

RANGES: Final[Mapping[str, tuple[float, float]]] = {
    "gap": (-1, 1),
    "difference": (-1, 1),
    "similarity": (-1, 1),
    "kappa": (-1, 1),
    "alpha": (-1, 1),
    "per_1000": (0, 1000),
    "per_10000": (0, 10_000),
    "new_per_1000": (0, 1000),
    "old_per_1000": (0, 1000),
    "now_flagged_per_1000": (0, 1000),
    "now_passed_per_1000": (0, 1000),
    "recall_difference": (-1, 1),
    "new_alarms_per_1000": (0, 1000),
    "old_alarms_per_1000": (0, 1000),
    "alarms_difference_per_1000": (-1000, 1000),
    "false_alarms": (0, 1000),
    "mmd2": (-2, 2),
    "compression_ratio": (0, 1100),
}
"""Ranges of estimates by field; all others are shares from 0 to 1."""

PLAIN: Final[Mapping[object, Schema]] = {
    str: {"type": "string"},
    Path: {"type": "string"},
    datetime: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer", "minimum": 0},
    float: {"type": "number"},
    NoneType: {"type": "null"},
    object: {},
    Any: {},
}


def file_name(command: str) -> str:
    """The name of the file in `docs/schemas/` that pins what a command prints."""
    return f"{command.replace(' ', '-')}.json"


def schema_of(command: str) -> Schema:
    """The schema of what a command prints."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"backquery {command} --json",
        **describe(RESULTS[command]),
    }


def describe(kind: object) -> Schema:
    """The schema of a type. Raises TypeError for one that has no form in JSON."""
    if isinstance(kind, type) and is_dataclass(kind):
        return _describe_fields(kind)
    if kind in PLAIN:
        return PLAIN[kind]
    origin, arguments = get_origin(kind), get_args(kind)
    if any(isinstance(item, type) and issubclass(item, BaseModel) for item in arguments):
        adapter: TypeAdapter[Any] = TypeAdapter(kind)  # type: ignore[arg-type]
        return adapter.json_schema(mode="serialization")
    if origin in (Union, UnionType):
        return {"anyOf": [describe(item) for item in arguments]}
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin is tuple and Ellipsis not in arguments:
        items = [describe(item) for item in arguments]
        return {"type": "array", "prefixItems": items, "items": False, "minItems": len(items)}
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": describe(arguments[1])}
    if isinstance(origin, type) and issubclass(origin, (Sequence, frozenset)):
        return {"type": "array", "items": describe(arguments[0])}
    raise TypeError(f"{kind} has no form in JSON.")


def _describe_fields(kind: type) -> Schema:
    hints, estimates = get_type_hints(kind), estimate_fields(kind)
    properties: Schema = {}
    intervals: Schema = {}
    for item in fields(kind):
        name = item.name.removesuffix("_")
        if item.name in estimates:
            properties[name], intervals[name] = _describe_estimate(name, hints[item.name])
        elif is_inlined(item):
            inner = dict(describe(hints[item.name])["properties"])
            intervals |= inner.pop(INTERVALS, {}).get("properties", {})
            properties |= inner
        else:
            properties[name] = describe(hints[item.name])
    if intervals:
        properties[INTERVALS] = _closed(intervals)
    return {"description": inspect.getdoc(kind), **_closed(properties)}


def _describe_estimate(name: str, kind: object) -> tuple[Schema, Schema]:
    """The schemas of an estimate's value and of its interval, which too few rows may not have."""
    low, high = RANGES.get(name, (0, 1))
    number: Schema = {"type": "number", "minimum": low, "maximum": high}
    ends: Schema = {"type": "array", "items": number, "minItems": 2, "maxItems": 2}
    value = number if kind is Estimate else {"anyOf": [number, {"type": "null"}]}
    return value, {"anyOf": [ends, {"type": "null"}]}


def _closed(properties: Schema) -> Schema:
    """The schema of an object that has these properties, all of them and no other."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
