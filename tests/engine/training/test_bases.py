"""The model that is trained: heads that are kept or replaced, and models that are refused."""

from pathlib import Path

import pytest

from engine.errors import ModelUnavailable
from engine.models.adoption import adopt
from engine.models.classifier_folder import output_labels
from engine.training.bases import load_base
from tests.fakes import checkpoint_at
from tests.tiny import tiny_bart, tiny_bert

LABELS = ("advice", "content", "other")


def test_a_head_with_these_labels_is_kept_in_its_own_order(tmp_path: Path) -> None:
    import torch

    folder = tiny_bart(tmp_path / "base", ("other", "advice", "content"))
    model, _ = load_base(checkpoint_at(folder), LABELS, seed=0)
    adopted, _ = adopt(checkpoint_at(folder), LABELS)
    assert output_labels(model) == ("other", "advice", "content")
    head, kept = model.classification_head.state_dict(), adopted.classification_head.state_dict()
    assert all(torch.equal(head[name], kept[name]) for name in head)


@pytest.mark.parametrize("others", [("x", "y", "z"), ("x", "y")])
def test_a_head_for_other_labels_is_replaced_even_if_its_size_fits(
    tmp_path: Path, others: tuple[str, ...]
) -> None:
    import torch

    folder = tiny_bart(tmp_path / "base", others)
    model, _ = load_base(checkpoint_at(folder), LABELS, seed=5)
    original, _ = adopt(checkpoint_at(folder), others)
    assert output_labels(model) == LABELS
    head, old = model.classification_head.dense.weight, original.classification_head.dense.weight
    assert not torch.equal(head, old)
    assert torch.equal(model.base_model.shared.weight, original.base_model.shared.weight)


def test_a_new_head_is_drawn_from_the_seed(tmp_path: Path) -> None:
    import torch

    folder = tiny_bert(tmp_path / "base")
    heads = [
        load_base(checkpoint_at(folder), LABELS, seed=seed)[0].classifier.weight
        for seed in (1, 1, 2)
    ]
    assert torch.equal(heads[0], heads[1])
    assert not torch.equal(heads[0], heads[2])


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="nothing-here"):
        load_base(checkpoint_at(tmp_path / "nothing-here"), LABELS, seed=0)


def test_an_encoder_that_lacks_weights_is_no_base_of_a_bi_encoder(tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    folder = tiny_bert(tmp_path / "base", LABELS)
    weights = load_file(folder / "model.safetensors")
    kept = {name: tensor for name, tensor in weights.items() if "position_embeddings" not in name}
    save_file(kept, folder / "model.safetensors", {"format": "pt"})
    with pytest.raises(ModelUnavailable, match=r"lacks weights of its type: .*position_embeddings"):
        load_base(checkpoint_at(folder), LABELS, seed=0, architecture="bi-encoder")
