"""What a training is asked for, and the id that follows: pairs add to it, single texts do not."""

from typing import Any

import pytest

from engine.jobs.settings import DetectorSettings
from engine.models.architecture import LONGEST_SIDE
from engine.training.params import TrainParams

SETTINGS = DetectorSettings(base="bundled:all-minilm-l6-v2", learning_rate=3e-4)


def params(settings: DetectorSettings, **changes: Any) -> TrainParams:
    given: dict[str, Any] = {
        "name": "real", "recipe": "real", "labels": ("a", "b"), "positives": ["a"],
        "training_digest": "t", "seed": 3, "stages": ({"epochs": 2},),
    }  # fmt: skip
    return TrainParams.of(settings, **given, **changes)


def changed(**settings: Any) -> DetectorSettings:
    return DetectorSettings.model_validate({**SETTINGS.model_dump(exclude_unset=True), **settings})


def test_a_detector_of_single_texts_has_the_id_that_it_had_before_there_were_pairs() -> None:
    adopted = TrainParams.adopting(
        SETTINGS, name="initial", labels=("a", "b"), positives=["a"], seed=3, base="path:/x",
        source_digest="y",
    )  # fmt: skip
    assert params(SETTINGS).detector_id == "b8ce5a1c77769585109dbfce"
    assert adopted.detector_id == "fd1adb656cdfd99f00828ab5"
    other = changed(architecture="bi-encoder", max_context_length=64)
    assert params(other).detector_id == params(SETTINGS).detector_id
    assert params(SETTINGS).max_length == 256


def test_architecture_and_limits_are_part_of_the_id_of_a_detector_for_pairs() -> None:
    ids = [
        params(changed(**settings), is_pair=True).detector_id
        for settings in (
            {},
            {"architecture": "bi-encoder"},
            {"architecture": "bi-encoder", "max_context_length": 64},
            {"max_length": 64},
        )
    ]
    assert len({params(SETTINGS).detector_id, *ids}) == 5
    cross = params(changed(max_context_length=64), is_pair=True)
    assert cross.detector_id == ids[0]  # it has no limit for the context alone


@pytest.mark.parametrize(
    ("settings", "lengths"),
    [
        ({}, (LONGEST_SIDE, None)),
        ({"max_length": 256}, (256, None)),
        ({"architecture": "bi-encoder"}, (LONGEST_SIDE, LONGEST_SIDE)),
        ({"architecture": "bi-encoder", "max_length": 64}, (64, LONGEST_SIDE)),
    ],
)
def test_sides_are_long_unless_a_limit_is_set(
    settings: dict[str, Any], lengths: tuple[int, int | None]
) -> None:
    found = params(changed(**settings), is_pair=True)
    assert (found.max_length, found.max_context_length) == lengths
    assert found.is_pair
