"""A task of pairs and evaluated ones, for tests of what is shown of them."""

from pathlib import Path
from typing import Final

from store.database.connection import Database
from tests import rows
from tests.tui.evaluated import add_detectors, add_evaluation, make_evaluated
from tui.services.workspace import Workspace

PAIRS: Final = "pairs"
CONTEXTS: Final = 20
TONES: Final = ("curt", "kind")


def as_pairs(workspace: Workspace) -> Workspace:
    """The workspace with pairs for samples, opened again."""
    file = workspace.path / "task.toml"
    file.write_text(f'kind = "pair"\n{file.read_text()}')
    return Workspace.open(workspace.path)


def add_pairs(database: Database, folder: Path, n: int = 300) -> None:
    """Pairs of 20 contexts with two tones in PAIRS, which the detector `good` was evaluated on."""
    evaluated = make_evaluated(n, 2.0)
    samples = [
        (name, "Word " * (1 + number % 9), label)
        for number, (name, label, _) in enumerate(evaluated)
    ]
    rows.add_dataset(database, PAIRS, samples, "benchmark")
    with database.write() as cursor:
        for number, (name, *_) in enumerate(samples):
            place = number % CONTEXTS
            cursor.execute(
                "UPDATE samples SET context = ? WHERE sample_id = ?",
                [f"You help with {place}. " * (1 + place), name],
            )
            cursor.execute(
                "INSERT INTO sample_dimensions VALUES (?, 'tone', ?)", [name, TONES[place % 2]]
            )
    add_detectors(database, folder, "good")
    add_evaluation(database, folder, "good", PAIRS, evaluated)
