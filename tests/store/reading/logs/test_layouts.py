"""What each layout of logs says of its texts."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import cast

import pytest

from store.errors import ImportRefused
from store.reading.cells import RowRefused
from store.reading.logs.entries import Place
from store.reading.logs.guardrails_ai import SqliteLog
from store.reading.logs.layouts import LAYOUTS, recognise
from store.reading.logs.records import Asked, LogRecord, PassedOver
from tests import logs
from tests.logs import BLOCKED, Row
from tests.rows import LABELS

ASKED = Asked(labels=LABELS, positives=frozenset(LABELS[:1]))
NOON = datetime(2026, 1, 1, 12)


def read(layout: str, *rows: Mapping[str, object], asked: Asked = ASKED) -> list[LogRecord]:
    reader = LAYOUTS[layout].open(asked, rows)
    return [item for row in rows for item in reader(row) if isinstance(item, LogRecord)]


def passed_over(layout: str, *rows: Row) -> list[str]:
    reader = LAYOUTS[layout].open(ASKED, rows)
    return [item.reason for row in rows for item in reader(row) if isinstance(item, PassedOver)]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_layout_is_recognised_by_its_rows(layout: str) -> None:
    assert recognise(logs.rows_of(layout, 5)) == layout


def test_rows_of_no_layout_are_not_recognised() -> None:
    assert recognise([{"text": "Rest well.", "label": "a"}]) is None
    assert recognise([]) is None


@pytest.mark.parametrize(
    ("mode", "text", "prompt"),
    [
        ("pre_call", "Question 0?", None),
        ("during_call", "Question 0?", None),
        ("post_call", "Answer 0.", "Question 0?"),
        (["pre_call", "post_call"], "Question 0?", None),
        ({"default": "post_call"}, "Answer 0.", "Question 0?"),
        ("GuardrailEventHooks.post_call", "Answer 0.", "Question 0?"),
    ],
)
def test_the_moment_of_a_call_says_whose_text_a_guard_read(
    mode: object, text: str, prompt: str | None
) -> None:
    (record,) = read("litellm", logs.litellm_call(0, mode=mode))

    assert (record.text, record.prompt) == (text, prompt)


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        ("success", "passed"), (BLOCKED, "flagged"), ("guardrail_flagged", "flagged"),
        ("guardrail_failed_to_respond", "failed"), ("not_run", None),
        ("blocked", "flagged"), ("failure", "failed"),
    ],
)  # fmt: skip
def test_statuses_of_all_versions_are_verdicts(status: str, verdict: str | None) -> None:
    (record,) = read("litellm", logs.litellm_call(0, status=status))

    assert record.verdict == verdict


def test_each_guard_on_a_call_is_a_record_and_its_form_may_be_the_old_one() -> None:
    call = logs.litellm_call(0)
    said = cast(list[Row], call["guardrail_information"])[0]
    twice = {**call, "guardrail_information": [said, {**said, "guardrail_name": "b"}, said]}
    records = read("litellm", twice)
    assert [record.guard for record in records] == ["advice-guard", "b", "advice-guard"]
    assert len({(record.own_id, record.guard) for record in records}) == 3

    (single,) = read("litellm", {**call, "guardrail_information": said})
    assert single == records[0]
    moved = {**call, "metadata": {"standard_logging_guardrail_information": [said]}}
    del moved["guardrail_information"]
    assert read("litellm", moved) == [records[0]]


def test_a_call_that_no_guard_spoke_of_is_its_answer_alone() -> None:
    (record,) = read("litellm", logs.litellm_call(0, guardrail_information=None))

    assert (record.text, record.verdict, record.guard) == ("Answer 0.", None, None)


@pytest.mark.parametrize(
    "response",
    [
        {"choices": [{"text": "Said."}]},
        {"content": [{"type": "text", "text": "Said."}]},
        {"output": [{"content": [{"type": "output_text", "text": "Said."}]}]},
        "Said.",
    ],
)
def test_answers_of_several_servers_are_found(response: object) -> None:
    (record,) = read("litellm", logs.litellm_call(0, response=response))

    assert record.text == "Said."


@pytest.mark.parametrize(
    ("layout", "row"),
    [
        ("litellm", logs.litellm_call(0, response="redacted-by-litellm")),
        ("openinference", {**logs.guard_span(0), "attributes": {
            "openinference.span.kind": "GUARDRAIL", "input.value": "__REDACTED__"}}),
        ("scored", logs.scored_line(0, None, text="[REDACTED]")),
    ],
)  # fmt: skip
def test_a_redacted_text_is_a_fact_without_a_text(layout: str, row: Row) -> None:
    (record,) = read(layout, row)

    assert (record.text, record.missing) == (None, "redacted")


def test_an_answer_of_bedrock_has_a_text_only_beside_its_request() -> None:
    (bare,) = read("bedrock", logs.bedrock_answer(0, is_flagged=True))
    assert (bare.text, bare.missing, bare.verdict) == (None, "absent", "flagged")
    assert (bare.categories, bare.own_id) == (("INSULTS",), "request-0")

    (whole,) = read("bedrock", logs.bedrock_answer(0, text="Said."))
    assert (whole.text, whole.side, whole.verdict, whole.categories) == (
        "Said.", "assistant", "passed", ())  # fmt: skip
    assert (whole.guard, whole.guard_version, whole.logged_at) == ("g1", "2", NOON)


def test_each_output_of_an_attempt_is_a_record_for_each_detector() -> None:
    records = read("garak", *logs.garak_report(1))

    assert [(r.text, r.guard, r.verdict) for r in records] == [
        ("No 0.", "dan.DAN", "passed"), ("No 0.", "mitigation.Bypass", "passed"),
        ("Yes 0.", "dan.DAN", "flagged"), ("Yes 0.", "mitigation.Bypass", "passed"),
    ]  # fmt: skip
    assert {(r.prompt, r.guard_version) for r in records} == {("Question 0?", "0.13.0")}
    flagged = [
        r for r in read("garak", *logs.garak_report(1, threshold=0.3)) if r.verdict == "flagged"
    ]
    assert len(flagged) == 3


def test_an_attempt_that_is_not_complete_is_passed_over() -> None:
    assert read("garak", logs.garak_attempt(0, status=1)) == []
    assert passed_over("garak", logs.garak_attempt(0, status=1))


def test_moderation_flags_a_turn_of_a_conversation() -> None:
    records = read("wildchat", logs.wildchat_row(0))

    assert [(r.text, r.verdict, r.categories) for r in records] == [
        ("Answer 0.0", "passed", ()), ("Answer 0.1", "flagged", ("hate",))
    ]  # fmt: skip
    assert records[1].score == 0.7
    assert len({record.own_id for record in records}) == 2


@pytest.mark.parametrize("is_nested", [False, True])
@pytest.mark.parametrize("as_list", [False, True])
def test_spans_of_guardrails_are_read_in_all_their_forms(is_nested: bool, as_list: bool) -> None:
    span = logs.guard_span(0, output="FAIL: advice", as_list=as_list)
    (record,) = read("openinference", logs.nested([span]) if is_nested else span)

    assert (record.text, record.verdict, record.guard) == ("Question 0?", "flagged", "advice-guard")
    assert (record.conversation, record.logged_at) == ("s1", NOON)
    assert record.own_id == "trace-0:span-0"


@pytest.mark.parametrize(
    ("attributes", "verdict"),
    [
        ({"output.value": "All checks passed"}, "passed"),
        ({"output.value": "BLOCKED"}, "flagged"),
        ({"output.value": '{"valid": false, "score": 0.9}'}, "flagged"),
        ({"guardrail.passed": True}, "passed"),
        ({"metadata": '{"action": "block"}'}, "flagged"),
        ({"output.value": "Perhaps"}, None),
    ],
)
def test_what_a_guardrail_put_out_is_its_verdict(attributes: Row, verdict: str | None) -> None:
    values = {"openinference.span.kind": "GUARDRAIL", "input.value": "Text.", **attributes}
    (record,) = read("openinference", {"span_id": "s", "name": "g", "attributes": values})

    assert record.verdict == verdict


def test_answers_of_models_are_records_where_no_guardrail_is() -> None:
    span = {
        "context": {"trace_id": "t", "span_id": "s"},
        "start_time": "2026-01-01T12:00:00+00:00",
        "attributes": {
            "openinference.span.kind": "LLM",
            "llm.input_messages.0.message.role": "user",
            "llm.input_messages.0.message.content": "Why?",
            "llm.output_messages.0.message.role": "assistant",
            "llm.output_messages.0.message.content": "So.",
        },
    }
    (record,) = read("openinference", span)

    assert (record.text, record.prompt, record.verdict) == ("So.", "Why?", None)
    assert len(read("openinference", span, logs.guard_span(1))) == 1


def test_an_evaluation_speaks_of_the_text_of_its_span() -> None:
    (record,) = read("otel", logs.evaluated_span(0, label="toxic"))

    assert (record.text, record.prompt, record.verdict) == ("Answer 0.", "Question 0?", "flagged")
    assert (record.guard, record.score, record.categories) == ("toxicity", 0.8, ("toxic",))
    assert (record.conversation, record.logged_at) == ("c1", NOON)


def test_the_last_turn_of_a_chat_has_the_word_of_the_guard() -> None:
    row = logs.chat_line(0, turns=2, guardrail={"valid": False, "name": "g", "score": 0.9})
    records = read("chat", row)

    assert [(r.text, r.prompt, r.verdict) for r in records] == [
        ("Answer 0.0", "Question 0.0", None), ("Answer 0.1", "Question 0.1", "flagged")
    ]  # fmt: skip
    (*_, asked) = read("chat", row, asked=Asked(LABELS, frozenset(), turn="user"))
    assert (asked.text, asked.prompt) == ("Question 0.1", None)


def test_a_positive_label_of_a_score_flags() -> None:
    rows = (
        logs.scored_line(0, LABELS[0]),
        logs.scored_line(1, LABELS[2]),
        logs.scored_line(2, None),
    )
    records = read("scored", *rows)

    assert [record.verdict for record in records] == ["flagged", "passed", "failed"]
    assert [record.score for record in records] == [0.8, 0.1, None]
    assert records[0].categories == (LABELS[0],)
    with pytest.raises(RowRefused, match="not a label of this task"):
        read("scored", logs.scored_line(0, "other"))


@pytest.mark.parametrize(
    ("message", "verdict"),
    [
        ("pass", "passed"), ("fail", "flagged"), (None, "passed"), ("", "passed"),
        ("Validation failed for field with errors: advice", "flagged"), ("Timeout", "failed"),
    ],
)  # fmt: skip
def test_a_message_of_guardrails_ai_is_a_verdict(message: str | None, verdict: str) -> None:
    (record,) = read("guardrails-ai", logs.guard_log_row(0, message))

    assert (record.verdict, record.text, record.logged_at) == (verdict, "Answer 0.", NOON)


def test_the_table_of_guardrails_ai_is_read_on_from_a_row(tmp_path: Path) -> None:
    path = logs.write_guard_logs(tmp_path / "guard.db", logs.rows_of("guardrails-ai", 3))
    log = SqliteLog(path)
    before = path.read_bytes()

    assert [entry.line for entry in log.entries(Place(0, 1))] == [2, 3]
    assert log.mark(Place(0, 3)) != log.mark(Place(0, 2))
    assert log.mark(Place(0, 4)) is None
    assert path.read_bytes() == before


def test_another_sqlite_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    path.write_bytes(b"SQLite format 3\0" + b"x" * 200)

    with pytest.raises(ImportRefused):
        SqliteLog(path)


@pytest.mark.parametrize(
    ("layout", "row"),
    [
        ("litellm", {"id": "x"}),
        ("litellm", logs.litellm_call(0, startTime="yesterday", guardrail_information=None)),
        ("bedrock", {"assessments": [], "action": "ODD"}),
        ("chat", {"messages": []}),
        ("chat", {"messages": [{"role": "user", "content": "Alone."}]}),
        ("garak", {"uuid": "x"}),
        ("wildchat", {"conversation_hash": "h", "conversation": None}),
        ("scored", {"text": "Text."}),
    ],
)
def test_a_row_that_a_layout_cannot_read_is_refused(layout: str, row: Row) -> None:
    with pytest.raises(RowRefused):
        read(layout, row)
