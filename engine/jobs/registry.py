"""The stages there are. To add one: write its file in `stages/`, then its line here."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final

from pydantic import ValidationError

from engine.errors import JobSpecInvalid
from engine.jobs.params import StageParams
from engine.jobs.stage import Stage
from store.validation import describe_problems

STAGES: Final[Mapping[str, str]] = {
    "queries": "engine.stages.queries:QueriesStage",
    "answers": "engine.stages.answers:AnswersStage",
    "predict": "engine.stages.predict:PredictStage",
    "cluster": "engine.stages.cluster:ClusterStage",
    "drift": "engine.stages.drift:DriftStage",
    "production": "engine.stages.production:ProductionStage",
    "train": "engine.stages.train:TrainStage",
    "baseline": "engine.stages.baseline:BaselineStage",
    "judge": "engine.stages.judge:JudgeStage",
    "evaluate": "engine.stages.evaluate:EvaluateStage",
    "speed": "engine.stages.speed:SpeedStage",
}
SPREAD: Final = frozenset({"train"})
"""Stages that use all devices of their job; the others take the first."""


def make_stage(name: str) -> Stage[Any]:
    """Return a new stage by its name. Raises JobSpecInvalid that lists the names there are."""
    if name not in STAGES:
        raise JobSpecInvalid(f"There is no stage {name!r}. The stages are {', '.join(STAGES)}.")
    module, _, cls = STAGES[name].partition(":")
    stage: Stage[Any] = getattr(import_module(module), cls)()
    return stage


def make_params(name: str, raw: Mapping[str, Any]) -> StageParams:
    """Validate a stage's parameters. Raises JobSpecInvalid with what is wrong."""
    try:
        return make_stage(name).Params.model_validate(dict(raw))
    except ValidationError as error:
        problems = describe_problems(error)
        raise JobSpecInvalid(f"The parameters of {name} do not fit: {problems}.") from error
