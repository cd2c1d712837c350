"""By which rule a baseline gives its labels, in a sentence."""

from engine.models.baseline_name import KNN, BaselineName
from engine.models.detector import detector_folder
from engine.models.nearest_examples import EXAMPLES, NEIGHBOURS
from engine.models.scored_baseline import read_fit
from engine.stages.baseline import BaselineParams
from store.counting import counted
from store.detectors import DetectorRow
from tui.services.workspace import Workspace


def describe_rule(workspace: Workspace, detector: DetectorRow) -> str | None:
    """How a baseline's labels come about; None for detectors, and what follows from its name."""
    if detector.is_language_model:
        return _describe_reading(BaselineParams.model_validate(detector.params))
    if not detector.is_baseline:
        return None
    if BaselineName.parse(detector.base).kind == KNN:
        return (
            f"The label of most of the {NEIGHBOURS} nearest examples. A context has {EXAMPLES} of "
            f"each label: its own in the training rows of {detector.recipe!r}, or those of the "
            "nearest contexts."
        )
    fit = read_fit(detector_folder(workspace.path, detector.detector_id))
    if fit is None:
        return None
    return (
        f"Flagged from a probability of {fit.threshold:.2f} on, which has the best F1 "
        f"({fit.f1:.2f}) on {counted(fit.rows, 'training row')} of {detector.recipe!r}."
    )


def _describe_reading(params: BaselineParams) -> str | None:
    if params.judge is None or params.judge.refusal_means is None:
        return "The label that a reply names first."
    refused, other = params.judge.refusal_means
    return (
        f"A reply that opens as a refusal does (“I'm sorry”, “I can't”, “As an AI” …: the flag "
        f"`refusal` of answers) means {refused}, any other {other}."
    )
