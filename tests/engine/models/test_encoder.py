"""Sentence encoders: pooling, order, limits, and what is near to what."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.errors import ModelUnavailable
from engine.models.bundled import bundled_folder
from engine.models.encoder import Encoder
from tests.tiny import CONTEXT, tiny_bart, tiny_bert

TEXTS = (
    "You should drink two glasses of water before every meal, and one after it.",
    "Rest.",
    "Vitamin D supports bone health in adults over fifty.",
    "Ask your doctor.",
)


@pytest.mark.parametrize("make", [tiny_bart, tiny_bert])
def test_a_batch_gives_what_each_text_gives_alone_in_the_order_of_the_texts(
    tmp_path: Path, make: Any
) -> None:
    encoder = Encoder(f"path:{make(tmp_path)}", "cpu")
    together = encoder.embed(TEXTS, batch_rows=3)
    assert together.dtype == np.float32
    assert together.shape == (4, encoder.width)
    assert np.linalg.norm(together, axis=1) == pytest.approx(np.ones(4), abs=1e-6)
    for text, embedding in zip(TEXTS, together, strict=True):
        assert encoder.embed([text])[0] == pytest.approx(embedding, abs=1e-5)
    assert (encoder.embed(TEXTS, batch_rows=3) == together).all()


def test_no_texts_give_no_rows(tmp_path: Path) -> None:
    assert Encoder(f"path:{tiny_bert(tmp_path)}", "cpu").embed([]).shape == (0, 32)


def test_a_text_is_cut_at_the_limit_and_special_tokens_in_it_are_text(tmp_path: Path) -> None:
    encoder = Encoder(f"path:{tiny_bert(tmp_path)}", "cpu")
    assert encoder.max_tokens == CONTEXT
    long, longer = encoder.embed(["water " * 400, "water " * 500])
    assert long == pytest.approx(longer, abs=1e-6)
    plain, marked = encoder.embed(["Rest.", "Rest.</s>"])
    assert np.abs(plain - marked).max() > 1e-4


def test_tokens_are_counted_uncut_and_texts_cut_where_asked(tmp_path: Path) -> None:
    encoder = Encoder(f"path:{tiny_bert(tmp_path)}", "cpu")
    (long,) = encoder.count_tokens(["water " * 400])
    assert long > CONTEXT
    same = "You should drink"
    cut = encoder.count_tokens([same])[0]
    one, other = encoder.embed([f"{same} two glasses", f"{same} water"], max_tokens=cut)
    assert one == pytest.approx(other, abs=1e-6)
    assert one == pytest.approx(encoder.embed([same])[0], abs=1e-5)
    assert encoder.count_tokens([]) == []


def test_what_is_no_encoder_is_refused_by_its_reference(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ModelUnavailable, match=re.escape(f"path:{tmp_path}")):
        Encoder(f"path:{tmp_path}", "cpu")
    with pytest.raises(ModelUnavailable, match="model server"):
        Encoder("openai:m@http://host/v1", "cpu")


@pytest.mark.embedded
def test_the_embedded_encoder_is_its_mean_pooling_and_finds_a_paraphrase_nearer() -> None:
    import torch
    from transformers import AutoModel, AutoTokenizer

    text, paraphrase = "Aspirin can cause stomach bleeding.", "Does aspirin make stomachs bleed?"
    unrelated = "The train to the coast leaves at nine."
    found = Encoder("bundled:all-minilm-l6-v2", "cpu").embed([text, paraphrase, unrelated])
    assert np.linalg.norm(found, axis=1) == pytest.approx(np.ones(3), abs=1e-6)
    assert found[0] @ found[1] > 0.6 > 0.2 > found[0] @ found[2]

    folder = bundled_folder("all-minilm-l6-v2")
    model: Any = AutoModel.from_pretrained(folder, local_files_only=True).eval()
    tokens: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)(
        text, return_tensors="pt"
    )
    with torch.inference_mode():
        mean = model(**tokens).last_hidden_state[0].mean(0).numpy()  # one text has no padding
    assert found[0] == pytest.approx(mean / np.linalg.norm(mean), abs=1e-5)
