"""Logs of deployed guards come in by the command line."""

import gzip
import json
from pathlib import Path

import pytest

from store.database.connection import Database
from tests.commands import Commands
from tests.logs import BLOCKED, chat_line, litellm_call, scored_line, write_lines

LIVE = ("--dataset", "live", "--role", "production")


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Commands:
    commands = Commands(tmp_path / "w", capsys)
    commands("init", str(commands.workspace))
    return commands


def records(run: Commands, what: str) -> list[tuple[object, ...]]:
    """Columns of the records in the order of the log; samples stand beside them."""
    with Database(run.workspace) as database, database.read() as cursor:
        return cursor.rows(
            f"""SELECT {what} FROM log_records r LEFT JOIN samples s ON sample_id = record_id
            ORDER BY r.source, r.line, guard"""
        )


def test_a_log_says_what_a_guard_said_of_each_text(run: Commands, tmp_path: Path) -> None:
    calls = [litellm_call(0), litellm_call(1, status=BLOCKED)]
    log = write_lines(tmp_path / "proxy.jsonl", calls)

    summary = run.json("import", str(log), *LIVE, "--format", "litellm")

    assert (summary["new"], summary["rejected"], summary["log"]["flagged"]) == (2, 0, 1)
    assert records(run, "text, prompt, verdict, score, categories, guard, guard_version") == [
        ("Answer 0.", "Question 0?", "passed", 0.1, [], "advice-guard", "3"),
        ("Answer 1.", "Question 1?", "flagged", 0.9, ["health-advice"], "advice-guard", "3"),
    ]
    assert [str(time) for (time,) in records(run, "logged_at")] == [
        "2026-01-01 12:00:00",
        "2026-01-01 12:01:00",
    ]


def test_what_is_clearly_a_log_is_taken_as_one_and_said_so(run: Commands, tmp_path: Path) -> None:
    log = write_lines(tmp_path / "proxy.jsonl", [litellm_call(0)])

    assert "Taken as a log" in run("import", str(log), *LIVE)
    assert records(run, "verdict") == [("passed",)]


def test_a_file_of_chats_comes_in_as_before_where_no_format_is_named(
    run: Commands, tmp_path: Path
) -> None:
    file = write_lines(tmp_path / "chats.jsonl", [chat_line(0, turns=2)])

    assert run.json("import", str(file), *LIVE)["log"] is None
    assert records(run, "1") == []


def test_rows_of_a_table_stay_rows_of_a_table(run: Commands, tmp_path: Path) -> None:
    first = write_lines(tmp_path / "first.jsonl", [{"text": "Text 0."}])
    run("import", str(first), *LIVE)
    scored = write_lines(tmp_path / "scored.jsonl", [scored_line(0, "health-advice")])

    assert run.json("import", str(scored), *LIVE)["log"] is None


def test_columns_that_are_named_make_a_table_of_a_log(run: Commands, tmp_path: Path) -> None:
    scored = write_lines(tmp_path / "scored.jsonl", [scored_line(0, "health-advice")])

    assert run.json("import", str(scored), *LIVE, "--text", "text")["log"] is None


def test_logs_and_tables_are_not_mixed(run: Commands, tmp_path: Path) -> None:
    log = write_lines(tmp_path / "proxy.jsonl", [litellm_call(0)])
    table = tmp_path / "texts.csv"
    table.write_text("text\nRest well.\n")

    run("import", str(log), str(table), *LIVE, status=1)

    assert "proxy.jsonl is a log (LiteLLM)" in run.err


def test_a_log_that_grew_is_read_on_and_its_rotated_copy_adds_nothing(
    run: Commands, tmp_path: Path
) -> None:
    log = write_lines(tmp_path / "proxy.jsonl", [litellm_call(n) for n in range(3)])
    run("import", str(log), *LIVE)
    with log.open("a") as file:
        file.write(json.dumps(litellm_call(3)) + "\n")
    assert "read on after line 3; 1 new record" in run("import", str(log), *LIVE)

    packed = tmp_path / "proxy.jsonl.1.gz"
    packed.write_bytes(gzip.compress(log.read_bytes()))
    assert run.json("import", str(packed), *LIVE)["new"] == 0
    again = write_lines(tmp_path / "other.jsonl", [litellm_call(n) for n in range(2, 5)])
    assert run.json("import", str(again), *LIVE)["new"] == 1
    assert len(records(run, "1")) == 5


def test_half_a_line_waits_for_its_end(run: Commands, tmp_path: Path) -> None:
    line = json.dumps(litellm_call(1)) + "\n"
    log = write_lines(tmp_path / "proxy.jsonl", [litellm_call(0)])
    whole = log.read_text()
    log.write_text(whole + line[:80])

    assert "in the middle of a row" in run("import", str(log), *LIVE)
    log.write_text(whole + line)
    assert run.json("import", str(log), *LIVE)["new"] == 1


def test_rows_that_cannot_be_read_are_kept_with_their_reason(run: Commands, tmp_path: Path) -> None:
    log = write_lines(tmp_path / "proxy.jsonl", [litellm_call(0), litellm_call(1, status="odd")])
    log.write_text("{broken\n" + log.read_text())

    summary = run.json("import", str(log), *LIVE, "--format", "litellm")

    assert (summary["new"], summary["rejected"]) == (1, 2)
    kept = Path(summary["rejects_file"]).read_text(encoding="utf-8-sig")
    assert "not JSON" in kept
    assert "unknown guardrail_status 'odd'" in kept


def test_personal_data_is_taken_out_before_anything_is_stored(
    run: Commands, tmp_path: Path
) -> None:
    patterns = tmp_path / "patterns.toml"
    patterns.write_text("[patterns]\nmail = '[a-z.]+@[a-z.]+'\n")
    rows = [
        scored_line(0, "health-advice", text="Write to jo@example.org."),
        scored_line(1, "odd", text="Or to al@example.org."),
    ]
    log = write_lines(tmp_path / "scored.jsonl", rows)

    summary = run.json("import", str(log), *LIVE, "--format", "scored", "--redact", str(patterns))

    assert records(run, "text") == [("Write to [mail]",)]
    assert summary["log"]["redacted"] == {"mail": 2}
    assert "example.org" not in Path(summary["rejects_file"]).read_text(encoding="utf-8-sig")
    card = json.loads(export_labels(run, tmp_path))
    assert card["redacted"] == [{"dataset": "live", "file": "patterns.toml", "counts": {"mail": 2}}]


def export_labels(run: Commands, tmp_path: Path) -> str:
    """The card of an export."""
    to = tmp_path / "labels.csv"
    run("export", "labels", "--to", str(to))
    (card,) = tmp_path.glob("labels*.json")
    return card.read_text()


def test_records_without_a_text_are_counted_beside_the_rows(run: Commands, tmp_path: Path) -> None:
    calls = [litellm_call(0), litellm_call(1, response="redacted-by-litellm")]
    run("import", str(write_lines(tmp_path / "proxy.jsonl", calls)), *LIVE)

    (found,) = run.json("datasets")
    assert (found["rows"], found["without_text"]) == (1, 1)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--role", "seed", "--format", "auto"), "reads logs of production"),
        (("--role", "production", "--format", "auto", "--label", "l"), "has no use for --label"),
        (("--role", "production", "--redact", "p.toml"), "is for logs"),
    ],
)
def test_options_that_contradict_each_other_are_refused(
    run: Commands, tmp_path: Path, options: tuple[str, ...], said: str
) -> None:
    log = write_lines(tmp_path / "proxy.jsonl", [litellm_call(0)])

    run("import", str(log), "--dataset", "live", *options, status=2)

    assert said in run.err


def test_a_log_is_followed_until_it_is_interrupted(
    run: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = write_lines(tmp_path / "proxy.jsonl", [litellm_call(0)])
    later = iter([litellm_call(1)])

    def sleep(_: float) -> None:
        row = next(later, None)
        if row is None:
            raise KeyboardInterrupt
        with log.open("a") as file:
            file.write(json.dumps(row) + "\n")

    monkeypatch.setattr("tui.commands.log_imports.time.sleep", sleep)
    summary = run.json("import", str(log), *LIVE, "--format", "litellm", "--follow")

    assert summary["new"] == 2
    assert "2 new records so far" in run.err
    run("import", "-", *LIVE, "--format", "litellm", "--follow", status=2)
