"""What the screens render: frozen snapshots, with no way back to the store.

They are made by `tui.session` in its thread, where the heavy libraries live; nothing here
imports any.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from store.clusters import Cluster, Member
    from store.counts import Counts
    from store.pairs import Pair

GLYPHS: Final = "●▲■◆★▼"
SKIPPED_GLYPH: Final = "»"
UNDECIDED_GLYPH: Final = "·"


@dataclass(frozen=True, slots=True)
class LabelView:
    """A label as it is shown: a glyph beside the colour, because colour alone says nothing."""

    name: str
    key: str
    definition: str
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


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of the task, and how to show a label that may not be among them."""

    views: tuple[LabelView, ...]

    @classmethod
    def of(cls, labels: Sequence[TaskLabel]) -> "Labels":
        """Give each label of the task its glyph and its colour, in the task's order."""
        return cls(
            tuple(
                LabelView(
                    label.name,
                    label.key,
                    label.definition,
                    GLYPHS[number % len(GLYPHS)],
                    f"$label-{number % len(GLYPHS) + 1}",
                )
                for number, label in enumerate(labels)
            )
        )

    def named(self, name: str) -> LabelView:
        """Return a label's view; one that the task lacks gets a hollow glyph."""
        for view in self.views:
            if view.name == name:
                return view
        return LabelView(name, "", "", "○", "$quiet")

    def keyed(self, key: str) -> LabelView | None:
        """Return the label on a key."""
        return next((view for view in self.views if view.key == key), None)


@dataclass(frozen=True, slots=True)
class StageLine:
    """One stage of a job: `share` from 0 to 1, None before its rows are known."""

    name: str
    share: float | None
    text: str
    finished: bool


@dataclass(frozen=True, slots=True)
class JobLine:
    """A job; `done` and `total` count the rows of the stages that have begun."""

    job_id: str
    state: str
    created_at: str
    done: int
    total: int
    stages: tuple[StageLine, ...]
    error: str | None

    @property
    def is_running(self) -> bool:
        """Whether a process works on it now."""
        return self.state == "running"

    @property
    def is_resumable(self) -> bool:
        """Whether it ended, or was left, before its work was done."""
        return self.state in ("failed", "cancelled", "interrupted", "queued")


@dataclass(frozen=True, slots=True)
class Due:
    """What a run would do: (stage, rows that it starts from), or why it can't be run."""

    stages: tuple[tuple[str, int], ...] = ()
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The workspace at one moment. `recipes` counts detectors trained by a recipe.

    `clustering` changes when the active clusters do. `figures` changes when drift scores or
    evaluations do.
    """

    counts: "Counts"
    seeds: int
    benchmarks: tuple[str, ...]
    recipes: int
    jobs: tuple[JobLine, ...]  # newest first
    due: Due
    clustering: str
    figures: str

    @property
    def running(self) -> tuple[JobLine, ...]:
        """The jobs that are being worked on."""
        return tuple(job for job in self.jobs if job.is_running)

    @property
    def undecided(self) -> int:
        """Active clusters that have no label."""
        return self.counts.clusters - self.counts.clusters_decided


Decisions = Mapping[str, tuple[str, str | None]]  # cluster_id -> (kind, label)


@dataclass(frozen=True, slots=True)
class ClusterQueue:
    """The clusters in the order in which they are labelled, and the one that is looked at."""

    clusters: "tuple[Cluster, ...]" = ()
    index: int = 0

    @property
    def current(self) -> "Cluster | None":
        """The cluster that is looked at; None only where there is none at all."""
        return self.clusters[self.index] if self.clusters else None

    @property
    def labelled(self) -> int:
        """Clusters with a label."""
        return sum(cluster.label is not None for cluster in self.clusters)

    @property
    def skipped(self) -> int:
        """Clusters put off for later."""
        return sum(cluster.decision == "skip" for cluster in self.clusters)

    @property
    def rows(self) -> int:
        """Members of all clusters."""
        return sum(cluster.size for cluster in self.clusters)

    @property
    def rows_labelled(self) -> int:
        """Members of the clusters that have a label."""
        return sum(cluster.size for cluster in self.clusters if cluster.label is not None)

    def at(self, index: int) -> "ClusterQueue":
        """Look at a place, at the nearest one there is; -1 is the last."""
        last = len(self.clusters) - 1
        wanted = last if index == -1 else min(index, last)
        return replace(self, index=max(wanted, 0))

    def at_cluster(self, cluster_id: str | None) -> "ClusterQueue":
        """Look at a cluster, if it is there."""
        for index, cluster in enumerate(self.clusters):
            if cluster.cluster_id == cluster_id:
                return replace(self, index=index)
        return self

    def at_next_undecided(self, *, from_here: bool = False) -> "ClusterQueue":
        """Look at the next cluster without decision, after the end from the top again.

        Stays where it is when all are decided. `from_here` lets this one count too.
        """
        start = self.index if from_here else self.index + 1
        order = [*range(start, len(self.clusters)), *range(start)]
        for index in order:
            if index < len(self.clusters) and self.clusters[index].decision is None:
                return replace(self, index=index)
        return self

    def with_decisions(self, decisions: Decisions) -> "ClusterQueue":
        """Put what is decided now in the place of what was."""
        return replace(
            self,
            clusters=tuple(
                replace(cluster, decision=kind, label=label)
                for cluster in self.clusters
                for kind, label in [decisions.get(cluster.cluster_id, (None, None))]
            ),
        )


@dataclass(frozen=True, slots=True)
class Detail:
    """What lies behind a cluster: the pair of its representative, and members in an order."""

    cluster_id: str
    order: str
    draw: int
    pair: "Pair | None"
    members: "tuple[Member, ...]"


@dataclass(frozen=True, slots=True)
class Share:
    """A figure from 0 to 1 with its 95 % interval, either None where undefined."""

    value: float | None
    interval: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class DriftRow:
    """Mean BERTScore of a group; None as dataset or label means all. `floor` is of shuffled pairs.

    `cut` counts answers of which the model could not read all; `predicted` those whose seed
    label was predicted, not given.
    """

    dataset: str | None
    label: str | None
    n: int
    precision: float
    recall: float
    f1: Share
    floor: float | None
    cut: int
    predicted: int


@dataclass(frozen=True, slots=True)
class DriftView:
    """The newest drift figures; `model` says what they were scored with."""

    model: str
    rows: tuple[DriftRow, ...]


@dataclass(frozen=True, slots=True)
class DetectorScores:
    """A detector on a benchmark. `confusion` counts rows by true, then by predicted label."""

    detector: str
    recipe: str
    n: int
    accuracy: Share
    precision: Share
    recall: Share
    f1: Share
    fpr: Share
    labels: tuple[str, ...]
    confusion: tuple[tuple[int, ...], ...]
    failed: int


@dataclass(frozen=True, slots=True)
class AccuracyView:
    """Every evaluated benchmark with the detectors judged on it."""

    benchmarks: tuple[tuple[str, tuple[DetectorScores, ...]], ...]
    positive: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A run that was asked for: what it would do, and the job to be, which only tui.runs reads."""

    due: Due
    job: object
