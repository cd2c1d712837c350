"""A simulation read from its job's folder: how many labels each way of labelling got right."""

from dataclasses import dataclass

import polars as pl

from engine.jobs.job import JobFolder
from engine.jobs.parts import list_parts, read_parquet
from engine.jobs.tables import SIMULATIONS
from engine.spreading.replay import Order, Spreading
from engine.stages.simulate import SimulateParams
from engine.statistics.estimate import Estimate
from engine.statistics.means import estimate_mean_share
from store.database.connection import Database
from store.detectors import list_detectors
from store.spaces import Embeddings
from tui.services.errors import NothingToDo
from tui.services.jobs.simulation import STAGE
from tui.services.results.trained_on import find_overlaps
from tui.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class SimulatedWay:
    """A way of labelling: the mean share of rows with the right label, over the starts.

    `decided` rows are right by themselves; of several starts it is the least. The interval is by
    Student's t over the starts: it says what another start would bring on these rows, not what
    other rows would.
    """

    embeddings: Embeddings
    spread: Spreading
    order: Order
    keys: int
    decided: int
    right: Estimate


@dataclass(frozen=True, slots=True)
class LabelSimulation:
    """Labelling replayed on `rows` of a dataset, whose known labels took an annotator's place.

    `detector_right` is the share of rows that the detector predicts right, before any key.
    `trained_on` rows were trained on by the detector, and on answers to `trained_on_answers`
    others; None where that is not known. Its embeddings and predictions are better there than on
    new rows.
    """

    job_id: str
    dataset: str
    rows: int
    starts: int
    detector: str
    encoder: str
    detector_right: float
    trained_on: int | None
    trained_on_answers: int | None
    ways: tuple[SimulatedWay, ...]


def read_simulation(workspace: Workspace, database: Database, job: JobFolder) -> LabelSimulation:
    """The simulation of a job that has ended. Raises NothingToDo where none of it was replayed."""
    params = SimulateParams.model_validate(job.spec().stages[0].params)
    samples = read_parquet(job.inputs_dir(0, STAGE) / "samples.parquet")
    parts = [read_parquet(path) for path in list_parts(job.stage_dir(0, STAGE))]
    rows = pl.concat(parts) if parts else pl.DataFrame(schema=SIMULATIONS)
    if rows.is_empty():
        raise NothingToDo(f"Job {job.job_id} replayed nothing: its log says why.")
    dataset = str(samples["dataset"][0])
    (detector,) = [
        item for item in list_detectors(database) if item.detector_id == params.detector_id
    ]
    overlaps = find_overlaps(workspace, database, dataset, [detector], may_search=False)
    overlap = overlaps[detector.detector_id]
    return LabelSimulation(
        job_id=job.job_id,
        dataset=dataset,
        rows=int(rows["rows"][0]),
        starts=rows["start"].n_unique(),
        detector=detector.name,
        encoder=params.encoder,
        detector_right=float(rows["detector_right"][0]),
        trained_on=overlap.rows if overlap else None,
        trained_on_answers=overlap.answered if overlap else None,
        ways=tuple(_ways(rows)),
    )


def _ways(rows: pl.DataFrame) -> list[SimulatedWay]:
    """The ways as they were replayed, the papers' first."""
    columns = ["embeddings", "spread", "order", "keys"]
    found = []
    for (embeddings, spread, order, keys), group in rows.group_by(columns, maintain_order=True):
        found.append(
            SimulatedWay(
                embeddings=embeddings,
                spread=spread,
                order=order,
                keys=int(str(keys)),
                decided=int(str(group["decided"].min())),
                right=estimate_mean_share(group["right"].to_list()),
            )
        )
    return found
