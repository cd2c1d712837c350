"""What is asked of a training, and the id by which the detector that comes of it is known."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Self

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from engine.jobs.settings import DetectorSettings
from engine.models.architecture import Architecture
from engine.training.hyperparameters import Hyperparameters, TrainingSettings
from store.ids import row_id


class TrainParams(Hyperparameters):
    """What to train, on which base. `max_length` None is the model's own limit, in tokens.

    With an `architecture` it takes pairs: `max_length` is then that of a pair, or of a bi-encoder's
    text, and `max_context_length` that of its context. `source_digest` tells the contents of a
    folder that is adopted from those it had before.
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
    architecture: Architecture | None = None
    max_context_length: int | None = Field(default=None, ge=8)

    @model_serializer(mode="wrap")
    def _without_pairs(self, serialize: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave what pairs need out for single texts, whose cards and ids know nothing of it."""
        found: dict[str, Any] = serialize(self)
        if self.architecture is None:
            for name in ("architecture", "max_context_length"):
                found.pop(name, None)
        return found

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
        is_pair: bool = False,
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
                **_inputs(settings, is_pair),
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
        is_pair: bool = False,
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
                **_inputs(settings, is_pair),
                **({"source_digest": source_digest} if source_digest else {}),
            }
        )

    @classmethod
    def _known_by_content(cls, wanted: Mapping[str, object]) -> Self:
        detector_id = row_id("detector", json.dumps(wanted, sort_keys=True))
        return cls.model_validate({**wanted, "detector_id": detector_id})

    @property
    def is_pair(self) -> bool:
        """Whether the detector takes pairs."""
        return self.architecture is not None

    @property
    def uses_all_devices(self) -> bool:
        """True: a process on each of them trains."""
        return True

    def makes_same_detector(self, other: "TrainParams") -> bool:
        """Whether another training makes the same detector, whatever its name."""
        named = {"name", "detector_id"}
        return self.model_dump(exclude=named) == other.model_dump(exclude=named)


def _inputs(settings: DetectorSettings, is_pair: bool) -> dict[str, object]:
    """How much of what is taken, and of pairs, how."""
    if not is_pair:
        return {"max_length": settings.max_length}
    return {
        "max_length": settings.max_pair_length,
        "architecture": settings.architecture,
        **(
            {"max_context_length": settings.max_context_length}
            if settings.architecture == "bi-encoder"
            else {}
        ),
    }
