"""What `drift --json` prints: the names that other programs rely on."""

from datetime import datetime

from engine.statistics.estimate import Estimate
from tui.commands.encoding import encode
from tui.services.results.distribution import Distribution, SetFigures
from tui.services.results.drift import Drift
from tui.services.results.drift_over_time import JobDrift
from tui.services.results.drift_scores import GroupScores, Scores
from tui.services.results.label_flow import ClusterSizes, DatasetFlow, LabelShare, SeedLabelFlow
from tui.services.results.production import ProductionTest
from tui.services.results.ways import PairedWays, Way

HALF = Estimate(0.5, (0.25, 0.75), 4)
STEP = Scores(4, 0.5, 0.5, HALF, 0.5, {"0.05": 0.1}, 0.25, 0.3, 0)
GROUP = GroupScores(
    4, 0.5, 0.5, HALF, 0.5, {"0.05": 0.1}, 0.25, 0.3, 0,
    dataset=None, seed_label="a", predicted=1, query_seed=STEP, answer_query=None,
)  # fmt: skip
DRIFT = Drift(
    config_hash="c",
    config={"model": "m"},
    groups=(GROUP,),
    flow=(DatasetFlow(None, 4, 1, {"a": LabelShare(2, HALF)}, {"a": SeedLabelFlow(0, {}, None)}),),
    cluster_sizes=(ClusterSizes(None, 2, 2.0, None),),
    ways=(
        Way(
            "m", "t@1", "{}", "m", "t@1", "{}", ("job",), seeds=4, answers=4,
            answer_seed=0.5, query_seed=0.5, answer_query=None,
            labelled=4, stays=HALF, differs={"answer model": "m"},
        ),
    ),
    paired=(PairedWays(0, 1, "answer_seed", 4, HALF, 0.5),),
    production=(ProductionTest("seeds", "length", False, 4, 5, 9, None, {}, "r", "job"),),
    distributions=(
        Distribution(
            None, True, 4, HALF, 0.001, 2, SetFigures(HALF, HALF, None),
            SetFigures(HALF, HALF, HALF), {}, "r", "job",
        ),
    ),
    over_time=(JobDrift("job", datetime(2026, 1, 2, 3, 4), "d", 4, HALF, HALF, None),),
)  # fmt: skip
SCORES = {
    "n": 4, "precision": 0.5, "recall": 0.5, "f1": 0.5, "median": 0.5, "quantiles": {"0.05": 0.1},
    "floor_f1": 0.25, "rescaled_f1": 0.3, "cut": 0, "intervals": {"f1": [0.25, 0.75]},
}  # fmt: skip


def test_drift_as_json_keeps_its_names() -> None:
    found = encode(DRIFT)
    assert (found["config_hash"], found["config"]) == ("c", {"model": "m"})
    group = {"dataset": None, "seed_label": "a", "predicted": 1}
    assert found["groups"] == [SCORES | group | {"query_seed": SCORES, "answer_query": None}]
    assert found["flow"] == [
        {
            "dataset": None,
            "n": 4,
            "left": 1,
            "labels": {"a": {"n": 2, "share": 0.5, "intervals": {"share": [0.25, 0.75]}}},
            "from": {"a": {"n": 0, "to": {}, "stays": None, "intervals": {"stays": None}}},
        }
    ]
    sizes = {"dataset": None, "clusters": 2, "mean_size": 2.0, "deviation": None}
    assert found["cluster_sizes"] == [sizes]


def test_ways_and_production_as_json_keep_their_names() -> None:
    found = encode(DRIFT)
    (way,), (paired,), (production,) = found["ways"], found["paired"], found["production"]
    assert list(way) == [
        "query_model", "query_template", "query_sampling", "answer_model", "answer_template",
        "answer_sampling", "jobs", "seeds", "answers", "answer_seed", "query_seed", "answer_query",
        "labelled", "stays", "differs", "intervals",
    ]  # fmt: skip
    assert way["intervals"] == {"stays": [0.25, 0.75]}
    assert paired == {
        "first": 0, "second": 1, "comparison": "answer_seed", "n": 4, "difference": 0.5, "p": 0.5,
        "intervals": {"difference": [0.25, 0.75]},
    }  # fmt: skip
    assert production == {
        "compared": "seeds", "features": "length", "matched": False, "n_compared": 4,
        "n_production": 5, "groups": 9, "auc": None, "config": {}, "rows_digest": "r",
        "job_id": "job", "intervals": {"auc": None},
    }  # fmt: skip


def test_distributions_as_json_have_their_names() -> None:
    (found,) = encode(DRIFT)["distributions"]
    ends = {"distinct_2": [0.25, 0.75], "near_duplicates": [0.25, 0.75]}
    answers = {
        "distinct_2": 0.5, "near_duplicates": 0.5, "empty_clusters": 0.5,
        "intervals": {**ends, "empty_clusters": [0.25, 0.75]},
    }  # fmt: skip
    assert found == {
        "dataset": None, "matched": True, "pairs": 4, "mmd2": 0.5, "mmd2_p": 0.001, "clusters": 2,
        "seeds": {**answers, "empty_clusters": None, "intervals": {**ends, "empty_clusters": None}},
        "answers": answers, "config": {}, "rows_digest": "r", "job_id": "job",
        "intervals": {"mmd2": [0.25, 0.75]},
    }  # fmt: skip


def test_drift_over_time_as_json_has_its_names() -> None:
    ends = {"answer_seed": [0.25, 0.75], "query_seed": [0.25, 0.75], "answer_query": None}
    assert encode(DRIFT)["over_time"] == [
        {
            "job_id": "job", "began_at": "2026-01-02 03:04:00", "dataset": "d", "answers": 4,
            "answer_seed": 0.5, "query_seed": 0.5, "answer_query": None, "intervals": ends,
        }
    ]  # fmt: skip
