"""Writing the best of a tuning as a recipe of its own; the comments of its source stay."""

import json
import re
import tomllib
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from engine.jobs.parts import write_text
from store.recipes import Recipe
from tui.services.errors import SettingsInvalid
from tui.services.results.tuning import TriedSettings
from tui.services.workspace import Workspace

NAME: Final = "tuned"
_STAGE: Final = re.compile(r"^\s*\[\[\s*stage\s*\]\]", re.MULTILINE)
_TRAINING: Final = re.compile(r"^\s*\[\s*stage\s*\.\s*training\s*\][^\n]*\n?", re.MULTILINE)


def write_tuned(workspace: Workspace, source: str, best: TriedSettings, note: str) -> Path:
    """Write a recipe with these settings into `recipes/`, under the first free name; its path.

    `source` names the recipe that it is made from; `note` becomes its description. Nothing is
    written where such a recipe is there. Raises SettingsInvalid where the file is written in a way
    that cannot be changed here.
    """
    path, is_free = _find_path(workspace, note)
    if not is_free:
        return path
    wanted = _change(workspace.recipe(source), path.stem, best, note)
    text = workspace.recipe_path(source).read_text(encoding="utf-8")
    changed = change_text(text, path.stem, best, note)
    if not _reads_as(changed, wanted):
        raise SettingsInvalid(
            f"The recipe {source!r} is written in a form that cannot be changed here. Set "
            f"learning_rate = {best.learning_rate}, epochs = {best.epochs} and class_weights = "
            f"{best.class_weights!r} under the last [stage.training] by hand."
        )
    write_text(path, changed)
    return path


def change_text(text: str, name: str, best: TriedSettings, note: str) -> str:
    """The text of a recipe with another name and description, and the settings of its last stage.

    Comments and order stay.
    """
    text = _set(text, 0, "name", json.dumps(name))
    text = _set(text, 0, "description", json.dumps(note, ensure_ascii=False))
    settings = {
        "learning_rate": repr(best.learning_rate),
        "epochs": str(best.epochs),
        "class_weights": json.dumps(best.class_weights),
    }
    begin = max((found.start() for found in _STAGE.finditer(text)), default=None)
    if begin is None:
        return text
    if _TRAINING.search(text, begin) is None:
        text = f"{text.rstrip()}\n[stage.training]\n"
    for key, value in settings.items():
        found = _TRAINING.search(text, begin)
        assert found is not None
        text = _set(text, found.end(), key, value)
    return text


def _set(text: str, begin: int, key: str, value: str) -> str:
    """The text with a key set in the table whose lines begin at a place; put first if it is new."""
    table = re.compile(r"^\s*\[", re.MULTILINE).search(text, begin)
    end = table.start() if table else len(text)
    line = re.compile(
        rf"^(\s*{key}\s*=\s*)(\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'|[^\s#]+)", re.MULTILINE
    )
    found = line.search(text, begin, end)
    if found is None:
        return f"{text[:begin]}{key} = {value}\n{text[begin:]}"
    return f"{text[: found.start()]}{found[1]}{value}{text[found.end() :]}"


def _change(recipe: Recipe, name: str, best: TriedSettings, note: str) -> Recipe:
    *first, last = recipe.stage
    settings = {
        **last.training,
        "learning_rate": best.learning_rate,
        "epochs": best.epochs,
        "class_weights": best.class_weights,
    }
    stages = (*first, last.model_copy(update={"training": settings}))
    return recipe.model_copy(update={"name": name, "description": note, "stage": stages})


def _reads_as(text: str, wanted: Recipe) -> bool:
    try:
        return Recipe.model_validate(tomllib.loads(text)) == wanted
    except (tomllib.TOMLDecodeError, ValidationError):
        return False


def _find_path(workspace: Workspace, note: str) -> tuple[Path, bool]:
    """The file of the recipe with this description, or else the first that is free."""
    names = workspace.recipe_names()
    for number in range(1, len(names) + 2):
        name = NAME if number == 1 else f"{NAME}-{number}"
        path = workspace.path / "recipes" / f"{name}.toml"
        if name not in names:
            return path, True
        if workspace.recipe(name).description == note:
            return path, False
    raise AssertionError("one of more names than there are recipes is free")
