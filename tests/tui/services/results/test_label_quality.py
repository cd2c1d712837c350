"""How good labels are now: from decisions held out, from audits, or unknown, with the reason."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

import tui.services.results.label_quality as quality_module
from engine.spreading.rating import ForecastDecisions, RatedPoint
from engine.statistics.estimate import Estimate
from store.audit_findings import next_item, record_finding
from store.audits import draw_round
from store.database.connection import Database
from store.decisions import Decision, record, undo
from tests import rows
from tests.learned import ANSWERS, CLUSTERS, LEARNED, fill
from tui.services.learning import Learning
from tui.services.results.label_quality import FILE_NAME, LabelQuality, rate_learned, read_quality
from tui.services.results.quality_words import describe_briefly, describe_quality
from tui.services.workspace import Workspace

ADVICE, CONTENT, _ = rows.LABELS


@pytest.fixture
def opened(empty_workspace: Workspace) -> Iterator[Database]:
    with empty_workspace.database() as database:
        fill(database, empty_workspace.path)
        yield database


def decide(database: Database, count: int) -> None:
    """Label single answers by the direction that they are around."""
    for place, answer in enumerate(ANSWERS[:count]):
        label = (ADVICE, CONTENT)[place % 2]
        record(database, "ada", [Decision("label", answer_id=answer, label=label)])


def rate(workspace: Workspace, database: Database) -> LabelQuality:
    return rate_learned(workspace.path, LEARNED, database)


def test_it_is_unknown_with_the_reason_before_ten_decisions_or_two_labels(
    empty_workspace: Workspace, opened: Database
) -> None:
    decide(opened, 7)
    few = rate(empty_workspace, opened)
    assert (few.method, few.right, few.unknown) == (None, None, "7 decisions of 10 needed")
    assert describe_quality(few) == "Labels right: unknown, 7 decisions of 10 needed."
    for answer in ANSWERS[:14]:
        record(opened, "ada", [Decision("label", answer_id=answer, label=ADVICE)])
    assert rate(empty_workspace, opened).unknown == "all decisions have one label"


def test_decisions_held_out_are_counted_and_what_was_found_is_kept_until_somebody_decides(
    empty_workspace: Workspace, opened: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide(opened, 14)
    with Learning(opened, LEARNED) as learning:
        learning.make_fresh()
        found = rate(empty_workspace, opened)
        assert (found.method, found.decisions) == ("cross-validation", 14)
        assert [point.decisions for point in found.curve] == [10, 14]
        assert found.right == found.curve[-1].right
        assert found.right is not None
        assert found.right.interval is not None
        assert found.right.low <= found.right.value <= found.right.high
        assert (empty_workspace.path / FILE_NAME).is_file()

        def refuse(*_: object) -> str:
            raise AssertionError("estimated again")

        monkeypatch.setattr(quality_module, "rate_apart", refuse)
        assert rate(empty_workspace, opened) == found
        undo(opened, "ada")
        with pytest.raises(AssertionError, match="estimated again"):
            rate(empty_workspace, opened)
        (empty_workspace.path / FILE_NAME).write_text("{broken")
        with pytest.raises(AssertionError, match="estimated again"):
            rate(empty_workspace, opened)


def test_labels_by_cluster_are_rated_by_their_audit_alone_weighted_by_size(
    empty_workspace: Workspace, opened: Database
) -> None:
    assert empty_workspace.settings.labelling.spread == "cluster"
    record(opened, "ada", [Decision("label", name, label=ADVICE) for name in CLUSTERS])
    nothing = read_quality(empty_workspace, opened)
    assert describe_quality(nothing) == "Labels right: unknown, it takes an audit."
    drawn = draw_round(opened, "ada", seed=0, per_cluster=2)
    for place in range(12):
        item = next_item(opened, drawn.audit_id)
        assert item is not None
        label = CONTENT if place == 0 else ADVICE
        record_finding(opened, "ada", drawn.audit_id, item.answer_id, label)
    found = read_quality(empty_workspace, opened)
    assert (found.method, found.right.n if found.right else 0) == ("audit", 12)
    assert found.right is not None
    assert found.right.value == pytest.approx(11 / 12)  # clusters of one size
    assert "n = 12, estimated by the audit." in describe_quality(found)


def test_the_sentence_says_what_more_keys_would_bring_or_that_it_is_unknown() -> None:
    right = Estimate(0.861, (0.75, 0.93), 60)
    known = LabelQuality(
        "cross-validation", 60, right, (RatedPoint(60, right, None),),
        ForecastDecisions(0.9, 20, 5, 45), "",
    )  # fmt: skip
    begin = "Labels right: 86.1 (75.0–93.0) %, n = 60, estimated by cross-validation; "
    assert (
        describe_quality(known)
        == f"{begin}about 20 more keys would bring 90 % (80 % interval 5–45)."
    )
    further = replace(known, forecast=ForecastDecisions(0.9, 20, 5, None))
    assert describe_quality(further).endswith("would bring 90 % (80 % interval 5 or more).")
    there = replace(known, forecast=ForecastDecisions(0.9, 0, 0, 0))
    assert describe_quality(there).endswith("; 90 % is reached.")
    unknown = replace(known, forecast=None)
    for quality in (known, further, there, unknown):
        assert len(describe_briefly(quality)) <= 78
        assert "Right 86.1 (75.0–93.0) %, n = 60, cross-validated; " in describe_briefly(quality)
    assert describe_quality(unknown).endswith("how many more keys would bring 90 % is unknown.")
