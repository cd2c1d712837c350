"""A try read from its job's folder: the ways of asking side by side, and what each one asked."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import fmean, stdev

import polars as pl

from engine.generation.quality import Row, SignShare, measure_quality
from engine.jobs.job import JobFolder
from engine.jobs.parts import list_parts, read_parquet
from engine.jobs.tables import TRIALS
from engine.stages.trial import TrialParams, WayParams
from engine.statistics.estimate import Estimate
from engine.statistics.means import estimate_mean
from tui.services.jobs.trial import STAGE
from tui.services.settings import Settings
from tui.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class TriedWay:
    """A way of asking, by its number from 1, and what came of it.

    `n` questions have no error, `failed` have one, of which `error` is the commonest. `similarity`
    is the mean cosine between seed and question, with its interval by Student's t. A way that was
    not asked yet has neither.
    """

    number: int
    template: str
    model: str
    temperature: float
    is_current: bool
    n: int
    failed: int
    error: str | None
    similarity: Estimate | None
    signs: tuple[SignShare, ...]
    tokens_per_s: float | None


@dataclass(frozen=True, slots=True)
class TriedQuestion:
    """What a way asked for a seed; neither text nor similarity where it failed."""

    way: int
    text: str | None
    flags: tuple[str, ...]
    similarity: float | None
    error: str | None


@dataclass(frozen=True, slots=True)
class TriedSeed:
    """A seed and the questions of the ways that are done, in their order."""

    sample_id: str
    dataset: str
    text: str
    questions: tuple[TriedQuestion, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """A try; its job's state is one of JobState."""

    job_id: str
    state: str
    created_at: str
    ways: tuple[TriedWay, ...]
    seeds: tuple[TriedSeed, ...]


def last_trial(workspace: Workspace) -> JobFolder | None:
    """The job of the newest try; None if nothing was tried yet."""
    found = [view.job for view in workspace.jobs().views if view.spec.stages[0].name == STAGE]
    return found[-1] if found else None


def read_trial(job: JobFolder, settings: Settings) -> Trial:
    """A try as far as it is; `settings` say which way is the current one."""
    spec, state = job.spec(), job.state()
    params = TrialParams.model_validate(spec.stages[0].params)
    samples = read_parquet(job.inputs_dir(0, STAGE) / "samples.parquet")
    parts = [read_parquet(path) for path in list_parts(job.stage_dir(0, STAGE))]
    rows = pl.concat(parts) if parts else pl.DataFrame(schema=TRIALS)
    return Trial(
        job_id=job.job_id,
        state=state,
        created_at=spec.created_at,
        ways=tuple(
            _way(place, way, rows.filter(pl.col("way") == place), settings)
            for place, way in enumerate(params.ways)
        ),
        seeds=_seeds(samples, rows),
    )


def _way(place: int, way: WayParams, rows: pl.DataFrame, settings: Settings) -> TriedWay:
    right = rows.filter(pl.col("error").is_null())
    seconds = rows["seconds"].first() if rows.height else None
    errors = Counter(rows["error"].drop_nulls().to_list()).most_common(1)
    cosines = right["similarity"].drop_nulls().to_list()
    written = [Row(text or "", tuple(flags)) for text, flags in right["text", "flags"].rows()]
    return TriedWay(
        number=place + 1,
        template=way.template_file,
        model=way.model,
        temperature=way.sampling.temperature,
        is_current=_is_current(way, settings),
        n=right.height,
        failed=rows.height - right.height,
        error=str(errors[0][0]) if errors else None,
        similarity=_mean(cosines),
        signs=measure_quality(written),
        tokens_per_s=float(rows["new_tokens"].sum()) / float(str(seconds)) if seconds else None,
    )


def _mean(values: list[float]) -> Estimate | None:
    if not values:
        return None
    deviation = stdev(values) if len(values) > 1 else None
    return estimate_mean(fmean(values), deviation, len(values))


def _is_current(way: WayParams, settings: Settings) -> bool:
    queries = settings.queries
    current = (queries.model, queries.template, queries.sampling.temperature)
    return (way.model, way.template_file, way.sampling.temperature) == current


def _seeds(samples: pl.DataFrame, rows: pl.DataFrame) -> tuple[TriedSeed, ...]:
    asked: Mapping[str, list[TriedQuestion]] = {name: [] for name in samples["sample_id"]}
    for row in rows.sort("way").iter_rows(named=True):
        question = TriedQuestion(
            way=row["way"] + 1,
            text=row["text"],
            flags=tuple(row["flags"]),
            similarity=row["similarity"],
            error=row["error"],
        )
        asked[row["sample_id"]].append(question)
    return tuple(
        TriedSeed(name, dataset, text, tuple(asked[name]))
        for name, dataset, text in samples.select("sample_id", "dataset", "text").rows()
    )
