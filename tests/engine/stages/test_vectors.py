"""Stage `vectors`: where samples lie, by an encoder or a detector."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from engine.models.architecture import Architecture
from engine.models.detector import Detector
from engine.models.encoder import Encoder
from engine.stages.vectors import VectorsParams, VectorsStage
from store.schema import SAMPLES
from store.spaces import matrix_of
from tests import rows
from tests.engine.stages.test_predict import add_detector, add_pair_detector
from tests.fakes import RecordedProgress, make_inputs, run_stage
from tests.pairs import ARCHITECTURES, CONTEXTS, TEXTS
from tests.tiny import tiny_bert


def embed(workspace: Path, samples: pl.DataFrame, params: VectorsParams) -> pl.DataFrame:
    inputs = make_inputs(
        workspace,
        {"samples": samples},
        stage="1-vectors",
        progress=RecordedProgress(),
    )
    return run_stage(VectorsStage(), inputs, params)


def test_an_encoder_gives_the_vectors_of_the_texts(tmp_path: Path) -> None:
    texts = ["Rest for a week", "The liver is large", "Take it slowly"]
    reference = f"path:{tiny_bert(tmp_path / 'encoder')}"
    named = [{"sample_id": f"s{n}", "text": text} for n, text in enumerate([*texts, " "])]

    found = embed(tmp_path, rows.frame(SAMPLES, named), VectorsParams(encoder=reference))

    assert found["sample_id"].to_list() == ["s0", "s1", "s2", "s3"]
    assert found["error"].to_list() == [None, None, None, "there is no text to embed"]
    expected = Encoder(reference, "cpu").embed(texts)
    assert np.allclose(matrix_of(found["vector"].head(3)), expected, atol=1e-6)


def test_a_detector_gives_its_own_embeddings(tmp_path: Path) -> None:
    add_detector(tmp_path)
    texts = [f"Day {n}" for n in range(5)]
    samples = [{"sample_id": f"s{n}", "text": text} for n, text in enumerate(texts)]
    params = VectorsParams(encoder="path:unused", detector_id="d1", part_rows=2)

    found = embed(tmp_path, rows.frame(SAMPLES, samples), params)

    said = Detector.load(tmp_path / "detectors" / "d1", "cpu").classify(texts, 32)
    expected = np.array([verdict.embedding for verdict in said])
    assert np.allclose(matrix_of(found["vector"]), expected, atol=1e-5)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_a_pair_lies_elsewhere_with_another_context(
    tmp_path: Path, architecture: Architecture
) -> None:
    add_pair_detector(tmp_path, architecture)
    pairs: list[dict[str, object]] = [
        {"sample_id": "a", "text": TEXTS[0], "context": CONTEXTS[0]},
        {"sample_id": "b", "text": TEXTS[0], "context": CONTEXTS[1]},
        {"sample_id": "c", "text": TEXTS[0], "context": None},
    ]
    params = VectorsParams(encoder="path:unused", detector_id="d1")

    found = embed(tmp_path, rows.frame(SAMPLES, pairs), params)

    first, second = matrix_of(found["vector"].head(2))
    assert not np.allclose(first, second)
    assert found["error"].is_not_null().to_list() == [False, False, True]
