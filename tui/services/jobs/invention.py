"""Writing data from a problem: draws are stored first, then a job asks for their scenarios."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import polars as pl

from engine.jobs.draft import JobDraft, PlannedStage, Remark
from engine.models.references import parse_reference
from engine.scenarios.draws import Drawn, draw, draw_id
from engine.scenarios.filling import count_cells, fill
from engine.scenarios.problem import Problem
from engine.stages.scenarios import ScenarioParams
from store.attempts import next_attempt
from store.counting import counted
from store.database.connection import Database
from store.datasets import list_datasets
from store.draws import SOURCE, add_draws, count_left, due_draws, next_number
from store.ids import text_digest
from store.invented import drawn_values, known_texts
from store.reading.options import Role
from store.reading.prepare import PREPARED
from store.schema import DIMENSIONS
from tui.services.errors import DatasetUnfit, NothingToDo
from tui.services.problems import read_brief, read_problem
from tui.services.workspace import Workspace

STAGE: Final = "scenarios"
INVENTED: Final = "invented"  # the name of the dataset unless another is given
OWN: Final[tuple[Role, ...]] = ("invented",)
HELD_OUT: Final[tuple[Role, ...]] = ("benchmark", "invented")


@dataclass(frozen=True, slots=True)
class InventRequest:
    """What is to be invented: `more` scenarios than there are draws, into a dataset.

    `roles` are None for those that the dataset has, or a new one gets. `filling` draws aim at empty
    and thin cells. At most `limit` scenarios are asked for. `model`, a reference, and `template`, a
    name, are None for those of the settings.
    """

    dataset: str = INVENTED
    roles: tuple[Role, ...] | None = None
    more: int = 0
    limit: int | None = None
    model: str | None = None
    template: str | None = None
    is_filling: bool = False
    retry_errors: bool = False
    seed: int = 0


def draft_invention(workspace: Workspace, database: Database, request: InventRequest) -> JobDraft:
    """The job that writes scenarios of the draws that have none, with new draws stored first.

    Nothing is stored unless the job can be made. Raises ProblemMissing, SettingsInvalid,
    UnknownName for a template that is missing, ModelUnavailable for what is no reference,
    DatasetUnfit, and NothingToDo where no draw is due.
    """
    roles = _roles(database, request)
    params = _params(workspace, database, request)
    problem = read_problem(workspace)
    if request.more:
        _store_draws(database, request, roles, problem)
    due = due_draws(
        database, request.dataset, problem.digest, request.limit, retry=request.retry_errors
    )
    draft = JobDraft()
    for remark in _remarks(database, request, problem):
        draft.add(remark)
    if due.samples.is_empty():
        raise NothingToDo(" ".join([_nothing_due(request), *draft.remarks]))
    tables = {
        "samples": due.samples,
        "dimensions": due.dimensions,
        "known": known_texts(database),
    }
    draft.add(PlannedStage(STAGE, params, due.samples.height, tables))
    return draft


def _roles(database: Database, request: InventRequest) -> tuple[Role, ...]:
    """The roles of the dataset. Raises DatasetUnfit where it has others than were asked for."""
    known = {item.dataset: item.roles for item in list_datasets(database)}
    found = known.get(request.dataset)
    if found is None:
        return request.roles or OWN
    if "invented" not in found:
        raise DatasetUnfit(
            f"{request.dataset!r} holds rows that were imported. Name another dataset with --as."
        )
    wanted = found if request.roles is None else request.roles
    if ("benchmark" in wanted) != ("benchmark" in found):
        kind = "is" if "benchmark" in found else "is not"
        raise DatasetUnfit(
            f"{request.dataset!r} {kind} a benchmark already. Name another dataset with --as."
        )
    return HELD_OUT if "benchmark" in found else OWN


def _params(workspace: Workspace, database: Database, request: InventRequest) -> ScenarioParams:
    settings = workspace.settings
    chosen = settings.scenarios
    model = request.model or chosen.model or settings.queries.model
    return ScenarioParams.asking(
        read_brief(workspace),
        chosen,
        str(parse_reference(model)),
        workspace.template(request.template or chosen.template),
        seed=settings.seed,
        attempt=next_attempt(database, "queries") if request.retry_errors else 1,
        limits=settings.quality.scenarios,
    )


def _store_draws(
    database: Database, request: InventRequest, roles: tuple[Role, ...], problem: Problem
) -> None:
    first = next_number(database, request.dataset)
    numbers = range(first, first + request.more)
    drawn = _draw(database, request, problem, numbers)
    samples, dimensions = [], []
    for number, item in zip(numbers, drawn, strict=True):
        sample_id = draw_id(request.dataset, problem, request.seed, number)
        text = item.in_words()
        samples.append(
            {
                "sample_id": sample_id,
                "dataset": request.dataset,
                "text": text,
                "text_hash": text_digest(text),
                "external_id": problem.digest,
                "source": SOURCE,
                "line": number,
            }
        )
        dimensions += [(sample_id, name, value) for name, value in item.rows]
    add_draws(
        database,
        request.dataset,
        roles,
        pl.DataFrame(samples, schema=dict(PREPARED)),
        pl.DataFrame(dimensions, schema=DIMENSIONS, orient="row"),
    )


def _draw(
    database: Database, request: InventRequest, problem: Problem, numbers: range
) -> Iterator[Drawn]:
    if not request.is_filling:
        return (draw(problem, request.seed, number) for number in numbers)
    values = drawn_values(database)
    by_draw = (
        dict(frame.select("dimension", "value").rows())
        for frame in values.partition_by("sample_id", maintain_order=True)
    )
    return fill(problem, count_cells(by_draw, problem), request.seed, numbers)


def _remarks(database: Database, request: InventRequest, problem: Problem) -> Iterator[Remark]:
    earlier, failed = count_left(database, request.dataset, problem.digest)
    if earlier:
        yield Remark(f"{counted(earlier, 'draw')} of an earlier {SOURCE} will get no scenario.")
    if failed and not request.retry_errors:
        yield Remark(
            f"{counted(failed, 'draw')} failed before; --retry-errors asks for "
            f"{'it' if failed == 1 else 'them'} again."
        )


def _nothing_due(request: InventRequest) -> str:
    return (
        f"No draw of {request.dataset!r} is without a scenario. `backquery invent --n 200` draws "
        "more, `--fill` where there are few."
    )
