"""Scenes of the app: a workspace filled so far, what is amiss in it, a screen, and keys."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from unittest.mock import patch

import polars as pl
import pytest

from engine.generation.quality import LOOK_NAME, Look, Row, measure_quality
from engine.jobs.newest import NewText, write_newest
from engine.jobs.parts import write_text
from engine.jobs.records import StageProgress
from engine.models.folder_check import find_fault
from store.clusters import Cluster
from tests import rows
from tests.tui.audited import (
    audit,
    classify_representatives,
    dispute_labels,
    label_clusters,
)
from tests.tui.filled import INITIAL, RECIPES, STARTED, Step, write_job, write_progress
from tests.tui.paired import PairStep, audit_pairs, decide
from tests.tui.trained import curve, keep_curve
from tui.keys.key import Scope
from tui.services.learning import Learning
from tui.services.suggestions import ProposedSplit, Suggestions, UsefulAnswer
from tui.services.workspace import Workspace

NARROW, WIDE = SIZES = ((80, 24), (160, 48))

Size = tuple[int, int]
Prepare = Callable[[Workspace], AbstractContextManager[object]]


STARTED_S = datetime.fromisoformat(STARTED).timestamp()
SEED = "Drink small sips often rather than one large glass if you keep being sick."
NEWEST = (
    NewText(
        row_id="s1",
        texts=(("seed", SEED), ("question", "Should I drink small sips if I keep being sick?")),
        flags=(),
        new_tokens=12,
        ended="stop",
    ),
    NewText(
        row_id="s2",
        texts=(("seed", "\x1b[2JTake it with food. " * 30), ("question", "Take it with food.")),
        flags=("echo", "cut"),
        new_tokens=250,
        ended="limit",
    ),
    NewText(
        row_id="s3",
        texts=(("seed", "Rest for two days."), ("question", "")),
        flags=(),
        new_tokens=0,
        ended="error",
        error="HTTP 500: the server is busy",
    ),
)


@contextmanager
def in_light(workspace: Workspace) -> Iterator[None]:
    """The colours for a light terminal."""
    settings = workspace.path / "workspace.toml"
    settings.write_text(f'theme = "light"\n{settings.read_text("utf-8")}', "utf-8")
    yield


@contextmanager
def labelled(workspace: Workspace) -> Iterator[None]:
    """Clusters labelled as predicted."""
    with workspace.database() as database:
        label_clusters(database, workspace.settings.annotator)
    yield


@contextmanager
def audited(workspace: Workspace) -> Iterator[None]:
    """Clusters labelled by two people, and the labels audited."""
    annotator = workspace.settings.annotator
    with workspace.database() as database:
        label_clusters(database, annotator)
        label_clusters(database, "bob", clusters=12, skip=4)
        audit(database, annotator)
    yield


@contextmanager
def classified(workspace: Workspace) -> Iterator[None]:
    """Clusters labelled by two people, the representatives by a language model, too."""
    with audited(workspace), workspace.database() as database:
        classify_representatives(database)
    yield


@contextmanager
def disputed(workspace: Workspace) -> Iterator[None]:
    """Clusters labelled, two of them as neither a model nor the detector would."""
    with workspace.database() as database:
        dispute_labels(database, workspace.settings.annotator)
    yield


@contextmanager
def suggested(workspace: Workspace) -> Iterator[None]:
    """What to decide next, as if a model had said so: the smallest clusters, and two splits."""

    def suggest(
        _: Learning, clusters: Sequence[Cluster], states: Mapping[str, object], seed: int
    ) -> Suggestions:
        waiting = [item for item in reversed(clusters) if item.cluster_id not in states]
        answers = [UsefulAnswer(item.representative_id, item.cluster_id, 0.07) for item in waiting]
        return Suggestions(
            {item.cluster_id: 0.02 + place / 20 for place, item in enumerate(waiting)},
            tuple(answers),
            {name: ProposedSplit(8, 3, rows.LABELS[1]) for name in list(states)[:2]},
        )

    with patch.object(Learning, "suggest", suggest):
        yield


@contextmanager
def with_curves(workspace: Workspace) -> Iterator[None]:
    """Learning curves of all detectors, each lower than the one before."""
    for place, detector_id in enumerate((INITIAL, *(f"d-{name}" for name in RECIPES))):
        losses = [1.2 / (1 + step / 12) - place / 20 for step in range(60)]
        keep_curve(workspace, detector_id, curve([40, 20], losses))
    yield


@contextmanager
def job_running(workspace: Workspace) -> Iterator[None]:
    """A job that has asked a quarter of what it is to ask."""
    job = write_job(workspace, "20260106-090000-e5f6", [("queries", rows.queries(["s0"]))])
    job.clear_result()
    progress = StageProgress(
        done=32, written=32, total=128, share=0.25, tokens_per_s=390.4, eta_s=75.0, note="batch 2",
        device="cpu", heartbeat=STARTED_S + 95.0,
    )  # fmt: skip
    write_progress(job, 0, "queries", progress)
    write_newest(job.stage_dir(0, "queries"), NEWEST)
    with job.lock():
        yield


@contextmanager
def job_failed(workspace: Workspace) -> Iterator[None]:
    """A job that failed in the middle."""
    asked = [("queries", rows.queries(["s0"]))]
    error = "The model Qwen/Qwen3-4B is not on this machine, and there is no network."
    write_job(workspace, "20260106-090000-e5f6", asked, state="failed", error=error)
    yield


@contextmanager
def job_paused(workspace: Workspace) -> Iterator[None]:
    """A job whose first questions echo their template."""
    asked = rows.queries([f"s{number}" for number in range(16)])
    flagged = pl.Series([["template-echo"] if place < 12 else [] for place in range(16)])
    job_id = "20260106-090000-e5f6"
    problem = (
        "the first questions are not as they should be: 12 of 16 show template-echo (75%, 95 % "
        "interval 51% to 90%; the limit is 10%).\n"
        "  Smokers should be offered a patch. ▸ What question did the user ask?\n"
        "Try another template than papers (five-examples), another model, or a temperature other "
        f"than 0.6. `backquery jobs resume {job_id} --force` goes on as it is."
    )
    job = write_job(
        workspace, job_id, [("queries", asked.with_columns(flags=flagged))], state="paused",
        error=f"queries: {problem}",
    )  # fmt: skip
    quality = measure_quality(
        [Row("Why?", ("template-echo",)), *(Row(f"Why {n}?", ()) for n in range(3))] * 4
    )
    look = Look(shares=quality, problem=problem)
    write_text(job.stage_dir(0, "queries") / LOOK_NAME, look.model_dump_json())
    progress = StageProgress(done=16, written=16, total=128, share=0.125, elapsed_s=30.0)
    write_progress(job, 0, "queries", progress)
    yield


@contextmanager
def detector_broken(workspace: Workspace) -> Iterator[None]:
    """A detector whose files are not all there; its folder is named as if it lay at home."""
    (workspace.path / "detectors" / "d-stage-1" / "config.json").unlink()

    def find(folder: Path, base: str) -> str | None:
        fault = find_fault(folder, base)
        return fault and fault.replace(str(workspace.path), "/home/ann/workspace")

    with patch("tui.services.jobs.training.find_fault", find):
        yield


@contextmanager
def label_unknown(workspace: Workspace) -> Iterator[None]:
    """Rows with a label that task.toml does not have any more."""
    with labelled(workspace):
        pass
    path = workspace.path / "task.toml"
    changed = path.read_text().replace('name = "general-content"', 'name = "other-content"')
    path.write_text(changed)
    yield


@contextmanager
def decided_pairs(workspace: Workspace) -> Iterator[None]:
    """Clusters of prompts labelled, one of them not as written, and what spread audited."""
    annotator = workspace.settings.annotator
    with workspace.database() as database:
        decide(database, annotator)
        audit_pairs(database, annotator)
    yield


@dataclass(frozen=True, slots=True)
class Scene:
    """What is shown where; `prepare` changes the filled workspace while the scene lasts.

    `sizes` leave out those at which the path of a temporary folder would be seen.
    """

    name: str
    screen: Scope
    step: Step | PairStep
    keys: Sequence[str] = ()
    prepare: Prepare = nullcontext
    sizes: Sequence[Size] = SIZES


def scenes(*found: Scene) -> pytest.MarkDecorator:
    """Parametrise a test with scenes, each at all its sizes."""
    return pytest.mark.parametrize(
        ("scene", "size"),
        [
            pytest.param(scene, size, id=f"{scene.name}-{size[0]}x{size[1]}")
            for scene in found
            for size in scene.sizes
        ],
    )
