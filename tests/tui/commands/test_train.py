"""Training from the command line, with a development set that is held back."""

from pathlib import Path

import pytest

from store.decisions import Decision, record
from tests import rows
from tests.commands import Commands
from tests.tiny import tiny_bert
from tui.services.workspace import Workspace

ADVICE, CONTENT, GENERAL = rows.LABELS
SEEDS = [f"s{number:02}" for number in range(48)]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_bert(tmp_path_factory.mktemp("base"))


@pytest.fixture
def run(tmp_path: Path, base: Path, capsys: pytest.CaptureFixture[str]) -> Commands:
    """A workspace with 48 seeds and answers, each decided alone, and a tiny base."""
    workspace = Workspace.create(tmp_path / "w", task="health-advice", preset="embedded")
    path = workspace.path / "workspace.toml"
    settings = path.read_text().replace("bundled:all-minilm-l6-v2", f"path:{base}")
    path.write_text(settings.replace("epochs = 3", "epochs = 1"))
    labels = {name: rows.LABELS[place % 3] for place, name in enumerate(SEEDS)}
    with workspace.database() as database:
        seeds = [(name, f"What {name} says.", label) for name, label in labels.items()]
        rows.add_dataset(database, "health", seeds, "seed")
        rows.ingest(database, tmp_path, "queries", rows.queries(SEEDS))
        rows.ingest(database, tmp_path, "answers", rows.answers(SEEDS))
        said = [
            Decision("label", answer_id=f"a-{name}", label=label) for name, label in labels.items()
        ]
        record(database, "ada", said)
    return Commands(workspace.path, capsys)


def test_a_preview_says_what_is_held_back_and_where_rows_are_few(run: Commands) -> None:
    found = run.json("train", "synthetic", "--preview")
    assert found["development"] == {
        "n": 15, "decided": 48, "labels": dict.fromkeys(sorted(rows.LABELS), 5),
        "training_rows": 15, "reason": "",
    }  # fmt: skip
    assert found["n"] == 33
    assert found["against_initial"] is None
    (warning,) = found["warnings"]
    assert warning.startswith(f"Stage 1 has only 11 rows of {ADVICE}")
    shown = run("train", "synthetic", "--preview")
    assert "Held back as the development set: 15 of 48 decided answers" in run.err + shown


def test_a_training_says_whether_it_beats_the_initial_detector(run: Commands) -> None:
    run("train", "initial")
    found = run.json("train", "synthetic")
    outcome = found["against_initial"]
    assert outcome["detectors"] == ["synthetic"]
    assert outcome["n"] == 15
    assert outcome["verdict"] in ("better", "worse", "unknown")
    assert "15 decided answers held back from both" in outcome["sentence"]
    status = run.json("status")
    assert status["evaluations"] == 0
    assert [stage for job in status["jobs"] for stage in job["stages"]].count("evaluate") == 1


def test_tuning_writes_what_did_best_as_a_recipe_and_tries_nothing_twice(run: Commands) -> None:
    found = run.json("train", "synthetic", "--tune", "0.1")
    best = found["settings"][found["best"] - 1]
    assert found["n"] == 15
    assert best["seeds"] == max(item["seeds"] for item in found["settings"])
    assert found["written"].endswith("recipes/tuned.toml")
    recipe = next(item for item in run.json("recipes") if item["name"] == "tuned")
    assert recipe["stage"][-1]["training"] == {
        name: best[name] for name in ("learning_rate", "epochs", "class_weights")
    }
    shown = run("train", "synthetic", "--tune", "0.1")
    assert "★" in shown
    assert "has tried this before" in run.err + shown
    assert sorted(path.stem for path in (run.workspace / "recipes").glob("tuned*")) == ["tuned"]


def test_without_a_development_set_there_is_nothing_to_tune_by(run: Commands) -> None:
    path = run.workspace / "workspace.toml"
    path.write_text(path.read_text().replace("share = 0.3", "share = 0"))
    run("train", "synthetic", "--tune", "1", status=1)
    assert "nothing to choose by. [development] share is 0" in run.err
