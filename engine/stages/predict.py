"""Stage `predict`: a detector's label, probabilities and embedding for every answer or sample.

Every item of the input gets one row. An item without a text, such as an answer that failed, or
an output that is not finite, gets a row with an `error` and nothing else. A detector for pairs
takes an answer together with its query, and a sample with its context.
"""

from collections.abc import Iterator
from typing import ClassVar, Literal

import polars as pl
from pydantic import Field

from engine.errors import InputsMissing
from engine.jobs.draft import PlannedStage
from engine.jobs.due import RunPlan
from engine.jobs.params import StageParams
from engine.jobs.stage import Inputs
from engine.models.detector import Detector, Verdict, detector_folder
from engine.models.inputs import contexts_of
from store.schema import PREDICTIONS


class PredictParams(StageParams):
    """Who predicts on what. `detector_id` None is the newest detector that the job was given."""

    detector_id: str | None = None
    items: Literal["answers", "samples"] = "answers"
    part_rows: int = Field(default=256, ge=1)
    batch_size: int = Field(default=32, ge=1)


class PredictStage:
    """Predicts in the order of the items' ids, so part n always holds the same rows."""

    name: ClassVar[str] = "predict"
    reads: ClassVar[tuple[str, ...]] = ("detectors", "answers", "queries", "samples")
    writes: ClassVar[str] = "predictions"
    Params: ClassVar[type[StageParams]] = PredictParams

    def plan(self, run: RunPlan) -> Iterator[PlannedStage]:
        """A stage for answers, and one for unlabelled seeds, without a prediction."""
        if not run.wants(self.name) or run.fault or not run.has_detector:
            return
        known = run.detector_id
        tables = {"detectors": run.stored.detectors(known)} if known else {}
        answers = unpredicted_answers(run)
        if not answers.is_empty() or run.draft.writes("answers"):
            params = PredictParams(detector_id=known, items="answers")
            given = {"answers": answers, **tables}
            if run.workspace.task.is_pair:
                given["queries"] = run.stored.queries_of(answers["answer_id"])
            yield PlannedStage(self.name, params, answers.height, given)
        samples = run.stored.unlabelled_samples(known)
        if not samples.is_empty():
            params = PredictParams(detector_id=known, items="samples")
            yield PlannedStage(self.name, params, samples.height, {"samples": samples, **tables})

    def run(self, inputs: Inputs, params: PredictParams) -> Iterator[pl.DataFrame]:
        """One frame of up to `part_rows` predictions after the other.

        Embeddings are kept for answers only. Raises InputsMissing and ModelUnavailable.
        """
        kind, items = params.items.removesuffix("s"), _read_items(inputs, params.items)
        done = min(inputs.parts_done * params.part_rows, len(items))
        inputs.progress.start(len(items), done)
        if done == len(items):
            return
        detector_id = choose_detector(inputs.table("detectors"), params.detector_id)
        detector = Detector.load(detector_folder(inputs.workspace, detector_id), inputs.device)
        if detector.takes_pairs and params.items == "answers":
            items = _with_queries(items, inputs)
        for start in range(done, len(items), params.part_rows):
            part = items.slice(start, params.part_rows)
            verdicts = detector.classify(
                part["text"].to_list(),
                params.batch_size,
                inputs.progress.computed,
                contexts=part["context"].to_list(),
            )
            yield _frame(part["item_id"], verdicts, detector_id, kind, inputs.job_id)
            inputs.progress.advance(part.height)


def unpredicted_answers(run: RunPlan) -> pl.DataFrame:
    """The usable answers without a prediction of the run's detector."""
    made = {"detector_id": run.detector_id}
    return run.stored.usable_answers("predictions", made, only_worded=True)


def choose_detector(detectors: pl.DataFrame, detector_id: str | None) -> str:
    """The id asked for, or the last row's. Raises InputsMissing if it is not there."""
    known: list[str] = detectors["detector_id"].to_list()
    if not known or (detector_id is not None and detector_id not in known):
        raise InputsMissing(
            f"The job was given the detectors {known}, and asks for {detector_id or 'any'}: "
            "train one first, or name one that is there."
        )
    return detector_id or known[-1]


def _read_items(inputs: Inputs, table: str) -> pl.DataFrame:
    """The item_id, text, context and query_id of each item once, by id.

    A failed answer's text is null, and so is any answer's context: that is the text of its query.
    """
    rows, none = inputs.table(table), pl.lit(None, pl.String)
    if table == "answers":
        kept = pl.when(pl.col("error").is_null()).then(pl.col("text"))
        items = rows.select("query_id", item_id="answer_id", text=kept, context=none)
    else:
        contexts = pl.Series("context", contexts_of(rows), pl.String)
        items = rows.select("text", contexts, item_id="sample_id", query_id=none)
    return items.unique("item_id", keep="first").sort("item_id")


def _with_queries(answers: pl.DataFrame, inputs: Inputs) -> pl.DataFrame:
    """Answers in the same order, with the texts of their queries as contexts."""
    queries = inputs.table("queries").unique("query_id", keep="first")
    texts = queries.select("query_id", context="text")
    return answers.drop("context").join(texts, on="query_id", how="left", maintain_order="left")


def _frame(
    item_ids: pl.Series, verdicts: list[Verdict], detector_id: str, kind: str, job_id: str
) -> pl.DataFrame:
    rows = [
        (
            detector_id,
            kind,
            item_id,
            job_id,
            verdict.label,
            verdict.probabilities,
            verdict.embedding if kind == "answer" else None,
            verdict.error,
        )
        for item_id, verdict in zip(item_ids, verdicts, strict=True)
    ]
    return pl.DataFrame(rows, schema=dict(PREDICTIONS), orient="row")
