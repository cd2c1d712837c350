from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from engine.errors import ModelUnavailable
from engine.generation import decoding, local
from engine.generation.local import LocalGenerator
from engine.generation.protocol import Generation, OutOfMemory, Sampling
from engine.generation.templates import Prompt

GREEDY = Sampling(temperature=0, max_new_tokens=12, min_new_tokens=0, no_repeat_ngram_size=0)
WARM = Sampling(max_new_tokens=12, temperature=1.0)
TEXTS = ("Vitamin D", "The train to the coast leaves", "Ask", "You should drink water")
HEAD = "Text: A balanced diet lowers blood pressure.\nQuestion: How can I lower it?\n\n"


@pytest.fixture(scope="module")
def llama(llama_folder: Path) -> LocalGenerator:
    # float32: in bfloat16 rounding depends on the batch, so texts cannot be compared.
    model: Any = AutoModelForCausalLM.from_pretrained(llama_folder, dtype=torch.float32)
    return LocalGenerator(model.eval(), AutoTokenizer.from_pretrained(llama_folder))


def completions(texts: Sequence[str]) -> list[Prompt]:
    return [Prompt(user=text, completion=True) for text in texts]


def write(
    llama: LocalGenerator,
    prompts: Sequence[Prompt],
    sampling: Sampling = WARM,
    seed: int = 0,
    stop: Sequence[str] = (),
) -> list[Generation]:
    found = dict(llama.generate(prompts, stop, sampling, seed))
    return [found[index] for index in range(len(prompts))]


def test_the_same_seed_writes_the_same_texts_and_another_seed_others(
    llama: LocalGenerator,
) -> None:
    first = write(llama, completions(TEXTS), seed=5)
    assert write(llama, completions(TEXTS), seed=5) == first
    assert write(llama, completions(TEXTS), seed=6) != first


def test_sampling_leaves_the_global_random_state_alone(llama: LocalGenerator) -> None:
    before = torch.random.get_rng_state()
    write(llama, completions(TEXTS))
    assert torch.equal(torch.random.get_rng_state(), before)


def test_greedy_texts_are_those_of_transformers_one_by_one(llama: LocalGenerator) -> None:
    tokenizer, model = llama.tokenizer, llama.model
    for text, ours in zip(TEXTS, write(llama, completions(TEXTS), GREEDY), strict=True):
        ids = tokenizer(text, return_tensors="pt")
        output = model.generate(**ids, max_new_tokens=12, do_sample=False)
        new = output[0, ids.input_ids.shape[1] :]
        assert ours.text == tokenizer.decode(new, skip_special_tokens=True)


def test_a_shared_head_changes_no_text(
    llama: LocalGenerator, monkeypatch: pytest.MonkeyPatch
) -> None:
    prompts = completions([f"{HEAD}Text: {text}\nQuestion:" for text in TEXTS])
    shared = write(llama, prompts)
    monkeypatch.setattr(local, "LEAST_HEAD_TOKENS", 10_000)
    assert write(llama, prompts) == shared


def test_no_n_gram_of_the_text_comes_twice(llama: LocalGenerator) -> None:
    sampling = Sampling(temperature=0, max_new_tokens=60, min_new_tokens=60, no_repeat_ngram_size=2)
    (free,) = write(llama, completions(["Ask"]), GREEDY.model_copy(update={"max_new_tokens": 60}))
    (ours,) = write(llama, completions(["Ask"]), sampling)
    ids = llama.tokenizer("Ask", return_tensors="pt")
    output = llama.model.generate(
        **ids, max_new_tokens=60, min_new_tokens=60, do_sample=False, no_repeat_ngram_size=2
    )
    new = output[0, ids.input_ids.shape[1] :].tolist()
    pairs = list(pairwise(new))
    assert len(pairs) == len(set(pairs))
    assert ours.text == llama.tokenizer.decode(new, skip_special_tokens=True) != free.text


def test_a_text_ends_before_its_stop_string(llama: LocalGenerator) -> None:
    (whole,) = write(llama, completions(["Ask"]), GREEDY)
    assert whole.text
    stop = whole.text[3:5]
    (ours,) = write(llama, completions(["Ask"]), GREEDY, stop=[stop, "never written"])
    assert ours.text == whole.text[: whole.text.index(stop)]
    assert not ours.cut
    assert ours.new_tokens < whole.new_tokens


def test_only_the_token_limit_cuts_a_text(llama: LocalGenerator) -> None:
    rows = write(
        llama, completions(TEXTS * 8), Sampling(max_new_tokens=40, temperature=1.5), seed=1
    )
    assert {row.cut for row in rows} == {True, False}
    for row in rows:
        assert row.cut == (row.new_tokens == 40)
        assert row.new_tokens >= 5


def test_a_prompt_that_is_too_long_keeps_its_end(llama: LocalGenerator) -> None:
    tail = "Ask your doctor before you take this."
    long = completions(["water " * 300 + tail, "wine " * 400 + tail])
    kept = [llama._encode(prompt, llama._room(12)) for prompt in long]
    assert {len(ids) for ids in kept} == {llama.context_tokens - 12}
    assert all(llama.tokenizer.decode(ids).endswith(tail) for ids in kept)
    assert all(row.text for row in write(llama, long))


def test_a_whole_prompt_that_is_too_long_is_an_error_and_changes_no_other(
    llama: LocalGenerator,
) -> None:
    long, short = (
        prompt.model_copy(update={"whole": True})
        for prompt in completions(["water " * 300, "Ask your doctor."])
    )
    refused, kept = write(llama, [long, short])
    assert refused.text is None
    assert "the prompt has" in str(refused.error)
    assert [kept] == write(llama, [short])
    (alone,) = write(llama, [long])
    assert alone == refused


def test_a_limit_that_leaves_no_room_for_a_prompt_is_refused(llama: LocalGenerator) -> None:
    with pytest.raises(ModelUnavailable, match="reads 256 tokens"):
        write(llama, completions(["Ask"]), Sampling(max_new_tokens=256))


def test_a_chat_goes_through_the_models_template(llama: LocalGenerator) -> None:
    prompt = Prompt(user="u", system="s", turns=(("a", "b"),))
    assert llama.render(prompt) == (
        "<|im_start|>system\ns<|im_end|>\n<|im_start|>user\na<|im_end|>\n"
        "<|im_start|>assistant\nb<|im_end|>\n<|im_start|>user\nu<|im_end|>\n"
        "<|im_start|>assistant\n"
    )
    assert llama.count_tokens([llama.render(prompt), "", "Vitamin D"])[1:] == [
        0,
        len(llama.tokenizer.tokenize("Vitamin D")),
    ]


def test_without_a_template_a_chat_becomes_plain_text(
    llama: LocalGenerator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(llama.tokenizer, "chat_template", None)
    assert llama.render(Prompt(user="u", system="s")) == "s\n\nu"


def test_a_template_without_system_prompts_gets_it_in_the_first_message(
    llama: LocalGenerator, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = (
        "{% for m in messages %}{% if m['role'] == 'system' %}{{ raise_exception('no') }}"
        "{% endif %}[{{ m['content'] }}]{% endfor %}"
    )
    monkeypatch.setattr(llama.tokenizer, "chat_template", template)
    assert llama.render(Prompt(user="u", system="s")) == "[s\n\nu]"
    assert llama.render(Prompt(user="u", system="s", turns=(("a", "b"),))) == "[s\n\na][b][u]"


def test_a_batch_that_does_not_fit_is_reported_and_halves_write_on(
    llama: LocalGenerator, monkeypatch: pytest.MonkeyPatch
) -> None:
    forward = llama.model.forward

    def fits_two(input_ids: torch.Tensor, **rest: object) -> object:
        if len(input_ids) > 2:
            raise RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory")
        return forward(input_ids=input_ids, **rest)

    monkeypatch.setattr(llama.model, "forward", fits_two)
    with pytest.raises(OutOfMemory, match="4 prompts"):
        write(llama, completions(TEXTS))
    assert all(row.text for row in write(llama, completions(TEXTS[:2])))


def test_another_runtime_error_is_no_lack_of_memory(
    llama: LocalGenerator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(**_: object) -> None:
        raise RuntimeError("shapes do not match")

    monkeypatch.setattr(llama.model, "forward", break_down)
    with pytest.raises(RuntimeError, match="shapes"):
        write(llama, completions(TEXTS))


def test_no_prompts_are_no_work(llama: LocalGenerator) -> None:
    assert write(llama, []) == []
    assert llama.count_tokens([]) == []


def test_an_empty_completion_is_continued(llama: LocalGenerator) -> None:
    assert write(llama, completions(["", "Ask"]))[0].new_tokens > 0


def test_rows_are_handed_on_as_they_end_and_tokens_are_counted_as_they_come(
    llama: LocalGenerator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoding, "TELL_EVERY_S", 0.0)
    counted: list[int] = []
    watched = LocalGenerator(llama.model, llama.tokenizer, decoded=counted.append)
    stops = sorted({text for row in write(llama, completions(TEXTS)) for text in row.text or ""})
    arrived = list(watched.generate(completions(TEXTS), stops[:3], WARM, 0))
    assert dict(arrived) == dict(enumerate(write(llama, completions(TEXTS), stop=stops[:3])))
    lengths = [generation.new_tokens for _, generation in arrived]
    assert lengths == sorted(lengths)
    assert len(set(lengths)) > 1  # else nothing could be handed on before the end
    assert len(counted) >= max(lengths)
    assert sum(counted) >= sum(lengths)


def test_a_batch_that_nobody_waits_for_any_more_is_given_up(
    llama: LocalGenerator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoding, "TELL_EVERY_S", 0.0)
    steps: list[int] = []
    watched = LocalGenerator(llama.model, llama.tokenizer, decoded=steps.append)
    long = WARM.model_copy(update={"max_new_tokens": 200})
    batch: Any = watched.generate(completions(["a stop", "no stop"]), list("aeiou"), long, 0)
    next(batch)
    batch.close()
    assert len(steps) < 200
    assert write(llama, completions(TEXTS))  # the next batch does not wait for it
