"""Learned labels of a workspace: those of a plain fit, whatever was decided, undone or killed."""

import os
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from engine.errors import EngineError
from store.audit_findings import next_item, record_finding
from store.audits import Coverage, draw_round, read_coverage
from store.counts import count_all
from store.database.connection import Database
from store.decisions import Decision, record, redo, undo
from store.export import export_labels
from store.learned_labels import (
    LearnedLabel,
    count_learned,
    look_up_learned,
    read_spread,
    use_spread,
)
from store.relabelling import rename_label
from store.removal import remove_dataset
from tests import rows
from tests.learned import ANSWERS, CLUSTERS, LEARNED, fill, labels_of, learn_plainly
from tui.services.learning import Learning
from tui.services.settings import LabellingSettings

ADVICE, CONTENT, _ = rows.LABELS


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with Database(tmp_path) as opened:
        fill(opened, tmp_path)
        yield opened


@pytest.fixture
def learning(database: Database) -> Iterator[Learning]:
    with Learning(database, LEARNED) as made:
        yield made


def label(database: Database, labels: Mapping[str, str]) -> None:
    record(database, "ada", [Decision("label", name, label=labels[name]) for name in labels])


def origins(database: Database) -> dict[str, str]:
    with database.read() as cursor:
        return dict(cursor.rows("SELECT answer_id, origin FROM answer_labels"))


def test_labels_are_those_of_people_and_else_of_a_plain_fit(
    database: Database, learning: Learning
) -> None:
    label(database, {"c0": ADVICE, "c1": CONTENT})
    record(database, "ada", [Decision("label", answer_id="a-s09", label=CONTENT)])
    assert learning.make_fresh()
    decided = [("a-s00", ADVICE, "c0"), ("a-s04", CONTENT, "c1"), ("a-s09", CONTENT, "c2")]
    learned = learn_plainly(decided, {answer for answer, _, _ in decided})
    assert 10 < len(learned) < len(ANSWERS) - 3  # of some the probability is too low
    assert labels_of(database) == {**learned, **{name: found for name, found, _ in decided}}
    found = origins(database)
    assert [found[name] for name, _, _ in decided] == ["centroid", "centroid", "override"]
    assert {found[name] for name in learned} == {"learned"}
    assert not learning.make_fresh()


def test_undo_and_redo_are_exact(database: Database, learning: Learning) -> None:
    label(database, {"c0": ADVICE, "c1": CONTENT})
    learning.make_fresh()
    before = export_labels(database)
    label(database, {"c2": CONTENT})
    learning.make_fresh()
    after = export_labels(database)
    assert not before.equals(after)
    for turn, wanted in ((undo, before), (redo, after)):
        turn(database, "ada")
        learning.make_fresh()
        assert export_labels(database).equals(wanted)


def test_what_is_put_off_or_left_out_of_training_gets_no_learned_label(
    database: Database, learning: Learning
) -> None:
    label(database, {"c0": ADVICE, "c1": CONTENT})
    record(database, "ada", [Decision("unsure", "c2"), Decision("exclude", answer_id="a-s13")])
    learning.make_fresh()
    found = labels_of(database)
    assert not {"a-s08", "a-s13"} & set(found)
    assert set(found) & set(CLUSTERS["c2"])  # its other members do


def test_an_excluded_answer_teaches_nothing(database: Database, learning: Learning) -> None:
    label(database, {"c0": ADVICE, "c1": CONTENT})
    record(database, "ada", [Decision("exclude", answer_id="a-s04")])
    learning.make_fresh()
    assert labels_of(database) == {"a-s00": ADVICE, "a-s04": CONTENT}


def test_an_audit_draws_learned_labels_and_what_it_finds_is_learned_from(
    database: Database, learning: Learning
) -> None:
    label(database, {"c0": ADVICE, "c1": CONTENT})
    learning.make_fresh()
    before = labels_of(database)
    drawn = draw_round(database, "ada", seed=0, per_cluster=1)
    learned = len(before) - 2
    assert read_coverage(database, drawn.audit_id) == Coverage(6, 0, 6, learned, learned)
    item = next_item(database, drawn.audit_id)
    assert item is not None
    other = ADVICE if before[item.answer_id] == CONTENT else CONTENT
    record_finding(database, "ada", drawn.audit_id, item.answer_id, other)
    assert learning.make_fresh()
    assert labels_of(database)[item.answer_id] == other
    assert origins(database)[item.answer_id] == "audited"


def test_of_an_older_clustering_only_what_was_read_counts(
    database: Database, learning: Learning, tmp_path: Path
) -> None:
    label(database, {"c0": ADVICE, "c1": CONTENT})
    learning.make_fresh()
    halves = {"n0": list(ANSWERS[1:12]), "n1": [*ANSWERS[12:], ANSWERS[0]]}
    newer = rows.members(halves, clustering_id="newer")
    rows.ingest(database, tmp_path, "members", newer, part=1)
    assert learning.make_fresh()
    decided = [("a-s00", ADVICE, "n1"), ("a-s04", CONTENT, "n0")]
    learned = learn_plainly(decided, {"a-s00", "a-s04"})
    assert labels_of(database) == {**learned, "a-s00": ADVICE, "a-s04": CONTENT}
    assert {origins(database)[name] for name in ("a-s00", "a-s04")} == {"carried"}


def test_counts_and_members_say_what_was_learned(database: Database, learning: Learning) -> None:
    label(database, {"c0": ADVICE, "c1": CONTENT})
    learning.make_fresh()
    found = labels_of(database)
    assert count_all(database).labels == len(found)
    counts = count_learned(database)
    assert sum(counts.values()) == len(found) - 2
    looked_up = look_up_learned(database, [*CLUSTERS["c3"], "a-s00"])
    assert {name: item.label for name, item in looked_up.items()} == {
        name: found[name] for name in CLUSTERS["c3"] if name in found
    }
    assert all(0.7 <= item.probability <= 1 for item in looked_up.values())
    assert isinstance(next(iter(looked_up.values())), LearnedLabel)


def test_with_one_label_nothing_is_learned(database: Database, learning: Learning) -> None:
    label(database, {"c0": ADVICE, "c1": ADVICE})
    assert learning.make_fresh()
    assert labels_of(database) == {"a-s00": ADVICE, "a-s04": ADVICE}
    assert not learning.make_fresh()


def test_a_label_that_is_renamed_is_learned_by_its_new_name(
    database: Database, learning: Learning
) -> None:
    label(database, {"c0": ADVICE, "c1": CONTENT})
    learning.make_fresh()
    rename_label(database, CONTENT, "zen")
    before = labels_of(database)
    assert set(before.values()) == {ADVICE, "zen"}
    learning.make_fresh()
    assert labels_of(database) == before


def test_removed_answers_take_their_learned_labels_along(
    database: Database, learning: Learning
) -> None:
    label(database, {"c0": ADVICE, "c1": CONTENT})
    learning.make_fresh()
    remove_dataset(database, "seeds", with_answers=True)
    assert labels_of(database) == {}
    learning.make_fresh()
    assert labels_of(database) == {}


def test_by_cluster_everything_is_as_if_nothing_had_been_learned(
    database: Database, learning: Learning
) -> None:
    with Learning(database, LabellingSettings()) as spreading:
        label(database, {"c0": ADVICE, "c1": CONTENT})
        before = export_labels(database)
        assert not spreading.make_fresh()
    use_spread(database, "learned")
    learning.make_fresh()
    assert read_spread(database) == "learned"
    with Learning(database, LabellingSettings()):
        assert export_labels(database).equals(before)
        assert read_spread(database) == "cluster"
        with database.read() as cursor:
            assert cursor.number("SELECT count(*) FROM learned_labels_0") == 0
            assert cursor.number("SELECT count(*) FROM learned_labels_1") == 0


def test_after_the_process_died_the_next_call_starts_another(
    database: Database, learning: Learning
) -> None:
    label(database, {"c0": ADVICE, "c1": CONTENT})
    learning.make_fresh()
    placed = learning._placed
    assert placed is not None
    os.kill(placed._learner._process.pid, signal.SIGKILL)
    label(database, {"c2": CONTENT})
    with pytest.raises(EngineError, match="died"):
        learning.make_fresh()
    assert learning.make_fresh()
    decided = [(CLUSTERS[name][0], found, name)
               for name, found in (("c0", ADVICE), ("c1", CONTENT), ("c2", CONTENT))]  # fmt: skip
    learned = learn_plainly(decided, {answer for answer, _, _ in decided})
    assert labels_of(database) == {**learned, **{name: found for name, found, _ in decided}}


def test_another_confidence_is_another_fit(database: Database, learning: Learning) -> None:
    label(database, {"c0": ADVICE, "c1": CONTENT})
    learning.make_fresh()
    few = len(labels_of(database))
    with Learning(database, LabellingSettings(spread="learned")) as every:
        assert every.make_fresh()
    assert len(labels_of(database)) == len(ANSWERS) > few


def test_a_command_beside_the_owner_learns_through_it(database: Database) -> None:
    with Learning(database, LEARNED):
        label(database, {"c0": ADVICE, "c1": CONTENT})
        with Database(database.workspace) as command, Learning(command, LEARNED) as other:
            assert not command.is_owner
            assert other.make_fresh()
        assert len(labels_of(database)) > 10
