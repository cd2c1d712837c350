"""What threads tell the views of the training screen, which drop what no longer matters."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from tui.screens.training.views import RecipePreview, TrainingView


@dataclass
class TrainingsRead(Message):
    """The detectors and trainings, with the curves of those that were asked for."""

    curves_of: tuple[str, ...]
    view: "TrainingView"


@dataclass
class RecipePreviewed(Message):
    """What a recipe would train on."""

    preview: "RecipePreview"
