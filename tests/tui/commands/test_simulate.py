"""Labelling replayed on known labels, with a tiny detector and encoder; nothing is stored."""

import csv
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from engine.selection.strategy import STRATEGIES
from tests.commands import Commands
from tests.json_schemas import schema_of
from tests.tiny import tiny_bert
from tui.commands.strategy_name import StrategyName

LABELS = ("health-advice", "health-content", "general-content")
TEXTS = (
    "You should rest for {} days.",
    "The liver stores {} grams of sugar.",
    "The train at {} is late.",
)
ROWS = 36


def write_rows(path: Path, labels: tuple[str, ...] = LABELS, rows: int = ROWS) -> Path:
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("text", "label"))
        for number in range(rows):
            kind = number % len(labels)
            writer.writerow((TEXTS[kind].format(number), labels[kind]))
    return path


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_bert(tmp_path_factory.mktemp("model"))


@pytest.fixture
def run(
    tmp_path: Path,
    model: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Commands:
    """The commands of a workspace with labelled rows and tiny models, without a detector."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    run = Commands(tmp_path / "w", capsys)
    run("init", str(run.workspace))
    rows = write_rows(tmp_path / "rows.csv")
    run("import", str(rows), "--dataset", "d", "--role", "train", "--label", "label")
    settings = run.workspace / "workspace.toml"
    settings.write_text(settings.read_text().replace("bundled:all-minilm-l6-v2", f"path:{model}"))
    return run


def test_ways_are_compared_and_rows_trained_on_are_said(run: Commands, tmp_path: Path) -> None:
    run("train", "initial")
    new = write_rows(tmp_path / "new.csv", rows=30)
    new.write_text(new.read_text().replace("days", "weeks").replace("grams", "g"))
    run("import", str(new), "--dataset", "new", "--role", "benchmark", "--label", "label")

    found = run.json("simulate", "labels", "--on", "d", "--keys", "6,12", "--starts", "2")
    again = run.json("simulate", "labels", "--on", "new", "--keys", "6", "--starts", "1")
    shown = run("simulate", "labels", "--on", "d", "--keys", "12,6,100", "--starts", "2")

    for simulation in (found, again):
        Draft202012Validator(schema_of("simulate labels")).validate(simulation)
    assert (found["rows"], found["starts"], found["trained_on"]) == (ROWS, 2, ROWS)
    assert again["trained_on"] < 30  # the trains are the same
    ways = {(way["embeddings"], way["spread"], way["order"]) for way in found["ways"]}
    assert len(ways) == 3 * 4
    assert len(found["ways"]) == 2 * len(ways)
    assert {way["intervals"]["right"] for way in again["ways"]} == {None}
    assert f"trained on {ROWS} rows of these" in shown
    assert "100 keys are left out: 'd' has 36 rows" in run.err
    assert "gain on the papers' way" in shown
    status = run.json("status")
    assert (status["predictions"], status["decisions"], status["labels"]) == (0, 0, 0)


def test_what_cannot_be_simulated_is_refused_with_the_way_out(
    run: Commands, tmp_path: Path
) -> None:
    run("simulate", "labels", "--on", "d", status=1)
    assert "`--keys 14`, say" in run.err
    run("simulate", "labels", "--on", "d", "--keys", "6", status=1)
    assert "`backquery train initial`" in run.err
    run("simulate", "labels", "--on", "nothing", "--keys", "6", status=1)
    assert "nothing" in run.err
    run("simulate", "labels", "--on", "d", "--keys", "6,many", status=2)
    assert "6,many" in run.err
    same = write_rows(tmp_path / "same.csv", LABELS[:1])
    run("import", str(same), "--dataset", "same", "--role", "benchmark", "--label", "label")
    run("simulate", "labels", "--on", "same", "--keys", "6", status=1)
    assert "all have the same one" in run.err


def test_strategies_are_compared_with_random_choice(run: Commands) -> None:
    options = ("simulate", "learning", "--on", "d", "--budget", "4,8,16,100", "--starts", "3")
    found = run.json(*options)
    said = run.err
    shown = run(*options, "--strategy", "k-centre")

    Draft202012Validator(schema_of("simulate learning")).validate(found)
    assert [curve["strategy"] for curve in found["curves"]] == [
        "random", "margin", "entropy", "disagreement", "k-centre", "mixed"
    ]  # fmt: skip
    assert found["pool"] + found["held_out"] == ROWS
    assert found["held_out"] <= 0.3 * ROWS
    first = [curve["points"][0] for curve in found["curves"]]
    assert all(point == first[0] for point in first)
    assert [point["labelled"] for point in found["curves"][0]["points"]] == [4, 8, 16]
    assert "100 labels are left out" in said
    assert "vectors" in said
    assert "vectors" not in run.err  # those of the first job are there
    assert "no detector was fine-tuned" in shown
    assert "ROC-AUC: k-centre" in shown
    assert (run.json("status")["decisions"], run.json("status")["labels"]) == (0, 0)


def test_of_two_labels_entropy_is_margin(run: Commands, tmp_path: Path) -> None:
    two = write_rows(tmp_path / "two.csv", LABELS[:2], 40)
    run("import", str(two), "--dataset", "two", "--role", "benchmark", "--label", "label")

    options = ("--on", "two", "--budget", "4,8", "--starts", "2", "--strategy", "entropy")
    found = run.json("simulate", "learning", *options)

    assert [curve["strategy"] for curve in found["curves"]] == ["random", "margin"]
    assert "entropy chooses the rows that margin does" in run.err


def test_a_detector_can_place_the_rows(run: Commands) -> None:
    run("train", "initial")
    options = ("--on", "d", "--budget", "4,8", "--starts", "2", "--strategy", "margin")

    found = run.json("simulate", "learning", *options, "--detector", "initial")
    shown = run("simulate", "learning", *options, "--detector", "initial")

    assert (found["detector"], found["trained_on"]) == ("initial", ROWS)
    assert f"initial was trained on {ROWS} rows of these" in shown


def test_curves_that_cannot_be_drawn_are_refused_with_the_way_out(
    run: Commands, tmp_path: Path
) -> None:
    run("simulate", "learning", "--on", "d", "--budget", "30,60", status=1)
    assert "`--budget 10,20`, say" in run.err
    run("simulate", "learning", "--on", "d", "--budget", "4;8", status=2)
    assert "4;8" in run.err
    run("simulate", "learning", "--on", "d", "--detector", "nobody", status=1)
    assert "nobody" in run.err
    negative = write_rows(tmp_path / "negative.csv", LABELS[1:])
    run("import", str(negative), "--dataset", "n", "--role", "benchmark", "--label", "label")
    run("simulate", "learning", "--on", "n", status=1)
    assert "0 positive rows among 36 rows" in run.err


def test_the_command_line_knows_every_strategy() -> None:
    assert tuple(StrategyName) == STRATEGIES
