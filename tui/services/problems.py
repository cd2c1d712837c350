"""The problem of a workspace: `problem.toml`, read and held against `task.toml`."""

import shutil
import tomllib
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from engine.scenarios.brief import Brief
from engine.scenarios.problem import Problem, SeedWords
from store.validation import describe_problems
from tui.services.configuration import Configuration
from tui.services.errors import ProblemMissing, SettingsInvalid
from tui.services.settings import presets, read_settings

FILE: Final = "problem.toml"
COMMENT: Final = "#"  # begins a line of a word file that is none


def read_brief(configuration: Configuration) -> Brief:
    """The problem, and what the task says of its labels and sides.

    Raises ProblemMissing for a workspace without one, or of single texts, and SettingsInvalid.
    """
    task = configuration.task
    if not task.is_pair:
        raise ProblemMissing(
            f"The task {task.name!r} is of single texts, and a problem is of pairs: of texts in a "
            'context. Their task.toml says `kind = "pair"`; `backquery init DIR --task off-topic` '
            "makes a workspace of one."
        )
    definitions = {label.name: label.definition for label in task.label}
    return Brief(read_problem(configuration), definitions, task.context, task.text)


def read_problem(configuration: Configuration) -> Problem:
    """The problem, its seed words read from their file.

    Raises ProblemMissing for a workspace without one, and SettingsInvalid.
    """
    path = configuration.path / FILE
    if not path.is_file():
        raise ProblemMissing(
            f"{configuration.path} has no {FILE}, which says what data is written from. "
            "`backquery init DIR --task off-topic` makes a workspace that has one; the manual says "
            "how to write your own."
        )
    problem = read_settings(path, Problem)
    known = configuration.task.labels
    if unknown := [label for label in problem.counts if label not in known]:
        raise SettingsInvalid(
            f"{path} cannot be used: counts names the label {unknown[0]!r}, which task.toml lacks. "
            f"Its labels are {', '.join(known)}."
        )
    return _with_words(path, problem)


def _with_words(path: Path, problem: Problem) -> Problem:
    """The problem with the words of its file in it. Raises SettingsInvalid."""
    words = problem.seed_words
    if words is None or words.file is None:
        return problem
    file = path.parent / words.file
    try:
        lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsInvalid(
            f"{path} cannot be used: the file of its seed words cannot be read: {error}"
        ) from error
    found = [line for line in lines if line and not line.startswith(COMMENT)]
    try:
        read = SeedWords(words=tuple(found), per_scenario=words.per_scenario)
    except ValidationError as error:
        raise SettingsInvalid(f"{file} cannot be used: {describe_problems(error)}.") from error
    return problem.model_copy(update={"seed_words": read})


def copy_problem(task: str, folder: Path) -> None:
    """Copy the problem that comes with a task of the package, and its word file, if there is one.

    The folder then holds `problem.toml`.
    """
    source = Path(str(presets())) / "problems"
    if not (source / f"{task}.toml").is_file():
        return
    shutil.copyfile(source / f"{task}.toml", folder / FILE)
    words = tomllib.loads((folder / FILE).read_text(encoding="utf-8")).get("seed_words", {})
    if "file" in words:
        shutil.copyfile(source / words["file"], folder / words["file"])
