"""Labelling replayed on known labels, with a tiny detector and encoder; nothing is stored."""

from pathlib import Path

from jsonschema import Draft202012Validator

from engine.selection.strategy import STRATEGIES
from tests.commands import Commands
from tests.json_schemas import schema_of
from tests.rows import LABELS
from tests.tui.commands.conftest import ROWS, write_rows
from tui.commands.strategy_name import StrategyName


def test_ways_are_compared_and_rows_trained_on_are_said(
    untrained: Commands, tmp_path: Path
) -> None:
    untrained("train", "initial")
    new = write_rows(tmp_path / "new.csv", rows=30)
    new.write_text(new.read_text().replace("days", "weeks").replace("grams", "g"))
    untrained("import", str(new), "--dataset", "new", "--role", "benchmark", "--label", "label")

    found = untrained.json("simulate", "labels", "--on", "d", "--keys", "6,12", "--starts", "2")
    again = untrained.json("simulate", "labels", "--on", "new", "--keys", "6", "--starts", "1")
    shown = untrained("simulate", "labels", "--on", "d", "--keys", "12,6,100", "--starts", "2")

    for simulation in (found, again):
        Draft202012Validator(schema_of("simulate labels")).validate(simulation)
    assert (found["rows"], found["starts"], found["trained_on"]) == (ROWS, 2, ROWS)
    assert again["trained_on"] < 30  # the trains are the same
    ways = {(way["embeddings"], way["spread"], way["order"]) for way in found["ways"]}
    assert len(ways) == 3 * 4
    assert len(found["ways"]) == 2 * len(ways)
    assert {way["intervals"]["right"] for way in again["ways"]} == {None}
    assert f"trained on {ROWS} rows of these" in shown
    assert "100 keys are left out: 'd' has 36 rows" in untrained.err
    assert "gain on the papers' way" in shown
    status = untrained.json("status")
    assert (status["predictions"], status["decisions"], status["labels"]) == (0, 0, 0)


def test_what_cannot_be_simulated_is_refused_with_the_way_out(
    untrained: Commands, tmp_path: Path
) -> None:
    untrained("simulate", "labels", "--on", "d", status=1)
    assert "`--keys 14`, say" in untrained.err
    untrained("simulate", "labels", "--on", "d", "--keys", "6", status=1)
    assert "`backquery train initial`" in untrained.err
    untrained("simulate", "labels", "--on", "nothing", "--keys", "6", status=1)
    assert "nothing" in untrained.err
    untrained("simulate", "labels", "--on", "d", "--keys", "6,many", status=2)
    assert "6,many" in untrained.err
    same = write_rows(tmp_path / "same.csv", LABELS[:1])
    untrained("import", str(same), "--dataset", "same", "--role", "benchmark", "--label", "label")
    untrained("simulate", "labels", "--on", "same", "--keys", "6", status=1)
    assert "all have the same one" in untrained.err


def test_strategies_are_compared_with_random_choice(untrained: Commands) -> None:
    options = ("simulate", "learning", "--on", "d", "--budget", "4,8,16,100", "--starts", "3")
    found = untrained.json(*options)
    said = untrained.err
    shown = untrained(*options, "--strategy", "k-centre")

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
    assert "vectors" not in untrained.err  # those of the first job are there
    assert "no detector was fine-tuned" in shown
    assert "ROC-AUC: k-centre" in shown
    assert (untrained.json("status")["decisions"], untrained.json("status")["labels"]) == (0, 0)


def test_of_two_labels_entropy_is_margin(untrained: Commands, tmp_path: Path) -> None:
    two = write_rows(tmp_path / "two.csv", LABELS[:2], 40)
    untrained("import", str(two), "--dataset", "two", "--role", "benchmark", "--label", "label")

    options = ("--on", "two", "--budget", "4,8", "--starts", "2", "--strategy", "entropy")
    found = untrained.json("simulate", "learning", *options)

    assert [curve["strategy"] for curve in found["curves"]] == ["random", "margin"]
    assert "entropy chooses the rows that margin does" in untrained.err


def test_a_detector_can_place_the_rows(untrained: Commands) -> None:
    untrained("train", "initial")
    options = ("--on", "d", "--budget", "4,8", "--starts", "2", "--strategy", "margin")

    found = untrained.json("simulate", "learning", *options, "--detector", "initial")
    shown = untrained("simulate", "learning", *options, "--detector", "initial")

    assert (found["detector"], found["trained_on"]) == ("initial", ROWS)
    assert f"initial was trained on {ROWS} rows of these" in shown


def test_curves_that_cannot_be_drawn_are_refused_with_the_way_out(
    untrained: Commands, tmp_path: Path
) -> None:
    untrained("simulate", "learning", "--on", "d", "--budget", "30,60", status=1)
    assert "`--budget 10,20`, say" in untrained.err
    untrained("simulate", "learning", "--on", "d", "--budget", "4;8", status=2)
    assert "4;8" in untrained.err
    untrained("simulate", "learning", "--on", "d", "--detector", "nobody", status=1)
    assert "nobody" in untrained.err
    negative = write_rows(tmp_path / "negative.csv", LABELS[1:])
    untrained("import", str(negative), "--dataset", "n", "--role", "benchmark", "--label", "label")
    untrained("simulate", "learning", "--on", "n", status=1)
    assert "0 positive rows among 36 rows" in untrained.err


def test_the_command_line_knows_every_strategy() -> None:
    assert tuple(StrategyName) == STRATEGIES
