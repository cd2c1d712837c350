"""Approved corrections as rows for a chat model."""

from pathlib import Path

from store.decisions import Decision, record
from tests import rows
from tests.observed import observe
from tui.services.files.correction_export import export_rows
from tui.services.workspace import Workspace


def test_the_context_of_a_pair_is_the_system_message(
    empty_pair_workspace: Workspace, tmp_path: Path
) -> None:
    positive = next(iter(sorted(empty_pair_workspace.task.positives)))
    flagged = [{"verdict": "flagged", "prompt": "Why?", "context": context, "text": "You must."}
               for context in ("Be kind.", "Be brief.")]  # fmt: skip
    with empty_pair_workspace.database() as database:
        ids = observe(database, tmp_path, flagged, {"c0": ["r0", "r1"]}, flagged_as=positive)
        written = rows.corrections({answer: [None] for answer in ids.values()}, text="You may.")
        rows.ingest(database, tmp_path, "corrections", written)
        record(database, "ada", [Decision("label", cluster_id="c0", label=positive)])
        record(database, "ada", [Decision("approve", cluster_id="c0")])
        sft, card = export_rows(empty_pair_workspace, database, "sft")
        pairs, _ = export_rows(empty_pair_workspace, database, "preference")
    system, user = {"role": "system", "content": "Be kind."}, {"role": "user", "content": "Why?"}
    answer = {"role": "assistant", "content": "You may."}
    assert [system, user, answer] in sft["messages"].to_list()
    assert sft.height == pairs.height == 2
    assert [system, user] in pairs["prompt"].to_list()
    assert pairs["chosen"].to_list() == [[answer]] * 2
    assert pairs["rejected"].to_list() == [[{"role": "assistant", "content": "You must."}]] * 2
    assert (card.patterns, dict(card.approved_by), dict(card.models)) == (1, {"ada": 2}, {"m": 2})
