"""How language models are asked about texts: for a label, for a better answer, or to refuse.

What they are told is in templates, of the workspace or else of the package.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from engine.generation.templates import ANSWER, CONTEXT, LABELS, Template, load_template
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
CORRECTING: Final = "correct"
CORRECTING_PAIRS: Final = "correct-pair"
_WHAT: Final = {
    LABELS: "the labels and their definitions",
    CONTEXT: "contexts",
    ANSWER: "flagged answers",
}


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


def correcting_template(workspace: Workspace) -> Template:
    """The template that asks for a better answer; it still has the places of labels and texts.

    Raises SettingsInvalid where it lacks the place of the flagged answer or, for pairs, of the
    context.
    """
    task = workspace.task
    own = CORRECTING_PAIRS if task.is_pair else CORRECTING
    name = workspace.settings.corrections.template or own
    places = (ANSWER, CONTEXT) if task.is_pair else (ANSWER,)
    return _say(find_template(workspace, name, places), _say_sides(task))


def _read_template(workspace: Workspace, name: str, places: Sequence[str]) -> Template:
    """A template with what the task says in it. Raises SettingsInvalid as `find_template`."""
    task = workspace.task
    return _say(find_template(workspace, name, places), {**_say_labels(task), **_say_sides(task)})


def find_template(workspace: Workspace, name: str, places: Sequence[str] = ()) -> Template:
    """The workspace's template, or that of the package.

    Raises SettingsInvalid where it lacks one of the places.
    """
    file = f"{name}.toml"
    own = workspace.path / "templates" / file
    path = own if own.is_file() else Path(str(presets() / "templates" / file))
    template = load_template(path)
    for place in places:
        if place not in template.system + template.prompt:
            raise SettingsInvalid(f"{path} has no {place}, the place where {_WHAT[place]} go.")
    return template


def _say(template: Template, said: Mapping[str, str]) -> Template:
    return template.model_copy(
        update={part: _put(getattr(template, part), said) for part in ("system", "prompt")}
    )


def _say_labels(task: Task) -> Mapping[str, str]:
    return {LABELS: "\n".join(f"- {label.name}: {label.definition}" for label in task.label)}


def _say_sides(task: Task) -> Mapping[str, str]:
    return {"{context_name}": task.context, "{text_name}": task.text}


def _put(form: str, said: Mapping[str, str]) -> str:
    for place, text in said.items():
        form = form.replace(place, text)
    return form
