"""Learning curves read from the folder of their job: what each strategy gains on random choice."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import fmean
from typing import Final, Literal, get_args

import polars as pl

from engine.jobs.job import JobFolder
from engine.jobs.parts import list_parts, read_parquet
from engine.jobs.tables import LEARNING_CURVES
from engine.selection.strategy import Strategy
from engine.stages.learning import LearningParams
from engine.statistics.estimate import Estimate
from engine.statistics.means import estimate_mean_share
from engine.statistics.paired import compare_paired
from engine.statistics.significance import adjust_holm
from store.database.connection import Database
from store.detectors import list_detectors
from tui.services.errors import NothingToDo
from tui.services.jobs.learning import LEARNING
from tui.services.results.inlined import INLINED
from tui.services.results.trained_on import find_overlaps
from tui.services.workspace import Workspace

Measure = Literal["accuracy", "f1", "roc_auc"]
Verdict = Literal["pays", "costs", "unclear"]
MEASURES: Final[tuple[Measure, ...]] = get_args(Measure)
SURE: Final = 0.05  # corrected p


@dataclass(frozen=True, slots=True)
class CurveMeasures:
    """Means over the starts, with 95 % intervals by Student's t over them.

    Positive against negative on the held-out rows; `f1` is 0 where nothing is flagged.
    """

    accuracy: Estimate
    f1: Estimate
    roc_auc: Estimate


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """What a model does that learned from `labelled` rows, on average `positives` positive ones."""

    labelled: int
    positives: float
    measures: CurveMeasures = field(metadata=INLINED)


@dataclass(frozen=True, slots=True)
class StrategyCurve:
    """A strategy's curve, and the area under it.

    The area is by trapezoids over the number of labels, divided by their range: the mean height.
    """

    strategy: Strategy
    points: tuple[CurvePoint, ...]
    area: CurveMeasures


@dataclass(frozen=True, slots=True)
class AgainstRandom:
    """A strategy minus random choice in one measure, paired by start.

    With so many `labelled` rows, or in the area under the curve where that is None. `p` is of a
    paired t-test, two-sided, `p_holm` corrected for all strategies in the same place; None with
    fewer than two starts, or where all differ alike. The verdict is by `p_holm` below 0.05.
    """

    strategy: Strategy
    measure: Measure
    labelled: int | None
    difference: Estimate
    p: float | None
    p_holm: float | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class LearningCurves:
    """Active learning replayed on a dataset, whose known labels took an annotator's place.

    Of its rows `pool` could be chosen from, and the regression was tested on `held_out` others,
    the same from every start. Rows lay where the `encoder` put them, or the `detector` where there
    is one. Of its training `trained_on` rows are in this dataset, where that is known.
    """

    job_id: str
    dataset: str
    pool: int
    held_out: int
    starts: int
    encoder: str
    detector: str | None
    trained_on: int | None
    curves: tuple[StrategyCurve, ...]
    against_random: tuple[AgainstRandom, ...]


def read_learning(workspace: Workspace, database: Database, job: JobFolder) -> LearningCurves:
    """The curves of a job that has ended. Raises NothingToDo where none of it was replayed."""
    *before, stage = job.spec().stages
    params = LearningParams.model_validate(stage.params)
    parts = [read_parquet(path) for path in list_parts(job.stage_dir(len(before), LEARNING))]
    rows = pl.concat(parts) if parts else pl.DataFrame(schema=LEARNING_CURVES)
    if rows.is_empty():
        raise NothingToDo(f"Job {job.job_id} replayed nothing: its log says why.")
    samples = read_parquet(job.inputs_dir(len(before), LEARNING) / "samples.parquet")
    dataset = str(samples["dataset"][0])
    detectors = [
        item for item in list_detectors(database) if item.detector_id == params.detector_id
    ]
    overlaps = find_overlaps(workspace, database, dataset, detectors, may_search=False)
    overlap = overlaps.get(params.detector_id or "")
    return LearningCurves(
        job_id=job.job_id,
        dataset=dataset,
        pool=int(rows["pool"][0]),
        held_out=int(rows["held_out"][0]),
        starts=rows["start"].n_unique(),
        encoder=params.encoder,
        detector=detectors[0].name if detectors else None,
        trained_on=overlap.rows if overlap else None,
        curves=tuple(make_curve(rows, strategy) for strategy in params.strategies),
        against_random=tuple(compare_with_random(rows, params.strategies)),
    )


def make_curve(rows: pl.DataFrame, strategy: Strategy) -> StrategyCurve:
    """The curve of a strategy, from rows of all starts (schema LEARNING_CURVES)."""
    own = rows.filter(pl.col("strategy") == strategy)
    points = []
    for (labelled,), group in own.group_by("labelled", maintain_order=True):
        estimates = (estimate_mean_share(group[name].to_list()) for name in MEASURES)
        points.append(
            CurvePoint(
                int(str(labelled)), fmean(group["positives"].to_list()), CurveMeasures(*estimates)
            )
        )
    areas = (
        estimate_mean_share(list(_values(rows, strategy, name, None).values())) for name in MEASURES
    )
    return StrategyCurve(strategy, tuple(points), CurveMeasures(*areas))


def compare_with_random(
    rows: pl.DataFrame, strategies: Sequence[Strategy]
) -> Iterator[AgainstRandom]:
    """Every strategy against random choice: in the areas, then at each budget past the first.

    At the first all have learned from the same rows.
    """
    for labelled in (None, *rows["labelled"].unique().sort()[1:].to_list()):
        for measure in MEASURES:
            yield from _compare_all(rows, strategies, measure, labelled)


def _compare_all(
    rows: pl.DataFrame, strategies: Sequence[Strategy], measure: Measure, labelled: int | None
) -> Iterator[AgainstRandom]:
    by_random = _values(rows, "random", measure, labelled)
    found = {
        name: paired
        for name in strategies
        if name != "random"
        and (paired := compare_paired(by_random, _values(rows, name, measure, labelled)))
    }
    tested = {name: paired.p for name, paired in found.items() if paired.p is not None}
    corrected = dict(zip(tested, adjust_holm(list(tested.values())), strict=True))
    for name, paired in found.items():
        p_holm = corrected.get(name)
        yield AgainstRandom(
            strategy=name,
            measure=measure,
            labelled=labelled,
            difference=_within(paired.difference),
            p=paired.p,
            p_holm=p_holm,
            verdict=_decide(paired.difference.value, p_holm),
        )


def _within(difference: Estimate) -> Estimate:
    """A difference of shares; its interval ends at -1 and 1."""
    if difference.interval is None:
        return difference
    low, high = max(difference.low, -1.0), min(difference.high, 1.0)
    return Estimate(difference.value, (low, high), difference.n)


def _decide(difference: float, p_holm: float | None) -> Verdict:
    if p_holm is None or p_holm >= SURE:
        return "unclear"
    return "pays" if difference > 0 else "costs"


def _values(
    rows: pl.DataFrame, strategy: Strategy, measure: Measure, labelled: int | None
) -> dict[str, float]:
    """A measure by start: with so many rows labelled, or the area under its curve."""
    own = rows.filter(pl.col("strategy") == strategy).sort("start", "labelled")
    if labelled is not None:
        own = own.filter(pl.col("labelled") == labelled)
        return dict(zip(own["start"].cast(pl.String), own[measure], strict=True))
    return {
        str(start): _area(group["labelled"].to_list(), group[measure].to_list())
        for (start,), group in own.group_by("start", maintain_order=True)
    }


def _area(labelled: Sequence[int], heights: Sequence[float]) -> float:
    """The mean height of the line through the points."""
    steps = zip(pairwise(labelled), pairwise(heights), strict=True)
    area = sum((end - begin) * (low + high) / 2 for (begin, end), (low, high) in steps)
    return area / (labelled[-1] - labelled[0])
