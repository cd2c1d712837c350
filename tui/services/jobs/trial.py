"""A try: drawn seeds asked about in several ways, as a job whose rows are stored nowhere else."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from math import isfinite

from engine.generation.protocol import Sampling
from engine.generation.templates import alike_templates
from engine.jobs.draft import JobDraft, PlannedStage
from engine.jobs.settings import QuerySettings
from engine.stages.trial import TrialParams, WayParams
from store.counting import counted
from store.database.connection import Database
from store.pairs import Draw, drawn_samples
from tui.services.errors import NothingToDo, SettingsInvalid
from tui.services.jobs.run_plan import require_seeds
from tui.services.workspace import Workspace

STAGE = "try"
SEEDS = 20
MOST_WAYS = 24  # more can't be compared by eye


@dataclass(frozen=True, slots=True)
class TrialRequest:
    """What is tried: every template with every model and temperature.

    What is not named is as workspace.toml has it; if nothing is, all templates of questions are
    tried.
    """

    draw: Draw = field(default_factory=lambda: Draw(total=SEEDS))
    templates: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    temperatures: tuple[float, ...] = ()


def draft_trial(workspace: Workspace, database: Database, request: TrialRequest) -> JobDraft:
    """The job of a try. Raises NothingToDo without seeds, UnknownName, and SettingsInvalid."""
    if not all(map(isfinite, request.temperatures)):
        raise SettingsInvalid("A temperature must be a number from 0 up, such as 0.6.")
    ways = tuple(_ways(workspace, request))
    if len(ways) > MOST_WAYS:
        raise SettingsInvalid(
            f"These are {len(ways)} ways, and at most {MOST_WAYS} can be compared. Name fewer "
            "templates, models or temperatures."
        )
    require_seeds(database, request.draw.datasets)
    samples = drawn_samples(database, request.draw)
    if samples.is_empty():
        raise NothingToDo(
            "There is no such seed to try anything on: `backquery import FILE --dataset NAME "
            "--role seed` brings seeds, and `backquery datasets` lists those that are there."
        )
    params = TrialParams(ways=ways, encoder=workspace.settings.queries.encoder)
    rows = samples.height * len(ways)
    return JobDraft([PlannedStage(STAGE, params, rows, {"samples": samples})])


def describe_trial(draft: JobDraft) -> str:
    """How many seeds are asked about in how many ways."""
    (params,) = draft.params(TrialParams)
    seeds = draft.planned[0].tables["samples"].height
    return f"{counted(seeds, 'seed')}, {counted(len(params.ways), 'way')}"


def question_templates(workspace: Workspace) -> list[str]:
    """The templates that questions can be asked with: the current one first."""
    current = workspace.settings.queries.template
    folder = workspace.path / "templates"
    others = alike_templates(folder, workspace.template(current))
    return [current, *(name for name in others if name != current)]


def _ways(workspace: Workspace, request: TrialRequest) -> Iterator[WayParams]:
    """The ways, each once, those of one model in a row."""
    settings = workspace.settings.queries
    names_something = request.templates or request.models or request.temperatures
    templates = request.templates or (
        (settings.template,) if names_something else tuple(question_templates(workspace))
    )
    models = request.models or (settings.model,)
    temperatures = request.temperatures or (settings.sampling.temperature,)
    for model, template, temperature in dict.fromkeys(product(models, templates, temperatures)):
        yield _way(workspace, settings, model, template, temperature)


def _way(
    workspace: Workspace, settings: QuerySettings, model: str, template: str, temperature: float
) -> WayParams:
    sampling = {**settings.sampling.model_dump(), "temperature": temperature}
    return WayParams(
        template_file=template,
        model=model,
        template=workspace.template(template),
        sampling=Sampling.model_validate(sampling),
        quantization=settings.quantization,
        batch_rows=settings.batch_rows,
        # Not the seed of runs, whose replies of a server would be taken over, and not timed.
        seed=workspace.settings.seed + 1,
        candidates=settings.candidates if temperature else 1,
        encoder=settings.encoder,
    )
