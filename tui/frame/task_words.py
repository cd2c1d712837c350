"""What screens call the texts of a task: seeds, questions and answers, or the sides of pairs."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.services.inert import one_line

if TYPE_CHECKING:
    from tui.services.settings import Task


@dataclass(frozen=True, slots=True)
class TaskWords:
    """The words for what is labelled, and for where it came from.

    `origins` are a seed, its question and the answer; of pairs a draw, a context and a text.
    `made` is what is counted, `context` what a question or a context is counted as. `guessed` says
    how the label came that is there before any decision, `guessed_as` the same before its name.
    """

    is_pair: bool
    origins: tuple[str, str, str]
    context: str
    made: str
    guessed: str
    guessed_as: str

    @property
    def observed(self) -> tuple[str, str, str]:
        """The headings of what production wrote, in place of `origins`."""
        return ("production", *(self.origins[1:] if self.is_pair else ("prompt", "text")))

    @property
    def unhinted(self) -> str:
        """Of the keys that unfold, the name of the one that has nothing to show, or little."""
        return "origin" if self.is_pair else "context"


SINGLE_TEXTS = TaskWords(
    is_pair=False,
    origins=("seed", "question", "answer"),
    context="question",
    made="answer",
    guessed="predicted",
    guessed_as="predicted",
)


def words_of(task: "Task") -> TaskWords:
    """The words of a task; those of pairs go by the names in task.toml."""
    if not task.is_pair:
        return SINGLE_TEXTS
    return TaskWords(
        is_pair=True,
        origins=("draw", one_line(task.context), one_line(task.text)),
        context="scenario",
        made="prompt",
        guessed="written",
        guessed_as="written as",
    )
