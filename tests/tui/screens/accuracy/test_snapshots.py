"""What the screen looks like, in each state and at both sizes."""

import math
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests import rows
from tests.tui.evaluated import ADVICE, add_detectors, add_evaluation
from tests.tui.evaluated_pairs import add_pairs, as_pairs
from tests.tui.filled import BENCHMARK
from tests.tui.scenes import NARROW, Scene, Size, detector_broken, label_unknown, scenes
from tests.tui.trained import make_training
from tui.services.workspace import Workspace

SKILLS = {"careful": 1.5, "hasty": 0.4}  # of detectors: how far apart they see the two kinds
PRODUCTION = "last-week"


@contextmanager
def evaluated(workspace: Workspace) -> Iterator[None]:
    """Two detectors with probabilities on a benchmark and on production, partly labelled."""
    with workspace.database() as database:
        with database.read() as cursor:
            found = cursor.rows(
                "SELECT sample_id, text, label FROM samples WHERE dataset = ? ORDER BY line",
                [BENCHMARK],
            )
        seen = [(f"w-{name}", text, label if place % 4 == 0 else None)
                for place, (name, text, label) in enumerate(found[:40])]  # fmt: skip
        rows.add_dataset(database, PRODUCTION, seen, "production")
        for name, skill in SKILLS.items():
            add_detectors(database, workspace.path, name)
            for dataset, samples in ((BENCHMARK, found), (PRODUCTION, seen)):
                dice = random.Random(f"{name} {dataset}")
                evaluated = [
                    (sample, label, _share(label, skill, dice)) for sample, _, label in samples
                ]
                add_evaluation(database, workspace.path, name, dataset, evaluated)
    yield


@contextmanager
def trained_on(workspace: Workspace) -> Iterator[None]:
    """Two detectors on rows of seeds, which one of them was trained on."""
    job = make_training(workspace)
    trained = job.spec().stages[0].params["detector_id"]
    with workspace.database() as database:
        add_detectors(database, workspace.path, trained, name="real", job_id=job.job_id)
        add_detectors(database, workspace.path, "careful")
        with database.read() as cursor:
            found = cursor.rows(
                "SELECT sample_id, label FROM samples WHERE dataset = 'laypeople' ORDER BY line"
            )
        for detector_id, skill in ((trained, 3.0), ("careful", 1.0)):
            dice = random.Random(f"{skill}")
            evaluated = [(sample, label, _share(label, skill, dice)) for sample, label in found]
            add_evaluation(database, workspace.path, detector_id, "laypeople", evaluated)
    yield


@contextmanager
def paired(workspace: Workspace) -> Iterator[None]:
    """A detector on a benchmark of pairs, which is the only one."""
    with as_pairs(workspace).database() as database:
        add_pairs(database, workspace.path)
    yield


@contextmanager
def attacked(workspace: Workspace) -> Iterator[None]:
    """Two detectors on rows that are all positive."""
    with workspace.database() as database:
        names = [f"attack-{number}" for number in range(60)]
        samples = [(name, f"Attack {name}.", ADVICE) for name in names]
        rows.add_dataset(database, "attacks", samples, "benchmark")
        for detector, skill in SKILLS.items():
            add_detectors(database, workspace.path, detector)
            dice = random.Random(detector)
            evaluated = [(name, ADVICE, _share(ADVICE, skill, dice)) for name in names]
            add_evaluation(database, workspace.path, detector, "attacks", evaluated)
    yield


def _share(label: str | None, skill: float, dice: random.Random) -> float | None:
    """The probability of advice that a detector gives; none where it fails, now and then."""
    if dice.random() < 0.02:
        return None
    return 1 / (1 + math.exp(-dice.gauss(skill if label == ADVICE else -skill, 1)))


@scenes(
    Scene("accuracy", "accuracy", "evaluated", ("j", "j")),
    Scene("accuracy-compared", "accuracy", "evaluated", ("m", "j", *"VVVV")),
    Scene("accuracy-rows", "accuracy", "evaluated", ("j", *"VVV", "enter")),
    Scene("empty", "accuracy", "made", sizes=(NARROW,)),
    Scene("not-evaluated", "accuracy", "imported", sizes=(NARROW,)),
    Scene("measures", "accuracy", "imported", ("j",), evaluated),
    Scene("marked", "accuracy", "evaluated", ("m", "j", "c")),
    Scene("chart", "accuracy", "evaluated", ("m", "j", "v"), sizes=[NARROW]),
    Scene("rates", "accuracy", "imported", (*"VVVVV", "j"), evaluated),
    Scene("trained-on-the-rows", "accuracy", "imported", prepare=trained_on),
    Scene("collapsed", "accuracy", "imported", ("p",), evaluated),
    Scene("compared", "accuracy", "imported", ("m", "j", *"VVVV"), evaluated),
    Scene("rows", "accuracy", "imported", (*"VVV", "enter", "j"), evaluated),
    Scene("row", "accuracy", "imported", (*"VVV", "enter", "j", "enter"), evaluated),
    Scene("curves", "accuracy", "imported", ("j", "space", "k", *"VV"), evaluated),
    Scene("calibration", "accuracy", "imported", (*"VV", "l", "l"), evaluated, [NARROW]),
    Scene("slices", "accuracy", "imported", ("V", "j"), evaluated),
    Scene("lengths", "accuracy", "imported", ("V", "l"), paired),
    Scene("one-class", "accuracy", "imported", ("j",), attacked),
    Scene("production", "accuracy", "imported", ("b",), evaluated),
    Scene("production-rows", "accuracy", "imported", ("b", *"VVV"), evaluated),
    Scene("copying-asked", "accuracy", "imported", ("b", *"VVV", "s"), evaluated, sizes=(NARROW,)),
    Scene(
        "copied-as-seeds",
        "accuracy",
        "imported",
        ("b", *"VVV", "s", "enter"),
        evaluated,
        sizes=(NARROW,),
    ),
    Scene("copying-refused", "accuracy", "imported", (*"VVV", "s"), evaluated, sizes=(NARROW,)),
    Scene("none-marked", "accuracy", "imported", (*"VVVV", "enter"), evaluated, sizes=(NARROW,)),
    Scene("detector-broken", "accuracy", "evaluated", prepare=detector_broken, sizes=[NARROW]),
    Scene("label-unknown", "accuracy", "evaluated", prepare=label_unknown, sizes=(NARROW,)),
)
def test_the_screen_looks_as_before(
    scene: Scene, size: Size, looks_the_same: Callable[[Scene, Size], bool]
) -> None:
    assert looks_the_same(scene, size)
