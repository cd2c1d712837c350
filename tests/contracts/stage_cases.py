"""What each stage of the registry is run on by its contract: few rows, and tiny models.

A case takes several parts where its stage writes several, and has a row that fails where the table
of the stage has a column `error`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Final

import polars as pl

from engine.generation.params import GenerationParams
from engine.generation.templates import Template
from engine.jobs.params import StageParams
from engine.jobs.tables import SAMPLE_VECTORS
from engine.models.baseline_name import MAJORITY
from engine.stages.baseline import BaselineParams
from engine.stages.classify import ClassifyParams
from engine.stages.cluster import ClusterParams
from engine.stages.correct import CorrectParams
from engine.stages.distribution import DistributionParams
from engine.stages.drift import DriftParams
from engine.stages.embed import EmbedParams
from engine.stages.evaluate import EvaluateParams
from engine.stages.learning import LearningParams
from engine.stages.predict import PredictParams
from engine.stages.production import ProductionParams
from engine.stages.queries import QueryParams
from engine.stages.scenarios import ScenarioParams
from engine.stages.simulate import SimulateParams
from engine.stages.speed import SpeedParams
from engine.stages.terms import TermsParams
from engine.stages.traffic import TrafficParams
from engine.stages.trial import TrialParams, WayParams
from engine.stages.tune import TuneParams
from engine.stages.vectors import VectorsParams
from store.corrections import FLAGGED_ANSWERS
from store.schema import DIMENSIONS, SAMPLES
from store.traffic import TEXTS
from tests import rows
from tests.engine.stages.test_predict import LABELS, add_detector, detectors
from tests.engine.stages.test_train import make_params, toy_rows
from tests.fakes import FakeAdviser, FakeGenerator, FakeWriter
from tests.problems import brief
from tests.tiny import tiny_bert

NAMES: Final = ("s0", "s1", "s2", "s3", "s4")
FAILS: Final = "s3"  # its text is blank for detectors, and nothing comes of it as a prompt
TEMPLATE: Final = Template(name="t", style="chat", prompt="{text}")
BLANK: Final = " "


@dataclass(frozen=True, slots=True)
class StageCase:
    """The parameters of a stage and its tables; it writes `parts` parts.

    `failing` is the row that fails, as (column, id). `measured` columns differ from run to run.
    `generator` takes the place of the language model.
    """

    params: StageParams
    tables: Mapping[str, pl.DataFrame]
    parts: int
    failing: tuple[str, str] | None = None
    measured: tuple[str, ...] = ()
    generator: FakeGenerator | None = None


def _samples(dataset: str = "d", failing: str = BLANK) -> pl.DataFrame:
    found = [
        {
            "sample_id": name,
            "dataset": dataset,
            "text": failing if name == FAILS else f"{LABELS[place % 2]} on vitamin {place}",
            "label": LABELS[place % 2],
        }
        for place, name in enumerate(NAMES)
    ]
    return rows.frame(SAMPLES, found)


def _answers() -> pl.DataFrame:
    texts = pl.Series("text", [f"You could rest for {name} days." for name in NAMES])
    return rows.answers(NAMES).with_columns(texts)


def _lineage() -> dict[str, pl.DataFrame]:
    return {"answers": _answers(), "queries": rows.queries(NAMES), "samples": _samples()}


def queries(workspace: Path) -> StageCase:
    return StageCase(
        QueryParams(model="path:m", template=TEMPLATE, batch_rows=2),
        {"samples": _samples(failing="unreadable")},
        parts=3,
        failing=("sample_id", FAILS),
        generator=FakeGenerator(fails_at="unreadable"),
    )


def answers(workspace: Path) -> StageCase:
    texts = pl.Series("text", ["unreadable" if name == FAILS else f"Why {name}?" for name in NAMES])
    return StageCase(
        GenerationParams(model="path:m", template=TEMPLATE, batch_rows=2),
        {"queries": rows.queries(NAMES).with_columns(texts), "samples": _samples()},
        parts=3,
        failing=("query_id", f"q-{FAILS}"),
        generator=FakeGenerator(fails_at="unreadable"),
    )


def train(workspace: Path) -> StageCase:
    params = make_params(tiny_bert(workspace / "base"), epochs=1)
    return StageCase(params, {"training_rows": toy_rows(12)}, parts=1)


def tune(workspace: Path) -> StageCase:
    base = tiny_bert(workspace / "base")
    trials = tuple(make_params(base, epochs=epochs) for epochs in (1, 2))
    params = TuneParams(trials=trials, rounds=2, budget_s=1e6)
    tables = {
        "tuning_rows": toy_rows(12).with_columns(digest=pl.lit("digest")),
        "samples": toy_rows(8).select(list(SAMPLES)),
    }
    return StageCase(params, tables, parts=3, measured=("seconds",))


def predict(workspace: Path) -> StageCase:
    failed = pl.when(pl.col("answer_id") == f"a-{FAILS}").then(pl.lit("the model ran out"))
    given = _answers().with_columns(error=failed)
    return StageCase(
        PredictParams(detector_id="d1", part_rows=2),
        {"detectors": add_detector(workspace), "answers": given},
        parts=3,
        failing=("item_id", f"a-{FAILS}"),
    )


def embed(workspace: Path) -> StageCase:
    params = EmbedParams(encoder=f"path:{tiny_bert(workspace / 'encoder')}", part_rows=2)
    blank = pl.when(pl.col("answer_id") != f"a-{FAILS}").then("text").otherwise(pl.lit(BLANK))
    given = _answers().with_columns(text=blank)
    return StageCase(params, {"answers": given}, parts=3, failing=("answer_id", f"a-{FAILS}"))


def cluster(workspace: Path) -> StageCase:
    predictions = rows.predictions({f"a-{name}": LABELS[0] for name in NAMES}, detector_id="d1")
    places = pl.Series("embedding", [[float(place), 1.0] for place, _ in enumerate(NAMES)])
    embedded = predictions.with_columns(places.cast(pl.List(pl.Float32)))
    return StageCase(ClusterParams(k=2), {"predictions": embedded, **_lineage()}, parts=1)


def drift(workspace: Path) -> StageCase:
    model = f"path:{tiny_bert(workspace / 'scorer')}"
    return StageCase(DriftParams(model=model, layer=1, part_rows=2), _lineage(), parts=3)


def production(workspace: Path) -> StageCase:
    real = _samples("real").with_columns(sample_id="p-" + pl.col("sample_id"))
    lineage = _lineage()
    tables = {**lineage, "samples": pl.concat([lineage["samples"], real])}
    encoder = f"path:{tiny_bert(workspace / 'encoder')}"
    return StageCase(ProductionParams(datasets=("real",), encoder=encoder), tables, parts=2)


def traffic(workspace: Path) -> StageCase:
    days = [datetime(2026, 1, day) for day in (1, 2, 3)]
    texts = [
        {
            "sample_id": f"{day:%d}-{number}",
            "begin": day,
            "text": f"Rest on day {day:%d}, {number}.",
        }
        for day in days
        for number in range(12)
    ]
    params = TrafficParams(
        dataset="live",
        period="day",
        pairs=tuple(pairwise(days)),
        encoder=f"path:{tiny_bert(workspace / 'encoder')}",
    )
    return StageCase(params, {"traffic_texts": pl.DataFrame(texts, schema=TEXTS)}, parts=2)


def distribution(workspace: Path) -> StageCase:
    encoder = f"path:{tiny_bert(workspace / 'encoder')}"
    tables = {"vectors": rows.vectors({}), **_lineage()}
    return StageCase(DistributionParams(encoder=encoder), tables, parts=2)


def baseline(workspace: Path) -> StageCase:
    params = BaselineParams.fitted(MAJORITY, "real", LABELS[:2], "digest", seed=0)
    return StageCase(params, {"training_rows": toy_rows(12)}, parts=1)


def judge(workspace: Path) -> StageCase:
    params = ClassifyParams(
        detector_id="j1", labels=LABELS, model="path:m", template=TEMPLATE, batch_rows=2
    )
    return StageCase(
        params,
        {"samples": _samples(failing="unreadable")},
        parts=3,
        failing=("sample_id", FAILS),
        generator=FakeGenerator(fails_at="unreadable"),
    )


def scenarios(workspace: Path) -> StageCase:
    word = [FAILS if name == FAILS else f"word {name}" for name in NAMES]
    drawn = pl.DataFrame({"sample_id": NAMES, "dimension": "seed word", "value": word})
    told = brief()
    params = ScenarioParams(
        model="path:m",
        template=TEMPLATE,
        batch_rows=2,
        problem=told.problem,
        definitions=dict(told.definitions),
        context_name=told.context,
        text_name=told.text,
    )
    return StageCase(
        params,
        {
            "samples": _samples(),
            "dimensions": drawn.cast(DIMENSIONS),
            "known": pl.DataFrame(schema={"context": pl.String, "text": pl.String}),
        },
        parts=3,
        failing=("sample_id", FAILS),
        generator=FakeWriter(fails_at=f"- seed words: {FAILS}"),
    )


def annotate(workspace: Path) -> StageCase:
    said = ["unreadable" if name == FAILS else f"{LABELS[0]}, {name}" for name in NAMES]
    texts = pl.Series("text", said)
    return StageCase(
        judge(workspace).params,
        {"answers": rows.answers(NAMES).with_columns(texts)},
        parts=3,
        failing=("answer_id", f"a-{FAILS}"),
        generator=FakeGenerator(fails_at="unreadable"),
    )


def correct(workspace: Path) -> StageCase:
    add_detector(workspace)
    prompts = ["unreadable" if name == FAILS else f"Is {name} good for me?" for name in NAMES]
    params = CorrectParams(
        model="path:m",
        template=TEMPLATE,
        batch_rows=2,
        candidates=1,
        definitions=dict.fromkeys(LABELS, "It is said here."),
        positives=LABELS[:1],
        detector_id="d1",
        threshold=1,
        scorer=f"path:{tiny_bert(workspace / 'scorer')}",
        layer=1,
    )
    flagged = [
        {"answer_id": name, "prompt": prompt, "text": "You must.", "label": LABELS[0]}
        for name, prompt in zip(NAMES, prompts, strict=True)
    ]
    others = pl.DataFrame({"prompt": ["The train to the coast leaves at nine."]})
    return StageCase(
        params,
        {"flagged_answers": rows.frame(FLAGGED_ANSWERS, flagged), "prompts": others},
        parts=3,
        failing=("answer_id", FAILS),
        generator=FakeAdviser(fails_at="unreadable"),
    )


def evaluate(workspace: Path) -> StageCase:
    return StageCase(
        EvaluateParams(detector_ids=("d1",), part_rows=2),
        {"detectors": add_detector(workspace), "samples": _samples()},
        parts=3,
        failing=("sample_id", FAILS),
    )


def simulate(workspace: Path) -> StageCase:
    params = SimulateParams(
        detector_id="d1", encoder=f"path:{tiny_bert(workspace / 'encoder')}", keys=(2, 3), starts=2
    )
    tables = {"detectors": add_detector(workspace), "samples": _samples()}
    return StageCase(params, tables, parts=2)


def vectors(workspace: Path) -> StageCase:
    params = VectorsParams(encoder=f"path:{tiny_bert(workspace / 'encoder')}", part_rows=2)
    return StageCase(params, {"samples": _samples()}, parts=3, failing=("sample_id", FAILS))


def learning(_workspace: Path) -> StageCase:
    ids = [f"s{place:02}" for place in range(12)]
    samples = rows.frame(
        SAMPLES, [{"sample_id": name, "dataset": "d", "text": name} for name in ids]
    )
    places = range(len(ids))
    located = pl.DataFrame(
        {
            "sample_id": ids,
            "job_id": "j",
            "vector": [[float(place % 2), place / 12] for place in places],
            "error": None,
        },
        schema=SAMPLE_VECTORS,
    )
    labelled = samples.with_columns(
        label=pl.Series([LABELS[place % 2] for place in places]),
        is_held_out=pl.Series([place < 4 for place in places]),
    )
    params = LearningParams(
        encoder="path:e",
        strategies=("random", "k-centre"),
        budgets=(2, 4),
        starts=2,
        positives=(LABELS[0],),
    )
    return StageCase(params, {"samples": labelled, "sample_vectors": located}, parts=2)


def speed(workspace: Path) -> StageCase:
    for name in ("d1", "d2"):
        add_detector(workspace, name)
    return StageCase(
        SpeedParams(detector_ids=("d1", "d2")),
        {"detectors": detectors("d1", "d2"), "samples": _samples()},
        parts=2,
        measured=("rows_per_second", "latency_ms", "latency_p95_ms"),
    )


def try_(workspace: Path) -> StageCase:
    way = WayParams(model="path:m", template=TEMPLATE, batch_rows=2, template_file="t")
    return StageCase(
        TrialParams(ways=(way,), encoder=f"path:{tiny_bert(workspace / 'encoder')}"),
        {"samples": _samples(failing="unreadable")},
        parts=1,
        failing=("sample_id", FAILS),
        measured=("seconds",),
        generator=FakeGenerator(fails_at="unreadable"),
    )


def terms(workspace: Path) -> StageCase:
    answer_ids = [f"a-{name}" for name in NAMES]
    members = rows.members({"c0": answer_ids[:3], "c1": answer_ids[3:]})
    return StageCase(TermsParams(), {"members": members, "answers": _answers()}, parts=1)


def titles(workspace: Path) -> StageCase:
    texts = ["unreadable" if name == FAILS else f"Texts on {name}" for name in NAMES]
    patterns = pl.DataFrame({"cluster_id": NAMES, "text": texts})
    return StageCase(
        GenerationParams(model="path:m", template=TEMPLATE, batch_rows=2),
        {"patterns": patterns},
        parts=3,
        failing=("cluster_id", FAILS),
        generator=FakeGenerator(fails_at="unreadable"),
    )


CASES: Final[Mapping[str, Callable[[Path], StageCase]]] = {
    case.__name__.rstrip("_"): case
    for case in (
        queries,
        answers,
        train,
        predict,
        embed,
        cluster,
        drift,
        production,
        traffic,
        distribution,
        baseline,
        judge,
        scenarios,
        annotate,
        correct,
        evaluate,
        simulate,
        vectors,
        learning,
        speed,
        terms,
        titles,
        try_,
        tune,
    )
}
