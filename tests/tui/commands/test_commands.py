import csv
from pathlib import Path

import pytest

from store.database.connection import Database
from tests.commands import Commands
from tui.services.workspace import Workspace


@pytest.fixture
def fresh(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Commands:
    run = Commands(tmp_path / "w", capsys)
    run("init", str(run.workspace))
    return run


@pytest.fixture
def clustered(clustered_workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> Commands:
    return Commands(clustered_workspace.path, capsys)


def write(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_folder_that_is_no_workspace_is_refused_with_the_way_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = Commands(tmp_path, capsys)
    run("status", status=1)
    assert "backquery init DIR" in run.err
    run(status=1)
    assert "backquery demo" in run.err


@pytest.mark.parametrize(
    "arguments",
    [["sing"], ["import", "x.csv"], ["run", "magic"], ["run", "--label", "nonsense"],
     ["import", "x.csv", "--dataset", "d", "--role", "friend"],
     ["run", "--limit", "99999999999999999999"], ["run", "--limit", "0"], ["run", "--seed", "-1"],
     ["run", "--seed", "99999999999999999999"], ["train", "real", "--seeds", "999999"],
     ["split", "d", "--holdout", "1", "--as", "b", "--seed", "-1"],
     ["threshold", "d", "--at", "nan"], ["threshold", "d", "--at", "2"]],
)  # fmt: skip
def test_wrong_usage_ends_with_status_2(fresh: Commands, arguments: list[str]) -> None:
    fresh(*arguments, status=2)


def test_names_that_are_not_there_or_not_valid_end_with_a_sentence(clustered: Commands) -> None:
    for arguments, said in (
        (["run", "--dataset", "nope"], "no dataset 'nope'. Datasets: abstracts"),
        (["run", "--initial", "path:/nope"], "path:/nope is not a model"),
        (["train", "real", "--name", "a b"], "'a b' is not a valid name"),
        (["train", "real", "--name", ""], "'' is not a valid name"),
    ):
        clustered(*arguments, status=1)
        assert said in clustered.err


def test_rows_that_cannot_be_taken_are_counted_and_kept_with_their_reason(
    fresh: Commands, tmp_path: Path
) -> None:
    text = "text,label\nRest well.,1\n,1\nSleep.,9\nToo,many,columns\nEat.,0\n"
    file = write(tmp_path / "rows.csv", text)
    options = ["--dataset", "d", "--role", "seed", "--label", "label",
               "--map", "1=health-advice", "--map", "0=health-content"]  # fmt: skip
    report = fresh.json("import", file, *options)
    assert (report["rows_in"], report["rejected"], report["new"]) == (2, 3, 2)
    with Path(report["rejects_file"]).open(encoding="utf-8-sig", newline="") as kept:
        rejected = {row["line"]: row["reason"] for row in csv.DictReader(kept)}
    assert list(rejected) == ["3", "4", "5"]
    assert "empty text" in rejected["3"]
    assert "unknown label '9'" in rejected["4"]
    assert "Not doubled: 2 rows that d had already" in fresh("import", file, *options)
    assert fresh.json("status")["samples"] == 2


def test_a_wrong_column_is_refused_with_those_there_are(fresh: Commands, tmp_path: Path) -> None:
    file = write(tmp_path / "rows.csv", "sentence,label\nRest.,1\n")
    fresh("import", file, "--dataset", "d", "--role", "seed", "--text", "sentense", status=1)
    assert "sentence" in fresh.err
    fresh("import", file, "--dataset", "d", "--role", "seed", status=1)
    assert "sentence, label" in fresh.err
    assert fresh.json("status")["samples"] == 0


def test_the_same_file_named_twice_is_taken_once(fresh: Commands, tmp_path: Path) -> None:
    file = write(tmp_path / "rows.csv", "text\nRest.\n")
    copy = write(tmp_path / "copy.csv", "text\nRest.\n")
    fresh("import", file, copy, "--dataset", "d", "--role", "seed")
    assert fresh.json("status")["samples"] == 1


def test_an_import_that_fails_halfway_leaves_nothing(fresh: Commands, tmp_path: Path) -> None:
    file = write(tmp_path / "rows.csv", "text\nRest.\n")
    fresh("import", file, str(tmp_path / "gone.csv"), "--dataset", "d", "--role", "seed", status=1)
    assert "gone.csv" in fresh.err
    assert fresh.json("status")["samples"] == 0


def test_a_benchmark_can_be_held_out_of_a_dataset_by_its_group(
    fresh: Commands, tmp_path: Path
) -> None:
    lines = "".join(f"Sentence {n}.,{n // 5}\n" for n in range(50))
    file = write(tmp_path / "rows.csv", f"text,paper\n{lines}")
    fresh("import", file, "--dataset", "d", "--role", "seed", "--group", "paper",
          "--label-all", "health-content")  # fmt: skip
    fresh("split", "d", "--holdout", "10", "--by", "author", "--as", "bench", status=1)
    assert "imported by 'paper'" in fresh.err
    fresh("split", "d", "--holdout", "10", "--by", "paper", "--as", "bench")
    assert "10 rows in 2 groups" in fresh.err


def test_clusters_agree_with_status_and_can_be_labelled_from_a_file(
    clustered: Commands, tmp_path: Path
) -> None:
    clusters = clustered.json("clusters")
    assert clusters == sorted(clusters, key=lambda item: -item["size"])
    first = clusters[0]
    assert first["label"] is None
    assert len(first["members"]) == first["size"]
    file = write(
        tmp_path / "labels.csv", f"cluster_id,label\n{first['cluster_id'][:12]},general-content\n"
    )
    clustered("label", "--from", file, "--annotator", "ada")
    assert clustered.json("clusters")[0]["label"] == "general-content"
    status = clustered.json("status")
    assert (status["clusters_decided"], status["labels"]) == (1, first["size"])


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("nothing,general-content", "no active cluster is called 'nothing'"),
        (",general-content", "no active cluster is called ''"),
        ("{id},sunny", "'sunny' is not a label of the task"),
    ],
)
def test_one_wrong_line_keeps_a_whole_file_of_labels_out(
    clustered: Commands, tmp_path: Path, row: str, problem: str
) -> None:
    cluster_id = clustered.json("clusters")[0]["cluster_id"]
    good = f"cluster_id,label\n{cluster_id},general-content\n"
    file = write(tmp_path / "labels.csv", good + row.format(id=cluster_id) + "\n")
    clustered("label", "--from", file, status=1)
    assert problem in clustered.err
    assert clustered.json("status")["decisions"] == 0


def test_jobs_are_listed_shown_and_their_logs_read(clustered: Commands) -> None:
    (job, *_) = clustered.json("jobs")
    assert job["state"] == "done"
    shown = clustered.json("jobs", "show", job["job_id"])
    assert shown["stages"] == job["stages"]
    clustered("jobs", "show", "nope", status=1)
    assert "no job 'nope'" in clustered.err
    clustered("jobs", "resume", job["job_id"])
    assert "is done" in clustered.err


def test_tables_show_what_json_says(clustered: Commands) -> None:
    assert str(clustered.json("status")["answers"]) in clustered("status")
    group = clustered.json("drift")["groups"][0]
    assert f"{group['f1']:.4f}" in clustered("drift")
    recipes = clustered("recipes")
    assert "two-stage-balanced" in recipes
    assert "initial" in recipes


@pytest.mark.embedded
def test_seeds_and_answers_are_compared_with_production(
    clustered: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))  # other jobs of the machine may go on
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    assert clustered.json("drift")["production"] == []
    clustered("run", "production")
    assert "--role production" in clustered.err
    lines = "".join(f"Sure! You can rest for {n} days and then call.\n" for n in range(30))
    file = write(tmp_path / "real.txt", lines)
    clustered("import", file, "--dataset", "real", "--role", "production")
    clustered("run", "production")
    figures = clustered.json("drift")["production"]
    kinds = [(row["compared"], row["features"], row["matched"]) for row in figures]
    assert len(set(kinds)) == len(kinds) == 8
    assert kinds[:2] == [("seeds", "embedding", False), ("seeds", "embedding", True)]
    for row in figures:
        if not row["matched"]:
            assert (row["n_compared"], row["n_production"]) == (60, 30)
            low, high = row["intervals"]["auc"]
            assert 0 <= low <= row["auc"] <= high <= 1
        assert row["config"]["encoder"] == "bundled:all-minilm-l6-v2"
    assert f"{figures[0]['auc']:.4f}" in clustered("drift")


def test_asking_for_what_is_not_there_says_what_makes_it(clustered: Commands) -> None:
    clustered("evaluate", "nobody", "--on", "chat-benchmark", status=1)
    assert "no detector 'nobody'" in clustered.err
    clustered("compare", "--on", "nowhere", status=1)
    assert "no dataset 'nowhere'" in clustered.err
    clustered("train", "two-stage", status=1)
    assert "selects no rows" in clustered.err
    clustered("train", "nonsense", status=1)
    assert "two-stage-balanced" in clustered.err


@pytest.mark.parametrize("name", ["../d", "[red]d", "", "a b"])
def test_a_dataset_has_a_name_that_can_stand_in_a_path(
    fresh: Commands, tmp_path: Path, name: str
) -> None:
    file = write(tmp_path / "rows.csv", "text\nRest.\n")
    fresh("import", file, "--dataset", name, "--role", "seed", status=2)


def test_hostile_text_in_a_table_is_shown_not_obeyed(clustered: Commands) -> None:
    with Database(clustered.workspace) as database, database.write() as cursor:
        cursor.execute("UPDATE clusters SET representative = ?", ["[bold red]bold[/] \x1b[31mred"])
    shown = clustered("clusters")
    assert "[bold red]bold[/]" in shown
    assert "\x1b" not in shown


def test_a_recipe_can_be_looked_at_before_anything_is_trained(
    fresh: Commands, tmp_path: Path
) -> None:
    copied = "Adults over fifty should walk briskly for half an hour on most days."
    lines = [f"{copied},1", "Rest.,1", "REST.,0", "Sleep well.,1", "sleep well.,1", "Iron.,0"]
    given = write(tmp_path / "rows.csv", "\n".join(["text,label", *lines]))
    labels = ["--label", "label", "--map", "1=health-advice", "--map", "0=health-content"]
    fresh("import", given, "--dataset", "d", "--role", "train", *labels)
    held = write(tmp_path / "held.csv", f"text,label\n{copied.replace('half', 'one')},1\n")
    fresh("import", held, "--dataset", "bench", "--role", "benchmark", *labels)
    found = fresh.json("train", "real", "--preview")
    assert found["n"] == 2
    assert {(row["stage"], row["label"], row["rows"]) for row in found["rows"]} == {
        (1, "health-advice", 1),
        (1, "health-content", 1),
    }
    (leak,) = found["leaks"]
    assert (leak["text"], leak["reason"], leak["benchmark"]) == (copied, "near copy", "bench")
    assert "for one an hour" in leak["benchmark_text"]
    assert [row["label"] for row in found["conflicts"]] == ["health-advice", "health-content"]
    assert [row["text"].casefold() for row in found["duplicates"]] == ["sleep well."]
    shown = fresh("train", "real", "--preview")
    assert "1 row too near to a benchmark, left out" in shown
    assert "2 rows with a text that is labelled in two ways, left out" in shown
    assert "1 row with the text of another row of the stage, kept once" in shown
    assert fresh.json("status")["jobs"] == []
