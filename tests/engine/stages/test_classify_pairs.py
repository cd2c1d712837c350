"""Stage `judge` on pairs: a model is asked for a label, or told to refuse."""

from pathlib import Path

import polars as pl
import pytest

from engine.generation.templates import Template
from engine.stages.annotate import AnnotateStage
from engine.stages.classify import ClassifyParams, ClassifyStage
from store.schema import SAMPLES
from tests import rows
from tests.engine.generation.scripted_server import Answer, Request, chat_reply, failure, serving
from tests.engine.stages.test_classify import params
from tests.fakes import make_inputs, run_stage

OFF, ON, CHAT = "off-topic", "on-topic", "small-talk"
ASKING = Template(name="judge-pair", style="chat", prompt="[{context}] {text} Label:")
REFUSING = Template(name="refuse", style="chat", system="{context} Else refuse.", prompt="{text}")
PAIRS = (
    ("You help with taxes.", "Which form?"),
    ("You help with {text}.", "Write a {context} poem."),
    ("You help with taxes.", "Sing!"),
    ("You help with taxes.", "Hm"),
)
SAMPLES_OF_PAIRS = pl.DataFrame(
    [(f"s{place}", "d", text, OFF, context) for place, (context, text) in enumerate(PAIRS)],
    schema=dict(SAMPLES),
    orient="row",
)


def ask(
    tmp_path: Path, reply: dict[str, Answer], **changes: object
) -> tuple[pl.DataFrame, list[Request]]:
    with serving(lambda request: reply[request.body["messages"][-1]["content"]]) as server:
        chosen: ClassifyParams = params(
            f"openai:m@{server.base_url}", labels=(OFF, CHAT, ON), **changes
        )
        inputs = make_inputs(tmp_path, {"samples": SAMPLES_OF_PAIRS})
        found = run_stage(ClassifyStage(), inputs, chosen)
    return found.sort("sample_id"), server.requests


def test_the_template_gets_both_texts_and_braces_in_them_stay(tmp_path: Path) -> None:
    prompts = [f"[{context}] {text} Label:" for context, text in PAIRS]
    replies = dict(zip(prompts, map(chat_reply, (ON, OFF, OFF, "neither")), strict=True))
    found, _ = ask(tmp_path, replies, template=ASKING)
    assert found["predicted_label"].to_list() == [ON, OFF, OFF, None]
    assert found["error"].to_list()[3] == "the reply names no label"


def test_a_refusal_is_a_flag_whatever_else_was_replied_and_the_reply_is_kept(
    tmp_path: Path,
) -> None:
    said = ("Form 7, but off-topic otherwise.", "I'm sorry, I can't", "Sorry, I can only do taxes.")
    replies = dict(zip((text for _, text in PAIRS), map(chat_reply, said), strict=False))
    found, requests = ask(
        tmp_path, {**replies, "Hm": chat_reply(" ")}, template=REFUSING, refusal_means=(OFF, ON)
    )
    assert found["predicted_label"].to_list() == [ON, OFF, OFF, None]
    assert found["reply"].to_list()[:3] == list(said)
    assert found["error"].to_list()[3] == "the reply is empty"
    assert found["probabilities"].is_null().all()
    system = {request.body["messages"][0]["content"] for request in requests}
    assert system == {"You help with taxes. Else refuse.", "You help with {text}. Else refuse."}


@pytest.mark.parametrize(
    ("answer", "label", "error"),
    [
        (chat_reply("I cannot help with", "length"), OFF, None),
        (chat_reply("You need form", "length"), ON, None),
        (chat_reply("<think>Should I refuse", "length"), None, "cut inside its thought"),
        (failure(400, "too long", "context_length_exceeded"), None, "too long"),
    ],
)
def test_a_reply_that_was_cut_has_opened_as_a_refusal_or_not(
    tmp_path: Path, answer: Answer, label: str | None, error: str | None
) -> None:
    replies = {text: answer for _, text in PAIRS}
    found, _ = ask(tmp_path, replies, template=REFUSING, refusal_means=(OFF, ON))
    assert set(found["predicted_label"]) == {label}
    assert all(
        error in found_error if error else found_error is None for found_error in found["error"]
    )


def test_an_answer_is_asked_about_with_the_text_of_its_query(tmp_path: Path) -> None:
    names = ("s0", "s1")
    texts = pl.Series("text", ["Which form?", "Sing!"])
    queries = rows.queries(names).with_columns(text=pl.lit("You help with taxes."))
    answers = rows.answers(names).with_columns(texts)
    replies = {
        f"[You help with taxes.] {text} Label:": chat_reply(label)
        for text, label in zip(texts, (ON, OFF), strict=True)
    }
    with serving(lambda request: replies[request.body["messages"][-1]["content"]]) as server:
        inputs = make_inputs(tmp_path, {"answers": answers, "queries": queries})
        chosen = params(f"openai:m@{server.base_url}", labels=(OFF, ON), template=ASKING)
        found = run_stage(AnnotateStage(), inputs, chosen)
    assert found.sort("answer_id")["label"].to_list() == [ON, OFF]
