"""How language models are asked about texts: for a label, or by telling them to refuse.

What they are told is in templates, of the workspace or else of the package.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from engine.generation.templates import CONTEXT, LABELS, Template, load_template
from engine.models.references import parse_reference
from engine.stages.classify import ClassifyParams
from store.bases import PROMPT
from store.errors import UnknownName
from tui.services.errors import SettingsInvalid
from tui.services.settings import Task, presets
from tui.services.workspace import Workspace

TEMPLATE: Final = "judge"
TEMPLATE_OF_PAIRS: Final = "judge-pair"
TEMPLATE_TO_REFUSE: Final = "refuse"
_WHAT: Final = {LABELS: "the labels and their definitions", CONTEXT: "contexts"}


def ask_for_label(workspace: Workspace, reference: str) -> ClassifyParams:
    """How a language model is asked for one of the task's labels.

    Raises ModelUnavailable for what is no reference, and SettingsInvalid where the template lacks
    the place of the labels or, for pairs, of the context.
    """
    places = (LABELS, CONTEXT) if workspace.task.is_pair else (LABELS,)
    name = TEMPLATE_OF_PAIRS if workspace.task.is_pair else TEMPLATE
    return ClassifyParams.zero_shot(
        parse_reference(reference),
        _read_template(workspace, name, places),
        workspace.task.labels,
        workspace.settings.answers,
        workspace.settings.seed,
    )


def tell_to_refuse(workspace: Workspace, reference: str) -> ClassifyParams:
    """How a language model is told to refuse what has nothing to do with a context.

    Raises ModelUnavailable for what is no reference, SettingsInvalid where the template lacks the
    place of the context, and UnknownName where the task says of no label that it is refused.
    """
    task = workspace.task
    if task.refusal_means is None:
        raise UnknownName(
            f"{PROMPT}MODEL asks whether a language model with this context refuses, and by the "
            f"task {task.name!r} no label is what it is to refuse. In a task of pairs, "
            "`refused = true` in task.toml says so of a positive label."
        )
    return ClassifyParams.zero_shot(
        parse_reference(reference),
        _read_template(workspace, TEMPLATE_TO_REFUSE, (CONTEXT,)),
        task.labels,
        workspace.settings.answers,
        workspace.settings.seed,
        task.refusal_means,
    )


def _read_template(workspace: Workspace, name: str, places: Sequence[str]) -> Template:
    """The workspace's template, or that of the package, with what the task says in it.

    Raises SettingsInvalid where it lacks one of the places.
    """
    file = f"{name}.toml"
    own = workspace.path / "templates" / file
    path = own if own.is_file() else Path(str(presets() / "templates" / file))
    template = load_template(path)
    for place in places:
        if place not in template.system + template.prompt:
            raise SettingsInvalid(f"{path} has no {place}, the place where {_WHAT[place]} go.")
    said = _say_task(workspace.task)
    return template.model_copy(
        update={part: _put(getattr(template, part), said) for part in ("system", "prompt")}
    )


def _say_task(task: Task) -> Mapping[str, str]:
    """What a template says of a task, by the places where it goes."""
    return {
        LABELS: "\n".join(f"- {label.name}: {label.definition}" for label in task.label),
        "{context_name}": task.context,
        "{text_name}": task.text,
    }


def _put(form: str, said: Mapping[str, str]) -> str:
    for place, text in said.items():
        form = form.replace(place, text)
    return form
