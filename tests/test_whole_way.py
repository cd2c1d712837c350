"""The whole way by commands, with tiny models of the papers' architectures: Llama and BART.

What they write is noise, for which a run would pause, so nothing is asserted of its quality; every
count must agree.
"""

import csv
import json
import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.commands import Commands
from tests.tiny import tiny_bart, tiny_bert, tiny_llama

ADVICE, CONTENT, GENERAL = "health-advice", "health-content", "general-content"


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The folders of a tiny Llama, BART and BERT."""
    makers = {"llama": tiny_llama, "bart": tiny_bart, "bert": tiny_bert}
    return {name: make(tmp_path_factory.mktemp(name)) for name, make in makers.items()}


@pytest.fixture
def commands(
    tmp_path: Path,
    models: dict[str, Path],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Commands:
    """The commands of a paper workspace whose models are the tiny ones."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    run = Commands(tmp_path / "workspace", capsys)
    run("init", str(run.workspace), "--preset", "paper")
    settings = run.workspace / "workspace.toml"
    text = settings.read_text()
    text = text.replace("hf:meta-llama/Llama-3.1-8B-Instruct", f"path:{models['llama']}")
    text = text.replace("hf:facebook/bart-large", f"path:{models['bart']}")
    text = text.replace("hf:FacebookAI/roberta-large", f"path:{models['bert']}")
    text = text.replace("layer = 17", "layer = 1").replace("k = 20", "k = 3")
    text = text.replace("max_new_tokens = 250", "max_new_tokens = 12")
    settings.write_text(re.sub("epochs = 5", "epochs = 1", text))
    return run


def import_seeds(run: Commands, tmp_path: Path) -> None:
    """Import 24 labelled seeds in two datasets, and 6 benchmark rows."""
    health = [
        {"text": f"You should rest for {n} days." if n % 2 else f"The study had {n} patients.",
         "label": ADVICE if n % 2 else CONTENT} for n in range(16)
    ]  # fmt: skip
    general = [{"text": f"The train number {n} is late."} for n in range(8)]
    bench = [{"text": f"Benchmark passage {n}.", "label": ADVICE if n % 2 else CONTENT}
             for n in range(6)]  # fmt: skip
    for name, records in (("health", health), ("general", general), ("bench", bench)):
        pl.DataFrame(records).write_ndjson(tmp_path / f"{name}.jsonl")
    seed = ["--role", "seed"]
    run("import", str(tmp_path / "health.jsonl"), "--dataset", "health", *seed, "--label", "label")
    run("import", str(tmp_path / "general.jsonl"), "--dataset", "general", *seed,
        "--label-all", GENERAL)  # fmt: skip
    run("import", str(tmp_path / "bench.jsonl"), "--dataset", "bench", "--role", "benchmark",
        "--label", "label")  # fmt: skip


def label_all(run: Commands, tmp_path: Path) -> int:
    """Label every cluster through a file, a third with each label."""
    clusters = run.json("clusters")
    path = tmp_path / "labels.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["cluster_id", "label"])
        for number, cluster in enumerate(clusters):
            writer.writerow([cluster["cluster_id"], (ADVICE, CONTENT, GENERAL)[number % 3]])
    run("label", "--from", str(path))
    return len(clusters)


def test_from_seeds_to_a_compared_two_stage_detector(commands: Commands, tmp_path: Path) -> None:
    run = commands
    import_seeds(run, tmp_path)
    run("run", "--force")
    status = run.json("status")
    answered = status["answers"]
    assert status["samples"] == 30
    assert status["queries"] == 24
    assert 0 < answered <= 24
    assert status["predictions"] == answered
    assert status["detectors"] == 1
    assert [job["state"] for job in status["jobs"]] == ["done"]
    run("run", "--force")
    assert "Nothing is due" in run.err

    clusters = run.json("clusters")
    assert status["clusters"] == len(clusters)
    assert sorted(answer for item in clusters for answer in item["members"]) == sorted(
        row["answer_id"] for row in exported(run, "pairs", tmp_path / "pairs.jsonl")
    )
    assert all(item["representative"]["answer_id"] == item["members"][0] for item in clusters)
    assert {item["dataset"] for item in clusters} == {"health", "general"}  # the paper's scope

    decided = label_all(run, tmp_path)
    status = run.json("status")
    assert status["clusters_decided"] == status["decisions"] == decided
    assert status["labels"] == answered

    run("train", "two-stage")
    run("train", "real", "--name", "baseline")
    comparison = run.json("compare", "--on", "bench")
    assert comparison["n"] == 6
    assert [row["recipe"] for row in comparison["rows"]] == ["initial", "two-stage", "real"]
    for row in comparison["rows"]:
        assert sum(map(sum, row["confusion"]["rows"])) == 6
        assert row["intervals"]["accuracy"][0] <= row["accuracy"] <= row["intervals"]["accuracy"][1]
    one = run.json("evaluate", "baseline", "--on", "bench")["rows"]
    assert one == [comparison["rows"][2]]
    assert "true ↓ predicted →" in run("evaluate", "baseline", "--on", "bench")
    assert run.json("status")["evaluations"] == 3

    seeds = run.json("compare", "--on", "bench", "--recipes", "real,two-stage", "--seeds", "2")
    names = [row["detector"] for row in seeds["rows"]]
    assert names == ["two-stage", "baseline", "real-2", "two-stage-2"]  # two were there already
    assert [item["seeds"] for item in seeds["recipes"]] == [[0, 1], [0, 1]]
    assert [(pair["first"], pair["second"]) for pair in seeds["pairs"]] == [("two-stage", "real")]
    assert run.json("status")["evaluations"] == 5
    run("compare", "--on", "bench", "--recipes", "real,two-stage", "--seeds", "2")
    assert len(run.json("jobs")) == 5  # nothing was missing

    drift = run.json("drift")
    everything = next(
        group for group in drift["groups"]
        if group["dataset"] is None and group["seed_label"] is None
    )  # fmt: skip
    assert everything["n"] == answered
    check_exports_and_score(run, tmp_path, answered)


def exported(run: Commands, what: str, path: Path) -> list[dict[str, Any]]:
    run("export", what, "--to", str(path))
    assert json.loads(path.with_name(path.name + ".card.json").read_text())["export"] == what
    return [json.loads(line) for line in path.read_text().splitlines()]


def check_exports_and_score(run: Commands, tmp_path: Path, answered: int) -> None:
    labels = exported(run, "labels", tmp_path / "labels.jsonl")
    assert len(labels) == answered
    predictions = exported(run, "predictions", tmp_path / "predictions.jsonl")
    assert len(predictions) == 30
    assert sum(predictions[0]["probabilities"]) == pytest.approx(1, abs=1e-4)
    drift = exported(run, "drift", tmp_path / "drift.jsonl")
    assert len(drift) == answered
    assert {"answer_seed_f1", "query_seed_floor_f1", "answer_cut"} <= drift[0].keys()
    card = json.loads((tmp_path / "drift.jsonl.card.json").read_text())
    assert card["figures"]["groups"][0]["n"] == answered
    training = exported(run, "training-set", tmp_path / "training.jsonl")
    assert {row["source"] for row in training} == {"real", "synthetic"}
    run("export", "pairs", "--to", str(tmp_path / "pairs.parquet"))
    run("export", "labels", "--to", str(tmp_path / "folder"))
    run("export", "detector", "--detector", "two-stage", "--to", str(tmp_path / "detector"))
    assert (tmp_path / "detector" / "model.safetensors").exists()
    run("export", "labels", "--to", str(tmp_path / "labels.jsonl"), status=1)
    assert "exists already" in run.err

    lines = ['{"text": "Rest.", "n": 1}', "A plain line.", "", '{"broken', '{"body": "x"}']
    (tmp_path / "lines.txt").write_text("\n".join(lines) + "\n")
    scored = [
        json.loads(line)
        for line in run("score", "two-stage", str(tmp_path / "lines.txt")).splitlines()
    ]
    assert [row["label"] is not None for row in scored] == [True, True, False, False, False]
    assert scored[0]["n"] == 1
    assert set(scored[0]["probabilities"]) == {ADVICE, CONTENT, GENERAL}
    for threshold, flagged in (("0", True), ("1", False)):
        run("threshold", "two-stage", "--at", threshold)
        lines = run("score", "two-stage", str(tmp_path / "lines.txt")).splitlines()
        assert (json.loads(lines[0])["label"] == ADVICE) is flagged
    config = json.loads(next(run.workspace.glob("detectors/*/backquery.json")).read_text())
    assert (config["threshold"], config["positive"]) == (1, [ADVICE])
    run("export", "detector", "--detector", "two-stage", "--to", str(tmp_path / "cut"))
    assert json.loads((tmp_path / "cut" / "backquery.json").read_text()) == config
    assert [row.get("error", "")[:9] for row in scored[2:]] == [
        "empty tex",
        "not JSON:",
        "no text i",
    ]


def test_seeds_without_labels_take_predictions_of_a_detector_that_was_brought_along(
    commands: Commands, tmp_path: Path
) -> None:
    run = commands
    folder = tiny_bart(tmp_path / "mine", labels=(ADVICE, CONTENT, GENERAL))
    pl.DataFrame({"text": [f"Unlabelled seed {n}." for n in range(6)]}).write_ndjson(
        tmp_path / "seeds.jsonl"
    )
    run("import", str(tmp_path / "seeds.jsonl"), "--dataset", "seeds", "--role", "seed")
    run("run", status=1)
    assert "initial detector is needed" in run.err
    run("run", "--initial", f"path:{folder}")
    pairs = exported(run, "pairs", tmp_path / "pairs.jsonl")
    assert pairs
    assert all(row["seed_label"] in {ADVICE, CONTENT, GENERAL} for row in pairs)
    groups = run.json("drift")["groups"]
    assert all(group["predicted"] == group["n"] for group in groups)
    assert run.json("status")["detectors"] == 1
