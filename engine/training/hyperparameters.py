"""How a detector is trained: what holds for the whole recipe, and what a training stage changes."""

from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from engine.jobs.params import StageParams

Precision = Literal["float32", "bfloat16", "auto"]
ClassWeights = Literal["none", "balanced"]
RowWeights = Literal["none", "probability"]
Targets = Literal["hard", "soft"]
Count = Annotated[int, Field(ge=1)]
LearningRate = Annotated[float, Field(gt=0)]
WeightDecay = Annotated[float, Field(ge=0)]
Share = Annotated[float, Field(ge=0, lt=1)]

NOTHING_TO_STOP_BY: Final = "early_stop_epochs needs a validation_share above 0"


class StageSettings(StageParams):
    """What one training stage does in its own way; None keeps what holds for the recipe."""

    learning_rate: LearningRate | None = None
    epochs: Count | None = None
    batch_size: Count | None = None
    gradient_accumulation: Count | None = None
    weight_decay: WeightDecay | None = None
    warmup_ratio: Share | None = None
    class_weights: ClassWeights | None = None
    early_stop_epochs: Count | None = None
    row_weights: RowWeights | None = None
    targets: Targets | None = None


class TrainingSettings(StageParams):
    """How training stages are run; the defaults are those of STAR, appendix B.

    The learning rate rises over `warmup_ratio` of the steps and then falls linearly to 0.
    A step sees `batch_size` × `gradient_accumulation` rows, however few of them fit in memory at
    once. `class_weights` "balanced" weighs a row by rows / (labels × rows of its label), counted
    in the training stage. `validation_share` of the seeds are held out, with all that was made
    from them; a training stage ends once the loss on them has not fallen for `early_stop_epochs`
    epochs, with the weights of the best. `precision` "auto" is bfloat16 on a GPU that computes
    in it and float32 elsewhere; the weights themselves stay in float32.
    """

    learning_rate: LearningRate = 2e-5
    epochs: Count = 5
    batch_size: Count = 16
    gradient_accumulation: Count = 1
    weight_decay: WeightDecay = 0.01
    warmup_ratio: Share = 0.0
    class_weights: ClassWeights = "none"
    early_stop_epochs: Count | None = None
    validation_share: Share = 0.0
    precision: Precision = "float32"

    @model_validator(mode="after")
    def _stopping_needs_held_out_rows(self) -> Self:
        if self.validation_share == 0 and self.early_stop_epochs:
            raise ValueError(NOTHING_TO_STOP_BY)
        return self


class Hyperparameters(TrainingSettings):
    """How a recipe is trained; `stages` changes what holds for the training stage at its place.

    Two settings are those of training stages alone, because they are about how sure labels are, as
    learned ones say: `row_weights` "probability" weighs a row by the probability of its label, and
    `targets` "soft" teach that probability in place of 1, the rest shared by the other labels.
    """

    row_weights: RowWeights = "none"
    targets: Targets = "hard"
    stages: tuple[StageSettings, ...] = ()

    @model_validator(mode="after")
    def _stages_that_stop_need_held_out_rows(self) -> Self:
        if self.validation_share == 0 and any(stage.early_stop_epochs for stage in self.stages):
            raise ValueError(NOTHING_TO_STOP_BY)
        return self

    def for_stage(self, number: int) -> Self:
        """What holds for a training stage, 0-based."""
        if number >= len(self.stages):
            return self
        return self.model_copy(update=self.stages[number].model_dump(exclude_none=True))
