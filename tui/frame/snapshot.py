"""What the screens render: frozen snapshots, with no way back to the store.

They are made by `tui.frame.session` in its thread, where the heavy libraries live; nothing here
imports any.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from tui.frame.task_words import SINGLE_TEXTS, TaskWords
from tui.services.results.job_facts import JobFacts

if TYPE_CHECKING:
    from store.counts import Counts

GLYPHS: Final = "●▲■◆★▼"
SKIPPED_GLYPH: Final = "»"
UNSURE_GLYPH: Final = "?"
FLAG_GLYPH: Final = "⚑"
NOTE_GLYPH: Final = "✎"
OVERRIDE_GLYPH: Final = "±"
SPLIT_GLYPH: Final = "÷"
EXCLUDED_GLYPH: Final = "×"
UNDECIDED_GLYPH: Final = "·"


@dataclass(frozen=True, slots=True)
class LabelView:
    """A label as it is shown: a glyph beside the colour, because colour alone says nothing."""

    name: str
    key: str
    definition: str
    examples: tuple[str, ...]
    glyph: str
    style: str


class TaskLabel(Protocol):
    """What is read of a label in task.toml."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def key(self) -> str:
        """The key that gives it."""

    @property
    def definition(self) -> str:
        """What it means."""

    @property
    def examples(self) -> tuple[str, ...]:
        """Texts that have it."""


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of the task, and how to show a label that may not be among them.

    `words` are those for what has the labels.
    """

    views: tuple[LabelView, ...]
    words: TaskWords = SINGLE_TEXTS

    @classmethod
    def of(cls, labels: Sequence[TaskLabel], words: TaskWords = SINGLE_TEXTS) -> "Labels":
        """Give each label of the task its glyph and its colour, in the task's order."""
        return cls(
            tuple(
                LabelView(
                    label.name,
                    label.key,
                    label.definition,
                    label.examples,
                    GLYPHS[number % len(GLYPHS)],
                    f"$label-{number % len(GLYPHS) + 1}",
                )
                for number, label in enumerate(labels)
            ),
            words,
        )

    def named(self, name: str) -> LabelView:
        """The view of a label; one that the task lacks gets a hollow glyph."""
        for view in self.views:
            if view.name == name:
                return view
        return LabelView(name, "", "", (), "○", "$quiet")

    def keyed(self, key: str) -> LabelView | None:
        """The label on a key; None if there is none."""
        return next((view for view in self.views if view.key == key), None)


@dataclass(frozen=True, slots=True)
class StageLine:
    """One stage of a job: `share` from 0 to 1, None before its rows are known.

    `quality` says what its first rows are like; "" before that is known.
    """

    name: str
    share: float | None
    text: str
    has_begun: bool
    finished: bool
    quality: str = ""


@dataclass(frozen=True, slots=True)
class JobLine:
    """A job; `total` counts the rows of the stages that have begun.

    `done` of them are in parts, `written` also those that are to come in the next.
    """

    job_id: str
    state: str
    created_at: str
    done: int
    written: int
    total: int
    stages: tuple[StageLine, ...]
    error: str | None
    facts: JobFacts
    failures: tuple[str, ...] = ()  # why rows failed, and what tries them again

    @property
    def is_running(self) -> bool:
        """Whether a process works on it now."""
        return self.state in ("running", "waiting")

    @property
    def is_resumable(self) -> bool:
        """Whether it ended, or was left, before its work was done."""
        return self.state in ("paused", "failed", "cancelled", "interrupted", "queued")


@dataclass(frozen=True, slots=True)
class Due:
    """What a run would do: (stage, rows that it starts from), or why it can't be run."""

    stages: tuple[tuple[str, int], ...] = ()
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Invention:
    """What a task of pairs has been written from: draws, and those that have no scenario.

    `waiting` ones were not written yet, `failed` ones only with an error. Without a problem there
    is nothing to draw from.
    """

    draws: int
    waiting: int
    failed: int
    has_problem: bool


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The workspace at one moment. `recipes` counts detectors trained with a recipe.

    `clustering` changes when the active clusters do, `elsewhere` when another process writes, and
    `figures` when drift scores or evaluations do. `label_warnings` say where stored labels do not
    fit task.toml, `fault_warnings` which detectors cannot be loaded. `strays` names what is passed
    over in the workspace's folders, `unevaluated` the detectors of recipes that no rows tested.
    `invention` is None in a task of single texts.
    """

    counts: "Counts"
    seeds: int
    benchmarks: tuple[str, ...]
    recipes: int
    jobs: tuple[JobLine, ...]  # newest first
    due: Due
    clustering: str
    figures: str
    elsewhere: int = 0
    label_warnings: tuple[str, ...] = ()
    fault_warnings: tuple[str, ...] = ()
    strays: str = ""
    unevaluated: tuple[str, ...] = ()
    invention: Invention | None = None

    @property
    def running(self) -> tuple[JobLine, ...]:
        """The jobs that are being worked on."""
        return tuple(job for job in self.jobs if job.is_running)

    @property
    def undecided(self) -> int:
        """Active clusters that have no label."""
        return self.counts.clusters - self.counts.clusters_decided


@dataclass(frozen=True, slots=True)
class Draft:
    """A run that was asked for: what it would do, and the job to be, which its planner reads."""

    due: Due
    job: object
