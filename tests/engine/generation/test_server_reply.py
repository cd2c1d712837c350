import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.generation.protocol import Generation
from engine.generation.server_failure import Failure, Verdict
from engine.generation.server_reply import read_reply


def read(choice: Any, **fields: Any) -> Generation | Failure:
    return read_reply(json.dumps({"choices": [choice], **fields}).encode())


def message(content: Any, finish: Any = "stop", **fields: Any) -> Any:
    return {"message": {"content": content, **fields}, "finish_reason": finish}


@pytest.mark.parametrize(
    "choice",
    [
        message("Why?"),
        message("Why?", None),
        message("Why?", {"type": "stop"}),
        message([{"type": "text", "text": "Why?"}]),
        message([{"type": "output_text", "text": "Wh"}, {"type": "text", "text": "y?"}]),
        message(["Wh", "y?"]),
        message([{"type": ["text"], "text": "Why?"}, {"type": {}, "text": None}, None, 7]),
        message([{"type": "text", "text": {"value": "Why?"}}]),
        message([{"type": "thinking", "thinking": [{"text": "Hm."}]}, {"text": "Why?"}]),
        message("Why?", reasoning_content="Hm."),
        message("<think>Hm.</think>Why?", refusal=None, tool_calls=[]),
        {"text": "Why?"},
        {"message": "Why?"},
    ],
)
def test_a_text_is_read_in_whatever_form_it_comes(choice: Any) -> None:
    found = read(choice)
    assert isinstance(found, Generation)
    assert (found.text, found.cut, found.error) == ("Why?", False, None)


@pytest.mark.parametrize(
    ("choice", "says"),
    [
        (message(None, refusal="I can't help with that."), "refused: I can't help"),
        (message("", tool_calls=[{"function": {"name": "search"}}]), "calls a tool"),
        (message(None, "content_filter"), "content filter"),
        ({"message": None, "finish_reason": "content_filter"}, "content filter"),
        (message("", "CONTENT_FILTER"), "content filter"),
        (message(None, "length", reasoning_content="Hm, let me"), "inside its thought"),
        (message("", reasoning="Hm."), "nothing but thought"),
        (message([{"type": "thinking", "thinking": "Hm."}]), "nothing but thought"),
        (message("<think>Hm, let me", "length"), "inside its thought"),
    ],
)
def test_a_model_that_says_nothing_has_a_row_that_says_why(choice: Any, says: str) -> None:
    found = read(choice)
    assert isinstance(found, Generation)
    assert found.text is None
    assert says in str(found.error)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "it is empty"),
        (b"<html><h1>Starting</h1></html>", "<h1>Starting"),
        (b'{"choices": [{"message": {"content": "cut in', "cut in"),
        (b'{"choices": []}', '{"choices": []}'),
        (b'{"choices": null}', "null"),
        (b'{"choices": [null]}', "null"),
        (b'{"choices": [{"message": {"content": null}}]}', "finish_reason missing"),
        (b'{"choices": [{"text": null, "finish_reason": "\\ud83d"}]}', "finish_reason \ufffd"),
        (b"[]", "[]"),
        (b"null", "null"),
        (b"[" * 100_000, "[[["),
        (b'{"error": {"message": "Provider returned error", "code": 502}}', "Provider returned"),
        (b'{"error": "overloaded"}', "overloaded"),
        (b'{"choices": [{"error": {"message": "upstream"}, "message": {"content": ""}}]}', "upst"),
    ],
)
def test_what_holds_no_text_is_tried_again_and_its_beginning_quoted(body: bytes, says: str) -> None:
    found = read_reply(body)
    assert isinstance(found, Failure)
    assert found.verdict is Verdict.RETRY
    assert says in found.reason
    assert len(found.reason) < 400


def test_white_space_by_which_a_server_keeps_the_line_open_is_left_out() -> None:
    assert read_reply(b'\n\n \n{"choices": [{"text": "Why?"}]}\n') == Generation("Why?", 1, False)


def test_an_empty_text_is_a_text() -> None:
    assert read(message("")) == Generation("", 0, cut=False)


@pytest.mark.parametrize("finish", ["length", "MAX_TOKENS", "content_filter"])
def test_a_reply_that_a_limit_or_a_filter_ended_is_cut(finish: str) -> None:
    found = read(message("Because", finish))
    assert isinstance(found, Generation)
    assert found.cut


@pytest.mark.parametrize(
    "usage",
    [None, [], "12", {}, *({"completion_tokens": value} for value in
     (None, -1, 12.5, "n/a", True, 1e400, 10**18, float("nan"), [7]))],
)  # fmt: skip
def test_a_count_that_is_nonsense_gives_way_to_an_estimate(usage: Any) -> None:
    found = read(message("abcdefgh"), usage=usage)
    assert isinstance(found, Generation)
    assert found.new_tokens == 2


def test_a_count_of_tokens_is_taken() -> None:
    found = read(message("abcdefgh"), usage={"completion_tokens": 7.0})
    assert isinstance(found, Generation)
    assert found.new_tokens == 7


def test_bytes_that_are_no_utf_8_are_replaced() -> None:
    found = read_reply(b'\xef\xbb\xbf{"choices": [{"text": "Caf\xe9 \\ud83d"}]}')
    assert isinstance(found, Generation)
    assert found.text == "Caf\ufffd \ufffd"


def test_a_stream_that_nobody_asked_for_is_joined() -> None:
    events: list[Any] = [
        {"choices": [{"delta": {"role": "assistant"}}]},
        {"choices": [{"delta": {"content": "Wh"}}]},
        {"choices": [{"delta": {"content": "y?"}, "finish_reason": "length"}]},
        {"choices": [], "usage": {"completion_tokens": 7}},
    ]
    lines = [f"data: {json.dumps(event)}\n\n" for event in events]
    found = read_reply("".join([": processing\n\n", *lines, "data: [DONE]\n\n"]).encode())
    assert found == Generation("Why?", 7, cut=True)
    assert isinstance(read_reply(b"data: [DONE]\n"), Failure)
    error = read_reply(b'data: {"error": {"message": "overloaded"}}\n')
    assert isinstance(error, Failure)
    assert "overloaded" in error.reason


NAMES = [
    *("choices", "message", "content", "text", "type", "delta", "error", "usage"),
    *("finish_reason", "completion_tokens", "refusal", "tool_calls", "reasoning"),
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(JSON)
def test_no_reply_at_all_is_beyond_reading(value: Any) -> None:
    for reply in (value, {"choices": [value]}, {"choices": [{"message": value}]}):
        found = read_reply(json.dumps(reply).encode())
        if isinstance(found, Generation):
            assert (found.text is None) == (found.error is not None)
            (found.text or "").encode()
        else:
            found.reason.encode()
            assert "\0" not in found.reason
