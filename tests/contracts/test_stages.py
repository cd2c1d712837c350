"""What holds for every stage of the registry, whatever it computes."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from engine.errors import JobSpecInvalid
from engine.jobs import worker
from engine.jobs.job import JobFolder
from engine.jobs.parts import list_parts, parts_dir, read_parquet, write_part
from engine.jobs.records import StageSpec
from engine.jobs.registry import ON_REQUEST, PLANNED_BY_RUN, STAGES
from engine.jobs.stage import load_stage, make_params, make_stage
from engine.jobs.supervisor import Supervisor
from engine.jobs.tables import WRITTEN
from store.corrections import FLAGGED_ANSWERS, PROMPTS
from store.schema import DIMENSIONS, MEANT_LABELS
from store.sources import TRAINING_ROWS
from store.traffic import TEXTS
from tests.contracts.stage_cases import CASES, StageCase

TABLES = {
    **WRITTEN,
    "samples": None,
    "dimensions": DIMENSIONS,
    "known": None,
    "meant_labels": MEANT_LABELS,
    "training_rows": TRAINING_ROWS,
    "tuning_rows": None,
    "flagged_answers": FLAGGED_ANSWERS,
    "prompts": PROMPTS,
    "patterns": None,
    "traffic_texts": TEXTS,
}  # that a stage may read
TO_ADD = (
    "The stage {name!r} of the registry has no case: add a function of that name to "
    "tests/contracts/stage_cases.py, and to CASES there, which returns its parameters, tables of "
    "few rows that make several parts where it writes several, and, where its table has a column "
    "`error`, a row that fails."
)
FAILING = [name for name in STAGES if "error" in WRITTEN[make_stage(name).writes]]


class Killed(BaseException):
    """What ends a process here in place of a signal."""


@dataclass(frozen=True, slots=True)
class Ran:
    """A stage as the only one of a job, in a workspace that was copied before it ran."""

    name: str
    case: StageCase
    fresh: Path  # the workspace, with the job but without a part
    parts: tuple[pl.DataFrame, ...]  # of a run that was never interrupted


@pytest.fixture(scope="module", autouse=True)
def _private_device(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("devices")))
        yield


@pytest.fixture(scope="module")
def run_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Ran]:
    """Runs each stage once without interruption, however many tests ask for it."""
    done: dict[str, Ran] = {}

    def run(name: str) -> Ran:
        if name not in CASES:
            pytest.fail(TO_ADD.format(name=name))
        if name not in done:
            fresh = tmp_path_factory.mktemp(name) / "fresh"
            (fresh / "jobs").mkdir(parents=True)
            case = CASES[name](fresh)
            spec = StageSpec(name=name, params=case.params.model_dump(mode="json"))
            Supervisor(fresh).create([spec], [case.tables], "cpu")
            with pytest.MonkeyPatch.context() as patch:
                stand_in_for_models(case, patch)
                job = job_in(shutil.copytree(fresh, fresh.with_name("whole")))
                worker.run_stage(job, 0)
            done[name] = Ran(name, case, fresh, tuple(read_parts(job, name)))
        return done[name]

    return run


@pytest.fixture
def ran(run_once: Callable[[str], Ran], name: str, monkeypatch: pytest.MonkeyPatch) -> Ran:
    found = run_once(name)
    stand_in_for_models(found.case, monkeypatch)
    return found


def stand_in_for_models(case: StageCase, patch: pytest.MonkeyPatch) -> None:
    if case.generator is not None:
        patch.setattr("engine.generation.params.load_generator", lambda *_, **__: case.generator)


def job_in(workspace: Path) -> JobFolder:
    (job,) = Supervisor(workspace).jobs()
    return job


def read_parts(job: JobFolder, name: str) -> list[pl.DataFrame]:
    return [read_parquet(path) for path in list_parts(job.stage_dir(0, name))]


def kill_at(part: int, patch: pytest.MonkeyPatch) -> None:
    """End the worker while it writes a part: half of it is in the temporary file."""

    def write(stage_dir: Path, number: int, frame: pl.DataFrame, schema: pl.Schema) -> Path:
        if number < part:
            return write_part(stage_dir, number, frame, schema)
        folder = parts_dir(stage_dir)
        folder.mkdir(parents=True, exist_ok=True)
        temporary = folder / f".{number:05}.parquet.1234.tmp"
        frame.write_parquet(temporary)
        content = temporary.read_bytes()
        temporary.write_bytes(content[: len(content) // 2])
        raise Killed

    patch.setattr(worker, "write_part", write)


def test_every_stage_has_a_case() -> None:
    missing = [name for name in STAGES if name not in CASES]
    assert not missing, TO_ADD.format(name=missing[0])
    assert not set(CASES) - set(STAGES), "a case is of no stage"


@pytest.mark.parametrize("name", STAGES)
def test_a_stage_says_what_it_is(name: str) -> None:
    stage = make_stage(name)
    assert stage.name == name
    assert stage.writes in WRITTEN
    assert set(stage.reads) <= TABLES.keys()
    with pytest.raises(JobSpecInvalid, match="not a known key"):
        make_params(name, {"no_such_parameter": 1})


def test_only_what_a_run_plans_has_a_plan() -> None:
    assert all(hasattr(load_stage(name), "plan") for name in PLANNED_BY_RUN)
    assert not any(hasattr(load_stage(name), "plan") for name in ON_REQUEST)


@pytest.mark.parametrize("name", STAGES)
def test_parts_are_as_the_schema_of_their_table_says(ran: Ran) -> None:
    stage = make_stage(ran.name)
    assert set(ran.case.tables) <= set(stage.reads)
    assert len(ran.parts) == ran.case.parts
    for part in ran.parts:
        assert dict(part.schema) == dict(WRITTEN[stage.writes])
        assert not part.is_empty()
        assert part["job_id"].unique().to_list() == [job_in(ran.fresh).job_id]


@pytest.mark.parametrize("name", FAILING)
def test_a_row_that_fails_is_a_row_with_an_error_and_the_others_are_right(ran: Ran) -> None:
    assert ran.case.failing is not None, f"the case of {ran.name!r} has no row that fails"
    column, failing = ran.case.failing
    found = pl.concat(ran.parts)
    assert found[column].is_unique().all()
    assert found.filter(pl.col("error").is_not_null())[column].to_list() == [failing]
    assert found.height == 5


@pytest.mark.parametrize("name", STAGES)
def test_a_stage_killed_at_any_part_has_no_half_of_it_and_goes_on_to_the_same_rows(
    ran: Ran, tmp_path: Path
) -> None:
    measured = list(ran.case.measured)
    for part in range(ran.case.parts):
        job = job_in(shutil.copytree(ran.fresh, tmp_path / f"killed-{part}"))
        with pytest.MonkeyPatch.context() as patch:
            kill_at(part, patch)
            with pytest.raises(Killed):
                worker.run_stage(job, 0)
        assert len(read_parts(job, ran.name)) == part
        worker.run_stage(job, 0)
        found = read_parts(job, ran.name)
        assert len(found) == len(ran.parts)
        for resumed, uninterrupted in zip(found, ran.parts, strict=True):
            assert_frame_equal(
                resumed.drop(measured), uninterrupted.drop(measured), check_exact=True
            )
