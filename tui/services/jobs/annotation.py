"""Language models as annotators: the job that asks them, and taking their labels as decisions."""

from dataclasses import dataclass, field

from engine.jobs.draft import JobDraft, PlannedStage
from store.bases import LLM
from store.classifications import TextDraw, due_for_classification, undecided_by_people
from store.counts import count_all
from store.database.connection import Database
from store.decisions import record
from store.lineage import queries_of
from tui.services.errors import NothingToDo
from tui.services.jobs.language_models import ask_for_label
from tui.services.learning import make_labels_fresh
from tui.services.workspace import Workspace

STAGE = "annotate"


@dataclass(frozen=True, slots=True)
class AnnotationRequest:
    """Which models are asked about which texts; `models` are references, with or without llm:."""

    models: tuple[str, ...]
    draw: TextDraw = field(default_factory=TextDraw)
    retry_errors: bool = False


@dataclass(frozen=True, slots=True)
class Annotation:
    """The annotators' names in the order asked for, and the job of what is due."""

    annotators: tuple[str, ...]
    draft: JobDraft  # without stages where each was asked about everything


def draft_annotation(
    workspace: Workspace, database: Database, request: AnnotationRequest
) -> Annotation:
    """A stage for each model that is to be asked about something.

    Raises NothingToDo while there are no such texts, ModelUnavailable for what is no reference,
    and SettingsInvalid where the template names no labels.
    """
    counts = count_all(database)
    if request.draw.what == "representatives" and not counts.clusters:
        raise NothingToDo(
            "There is no cluster yet, so no representative to ask about: `backquery run` makes "
            "clusters. `--what answers` asks about answers."
        )
    if not counts.answers + counts.observed:
        raise NothingToDo("There is no answer yet to ask about: `backquery run` makes them.")
    draft, annotators = JobDraft(), []
    for model in dict.fromkeys(name.removeprefix(LLM) for name in request.models):
        params = ask_for_label(workspace, model)
        annotators.append(f"{LLM}{params.model_name}")
        due = due_for_classification(
            database, params.detector_id, request.draw, retry=request.retry_errors
        )
        if not due.is_empty():
            tables = {"answers": due}
            if params.takes_pairs:
                tables["queries"] = queries_of(database, due["answer_id"])
            draft.add(PlannedStage(STAGE, params, due.height, tables))
    return Annotation(tuple(annotators), draft)


def take_as_decisions(
    workspace: Workspace, database: Database, annotator: str, request: AnnotationRequest
) -> int:
    """Record a model's labels as decisions under its name, as one action; return how many.

    Only where nobody has decided yet: see `undecided_by_people`.
    """
    if request.draw.what == "answers":
        make_labels_fresh(workspace, database)  # an answer with a learned label has one
    percent = workspace.settings.labelling.propagate_percent
    decisions = undecided_by_people(database, annotator, request.draw.what, percent)
    if decisions:
        record(database, annotator, decisions)
    return len(decisions)
