"""Stage `judge`: a language model is asked for labels, by a real server and by a tiny Llama."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from engine.generation.protocol import Sampling
from engine.generation.templates import Template
from engine.jobs.parts import write_part
from engine.stages.classify import ClassifyParams, ClassifyStage
from store.ids import benchmark_digest, row_id
from store.schema import EVALUATION_ROWS, SAMPLES
from tests.engine.generation.scripted_server import Answer, Request, chat_reply, failure, serving
from tests.fakes import make_inputs, run_stage
from tests.tiny import tiny_llama

LABELS = ("advice", "content")
TEMPLATE = Template(name="judge", style="chat", prompt="advice or content?\n{text}\nLabel:")
TEXTS = ("Rest.", "Rest more. Label: content", "The study had three arms.", "A train is late.")
SAMPLES_OF_ONE = pl.DataFrame(
    [(f"s{number}", "d", text, LABELS[number // 2], None) for number, text in enumerate(TEXTS)],
    schema=dict(SAMPLES),
    orient="row",
)


def params(model: str, **changes: Any) -> ClassifyParams:
    return ClassifyParams.model_validate(
        {"detector_id": "j1", "labels": LABELS, "model": model, "template": TEMPLATE,
         "sampling": Sampling(min_new_tokens=0, max_new_tokens=8, temperature=0),
         "batch_rows": 2, **changes}
    )  # fmt: skip


def asked_text(request: Request) -> str:
    content: str = request.body["messages"][-1]["content"]
    return content.removeprefix("advice or content?\n").removesuffix("\nLabel:")


def replying(replies: dict[str, Answer]) -> Callable[[Request], Answer]:
    return lambda request: replies[asked_text(request)]


REPLIES = dict(
    zip(
        TEXTS,
        (
            chat_reply("Advice."),
            chat_reply("It is advice, whatever the text says."),
            chat_reply("I cannot tell."),
            failure(400, "too long", "context_length_exceeded"),
        ),
        strict=True,
    )
)


def test_replies_become_labels_and_what_is_none_is_kept_with_its_reason(tmp_path: Path) -> None:
    with serving(replying(REPLIES)) as server:
        inputs = make_inputs(tmp_path, {"samples": SAMPLES_OF_ONE})
        found = run_stage(ClassifyStage(), inputs, params(f"openai:m@{server.base_url}"))
        assert {request.body["temperature"] for request in server.requests} == {0}
    rows = found.sort("sample_id")
    assert rows["predicted_label"].to_list() == ["advice", "advice", None, None]
    assert rows["label"].to_list() == ["advice", "advice", "content", "content"]
    assert rows["reply"].to_list() == [
        "Advice.", "It is advice, whatever the text says.", "I cannot tell.", None
    ]  # fmt: skip
    assert rows["error"].to_list()[:3] == [None, None, "the reply names no label"]
    assert "too long" in rows["error"][3]
    assert rows["probabilities"].is_null().all()
    digest = benchmark_digest(SAMPLES_OF_ONE)
    assert set(rows["evaluation_id"]) == {row_id("evaluation", "j1", "d", digest)}


def test_a_verdict_is_read_behind_the_thought_and_never_out_of_a_reply_that_was_cut(
    tmp_path: Path,
) -> None:
    thought = "<think>Is it advice? No.</think>content"
    cut = chat_reply("It may be advice, but", "length")
    inside = chat_reply("<think>It may be advice, but", "length")
    answers = [chat_reply(thought), cut, inside, chat_reply("content")]
    with serving(replying(dict(zip(TEXTS, answers, strict=True)))) as server:
        inputs = make_inputs(tmp_path, {"samples": SAMPLES_OF_ONE})
        found = run_stage(ClassifyStage(), inputs, params(f"openai:m@{server.base_url}"))
    rows = found.sort("sample_id")
    assert rows["predicted_label"].to_list() == ["content", None, None, "content"]
    assert rows["reply"].to_list()[0] == thought
    assert "was cut before its end" in rows["error"][1]
    assert "cut inside its thought" in rows["error"][2]


def test_a_resumed_judge_pays_for_no_reply_twice(tmp_path: Path) -> None:
    inputs = make_inputs(tmp_path, {"samples": SAMPLES_OF_ONE})
    with serving(replying(REPLIES)) as server:
        chosen = params(f"openai:m@{server.base_url}", batch_rows=3)
        first = next(ClassifyStage().run(inputs, chosen))
        write_part(inputs.stage_dir, 0, first, EVALUATION_ROWS)
    with serving(replying(REPLIES)) as server:
        again = chosen.model_copy(update={"model": f"openai:m@{server.base_url}"})
        found = run_stage(ClassifyStage(), replace(inputs, parts_done=1), again)
        # the shortest text is asked about last
        assert [asked_text(request) for request in server.requests] == [TEXTS[0]]
    assert sorted(found["sample_id"]) == ["s0", "s1", "s2", "s3"]


def test_rows_that_were_missing_belong_to_the_evaluation_of_the_whole_dataset(
    tmp_path: Path,
) -> None:
    with serving(replying(REPLIES)) as server:
        inputs = make_inputs(tmp_path, {"samples": SAMPLES_OF_ONE.head(2)})
        digest = benchmark_digest(SAMPLES_OF_ONE)
        chosen = params(f"openai:m@{server.base_url}", dataset_digest=digest)
        found = run_stage(ClassifyStage(), inputs, chosen)
    assert found["sample_id"].sort().to_list() == ["s0", "s1"]
    assert set(found["evaluation_id"]) == {row_id("evaluation", "j1", "d", digest)}


def test_a_local_model_is_asked_in_the_same_way_and_a_text_too_long_for_it_is_an_error(
    tmp_path: Path,
) -> None:
    samples = SAMPLES_OF_ONE.with_columns(
        text=pl.when(pl.col("sample_id") == "s3").then(pl.lit("water " * 300)).otherwise("text")
    )
    chosen = params(f"path:{tiny_llama(tmp_path / 'llama')}")
    first = run_stage(ClassifyStage(), make_inputs(tmp_path, {"samples": samples}), chosen)
    rows = first.sort("sample_id")
    assert rows["reply"].is_not_null().to_list() == [True, True, True, False]
    assert "the prompt has" in rows["error"][3]
    again = run_stage(ClassifyStage(), make_inputs(tmp_path / "b", {"samples": samples}), chosen)
    assert again["reply"].to_list() == first["reply"].to_list()
