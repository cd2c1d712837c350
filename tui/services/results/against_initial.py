"""Whether a training made the detector better: against the initial one, on the development set."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from math import ceil
from typing import Final, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from engine.statistics.estimate import Estimate
from engine.statistics.measures import wilson
from engine.statistics.pooling import compare_groups
from engine.statistics.significance import FLAGGED, PairedTest, code_predictions
from store.counting import counted
from store.database.connection import Database
from store.detectors import DetectorRow, initial_detector, list_detectors
from store.development import read_development_predictions
from tui.services.numbers import show_percent, show_points
from tui.services.workspace import Workspace

Verdict = Literal["better", "worse", "unknown"]
ENOUGH_SEEDS: Final = 3  # one training alone may be lucky
NARROW: Final = 0.05  # half an interval, as a share: more answers would say little more
Z: Final = 1.96  # of a 95 % interval


@dataclass(frozen=True, slots=True)
class AgainstInitial:
    """Detectors of one recipe against the initial one, on `n` decided answers held back from both.

    `accuracy` and `initial_accuracy` are shares of these answers whose positive or negative label
    is found; the former is a mean where `detectors` are several that differ in their seed.
    `difference` is the first minus the second, paired, with p by McNemar's exact test or, of
    several, a bootstrap over rows and seeds. The `verdict` is "unknown" where the interval holds
    0; `missing` says what would settle it, and `sentence` all of this in words.
    """

    detectors: tuple[str, ...]
    initial: str
    n: int
    positives: int
    accuracy: Estimate
    initial_accuracy: Estimate
    difference: Estimate
    p: float
    verdict: Verdict
    missing: tuple[str, ...]
    sentence: str


def compare_with_initial(
    workspace: Workspace, database: Database, detector_ids: Sequence[str]
) -> AgainstInitial | None:
    """How detectors of one recipe do against the initial one; None where nothing was held back.

    They are compared on the answers that all of them and the initial one were evaluated on.
    """
    initial = initial_detector(database)
    named = [item for item in list_detectors(database) if item.detector_id in detector_ids]
    if initial is None or not named or initial in named:
        return None
    rows = _join(database, [*named, initial])
    positives = workspace.task.positives
    truth = rows["label"].is_in(sorted(positives)).to_numpy()
    codes = rows.select(
        pl.Series(item.detector_id, code_predictions(rows[item.detector_id].to_list(), positives))
        for item in (*named, initial)
    ).to_numpy()
    test = compare_groups(truth, codes[:, :-1], codes[:, -1:])
    own, its = (_accuracy(truth, part) for part in (codes[:, :-1], codes[:, -1:]))
    if test is None or own is None or its is None:
        return None
    verdict, missing = _judge(test, its, len(named), workspace.settings.development.share)
    return AgainstInitial(
        detectors=tuple(item.name for item in named),
        initial=initial.name,
        n=test.n,
        positives=int(truth.sum()),
        accuracy=own,
        initial_accuracy=its,
        difference=test.accuracy,
        p=test.accuracy_p,
        verdict=verdict,
        missing=missing,
        sentence=" ".join(
            (_describe(named, test, own, its, verdict, missing), _describe_hits(truth, codes))
        ),
    )


def _join(database: Database, detectors: Sequence[DetectorRow]) -> pl.DataFrame:
    """Answers that all of these were evaluated on: their label, and a prediction in each column."""
    predictions = read_development_predictions(database, [item.detector_id for item in detectors])
    frames = [
        predictions.filter(detector_id=item.detector_id).select(
            "answer_id", "label", pl.col("predicted_label").alias(item.detector_id)
        )
        for item in detectors
    ]
    return reduce(lambda left, right: left.join(right, on=["answer_id", "label"]), frames)


def _accuracy(truth: NDArray[np.bool_], codes: NDArray[np.int_]) -> Estimate | None:
    """The share of right predictions; without an interval where it is a mean of several."""
    is_right = codes == truth[:, None]
    if codes.shape[1] == 1:
        return wilson(int(is_right.sum()), len(truth))
    return Estimate(float(is_right.mean()), None, len(truth)) if len(truth) else None


def _judge(
    test: PairedTest, initial: Estimate, seeds: int, share: float
) -> tuple[Verdict, tuple[str, ...]]:
    """The verdict, and where it is not known what would help."""
    difference = test.accuracy
    if difference.low > 0:
        return "better", ()
    if difference.high < 0:
        return "worse", ()
    missing = []
    half = (difference.high - difference.low) / 2
    if initial.value == 1:
        missing.append("answers that the initial detector gets wrong: there is none among these")
    elif half <= NARROW:
        missing.append(
            f"a better model: the interval is ±{100 * half:.1f} points already, so more keys would "
            "say little more"
        )
    elif difference.value:
        more = ceil(difference.n * ((half / difference.value) ** 2 - 1))
        keys = f", or some {ceil(more / share):,} more keys" if share else ""
        missing.append(
            f"more keys: a difference of this size would show with about {difference.n + more:,} "
            f"decided answers held back, {more:,} more{keys}"
        )
    else:
        missing.append("more keys, among which a difference may show")
    if seeds < ENOUGH_SEEDS:
        missing.append(
            f"more training seeds: {counted(seeds, 'training')} may differ by chance "
            f"(--seeds {ENOUGH_SEEDS})"
        )
    return "unknown", tuple(missing)


def _describe_hits(truth: NDArray[np.bool_], codes: NDArray[np.int_]) -> str:
    """How many positive answers are found, since rare ones hardly count in the accuracy."""
    hits = (codes[truth] == FLAGGED).sum(axis=0)
    own, its = float(hits[:-1].mean()), int(hits[-1])
    shown = f"{own:.1f}".removesuffix(".0")
    few = " It finds fewer of them, whatever the accuracy says." if own < its else ""
    return (
        f"Of {counted(int(truth.sum()), 'positive answer')} among them {shown} are found, by the "
        f"initial detector {its}.{few}"
    )


def _describe(
    detectors: Sequence[DetectorRow],
    test: PairedTest,
    own: Estimate,
    initial: Estimate,
    verdict: Verdict,
    missing: Sequence[str],
) -> str:
    one = detectors[0]
    name = one.name if len(detectors) == 1 else f"{one.recipe} ({len(detectors)} seeds)"
    figures = (
        f"{show_percent(own)} % of {counted(test.n, 'decided answer')} held back from both are "
        f"right, against {show_percent(initial)} %: {show_points(test.accuracy)} points."
    )
    if verdict != "unknown":
        return f"{name} is {verdict} than the initial detector: {figures}"
    return (
        f"Whether {name} is better than the initial detector is not known: {figures} "
        f"What is missing: {'; '.join(missing)}."
    )
