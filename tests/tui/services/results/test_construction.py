"""Labels that prompts were written for: what decisions overturned, and what an audit found."""

import pytest

from engine.statistics.measures import wilson, wilson_limits
from store.clusters import list_clusters
from store.decisions import Decision, record
from tests.tui.paired import ON, audit_pairs, decide
from tui.services.results.audit import AuditReport, read_audit
from tui.services.results.construction import read_prompts
from tui.services.workspace import Workspace


def report(workspace: Workspace) -> AuditReport:
    with workspace.database() as database:
        return read_audit(workspace, database)


def test_before_any_decision_nothing_is_overturned(pair_workspace: Workspace) -> None:
    made = report(pair_workspace).construction
    assert made is not None
    assert (made.written, made.noise.n, made.noise.share) == (32, 0, None)
    assert made.by_value == ()


def test_single_texts_have_no_noise_of_construction(clustered_workspace: Workspace) -> None:
    found = report(clustered_workspace)
    assert (found.construction, found.written_wrong, found.by_value) == (None, None, ())


def test_a_decision_on_a_cluster_overturns_the_labels_of_all_its_members(
    pair_workspace: Workspace,
) -> None:
    with pair_workspace.database() as database:
        decide(database, "ada")
        clusters = list_clusters(database)
    noise = report(pair_workspace).construction.noise  # type: ignore[union-attr]
    assert (noise.n, noise.decisions, noise.overturned) == (32, len(clusters), 8)
    assert (noise.false_positives, noise.false_negatives) == (8, 0)
    sizes = [cluster.size for cluster in clusters]
    kish = sum(sizes) ** 2 / sum(size * size for size in sizes)
    assert noise.share is not None
    assert (noise.share.value, noise.share.n) == (0.25, 32)
    assert noise.share.interval == pytest.approx(wilson_limits(0.25, kish))


def test_what_was_put_off_is_not_counted(pair_workspace: Workspace) -> None:
    with pair_workspace.database() as database:
        first, second = list_clusters(database)[:2]
        record(database, "ada", [
            Decision("skip", first.cluster_id),
            Decision("label", second.cluster_id, label=second.predicted_label),
        ])  # fmt: skip
    noise = report(pair_workspace).construction.noise  # type: ignore[union-attr]
    assert (noise.n, noise.overturned) == (second.size, 0)


def test_values_come_with_the_worst_first_and_seed_words_are_none(
    pair_workspace: Workspace,
) -> None:
    with pair_workspace.database() as database:
        bank = [prompt.answer_id for prompt in read_prompts(pair_workspace, database)
                if ("industry", "banking") in prompt.values]  # fmt: skip
        record(database, "ada", [Decision("label", answer_id=item, label=ON) for item in bank])
    made = report(pair_workspace).construction
    assert made is not None
    assert {item.dimension for item in made.by_value} == {"industry", "tone"}
    lows = [item.noise.share.low for item in made.by_value if item.noise.share]
    assert lows == sorted(lows, reverse=True)
    (banking,) = (item.noise for item in made.by_value if item.value == "banking")
    assert (banking.n, banking.decisions, banking.overturned) == (12, 12, 6)
    assert banking.share == wilson(6, 12)


def test_a_dimension_of_one_label_says_nothing_of_the_prompts_of_others(
    pair_workspace: Workspace,
) -> None:
    path = pair_workspace.path / "problem.toml"
    path.write_text(path.read_text().replace('name = "tone"', 'name = "tone"\nlabel = "off-topic"'))
    with pair_workspace.database() as database:
        prompts = read_prompts(pair_workspace, database)
    toned = {prompt.written_for for prompt in prompts if "tone" in dict(prompt.values)}
    assert toned == {"off-topic"}
    assert all("industry" in dict(prompt.values) for prompt in prompts)


def test_an_audit_says_by_value_what_was_propagated_and_written_wrong(
    pair_workspace: Workspace,
) -> None:
    with pair_workspace.database() as database:
        decide(database, "ada")
        audit_pairs(database, "ada")
    found = report(pair_workspace)
    assert found.written_wrong is not None
    banking, gardening = (
        next(item for item in found.by_value if item.value == name)
        for name in ("banking", "gardening")
    )
    assert banking.noise.false_negatives > 0
    assert banking.written_wrong is not None
    assert banking.written_wrong.value == 0
    assert gardening.written_wrong is not None
    assert gardening.written_wrong.value > 0
    assert sum(item.noise.n for item in found.by_value if item.dimension == "industry") == (
        found.noise.n
    )
