"""The command that chooses what to label next, with a tiny detector and encoder."""

import pytest
from jsonschema import Draft202012Validator

from store.clusters import list_clusters
from store.decisions import Decision, record
from store.observed import list_selections, read_selected
from tests import rows
from tests.commands import Commands
from tests.json_schemas import schema_of
from tests.tui.filled import write_job
from tui.services.workspace import Workspace

ADVICE, CONTENT, GENERAL = rows.LABELS
LOGGED = 60


@pytest.fixture
def run(trained: Commands) -> Commands:
    """The commands of a workspace with an initial detector and a log of 60 rows."""
    logged = [
        {
            "text": f"The ferry at {n} takes {n % 7} hours.",
            "verdict": "flagged" if n % 2 else "passed",
        }
        for n in range(LOGGED)
    ]
    with Workspace.open(trained.workspace).database() as database:
        rows.add_records(database, "live", logged)
    return trained


def label_all(run: Commands, label: str) -> list[str]:
    """Give all clusters that wait a label; return their representatives as Label lists them."""
    with Workspace.open(run.workspace).database() as database:
        clusters = list_clusters(database)
        record(
            database,
            "ann",
            [Decision("label", cluster_id=item.cluster_id, label=label) for item in clusters],
        )
    return [item.representative_id for item in clusters]


def test_a_mixed_queue_is_listed_in_its_order_labelled_and_trained_on(run: Commands) -> None:
    run("evaluate", "initial", "--on", "live")

    found = run.json("queue", "--on", "live", "--budget", "10", "--random", "0.4")
    said = run.err

    Draft202012Validator(schema_of("queue")).validate(found)
    (state,) = found["queues"]
    assert (state["strategy"], state["detectors"], state["waiting"]) == ("mixed", ["initial"], 60)
    assert (state["chosen"]["rows"], state["drawn"]["rows"]) == (6, 4)
    assert state["prevalence"] is None
    assert "4 at random and 6 by mixed (initial)" in said
    assert "10 rows wait: `backquery label --dataset live`" in found["next_step"]
    with Workspace.open(run.workspace).database() as database:
        (selection,) = list_selections(database, "live")
        selected = read_selected(database, selection.selection_id)
    assert label_all(run, ADVICE) == selected["answer_id"].to_list()
    assert selected["stratum"].to_list().count(1) == 4
    flagged = [int(name[1:]) % 2 == 1 for name in selected["sample_id"]]
    assert selected["label"].to_list() == [ADVICE if odd else CONTENT for odd in flagged]

    found = run.json("queue", "--on", "live")
    Draft202012Validator(schema_of("queue")).validate(found)
    (state,) = found["queues"]
    assert state["drawn"] == {"rows": 4, "labelled": 4, "positives": 4, "put_off": 0}
    assert (state["prevalence"], state["intervals"]["prevalence"][1]) == (1.0, 1.0)
    assert (
        "10 rows of live are labelled. `backquery train production` trains with them"
        in found["next_step"]
    )
    shown = run("queue", "--on", "live")
    assert "6 of 6" in shown
    assert "by the random rows alone" in shown
    preview = run.json("train", "production", "--preview")
    learned = [row["rows"] for row in preview["rows"] if row["source"] == "production"]
    assert 0 < sum(learned) <= 10  # the development set may hold some back


def test_no_row_is_chosen_twice_until_none_is_left(run: Commands) -> None:
    for budget in ("25", "25"):
        run("queue", "--on", "live", "--strategy", "random", "--budget", budget)
    found = run.json("queue", "--on", "live", "--strategy", "random", "--budget", "25")

    assert [state["drawn"]["rows"] for state in found["queues"]] == [25, 25, 10]
    assert [state["waiting"] for state in found["queues"]] == [60, 35, 10]
    assert run.json("status")["decisions"] == 0
    assert len(run.json("clusters")) == LOGGED
    run("queue", "--on", "live", "--budget", "1", status=1)
    assert "No row of 'live' is left" in run.err


def test_rows_far_from_what_is_labelled_need_vectors_and_no_evaluation(run: Commands) -> None:
    run("queue", "--on", "live", "--strategy", "random", "--budget", "5")
    label_all(run, GENERAL)

    found = run.json("queue", "--on", "live", "--strategy", "k-centre", "--budget", "5")

    assert [state["strategy"] for state in found["queues"]] == ["random", "k-centre"]
    assert found["queues"][1]["chosen"]["rows"] == 4
    assert "vectors (59)" in run.err  # 60, less 5 that are labelled and 1 drawn, and these 5
    again = run.json("queue", "--on", "live", "--strategy", "k-centre", "--budget", "5")
    assert "vectors" not in run.err
    assert len(again["queues"]) == 3


def test_two_detectors_can_disagree(run: Commands) -> None:
    run("train", "real")
    run("evaluate", "initial", "--on", "live")
    run("queue", "--on", "live", "--strategy", "disagreement", "--budget", "4", status=1)
    assert "needs probabilities of two detectors" in run.err
    run("evaluate", "real", "--on", "live")

    found = run.json(
        "queue", "--on", "live", "--strategy", "disagreement", "--budget", "4", "--random", "0"
    )

    (state,) = found["queues"]
    assert set(state["detectors"]) == {"initial", "real"}
    assert (state["chosen"]["rows"], state["drawn"]["rows"]) == (4, 0)


def test_what_cannot_be_queued_is_refused_with_the_way_out(run: Commands) -> None:
    run("queue", "--on", "live", "--budget", "5", status=1)
    assert "`backquery evaluate initial --on live` computes them" in run.err
    run("queue", "--on", "d", status=1)
    assert "'d' is not of production. Datasets of production: live" in run.err
    run("queue", "--on", "live", "--detector", "nobody", status=1)
    assert "nobody" in run.err


def test_while_a_job_runs_queues_are_shown_and_none_is_chosen(run: Commands) -> None:
    run("queue", "--on", "live", "--strategy", "random", "--budget", "4")
    job = write_job(Workspace.open(run.workspace), "20260106-090000-aaaa", [])
    with job.lock():
        assert [item["chosen"]["rows"] + item["drawn"]["rows"]
                for item in run.json("queue", "--on", "live")["queues"]] == [4]  # fmt: skip
        assert f"Job {job.job_id} is still running" in run.err
        run("queue", "--on", "live", "--strategy", "random", "--budget", "4", status=1)
        assert f"Job {job.job_id} is still running" in run.err
