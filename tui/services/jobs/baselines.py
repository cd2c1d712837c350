"""Adds baselines to a job: what detectors are compared with.

Some are fitted on the rows of a recipe; a language model is told what the labels mean, and no more.
"""

from pathlib import Path
from typing import Final

from engine.generation.protocol import Sampling
from engine.generation.templates import Template, load_template
from engine.jobs.job import StageSpec
from engine.models.baseline import MAJORITY, TFIDF
from engine.models.references import parse_reference
from engine.stages.baseline import BaselineParams
from engine.stages.judge import JudgeParams
from store.database.connection import Database
from store.detectors import list_contestants
from store.errors import UnknownName
from store.schema import LLM, row_id
from store.training import TrainingSet
from tui.services.errors import SettingsInvalid
from tui.services.jobs.run_plan import JobDraft
from tui.services.jobs.training import assemble_recipe
from tui.services.settings import Task, presets
from tui.services.workspace import Workspace

BASES: Final = (MAJORITY, TFIDF)
RECIPE: Final = "real"  # whose rows they are fitted on unless another is named
ZERO_SHOT: Final = "zero-shot"  # what stands for the recipe of a language model
TEMPLATE: Final = "judge"
# Greedy, and room for a name in a sentence or two: no verdict is read from a reply that was cut.
SAMPLING: Final = Sampling(
    min_new_tokens=0, max_new_tokens=64, temperature=0, no_repeat_ngram_size=0
)
# Models of servers may think before they reply; those that run here are told not to.
SERVER_SAMPLING: Final = SAMPLING.model_copy(update={"max_new_tokens": 1024})


def add_fitted(
    workspace: Workspace, database: Database, draft: JobDraft, base: str, recipe: str
) -> str:
    """Add a baseline to the job unless it is there already, and return its id.

    It is there where the training rows, the seed and the task's labels are the same. Raises
    UnknownName for a baseline there is not, and RecipeRefused.
    """
    if base not in BASES:
        raise UnknownName(f"There is no {base!r}. Baselines: {', '.join(BASES)}, {LLM}MODEL.")
    rows = assemble_recipe(workspace, database, workspace.recipe(recipe))
    labels, seed = workspace.task.labels, workspace.settings.seed
    params = BaselineParams(
        detector_id=row_id(base, rows.digest, seed, *labels),
        base=base,
        recipe=rows.recipe,
        labels=labels,
        training_digest=rows.digest,
        seed=seed,
    )
    return _add(database, draft, params, rows)


def add_judge(workspace: Workspace, database: Database, draft: JobDraft, base: str) -> str:
    """Add a language model, "llm:" and its reference, unless it is there, and return its id.

    It is there where the prompt, the labels and the workspace's seed are the same. It is loaded in
    as many bits and asked in batches as large as the models that answer. Raises ModelUnavailable
    for what is no reference, and SettingsInvalid where the template names no labels.
    """
    parsed = parse_reference(base.removeprefix(LLM))
    reference = str(parsed)
    labels, settings = workspace.task.labels, workspace.settings
    asked = JudgeParams(
        detector_id="",
        labels=labels,
        model=reference,
        template=_judge_template(workspace),
        sampling=SERVER_SAMPLING if parsed.kind == "openai" else SAMPLING,
        quantization=settings.answers.quantization,
        batch_rows=settings.answers.batch_rows,
        seed=settings.seed,
    )
    detector_id = asked.row_id("judge", row_id(*labels))
    params = BaselineParams(
        detector_id=detector_id,
        base=f"{LLM}{reference}",
        recipe=ZERO_SHOT,
        labels=labels,
        training_digest="",
        seed=settings.seed,
        judge=asked.model_copy(update={"detector_id": detector_id}),
    )
    return _add(database, draft, params, TrainingSet.empty(ZERO_SHOT))


def _add(database: Database, draft: JobDraft, params: BaselineParams, rows: TrainingSet) -> str:
    if not any(item.detector_id == params.detector_id for item in list_contestants(database)):
        stage = StageSpec(name="baseline", params=params.model_dump(mode="json"))
        draft.add(stage, rows.rows.height, training_rows=rows.rows)
    return params.detector_id


def _judge_template(workspace: Workspace) -> Template:
    """Return the workspace's template, or that of the package, with the task's labels in it."""
    file = f"{TEMPLATE}.toml"
    own = workspace.path / "templates" / file
    path = own if own.is_file() else Path(str(presets() / "templates" / file))
    template = load_template(path)
    if "{labels}" not in template.system + template.prompt:
        raise SettingsInvalid(
            f"{path} has no {{labels}}, the place where the labels and their definitions go."
        )
    defined = _define(workspace.task)
    return template.model_copy(
        update={
            part: getattr(template, part).replace("{labels}", defined)
            for part in ("system", "prompt")
        }
    )


def _define(task: Task) -> str:
    return "\n".join(f"- {label.name}: {label.definition}" for label in task.label)
