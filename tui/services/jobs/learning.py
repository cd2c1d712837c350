"""Active learning replayed on a labelled dataset, as a job whose rows are stored nowhere else."""

from collections.abc import Collection, Sequence

import numpy as np
import polars as pl

from engine.jobs.draft import JobDraft, PlannedStage, Remark
from engine.selection.strategy import STRATEGIES, Strategy
from engine.stages.learning import LearningParams
from engine.stages.vectors import VectorsParams
from store.counting import counted
from store.database.connection import Database
from store.datasets import evaluation_samples, read_samples
from store.detectors import find_detector
from tui.services.errors import DetectorMissing, NothingToDo
from tui.services.jobs.evaluation import require_truth
from tui.services.jobs.sample_vectors import plan_sample_vectors
from tui.services.workspace import Workspace

LEARNING = "learning"
BUDGETS = (20, 40, 80, 160, 320)
STARTS = 5
MOST_STARTS = 100
HELD_OUT = 0.3  # share of the rows
MOST_ROWS = 20_000  # that are embedded
MOST_LABELLED = 0.8  # of the rows that may be labelled; beyond, little is left to choose


def draft_learning(
    workspace: Workspace,
    database: Database,
    dataset: str,
    strategies: Collection[Strategy],
    budgets: Sequence[int],
    starts: int,
    detector: str | None = None,
) -> JobDraft:
    """The job of a replay, with remarks on what it leaves out. Random choice is always replayed.

    Rows lie where the encoder of the settings, or the `detector` of that name, puts them. Raises
    UnknownName and LabelUnknown for the dataset, DetectorMissing for pairs without a detector, and
    NothingToDo for too few rows, or rows of one kind only.
    """
    require_truth(workspace, database, dataset)
    if workspace.task.is_pair and detector is None:
        raise DetectorMissing(
            "The encoder knows of single texts only. In a task of pairs name a detector, whose "
            "embedding is of both: `--detector NAME`."
        )
    draft = JobDraft()
    seed = workspace.settings.seed
    samples = _draw(draft, _labelled(database, dataset), seed)
    positives = workspace.task.positives
    samples = samples.with_columns(is_held_out=_hold_out(samples, seed)).drop("group_key")
    _require_both(samples, positives, dataset)
    vectors = VectorsParams(
        encoder=workspace.settings.queries.encoder,
        detector_id=find_detector(database, detector).detector_id if detector else None,
    )
    params = LearningParams(
        encoder=vectors.encoder,
        detector_id=vectors.detector_id,
        strategies=_choose_strategies(draft, samples, strategies),
        budgets=_choose_budgets(draft, samples, budgets, dataset),
        starts=starts,
        positives=tuple(sorted(positives)),
        seed=seed,
    )
    plan = plan_sample_vectors(workspace, vectors, samples.drop("is_held_out"))
    if plan.stage:
        draft.add(plan.stage)
    tables = {"samples": samples, "sample_vectors": plan.known}
    draft.add(PlannedStage(LEARNING, params, samples.height * starts, tables))
    return draft


def _labelled(database: Database, dataset: str) -> pl.DataFrame:
    """The rows with a label and words, by id, with what keeps rows together: `group_key`."""
    samples = evaluation_samples(database, dataset).filter(
        pl.col("label").is_not_null() & pl.col("text").str.contains(r"\S")
    )
    groups = read_samples(database, samples["sample_id"].to_list())
    return samples.with_columns(group_key=groups["group_key"])


def _draw(draft: JobDraft, samples: pl.DataFrame, seed: int) -> pl.DataFrame:
    if samples.height <= MOST_ROWS:
        return samples
    draft.add(
        Remark(f"{MOST_ROWS:,} of {counted(samples.height, 'row')} are drawn, to bound the time.")
    )
    return samples.sample(MOST_ROWS, seed=seed).sort("sample_id")


def _hold_out(samples: pl.DataFrame, seed: int) -> pl.Series:
    """Which rows are only tested on: whole groups, and equal texts on one side."""
    same = pl.col("text").str.to_lowercase().str.replace_all(r"\s+", " ").str.strip_chars()
    groups = samples.select(group=pl.coalesce("group_key", same))["group"]
    names, codes, sizes = np.unique(groups.to_numpy(), return_inverse=True, return_counts=True)
    order = np.random.default_rng(seed).permutation(len(names))
    held = order[np.cumsum(sizes[order]) <= HELD_OUT * samples.height]
    return pl.Series(np.isin(codes, held))


def _require_both(samples: pl.DataFrame, positives: Collection[str], dataset: str) -> None:
    is_positive = samples["label"].is_in(sorted(positives))
    kinds = pl.DataFrame({"kind": is_positive, "held": samples["is_held_out"]})
    if kinds.unique().height < 4:
        raise NothingToDo(
            f"A curve needs positive and negative rows, both to learn from and to test on: "
            f"{dataset!r} has {counted(int(is_positive.sum()), 'positive row')} among "
            f"{counted(samples.height, 'row')} with a label. Name a dataset with more of both."
        )


def _choose_strategies(
    draft: JobDraft, samples: pl.DataFrame, strategies: Collection[Strategy]
) -> tuple[Strategy, ...]:
    """Random choice, then the others in the order of STRATEGIES; entropy only if it differs."""
    wanted = {"random", *strategies}
    if "entropy" in wanted and samples["label"].n_unique() == 2:
        wanted = {*wanted, "margin"} - {"entropy"}
        draft.add(Remark("Of two labels, entropy chooses the rows that margin does: see margin."))
    return tuple(name for name in STRATEGIES if name in wanted)


def _choose_budgets(
    draft: JobDraft, samples: pl.DataFrame, budgets: Sequence[int], dataset: str
) -> tuple[int, ...]:
    pool = int((~samples["is_held_out"]).sum())
    most = int(MOST_LABELLED * pool)
    possible = tuple(sorted({count for count in budgets if count <= most}))
    if len(possible) < 2:
        raise NothingToDo(
            f"{counted(pool, 'row')} of {dataset!r} may be labelled, the others are tested on, and "
            f"a curve needs two budgets of at most {most}: `--budget {max(most // 2, 1)},{most}`, "
            "say."
        )
    for count in sorted(set(budgets) - set(possible)):
        draft.add(
            Remark(
                f"{counted(count, 'label')} are left out: {counted(pool, 'row')} may be labelled, "
                f"and at most {most} of them are."
            )
        )
    return possible
