"""Several candidates for one seed: which is kept, and that nothing changes where there is one."""

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import polars as pl
import pytest

from engine.generation.candidates import Choice, choose_nearest
from engine.generation.params import GenerationParams
from engine.generation.protocol import Generation, Sampling
from engine.generation.templates import Prompt, Template
from engine.jobs.parts import list_parts, write_part
from engine.stages.queries import QueriesStage, QueryParams
from store.schema import QUERIES, SAMPLES
from tests import rows
from tests.fakes import FakeEncoder, FakeGenerator, make_inputs, run_stage

TEMPLATE = Template(name="t", style="completion", prompt="Ask: {text}", trim="question")
SEEDS = {f"s{number}": "word " * (number + 1) + "end" for number in range(5)}
SAMPLE_ROWS = rows.frame(
    SAMPLES, [{"sample_id": sample_id, "text": text} for sample_id, text in SEEDS.items()]
)


def choose(seed: str, *texts: str | None) -> Choice:
    (choice,) = choose_nearest([seed], [texts], FakeEncoder("", "cpu").embed)
    return choice


def test_the_nearest_is_kept_and_every_score_is_a_cosine() -> None:
    choice = choose("aab", "bb", "aabb", "cc")
    assert choice.kept == 1
    assert choice.scores == pytest.approx((5**-0.5, 3 / 10**0.5, 0))
    assert choice.to_rows()[2] == {"text": "cc", "score": 0}


def test_ties_go_to_the_one_that_was_written_first() -> None:
    assert choose("aab", "c", "bb ab", "ab bb", "bb ab").kept == 1


@pytest.mark.parametrize("texts", [(None, "c"), ("", "c"), (" \n", None, "c")])
def test_what_is_empty_or_failed_is_never_kept_beside_words(texts: tuple[str | None, ...]) -> None:
    choice = choose("aab", *texts)
    assert choice.texts[choice.kept] == "c"
    assert choice.scores == (*[None] * (len(texts) - 1), 0)


@pytest.mark.parametrize("texts", [(None, None), ("", None), (None, "")])
def test_where_all_are_empty_or_failed_the_first_is_kept_and_nothing_embedded(
    texts: tuple[str | None, ...],
) -> None:
    encoder = FakeEncoder("", "cpu")
    assert choose_nearest(["aab"], [texts], encoder.embed) == [Choice(0, texts, (None, None))]
    assert encoder.embedded == []


def test_a_copy_of_the_seed_is_kept_only_where_all_are_copies() -> None:
    assert choose("Rest helps.", "Rest helps!", "Does rest help?").kept == 1
    assert choose("Rest helps.", "Rest", "Rest helps!").kept == 1


def test_seeds_are_compared_with_their_own_candidates_and_equal_texts_embedded_once() -> None:
    encoder = FakeEncoder("", "cpu")
    choices = choose_nearest(["ab x", "cd x"], [("dc", "ba"), ("dc", "ba")], encoder.embed)
    assert [choice.kept for choice in choices] == [1, 0]
    assert encoder.embedded == [["ab x", "dc", "ba", "cd x"]]


class FailsAtFirst(FakeGenerator):
    """Gives the first candidate of every chunk an error, and with `always` all of them."""

    def __init__(self, *, always: bool = False) -> None:
        super().__init__()
        self._always = always

    def generate(
        self, prompts: Sequence[Prompt], stop: Sequence[str], sampling: Sampling, seed: int
    ) -> Iterator[tuple[int, Generation]]:
        is_lost = self._always or len(self.asked) == 0
        for index, generation in super().generate(prompts, stop, sampling, seed):
            yield index, Generation(None, 0, cut=False, error="lost") if is_lost else generation


class Bench:
    """A stage `queries` whose models are fakes; counts the encoders that were loaded."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.generator = FakeGenerator()
        self.encoders: list[FakeEncoder] = []
        place = "engine.generation.params.load_generator"
        monkeypatch.setattr(place, lambda *_, **__: self.generator)
        monkeypatch.setattr("engine.stages.queries.Encoder", self._load_encoder)

    def _load_encoder(self, reference: str, device: str) -> FakeEncoder:
        self.encoders.append(FakeEncoder(reference, device))
        return self.encoders[-1]

    def params(self, **chosen: object) -> QueryParams:
        values = {"model": "path:m", "template": TEMPLATE, "batch_rows": 2, **chosen}
        return QueryParams.model_validate(values)

    def write(self, folder: Path, **chosen: object) -> pl.DataFrame:
        inputs = make_inputs(folder, {"samples": SAMPLE_ROWS})
        return run_stage(QueriesStage(), inputs, self.params(**chosen)).sort("sample_id")


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(monkeypatch)


def test_with_one_candidate_ids_and_rows_are_as_before_and_no_encoder_is_loaded(
    bench: Bench, tmp_path: Path
) -> None:
    found = bench.write(tmp_path)
    before = GenerationParams(model="path:m", template=TEMPLATE, batch_rows=2)
    assert found["query_id"].to_list() == [before.row_id("query", sample) for sample in SEEDS]
    assert set(found["sampling"]) == {Sampling().model_dump_json()}
    assert found["candidates"].null_count() == len(SEEDS)
    assert found["new_tokens"].to_list() == [3] * len(SEEDS)
    assert bench.encoders == []


def test_of_several_candidates_the_nearest_makes_the_row(bench: Bench, tmp_path: Path) -> None:
    one = bench.write(tmp_path / "one")
    found = bench.write(tmp_path / "four", candidates=4)
    for row, alone in zip(found.to_dicts(), one.to_dicts(), strict=True):
        scores = [candidate["score"] for candidate in row["candidates"]]
        assert len(set(scores)) > 1
        assert row["text"] == row["candidates"][scores.index(max(scores))]["text"]
        assert row["text"] == row["raw"]
        assert row["candidates"][0]["text"] == alone["text"]
        assert row["new_tokens"] == 12
    assert any(found["text"] != one["text"])
    assert [encoder.reference for encoder in bench.encoders] == ["bundled:all-minilm-l6-v2"]


def test_a_resumed_job_writes_the_rows_of_one_that_was_never_interrupted(
    bench: Bench, tmp_path: Path
) -> None:
    whole = bench.write(tmp_path / "whole", candidates=3)
    stage, params = QueriesStage(), bench.params(candidates=3)
    first = make_inputs(tmp_path / "resumed", {"samples": SAMPLE_ROWS})
    for number, part in enumerate(islice(stage.run(first, params), 2)):
        write_part(first.stage_dir, number, part, QUERIES)
    rest = make_inputs(tmp_path / "resumed", {"samples": SAMPLE_ROWS}, parts_done=2)
    bench.generator = FakeGenerator()
    resumed = run_stage(stage, rest, params).sort("sample_id")
    assert len(bench.generator.asked) == 3
    assert len(list_parts(rest.stage_dir)) == 3
    assert resumed.equals(whole)


def test_a_candidate_that_failed_is_kept_beside_the_others_and_the_row_has_no_error(
    bench: Bench, tmp_path: Path
) -> None:
    bench.generator = FailsAtFirst()
    found = bench.write(tmp_path, candidates=2, batch_rows=9)
    assert found["error"].null_count() == len(SEEDS)
    for row in found.to_dicts():
        failed, kept = row["candidates"]
        assert failed == {"text": None, "score": None}
        assert kept["text"] == row["text"]


def test_where_every_candidate_failed_the_row_has_the_first_error(
    bench: Bench, tmp_path: Path
) -> None:
    bench.generator = FailsAtFirst(always=True)
    found = bench.write(tmp_path, candidates=2)
    assert found["error"].to_list() == ["lost"] * len(SEEDS)
    assert found["text"].null_count() == len(SEEDS)
    assert found["candidates"].list.len().to_list() == [2] * len(SEEDS)


def test_number_and_encoder_make_other_rows_but_an_unused_encoder_does_not(bench: Bench) -> None:
    ways = [
        bench.params(candidates=number, encoder=encoder)
        for number in (1, 4, 8)
        for encoder in ("path:a", "path:b")
    ]
    assert len({way.row_id("query", "s0") for way in ways}) == 5
    assert len({way.sampling_json for way in ways}) == 5
    several = {"candidates": 4, "encoder": "path:a"}
    assert json.loads(ways[2].sampling_json) == {**Sampling().model_dump(), **several}
