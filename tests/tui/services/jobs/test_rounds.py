"""Steps of a round that differ by the kind of task."""

from store.database.connection import Database
from store.rounds import Round, begin_round, list_rounds, note_made
from tests import rows
from tui.services.jobs.rounds import RoundRequest, find_step, take_step
from tui.services.workspace import Workspace

REQUEST = RoundRequest("live")


def begin(database: Database) -> Round:
    """A round whose selections had nothing to select."""
    logged = [{"context": "You help with taxes.", "verdict": "passed"} for _ in range(3)]
    rows.add_records(database, "live", logged)
    turn = begin_round(database, "live", "guard")
    assert turn is not None
    note_made(database, turn, "patterns_id", "")
    note_made(database, turn, "recall_id", "")
    return list_rounds(database)[0]


def test_a_round_of_pairs_trains_without_writing_from_seeds(
    empty_pair_workspace: Workspace,
) -> None:
    with empty_pair_workspace.database() as database:
        turn = begin(database)
        assert find_step(empty_pair_workspace, database, turn, REQUEST).step == "seeds"
        assert take_step(empty_pair_workspace, database, turn, "seeds", REQUEST) is None
        (turn,) = list_rounds(database)
        assert turn.seeds == ""
        assert find_step(empty_pair_workspace, database, turn, REQUEST).step == "train"
