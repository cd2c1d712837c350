"""Whether a detector's folder is whole, told without a model library."""

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.models.folder_check import find_fault
from tests import rows
from tests.tiny import tiny_bert


def test_what_save_pretrained_wrote_is_whole_in_one_file_and_in_several(tmp_path: Path) -> None:
    from transformers import BertModel

    folder = tiny_bert(tmp_path / "one", rows.LABELS)
    assert find_fault(folder, "bundled:base") is None
    BertModel.from_pretrained(folder).save_pretrained(tmp_path / "more", max_shard_size="20KB")
    assert len(list((tmp_path / "more").glob("*.safetensors"))) > 1
    assert find_fault(tmp_path / "more", "bundled:base") is None
    next(iter((tmp_path / "more").glob("*.safetensors"))).unlink()
    assert "is missing" in str(find_fault(tmp_path / "more", "bundled:base"))


def write(name: str, content: bytes) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes(content)


@pytest.mark.parametrize(
    ("break_it", "fault"),
    [
        (write("config.json", b"{"), "config.json cannot be read"),
        (write("config.json", b"[]"), "config.json holds no JSON object"),
        (lambda folder: (folder / "config.json").unlink(), "config.json cannot be read"),
        (write("model.safetensors", b""), "model.safetensors cannot be read as weights"),
        (write("model.safetensors", b"\xff" * 20), "cannot be read as weights"),
        (write("model.safetensors", (2).to_bytes(8, "little") + b"[]"), "cannot be read as wei"),
        (write("model.safetensors", (2).to_bytes(8, "little") + b"{}x"), "is not whole"),
        (lambda folder: (folder / "model.safetensors").unlink(), "safetensors is missing"),
    ],
)
def test_a_broken_file_is_named(
    tmp_path: Path, break_it: Callable[[Path], object], fault: str
) -> None:
    rows.stand_in(tmp_path, "d1")
    folder = tmp_path / "detectors" / "d1"
    assert find_fault(folder, "bundled:base") is None
    break_it(folder)
    assert fault in str(find_fault(folder, "bundled:base"))


def test_a_baseline_needs_its_rows_and_a_language_model_nothing(tmp_path: Path) -> None:
    assert "is gone" in str(find_fault(tmp_path / "none", "baseline:tfidf"))
    assert "rows that it is fitted on" in str(find_fault(tmp_path, "baseline:tfidf"))
    assert find_fault(tmp_path / "none", "llm:bundled:x") is None
