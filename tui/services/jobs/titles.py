"""The job that asks a language model what patterns are to be called."""

from typing import Final

import polars as pl

from engine.generation.params import GenerationParams
from engine.generation.protocol import Sampling
from engine.jobs.draft import JobDraft, PlannedStage
from engine.models.references import parse_reference
from store.database.connection import Database
from store.patterns import Untitled, read_untitled
from tui.services.errors import NothingToDo
from tui.services.jobs.language_models import find_template
from tui.services.workspace import Workspace

STAGE: Final = "titles"
TEMPLATE: Final = "pattern-title"
TEXTS: Final = 3  # of a pattern, those nearest to its centre
LONGEST: Final = 160  # characters of each
SAMPLING: Final = Sampling(
    min_new_tokens=1, max_new_tokens=24, temperature=0, no_repeat_ngram_size=0
)
# Models of servers may think before they reply.
SERVER_SAMPLING: Final = SAMPLING.model_copy(update={"max_new_tokens": 1024})


def draft_titles(workspace: Workspace, database: Database, dataset: str) -> JobDraft:
    """The job that asks the first model that answers for a title of each pattern without one.

    Raises NothingToDo where all have one, and SettingsInvalid where the template has no place for
    the text.
    """
    untitled = read_untitled(database, dataset, TEXTS)
    if not untitled:
        raise NothingToDo(f"Every pattern of {dataset!r} has a title.")
    settings = workspace.settings.answers
    reference = parse_reference(settings.models[0])
    params = GenerationParams(
        model=str(reference),
        template=find_template(workspace, TEMPLATE),
        sampling=SERVER_SAMPLING if reference.kind == "openai" else SAMPLING,
        quantization=settings.quantization,
        batch_rows=settings.batch_rows,
        concurrent=settings.concurrent,
        timeout_s=settings.timeout_s,
        seed=workspace.settings.seed,
    )
    rows = [(item.cluster_id, describe_pattern(item)) for item in untitled]
    patterns = pl.DataFrame(rows, schema=["cluster_id", "text"], orient="row")
    return JobDraft([PlannedStage(STAGE, params, patterns.height, {"patterns": patterns})])


def describe_pattern(pattern: Untitled) -> str:
    """What the model is told of a pattern: its terms, and texts cut to `LONGEST` characters."""
    terms = [f"Terms: {', '.join(pattern.terms)}"] if pattern.terms else []
    texts = [f"- {' '.join(text[:LONGEST].split())}" for text in pattern.texts]
    return "\n".join([*terms, "Texts:", *texts])
