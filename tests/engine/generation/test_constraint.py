import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from engine.errors import ModelUnavailable
from engine.generation.constraint import Constraint
from engine.generation.local import LocalGenerator
from engine.generation.protocol import Generation, Sampling
from engine.generation.templates import Prompt
from engine.generation.token_facts import end_ids

SCHEMA = json.dumps(
    {
        "type": "object",
        "properties": {
            "says": {"type": "string", "maxLength": 6},
            "a b": {
                "type": "array",
                "items": {"type": "string", "maxLength": 3},
                "minItems": 2,
                "maxItems": 2,
            },
        },
        "required": ["says", "a b"],
        "additionalProperties": False,
    }
)
PROMPTS = [Prompt(user=text, completion=True) for text in ("Ask", "Vitamin D and the sea", "No")]


@pytest.fixture(scope="module")
def model(llama_folder: Path) -> Any:
    model: Any = AutoModelForCausalLM.from_pretrained(llama_folder, dtype=torch.float32)
    return model.eval()


@pytest.fixture(scope="module")
def tokenizer(llama_folder: Path) -> Any:
    return AutoTokenizer.from_pretrained(llama_folder)


def constrain(model: Any, tokenizer: Any) -> Constraint:
    return Constraint(tokenizer, SCHEMA, end_ids(model, tokenizer))


def write(model: Any, tokenizer: Any, **sampling: Any) -> list[Generation]:
    chosen = {"min_new_tokens": 0, "max_new_tokens": 80, "temperature": 1.0,
              "no_repeat_ngram_size": 0}  # fmt: skip
    llama = LocalGenerator(model, tokenizer, constraint=constrain(model, tokenizer))
    found = dict(llama.generate(PROMPTS, (), Sampling(**{**chosen, **sampling}), 0))
    return [found[place] for place in range(len(PROMPTS))]


def test_a_model_that_knows_nothing_writes_by_the_schema_in_every_row(
    model: Any, tokenizer: Any
) -> None:
    for found in write(model, tokenizer):
        assert not found.cut
        jsonschema.validate(json.loads(found.text or ""), json.loads(SCHEMA))


def test_a_row_ends_where_its_value_does_however_long_others_take(
    model: Any, tokenizer: Any
) -> None:
    lengths = [found.new_tokens for found in write(model, tokenizer)]
    assert len(set(lengths)) > 1


def test_a_value_that_the_limit_cuts_is_cut(model: Any, tokenizer: Any) -> None:
    assert all(found.cut for found in write(model, tokenizer, max_new_tokens=5))


def test_a_constraint_serves_one_batch_after_the_other(model: Any, tokenizer: Any) -> None:
    llama = LocalGenerator(model, tokenizer, constraint=constrain(model, tokenizer))
    sampling = Sampling(min_new_tokens=0, max_new_tokens=80, no_repeat_ngram_size=0)
    first, again = (
        {place: found.text for place, found in llama.generate(PROMPTS, (), sampling, 3)}
        for _ in range(2)
    )
    assert first == again


def test_the_form_is_written_even_where_its_tokens_may_not_be_repeated(
    model: Any, tokenizer: Any
) -> None:
    for found in write(model, tokenizer, no_repeat_ngram_size=1):
        assert json.loads(found.text or "").keys() == {"says", "a b"}


def test_a_tokenizer_that_cannot_be_prepared_is_refused_with_the_way_out(
    model: Any, tokenizer: Any
) -> None:
    class Slow:
        name_or_path = "path:slow"

    with pytest.raises(ModelUnavailable, match=r"path:slow .*structured = false"):
        Constraint(Slow(), SCHEMA, {0})
    with pytest.raises(ModelUnavailable, match="cannot be held to a JSON schema"):
        Constraint(tokenizer, '{"type": "what"}', end_ids(model, tokenizer))
