"""Random actions of two people leave the labels that a plain model of the rules computes."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from store.cluster_splits import split
from store.cluster_states import ClusterState, advance, read_states
from store.clusters import list_clusters
from store.database.connection import Database
from store.decisions import (
    Decision,
    read_overrides,
    record,
    redo,
    undo,
)
from tests import rows

PEOPLE = st.sampled_from(["ada", "bob"])
NAMES = st.sampled_from(rows.LABELS)
MARKS = ["skip", "unsure", "flag", "approve", "withdraw"]
ANSWERS = [f"a-s{number}" for number in range(12)]
WHOLE = {"c0": ANSWERS[:6], "c1": ANSWERS[6:10], "c2": ANSWERS[10:]}


@dataclass
class Done:
    """An action: what it did, by whom, and whether it counts. `parts` holds a split's outcome."""

    by: str
    kind: str
    clusters: list[str] = field(default_factory=list)
    label: str | None = None
    reach: int | None = None
    answer: str | None = None
    parts: dict[str, list[str]] = field(default_factory=dict)
    counts: bool = True


class Labelling(RuleBasedStateMachine):
    """The store beside a list of actions."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.path = Path(self._folder.name)
        self.database = Database(self.path)
        rows.ingest(self.database, self.path, "members", rows.members(WHOLE))
        self.history: list[Done] = []
        self.undone: dict[str, list[Done]] = {"ada": [], "bob": []}

    def teardown(self) -> None:
        self.database.close()
        self._folder.cleanup()

    def newest(self, wanted: Callable[[Done], bool]) -> Done | None:
        found = (done for done in reversed(self.history) if done.counts and wanted(done))
        return next(found, None)

    def standing(self) -> dict[str, list[str]]:
        """Members by leaf cluster, nearest first."""
        leaves: dict[str, list[str]] = {}
        waiting = dict(WHOLE)
        while waiting:
            name, members = waiting.popitem()
            over = self.newest(lambda done: done.kind == "split" and done.clusters == [name])  # noqa: B023
            if over:
                waiting.update(over.parts)
            else:
                leaves[name] = members
        return leaves

    def decision_on(self, cluster_id: str) -> Done | None:
        return self.newest(
            lambda done: done.kind in ("label", "skip", "unsure") and cluster_id in done.clusters
        )

    def expected(self) -> dict[str, str]:
        labels: dict[str, str] = {}
        for name, members in self.standing().items():
            done = self.decision_on(name)
            if done and done.label:
                labels.update(dict.fromkeys(members[: done.reach], done.label))
        for answer in ANSWERS:
            over = self.newest(lambda done: done.answer == answer)  # noqa: B023
            if over and over.label:
                labels[answer] = over.label
        return labels

    def record(self, by: str, *decisions: Decision) -> None:
        """Record, and see that what a screen computes for itself is what the store says."""
        before = read_states(self.database)
        record(self.database, by, decisions)
        after = read_states(self.database)
        for decision in decisions:
            name = decision.cluster_id or ""
            assert advance(before.get(name, ClusterState()), decision, by) == after[name]

    def take(self, done: Done) -> None:
        self.history.append(done)
        self.undone[done.by].clear()

    @rule(by=PEOPLE, label=NAMES, place=st.integers(0, 20), reach=st.sampled_from([None, 1, 2, 9]))
    def label_cluster(self, by: str, label: str, place: int, reach: int | None) -> None:
        name = self.pick(place)
        self.record(by, Decision("label", name, label=label, reach=reach))
        self.take(Done(by, "label", [name], label, reach))

    @rule(by=PEOPLE, place=st.integers(0, 20), kind=st.sampled_from(MARKS))
    def put_off(self, by: str, place: int, kind: str) -> None:
        name = self.pick(place)
        self.record(by, Decision(kind, name))  # type: ignore[arg-type]
        self.take(Done(by, kind, [name]))

    @rule(by=PEOPLE, label=NAMES)
    def label_all_that_are_undecided(self, by: str, label: str) -> None:
        names = [name for name in sorted(self.standing()) if not self.decision_on(name)]
        if names:
            self.record(by, *(Decision("label", name, label=label) for name in names))
            self.take(Done(by, "label", names, label))

    @rule(by=PEOPLE, label=NAMES, answer=st.sampled_from(ANSWERS))
    def override(self, by: str, label: str, answer: str) -> None:
        record(self.database, by, [Decision("label", answer_id=answer, label=label)])
        self.take(Done(by, "label", label=label, answer=answer))

    @precondition(lambda self: any(len(members) > 1 for members in self.standing().values()))
    @rule(by=PEOPLE, place=st.integers(0, 20), salt=st.integers(0, 7))
    def split_cluster(self, by: str, place: int, salt: int) -> None:
        large = {name: found for name, found in self.standing().items() if len(found) > 1}
        name = sorted(large)[place % len(large)]
        members = large[name]
        numbers = [(number + salt) % 2 for number in range(len(members))]
        frame = pl.DataFrame(
            {
                "answer_id": members,
                "confidence": [None] * len(members),
                "seed_label": ["given"] * len(members),
                "seed_dataset": ["seeds"] * len(members),
                "part": numbers,
                "distance": [number / 10 for number in range(len(members))],
            },
            schema_overrides={"confidence": pl.Float32, "distance": pl.Float32},
        )
        before = set(self.standing())
        ids = split(self.database, by, name, frame)
        assert not before & set(ids)
        found = {cluster.cluster_id: cluster for cluster in list_clusters(self.database)}
        groups = [
            [answer for answer, part in zip(members, numbers, strict=True) if part == number]
            for number in (0, 1)
        ]
        parts = {
            cluster_id: next(g for g in groups if found[cluster_id].representative_id in g)
            for cluster_id in ids
        }
        self.take(Done(by, "split", [name], parts=parts))

    @rule(by=PEOPLE)
    def undo_last(self, by: str) -> None:
        last = self.newest(lambda done: done.by == by)
        if last:
            undo(self.database, by)
            last.counts = False
            self.undone[by].append(last)

    @rule(by=PEOPLE)
    def redo_last(self, by: str) -> None:
        if self.undone[by]:
            redo(self.database, by)
            self.undone[by].pop().counts = True

    @rule()
    def restart(self) -> None:
        self.database.close()
        self.database = Database(self.path)

    def pick(self, place: int) -> str:
        names = sorted(self.standing())
        return names[place % len(names)]

    @invariant()
    def the_labels_are_those_of_the_rules(self) -> None:
        with self.database.read() as cursor:
            found = dict(cursor.rows("SELECT answer_id, label FROM answer_labels"))
        assert found == self.expected()

    @invariant()
    def the_standing_clusters_hold_every_answer_once(self) -> None:
        found = {cluster.cluster_id: cluster.size for cluster in list_clusters(self.database)}
        assert found == {name: len(members) for name, members in self.standing().items()}
        assert sum(found.values()) == len(ANSWERS)

    @invariant()
    def what_the_screen_reads_agrees(self) -> None:
        states = read_states(self.database)
        for name in self.standing():
            done = self.decision_on(name)
            state = states.get(name)
            assert (state.kind if state else None) == (done.kind if done else None)
            assert (state.label if state else None) == (done.label if done else None)
        overridden = {
            answer: label
            for found in read_overrides(self.database).values()
            for answer, (_, label) in found.items()
        }
        expected = {
            answer: done.label
            for answer in ANSWERS
            if (done := self.newest(lambda done: done.answer == answer))  # noqa: B023
        }
        assert overridden == expected


TestLabelling = Labelling.TestCase
TestLabelling.settings = settings(
    max_examples=3,
    stateful_step_count=100,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
