"""Writing a way of asking that was tried into workspace.toml."""

import tomllib
from dataclasses import dataclass

from pydantic import ValidationError

from engine.jobs.parts import write_text
from store.validation import describe_problems
from tui.services.errors import SettingsInvalid
from tui.services.files.toml_values import set_value
from tui.services.results.trial import TriedWay
from tui.services.settings import Settings
from tui.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Change:
    """A setting of workspace.toml by its path, and its values before and after."""

    name: str
    before: str | float
    after: str | float


def changes_for(settings: Settings, way: TriedWay) -> tuple[Change, ...]:
    """What a way changes in the settings; nothing for the current one."""
    queries = settings.queries
    found = (
        Change("queries.model", queries.model, way.model),
        Change("queries.template", queries.template, way.template),
        Change("queries.sampling.temperature", queries.sampling.temperature, way.temperature),
    )
    return tuple(change for change in found if change.before != change.after)


def use_way(workspace: Workspace, way: TriedWay) -> tuple[Change, ...]:
    """Write a way into workspace.toml, and return what that changed in it.

    Raises SettingsInvalid, with the file as it was, where the result could not be used or the file
    is written in a way that can't be changed here.
    """
    path = workspace.path / "workspace.toml"
    text = path.read_text(encoding="utf-8")
    settings = _read(text, f"{path} as it is")
    changes = changes_for(settings, way)
    for change in changes:
        *tables, key = change.name.split(".")
        changed = set_value(text, tables, key, change.after)
        if changed is None:
            raise SettingsInvalid(
                f"{path} has {change.name} in a form that cannot be changed here. Set it to "
                f"{change.after!r} there by hand."
            )
        text = changed
    _read(text, f"{path} with way {way.number}")
    if changes:
        write_text(path, text)
    return changes


def _read(text: str, what: str) -> Settings:
    try:
        return Settings.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise SettingsInvalid(f"{what} cannot be read: {error}") from error
    except ValidationError as error:
        raise SettingsInvalid(f"{what} cannot be used: {describe_problems(error)}.") from error
