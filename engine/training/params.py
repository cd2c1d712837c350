"""What is asked of a training, and the id by which the detector that comes of it is known."""

import json
from collections.abc import Mapping, Sequence
from typing import Self

from pydantic import Field

from engine.jobs.settings import DetectorSettings
from engine.training.hyperparameters import Hyperparameters, TrainingSettings
from store.ids import row_id


class TrainParams(Hyperparameters):
    """What to train, on which base. `max_length` None is the model's own limit, in tokens.

    `source_digest` tells the contents of a folder that is adopted from those it had before.
    """

    detector_id: str = Field(pattern=r"^[A-Za-z0-9][\w.-]*$")  # becomes a folder
    name: str
    recipe: str
    base: str
    labels: tuple[str, ...]
    positive: tuple[str, ...]
    training_digest: str
    seed: int
    max_length: int | None = Field(default=None, ge=8)
    source_digest: str = ""

    @classmethod
    def of(
        cls,
        settings: DetectorSettings,
        *,
        name: str,
        recipe: str,
        labels: Sequence[str],
        positives: Sequence[str],
        training_digest: str,
        seed: int,
        stages: Sequence[Mapping[str, str | int | float]],
    ) -> Self:
        """A training as workspace.toml says, each training stage with what its recipe changes.

        The detector's id follows from all that it is made of.
        """
        training = settings.model_dump(include=set(TrainingSettings.model_fields))
        return cls._known_by_content(
            {
                "name": name,
                "recipe": recipe,
                "base": settings.base,
                "labels": labels,
                "positive": positives,
                "training_digest": training_digest,
                "seed": seed,
                "max_length": settings.max_length,
                **training,
                "stages": stages,
            }
        )

    @classmethod
    def adopting(
        cls,
        settings: DetectorSettings,
        *,
        name: str,
        labels: Sequence[str],
        positives: Sequence[str],
        seed: int,
        base: str,
        source_digest: str,
    ) -> Self:
        """The adoption of the model `base` as the detector of the recipe of the same name."""
        return cls._known_by_content(
            {
                "name": name,
                "recipe": name,
                "base": base,
                "labels": labels,
                "positive": positives,
                "training_digest": "",
                "seed": seed,
                "max_length": settings.max_length,
                **({"source_digest": source_digest} if source_digest else {}),
            }
        )

    @classmethod
    def _known_by_content(cls, wanted: Mapping[str, object]) -> Self:
        detector_id = row_id("detector", json.dumps(wanted, sort_keys=True))
        return cls.model_validate({**wanted, "detector_id": detector_id})

    @property
    def uses_all_devices(self) -> bool:
        """True: a process on each of them trains."""
        return True

    def makes_same_detector(self, other: "TrainParams") -> bool:
        """Whether another training makes the same detector, whatever its name."""
        named = {"name", "detector_id"}
        return self.model_dump(exclude=named) == other.model_dump(exclude=named)
