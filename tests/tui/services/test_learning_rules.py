"""Random actions of two people leave the learned labels that a plain fit of them gives."""

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from store.database.connection import Database
from store.decisions import Decision, record
from tests import learned, rows
from tests.learned import LEARNED, learn_plainly
from tests.store.test_decision_rules import ANSWERS, PEOPLE, Done, Labelling
from tui.services.learning import Learning


class LearnedLabelling(Labelling):
    """The same actions, in a workspace whose labels are learned."""

    @initialize()
    def learn(self) -> None:
        rows.ingest(self.database, self.path, "detectors", rows.detectors("d0"))
        found = rows.predictions(dict.fromkeys(ANSWERS, rows.LABELS[0]))
        vectors = learned.vectors_of(ANSWERS)
        rows.ingest(self.database, self.path, "predictions", found.with_columns(vectors))
        self.learning = Learning(self.database, LEARNED)

    def teardown(self) -> None:
        self.learning.close()
        super().teardown()

    @rule(by=PEOPLE, answer=st.sampled_from(ANSWERS), kind=st.sampled_from(["exclude", "include"]))
    def exclude(self, by: str, answer: str, kind: str) -> None:
        record(self.database, by, [Decision(kind, answer_id=answer)])  # type: ignore[arg-type]
        self.take(Done(by, kind, answer=answer))

    @rule()
    def restart(self) -> None:
        self.database.close()
        self.database = Database(self.path)
        before, self.learning = self.learning, Learning(self.database, LEARNED)
        self.learning._placed, before._placed = before._placed, None  # the process stays

    def said(self) -> list[tuple[tuple[int, int], str, str | None, str]]:
        """What people say now of answers: when, which, its label or None, and its cluster."""
        found = []
        for name, members in self.standing().items():
            for answer in members:
                own = self.newest(lambda done: done.answer == answer and done.label is not None)  # noqa: B023
                done = own or (self.decision_on(name) if answer == members[0] else None)
                if done:
                    place = 0 if done is own else done.clusters.index(name)
                    found.append(((self.history.index(done), place), answer, done.label, name))
        return sorted(found)

    def expected(self) -> dict[str, str]:
        marks = {answer: self.newest(lambda done: done.answer == answer  # noqa: B023
                                     and done.kind in ("exclude", "include"))
                 for answer in ANSWERS}  # fmt: skip
        excluded = {name for name, mark in marks.items() if mark and mark.kind == "exclude"}
        said = self.said()
        own = {answer: label for _, answer, label, _ in said}
        decided = [
            (answer, label, group)
            for _, answer, label, group in said
            if label is not None and answer not in excluded
        ]
        given = {answer: label for answer, label in own.items() if label is not None}
        return {**learn_plainly(decided, {*own, *excluded}, ANSWERS), **given}

    @invariant()
    def the_labels_are_those_of_the_rules(self) -> None:
        self.learning.make_fresh()
        assert learned.labels_of(self.database) == self.expected()


TestLearnedLabelling = LearnedLabelling.TestCase
TestLearnedLabelling.settings = settings(
    max_examples=2,
    stateful_step_count=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
