"""Classifiers that are brought along: what is taken, and what a refusal says is wrong."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.errors import ModelUnavailable, TrainingRefused
from engine.models.adoption import TRIAL_TEXTS, adopt
from engine.models.classifier_folder import save_classifier
from engine.models.detector import Detector
from tests.fakes import checkpoint_at
from tests.tiny import tiny_bart, tiny_bert, tiny_gpt2, tiny_llama

LABELS = ("advice", "content", "other")


@pytest.mark.parametrize(
    "make",
    [
        lambda folder: tiny_bert(folder, LABELS),
        lambda folder: tiny_bart(folder, LABELS),
        lambda folder: tiny_gpt2(folder, LABELS, special=("eos", "pad")),
        lambda folder: tiny_gpt2(folder, LABELS),
    ],
)
def test_a_classifier_of_these_labels_is_taken_and_scores_a_batch_as_its_texts_alone(
    tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    model, tokenizer = adopt(checkpoint_at(make(tmp_path / "brought")), LABELS)
    save_classifier(tmp_path / "detector", model, tokenizer, {})
    detector = Detector.load(tmp_path / "detector", "cpu")
    together = detector.classify(TRIAL_TEXTS, 3)
    assert all(verdict.label in LABELS for verdict in together)
    for text, verdict in zip(TRIAL_TEXTS, together, strict=True):
        (alone,) = detector.classify([text], 1)
        assert verdict.probabilities == pytest.approx(alone.probabilities, abs=1e-5)


def test_a_decoder_without_a_token_for_padding_pads_with_the_end_of_a_text(tmp_path: Path) -> None:
    model, tokenizer = adopt(checkpoint_at(tiny_gpt2(tmp_path, LABELS)), LABELS)
    assert tokenizer.pad_token == tokenizer.eos_token == "</s>"
    assert model.config.pad_token_id == tokenizer.eos_token_id


def test_a_token_for_padding_that_only_the_model_names_is_taken(tmp_path: Path) -> None:
    change_config(tiny_gpt2(tmp_path, LABELS), pad_token_id=0)
    _, tokenizer = adopt(checkpoint_at(tmp_path), LABELS)
    assert tokenizer.pad_token == "<pad>"


@pytest.mark.parametrize(
    ("labels", "reason"),
    [
        (("LABEL_0", "LABEL_1", "LABEL_2"), "It never gives advice, content, other"),
        (("Advice", "Content", "Other"), "differ in capital letters only"),
        (("advice", "content"), "It never gives other"),
        (("score",), "one output, as a regression has"),
        ((*LABELS, "more"), r"\['advice', 'content', 'other', 'more'\]"),
    ],
)
def test_outputs_that_are_not_the_tasks_labels_are_named_beside_them(
    tmp_path: Path, labels: tuple[str, ...], reason: str
) -> None:
    folder = tiny_bert(tmp_path / "brought", labels)
    with pytest.raises(TrainingRefused, match=reason) as refusal:
        adopt(checkpoint_at(folder), LABELS)
    assert "labels are ['advice', 'content', 'other']" in str(refusal.value)
    assert "id2label" in str(refusal.value)


def change_config(folder: Path, **values: Any) -> None:
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def change_weights(folder: Path, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    from safetensors.torch import load_file, save_file

    path = folder / "model.safetensors"
    save_file(change(load_file(path)), path, metadata={"format": "pt"})


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def remove_tokenizer(folder: Path) -> None:
    for path in folder.glob("*token*"):
        path.unlink()


def break_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").write_text('{"added_tokens": [], "model": {"type": "X"}}')


def take_larger_tokenizer(folder: Path) -> None:
    change_config(folder, vocab_size=9)
    change_weights(
        folder, lambda held: {n: w[:9].clone() if "wte" in n else w for n, w in held.items()}
    )


@pytest.mark.parametrize(
    ("break_it", "reason"),
    [
        (lambda folder: (folder / "model.safetensors").unlink(), "No classifier can be loaded"),
        (lambda folder: cut(folder / "model.safetensors"), "No classifier can be loaded"),
        (lambda folder: cut(folder / "config.json"), "No classifier can be loaded"),
        (lambda folder: change_config(folder, n_embd=32), "No classifier can be loaded"),
        (lambda folder: change_config(folder, n_embd="x"), "No classifier can be loaded"),
        (lambda folder: change_config(folder, n_layer=-1), "cannot score a text"),
        (lambda folder: cut(folder / "tokenizer.json"), "No tokenizer can be loaded"),
        (break_tokenizer, "No tokenizer can be loaded"),
        (remove_tokenizer, "has no tokenizer"),
        (take_larger_tokenizer, "another model's"),
        (
            lambda folder: change_weights(
                folder, lambda held: {n: w for n, w in held.items() if "score" not in n}
            ),
            r"lacks weights: score\.weight",
        ),
        (
            lambda folder: change_weights(
                folder, lambda held: {n: w * float("nan") for n, w in held.items()}
            ),
            "not a finite number",
        ),
    ],
)
def test_a_broken_model_is_refused_with_what_is_wrong(
    tmp_path: Path, break_it: Callable[[Path], object], reason: str
) -> None:
    folder = tiny_gpt2(tmp_path / "brought", LABELS)
    break_it(folder)
    with pytest.raises(ModelUnavailable, match=reason) as refusal:
        adopt(checkpoint_at(folder), LABELS)
    assert "brought" in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_without_any_token_to_pad_with_a_model_is_refused(tmp_path: Path) -> None:
    folder = tiny_gpt2(tmp_path, LABELS, special=())
    with pytest.raises(ModelUnavailable, match="Set pad_token"):
        adopt(checkpoint_at(folder), LABELS)


def test_a_bare_model_is_refused(tmp_path: Path) -> None:
    for folder in (tiny_bert(tmp_path / "bert"), tiny_llama(tmp_path / "llama")):
        with pytest.raises(ModelUnavailable, match="lacks weights"):
            adopt(checkpoint_at(folder), LABELS)


def test_a_detector_whose_folder_is_gone_is_refused_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"d9 is gone\. Restore the folder"):
        Detector.load(tmp_path / "detectors" / "d9", "cpu")


def test_a_text_without_tokens_is_an_error_and_the_texts_beside_it_are_not(tmp_path: Path) -> None:
    model, tokenizer = adopt(checkpoint_at(tiny_gpt2(tmp_path, LABELS)), LABELS)
    tokenizer.backend_tokenizer.normalizer = _dropping("z")
    detector = Detector(model, tokenizer, "cpu")
    advanced: list[int] = []
    first, none, last = detector.classify(["Rest.", "zzz", "Drink."], 3, advanced.append)
    assert none.error == "the tokenizer finds no token in the text"
    assert (first.error, last.error) == (None, None)
    assert sum(advanced) == 3


def _dropping(letter: str) -> Any:
    from tokenizers import normalizers

    return normalizers.Replace(letter, "")
