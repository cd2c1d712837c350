"""Corrections by commands, against a real server on loopback: written, approved, exported."""

import json
import re
from pathlib import Path

import pytest
from datasets import load_dataset

from engine.models.classifier_folder import save_classifier
from engine.training.bases import load_base
from store.approvals import list_patterns
from store.database.connection import Database
from store.decisions import Decision, record
from store.thresholds import add_threshold
from tests import rows
from tests.commands import Commands
from tests.engine.generation.scripted_server import Answer, Request, chat_reply, failure, serving
from tests.fakes import checkpoint_at
from tests.observed import POSITIVE, observe
from tests.tiny import tiny_bert
from tui.services.workspace import Workspace

PROMPTS = ("What helps against a cold?", "When does the last train to the coast leave?")


@pytest.fixture
def run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Commands:
    """Two right alarms in a pattern, one without a prompt, and a detector that flags nothing."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    run = Commands(tmp_path / "w", capsys)
    run("init", str(run.workspace))
    settings = run.workspace / "workspace.toml"
    text = settings.read_text(encoding="utf-8").replace('spread = "learned"', 'spread = "cluster"')
    scorer = tiny_bert(tmp_path / "scorer")
    text = re.sub(r"\[drift\]\n.*\nlayer = 5", f'[drift]\nmodel = "path:{scorer}"\nlayer = 1', text)
    settings.write_text(text, encoding="utf-8")
    model, tokenizer = load_base(checkpoint_at(tiny_bert(tmp_path / "base")), rows.LABELS, seed=0)
    save_classifier(run.workspace / "detectors" / "d1", model, tokenizer, {})
    with Workspace.open(run.workspace).database() as database:
        rows.ingest(database, tmp_path, "detectors", rows.detectors("d1"))
        add_threshold(database, "d1", 1.0, "at", None)
        flagged = [{"verdict": "flagged", "prompt": prompt} for prompt in (*PROMPTS, None)]
        observe(database, tmp_path, flagged, {"c0": ["r0", "r1", "r2"]})
        label = Decision("label", cluster_id="c0", label=POSITIVE)
        record(database, "ada", [label])
    return run


def advise(request: Request) -> Answer:
    """Take up the prompt, always in the same words."""
    asked = request.body["messages"][-1]["content"]
    prompt = next(prompt for prompt in PROMPTS if prompt in asked)
    return chat_reply(f"{prompt} {prompt} Nobody can say for sure.")


def approve(run: Commands) -> None:
    with Workspace.open(run.workspace).database() as database:
        (pattern,) = list_patterns(database, frozenset({POSITIVE}), None)
        note = pattern.seen_until.isoformat()
        record(database, "ada", [Decision("approve", cluster_id="c0", note=note)])


def test_corrections_are_written_counted_and_shown(run: Commands) -> None:
    with serving(advise) as server:
        out = run("correct", "--on", "log", "--model", f"openai:m@{server.base_url}",
                  "--candidates", "2")  # fmt: skip
        assert len(server.requests) == 4
    told = server.requests[0].body["messages"][-1]["content"]
    assert "Text " in told
    assert f"- {POSITIVE}: " in told
    assert "{" not in told
    assert "3 flagged answers with a positive label: 1 without a prompt" in out
    assert "2 of 2 were asked about" in out
    assert "4 candidates written, 2 kept, 2 refused." in out
    assert "2 candidates: The correction repeats another candidate." in out
    assert "With a correction: 2 of 2 answers, 100.0 (34.2–100.0) %." in out
    assert "flagged     Text " in out
    assert (
        "To approve, by c on the screen Loop (F10): 2 corrections of 1 pattern; approved: 0." in out
    )
    run("correct", "--model", f"openai:m@{server.base_url}", "--candidates", "2")
    assert "Every right alarm with a prompt was corrected in this way already." in run.err


def test_where_nothing_was_kept_it_asks_again_only_on_request(run: Commands) -> None:
    with serving(lambda _: chat_reply("")) as server:
        model = ("--model", f"openai:m@{server.base_url}", "--candidates", "1")
        out = run("correct", *model, status=1)
        assert "no row of correct: 2 rows with an error" in run.err
        assert "2 candidates: " in out
        server.script = advise
        run("correct", *model)
        assert "Of 2 answers no candidate was kept; --retry-errors asks again." in run.err
        found = run.json("correct", *model, "--retry-errors")
    assert (found["asked"], found["corrected"], found["written"], found["kept"]) == (2, 2, 4, 2)


def test_only_what_is_approved_is_exported_in_the_layouts_of_trl(
    run: Commands, tmp_path: Path
) -> None:
    with serving(advise) as server:
        run("correct", "--model", f"openai:m@{server.base_url}", "--candidates", "1")
    sft, pairs = tmp_path / "sft.jsonl", tmp_path / "pairs.jsonl"
    run("export", "corrections", "--to", str(sft), status=1)
    assert "No correction is approved" in run.err
    approve(run)
    run("export", "corrections", "--to", str(sft), "--as", "sft")
    run("export", "corrections", "--to", str(pairs), "--as", "preference")
    loaded = load_dataset("json", data_files=str(sft), cache_dir=str(tmp_path), split="train")
    assert loaded.column_names == ["messages"]
    found = {row["messages"][0]["content"]: row["messages"] for row in loaded}
    assert set(found) == set(PROMPTS)
    assert [message["role"] for message in found[PROMPTS[0]]] == ["user", "assistant"]
    assert found[PROMPTS[0]][1]["content"].endswith("Nobody can say for sure.")
    loaded = load_dataset("json", data_files=str(pairs), cache_dir=str(tmp_path), split="train")
    assert loaded.column_names == ["prompt", "chosen", "rejected"]
    by_prompt = {row["prompt"][0]["content"]: row for row in loaded}
    first = by_prompt[PROMPTS[0]]
    assert first["prompt"] == [{"role": "user", "content": PROMPTS[0]}]
    assert first["rejected"] == [{"role": "assistant", "content": "Text 0."}]
    assert first["chosen"] == found[PROMPTS[0]][1:]
    card = json.loads((tmp_path / "pairs.jsonl.card.json").read_text(encoding="utf-8"))
    told = card["corrections"]
    assert (card["rows"], told["layout"], told["patterns"]) == (2, "preference", 1)
    assert told["approved_by"] == {"ada": 2}
    assert told["models"] == {f"openai:m@{server.base_url}": 2}
    assert told["detectors"] == {"d1 (d1)": 2}


def test_what_cannot_be_done_is_said(run: Commands, tmp_path: Path) -> None:
    run("correct", "--on", "nothing", status=1)
    assert "There is no dataset 'nothing'" in run.err
    run("correct", "--detector", "d9", status=1)
    assert "There is no detector 'd9'" in run.err
    with Database(run.workspace, role="a test") as database:
        record(database, "ada", [Decision("label", cluster_id="c0", label=rows.LABELS[2])])
    out = run("correct", "--on", "log")
    assert "`backquery patterns --on log`" in run.err
    assert "0 flagged answers with a positive label" in out


def test_a_server_that_refuses_leaves_nothing_half(run: Commands) -> None:
    with serving(lambda _: failure(401, "who are you")) as server:
        run("correct", "--model", f"openai:m@{server.base_url}", status=1)
    assert "who are you" in run.err
    with Database(run.workspace, role="a test") as database, database.read() as cursor:
        assert cursor.number("SELECT count(*) FROM corrections") == 0
