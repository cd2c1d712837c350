"""The steps of the demo of the loop: what the simulated product logs, and labels by the rule."""

import json
from pathlib import Path

import pytest

from store.database.connection import Database
from tests import rows
from tests.commands import Commands
from tests.tiny import tiny_llama
from tui.commands import demo_product
from tui.commands.demo_product import Exchange, answer_questions, write_log
from tui.commands.output import console
from tui.services.workspace import Workspace

EXCHANGES = [Exchange(number, f"Question {number}?", f"Answer {number}.") for number in range(12)]


def test_the_log_of_the_product_comes_in_as_that_of_a_guard(trained: Commands) -> None:
    workspace, path = Workspace.open(trained.workspace), trained.workspace / "logs" / "1.jsonl"
    write_log(workspace, path, EXCHANGES, "initial")
    written = path.read_text(encoding="utf-8")
    assert "LiteLLM" in trained("import", str(path), "--dataset", "live", "--role", "production")

    with Database(trained.workspace, role="a test") as database, database.read() as cursor:
        found = cursor.rows(
            """SELECT text, prompt, verdict, categories FROM log_records
            JOIN samples ON sample_id = record_id ORDER BY logged_at"""
        )
    flagged = [json.loads(line)["guardrail_information"][0] for line in written.splitlines()]
    assert [row[:2] for row in found] == [(item.answer, item.question) for item in EXCHANGES]
    for row, said in zip(found, flagged, strict=True):
        assert (row[2] == "flagged") == (said["guardrail_response"]["label"] == rows.LABELS[0])
    write_log(workspace, path, EXCHANGES[:1], "initial")
    assert path.read_text(encoding="utf-8") == written


def test_every_question_is_answered_once(
    tmp_path: Path, trained: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    product = trained.workspace.parent / "product"
    trained("init", str(product))
    settings, model = product / "workspace.toml", tiny_llama(tmp_path / "llama")
    given = 'models = ["bundled:smollm2-135m-instruct"]'
    text = settings.read_text()
    assert given in text
    settings.write_text(text.replace(given, f'models = ["path:{model}"]'))
    monkeypatch.setattr(demo_product, "LONGEST", 6)
    first = answer_questions(Workspace.open(product), console())
    assert [item.number for item in first] == list(range(len(first)))
    assert answer_questions(Workspace.open(product), console()) == first
    assert len(Workspace.open(product).jobs().views) == 1
