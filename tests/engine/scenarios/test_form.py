import json

import jsonschema
import pytest

from engine.scenarios.form import Fault, Form, Scenario
from tests.problems import OFF, ON, brief, written

FORM = brief().form


def test_a_scenario_is_read_in_the_order_in_which_it_was_written() -> None:
    found = FORM.read(written(1))
    assert isinstance(found, Scenario)
    assert found.context == "You are assistant 1."
    assert [(item.label, item.text) for item in found.texts] == [
        (ON, "Could you do a for 1?"),
        (ON, "Could you do b for 1?"),
        (OFF, "Tell me a joke about c and 1."),
    ]
    turned = json.dumps(dict(reversed(json.loads(written(1)).items())))
    again = FORM.read(turned)
    assert isinstance(again, Scenario)
    assert [item.label for item in again.texts] == [OFF, ON, ON]


@pytest.mark.parametrize("around", ["```json\n{}\n```", "Sure! Here it is:\n{}\nAnything else?"])
def test_what_is_written_around_the_object_does_no_harm(around: str) -> None:
    assert FORM.read(around.replace("{}", written(1))) == FORM.read(written(1))


def test_line_breaks_in_texts_are_taken_and_characters_that_no_file_holds_are_replaced() -> None:
    found = FORM.read(written(1).replace("Tell me", "\nTell\\u0000 \\ud83d me"))
    assert isinstance(found, Scenario)
    assert found.texts[-1].text.startswith("Tell\ufffd \ufffd me")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it is not JSON"),
        ("No.", "it is not JSON"),
        ('{"system prompt": "You are', "it is not JSON"),
        ('["a"]', "it is not a JSON object"),
        ("[" * 100_000, "it is not JSON"),
        (written(1).replace("system prompt", "prompt"), "it has no system prompt"),
        (written(1).replace("You are assistant 1.", " \\u200b"), "it has no system prompt"),
        (written(1, on=("a",)), "it has 1 of on-topic, and 2 were asked for"),
        (written(1, off=("c", "d")), "it has 2 of off-topic, and 1 were asked for"),
        (written(1).replace('"off-topic"', '"other"'), "it has no list of off-topic"),
        (written(1).replace('["Tell', '[7, "Tell'), "a text of off-topic is empty, or not a text"),
        (
            written(1).replace("Could you do a for 1?", " "),
            "a text of on-topic is empty, or not a text",
        ),
    ],
)
def test_what_is_no_scenario_is_a_fault_with_the_reason(text: str, reason: str) -> None:
    found = FORM.read(text)
    assert isinstance(found, Fault)
    assert reason in found.reason


def test_the_schema_takes_a_scenario_and_nothing_that_breaks_counts_or_lengths() -> None:
    schema = json.loads(FORM.schema(longest_context=30, longest_text=40))
    jsonschema.validate(json.loads(written(1)), schema)
    empty = written(1).replace("Could you do a for 1?", "")
    for wrong in (
        empty,
        written(1, on=("a",)),
        written("1" * 30),
        written(1).replace("off-", "so-"),
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(json.loads(wrong), schema)
    assert "maxLength" not in FORM.schema()


def test_an_example_is_written_with_the_labels_that_it_has() -> None:
    assert json.loads(FORM.write("You sell.", {OFF: ["Why?"]})) == {
        "system prompt": "You sell.",
        OFF: ["Why?"],
    }


def test_the_skeleton_shows_as_many_texts_as_are_asked_for() -> None:
    assert json.loads(Form("context", {"a": 2}).skeleton()) == {"context": "…", "a": ["…", "…"]}
