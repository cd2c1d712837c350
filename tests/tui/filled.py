"""A small workspace as a person would have it, filled through jobs as the engine writes them.

Texts are those of the package's sample data; answers are made from them by a few patterns.
Everything follows from a fixed seed.
"""

import random
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import polars as pl

from engine.jobs.job import JobFolder
from engine.jobs.parts import write_part, write_text
from engine.jobs.records import JobResult, JobSpec, StageProgress, StageSpec, write_spec
from engine.jobs.stage import make_stage
from engine.stages.drift import DriftParams, config_hash, drift_config
from engine.stages.queries import QueryParams
from store.database.connection import Database
from store.drift_schema import DRIFT
from store.ids import row_id
from store.learned_labels import Spread
from store.schema import ANSWERS, EVALUATION_ROWS, MEMBERS, PARTS, QUERIES
from tests import rows
from tui.commands.demo import SEED_IMPORTS, WRITTEN_BENCHMARK, import_samples
from tui.services.jobs.run_plan import RunRequest, draft_run
from tui.services.workspace import Workspace

LABELS = rows.LABELS
BENCHMARK = WRITTEN_BENCHMARK[0]
STARTED = "2026-01-05T09:00:00+00:00"
ENDED = "2026-01-05T09:10:00+00:00"
INITIAL = "d-initial"
ENCODER = "bundled:all-minilm-l6-v2"
RECIPES = {"synthetic": 0.78, "stage-1": 0.84, "two-stage": 0.88}  # with their accuracies
CLUSTERS_PER_LABEL = 8
_SCORES = {"answer_seed": 0.62, "query_seed": 0.7, "answer_query": 0.66}

Step = Literal["made", "imported", "clustered", "evaluated"]

_ANSWERS = {
    "health-advice": (
        "It is a good question, and the answer is a little different for everybody. {seed}\n\n"
        "Here are some things that you can do:\n\n"
        "1. **Write down** when it happens and how long it lasts.\n"
        "2. Drink enough, and get some rest.\n"
        "3. Ask your doctor or pharmacist if it gets worse, or if you take other medicine.\n\n"
        "If you notice anything unusual, you should have it looked at within a few days.",
        "In short: {seed} Most people do well when they begin slowly. Start with a few minutes a "
        "day, keep it up for two or three weeks, and then see how you feel. Should there be pain, "
        "stop, and talk to somebody who knows your history.",
    ),
    "health-content": (
        "While the details are still being studied, this much is known: {seed}\n\n"
        "In several studies the effect was seen in adults as well as in children. It depends on "
        "age, on how the groups were chosen, and on how long they were followed. The mechanism is "
        "thought to lie in the way the body keeps its balance over the day.",
        "{seed} Researchers have looked at this from several sides. A larger study found a small "
        "difference between the groups, which went away when smoking was taken into account.",
    ),
    "general-content": (
        "Sure! {seed}\n\nThe way to do it depends on the version that you use. In most cases you "
        "can find the option in the settings, under *Advanced*, and change it there. After that, "
        "restart the program for the change to take effect.",
        "There are a few ways to look at it. {seed} I would begin with the simplest one and see "
        "whether it is enough. If it is not, the documentation lists more.",
    ),
}


def make_workspace(folder: Path) -> Workspace:
    """Make a workspace with the task and preset that come with the package, and no rows.

    Labels spread by cluster in it, so that no process learns beside every test.
    """
    made = Workspace.create(folder, task="health-advice", preset="embedded")
    return use_spread(made, "cluster")


def use_spread(workspace: Workspace, spread: Spread) -> Workspace:
    """The workspace, in which labels spread so from now on; no other setting of labelling stays."""
    path = workspace.path / "workspace.toml"
    others = re.sub(r"\n\[labelling\]\n(.+\n)+", "", path.read_text())
    path.write_text(f'{others}\n[labelling]\nspread = "{spread}"\n')
    return Workspace.open(workspace.path)


def fill(workspace: Workspace, through: Step = "evaluated", *, seeds: int | None = None) -> None:
    """Import the samples and write what jobs would have, for the first `seeds` seeds or all."""
    if through == "made":
        return
    import_samples(workspace, (*SEED_IMPORTS, WRITTEN_BENCHMARK))
    if through == "imported":
        return
    dice = random.Random(7)
    with workspace.database() as database:
        samples = _samples(database, "seed")[:seeds]
        benchmark = _samples(database, "benchmark")
    write_job(workspace, "20260105-090000-a1f0", _first_job(workspace, samples, dice))
    rows.stand_in(workspace.path, INITIAL)
    if through == "evaluated":
        trained = [
            rows.detectors(f"d-{name}", recipe=name).with_columns(name=pl.lit(name))
            for name in RECIPES
        ]
        write_job(workspace, "20260105-103000-b27c", [("train", frame) for frame in trained])
        rows.stand_in(workspace.path, *(f"d-{name}" for name in RECIPES))
        evaluated = [
            ("evaluate", _evaluation(f"d-{name}", benchmark, accuracy, dice))
            for name, accuracy in RECIPES.items()
        ]
        timed = rows.speeds(*(f"d-{name}" for name in RECIPES), dataset=BENCHMARK)
        write_job(workspace, "20260105-111500-c3d9", [*evaluated, ("speed", timed)])
    with workspace.database():
        pass  # opening takes the parts in


def write_job(
    workspace: Workspace,
    job_id: str,
    stages: Sequence[tuple[str, pl.DataFrame]],
    *,
    state: Literal["done", "paused", "failed", "cancelled", "interrupted"] = "done",
    error: str | None = None,
) -> JobFolder:
    """Write a job folder whose stages have finished, each with its rows as one part."""
    job = JobFolder(workspace.path / "jobs" / job_id)
    job.path.mkdir()
    specs = tuple(StageSpec(name=name, params={}) for name, _ in stages)
    write_spec(
        job.path,
        JobSpec(
            job_id=job_id, created_at=STARTED, device="cpu", stages=specs, inputs={}, versions={}
        ),
    )  # fmt: skip
    for number, (name, frame) in enumerate(stages):
        schema = PARTS[make_stage(name).writes]
        write_part(
            job.stage_dir(number, name), 0,
            frame.with_columns(job_id=pl.lit(job_id)).select(list(schema)), schema,
        )  # fmt: skip
        write_progress(
            job, number, name,
            StageProgress(done=frame.height, total=frame.height, elapsed_s=74.0, finished=True),
        )  # fmt: skip
    job.log_path.write_text(f"Worked on {', '.join(name for name, _ in stages)}.\n")
    if state != "interrupted":
        job.write_result(JobResult(state=state, error=error, ended_at=ENDED))
    return job


def write_progress(job: JobFolder, number: int, name: str, progress: StageProgress) -> None:
    """Say how far a stage of a job is."""
    folder = job.stage_dir(number, name)
    folder.mkdir(exist_ok=True)
    write_text(folder / "progress.json", progress.model_dump_json())


def _samples(database: Database, role: str) -> list[dict[str, Any]]:
    with database.read() as cursor:
        return cursor.frame(
            """SELECT sample_id, dataset, text, label FROM samples
            JOIN dataset_roles USING (dataset) WHERE role = ? ORDER BY line, dataset""",
            [role],
        ).to_dicts()


def _first_job(
    workspace: Workspace, samples: Sequence[Mapping[str, Any]], dice: random.Random
) -> list[tuple[str, pl.DataFrame]]:
    """What a run from queries to drift writes, asked in the workspace's own way."""
    queries = rows.frame(
        QUERIES, [_query(sample) for sample in samples], **_way(workspace, "queries")
    )
    answers = rows.frame(ANSWERS, [_answer(sample, dice) for sample in samples],
                         **_way(workspace, "answers"))  # fmt: skip
    predicted = {
        f"a-{sample['sample_id']}": _other(sample["label"], dice, 0.86) for sample in samples
    }
    return [
        ("queries", queries),
        ("answers", answers),
        ("train", rows.detectors(INITIAL).with_columns(name=pl.lit("initial"))),
        ("predict", _scattered(rows.predictions(predicted, detector_id=INITIAL))),
        ("embed", rows.vectors(dict.fromkeys(predicted, (0.6, 0.8)), encoder=ENCODER)),
        ("cluster", _clusters(predicted, dice)),
        ("drift", _drift(workspace, samples, dice)),
    ]


def _way(workspace: Workspace, stage: Literal["queries", "answers"]) -> dict[str, Any]:
    """The columns that say how a row was asked for: as a run would now, so none is due."""
    params = QueryParams.model_validate(_params(workspace, stage))
    return {
        "attempt": 1, "model": params.model_name, "template": params.template.name, "flags": [],
        "template_digest": params.template.digest, "prompt_digest": "p", "new_tokens": 40,
        "sampling": params.sampling_json,
    }  # fmt: skip


def _params(workspace: Workspace, stage: str) -> dict[str, Any]:
    """The parameters that a run of the imported seeds would give a stage."""
    with workspace.database() as database:
        draft = draft_run(workspace, database, RunRequest())
    return next(item.params for item in draft.stages if item.name == stage)


def _query(sample: Mapping[str, Any]) -> dict[str, object]:
    words = sample["text"].rstrip(".?!").split()
    text = f"What should I know about {' '.join(words[:7]).lower()}?"
    return {
        "query_id": f"q-{sample['sample_id']}", "sample_id": sample["sample_id"],
        "raw": f" {text}\n", "text": text, "trim_rule": "question",
    }  # fmt: skip


def _answer(sample: Mapping[str, Any], dice: random.Random) -> dict[str, object]:
    pattern = dice.choice(_ANSWERS[sample["label"]])
    return {
        "answer_id": f"a-{sample['sample_id']}", "query_id": f"q-{sample['sample_id']}",
        "text": pattern.format(seed=sample["text"]),
    }  # fmt: skip


def _other(label: str, dice: random.Random, accuracy: float) -> str:
    if dice.random() < accuracy:
        return label
    return dice.choice([name for name in LABELS if name != label])


def _scattered(predictions: pl.DataFrame) -> pl.DataFrame:
    """Predictions with embeddings that lie around a middle for each label."""
    dice = random.Random(11)
    embeddings = [
        [(3.0 if name == label else 0.0) + dice.gauss(0, 0.7) for name in LABELS]
        for label in predictions["label"]
    ]
    return predictions.with_columns(
        embedding=pl.Series(embeddings, dtype=predictions.schema["embedding"])
    )


def _clusters(predicted: Mapping[str, str], dice: random.Random) -> pl.DataFrame:
    """One clustering with clusters of uneven sizes within each predicted label."""
    weights = [CLUSTERS_PER_LABEL - number for number in range(CLUSTERS_PER_LABEL)]
    members: dict[tuple[str, int], list[str]] = {}
    for answer_id, label in predicted.items():
        number = dice.choices(range(CLUSTERS_PER_LABEL), weights)[0]
        members.setdefault((label, number), []).append(answer_id)
    found = [
        {
            "cluster_id": row_id("cluster", label, number), "predicted_label": label,
            "answer_id": answer_id, "rank": rank, "distance": 0.2 + rank / 20,
            "confidence": round(0.95 - 0.04 * (rank % 9), 2),
        }
        for (label, number), answer_ids in sorted(members.items())
        for rank, answer_id in enumerate(answer_ids)
    ]  # fmt: skip
    return rows.frame(
        MEMBERS, found, clustering_id="g-1", detector_id=INITIAL, scope="all",
        k=CLUSTERS_PER_LABEL, seed=0, threads=1, embeddings="detector",
    )  # fmt: skip


def _drift(
    workspace: Workspace, samples: Sequence[Mapping[str, Any]], dice: random.Random
) -> pl.DataFrame:
    config = drift_config(DriftParams.model_validate(_params(workspace, "drift")))
    found = []
    for sample in samples:
        scores = {}
        for name, mean in _SCORES.items():
            for suffix, shift in (("", 0.0), ("_floor", -0.24)):
                score = min(max(dice.gauss(mean + shift, 0.07), 0.03), 0.97)
                scores[name + suffix] = {
                    "precision": score - 0.03, "recall": score + 0.03, "f1": score
                }  # fmt: skip
        found.append(
            {
                "answer_id": f"a-{sample['sample_id']}",
                "sample_id": sample["sample_id"],
                **scores,
                "answer_cut": dice.random() < 0.02,
                "unmatched_seed": [0, sample["text"].find(" ")],
            }
        )
    return rows.frame(
        DRIFT, found, config=config, config_hash=config_hash(config), query_cut=False,
        seed_cut=False, unmatched_answer=[0, 5],
    )  # fmt: skip


def _evaluation(
    detector_id: str, samples: Sequence[Mapping[str, Any]], accuracy: float, dice: random.Random
) -> pl.DataFrame:
    found = [
        {
            "sample_id": sample["sample_id"], "label": sample["label"],
            "predicted_label": _other(sample["label"], dice, accuracy),
        }
        for sample in samples
    ]  # fmt: skip
    return rows.frame(
        EVALUATION_ROWS, found, detector_id=detector_id, dataset=BENCHMARK,
        evaluation_id=row_id("evaluation", detector_id, BENCHMARK),
    )  # fmt: skip
