"""The product of the demo of the loop: users' questions, a model that answers, a guard, its log.

None of it is real traffic. The questions are those that are shipped, the embedded model answers
them, a detector of the demo is the guard, and the times are made up. The product is a workspace of
its own, so that the loop sees nothing of it but the log.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import polars as pl
from rich.console import Console

from engine.generation.params import GenerationParams
from engine.jobs.device import resolve_devices
from engine.jobs.draft import JobDraft, PlannedStage
from engine.jobs.parts import write_text
from engine.models.detector import Detector, detector_folder
from store.database.connection import Database
from store.detectors import find_contestant
from store.ids import row_id
from store.pairs import usable_answers
from store.schema import QUERIES, SAMPLES
from tui.commands.progress import follow_job
from tui.services.jobs.run_plan import start_job
from tui.services.settings import samples
from tui.services.workspace import Workspace

GUARD: Final = "health-advice"
FIRST: Final = datetime(2026, 1, 5, 8, tzinfo=UTC)
APART: Final = timedelta(hours=3)  # so that the log is of four weeks
LONGEST: Final = 96  # new tokens of an answer, so that the demo stays within six minutes
BATCH_ROWS: Final = 32


@dataclass(frozen=True, slots=True)
class Exchange:
    """A user's question, and what the product's model answered; `number` is its place, from 0."""

    number: int
    question: str
    answer: str


def answer_questions(product: Workspace, console: Console) -> list[Exchange]:
    """All questions with their answers, which are written where they are missing."""
    questions = _read_questions()
    params = _ways_of_answering(product)
    with product.database() as database:
        due = _without_answer(database, questions)
    if not due.is_empty():
        asked = due.select("sample_id", "text", dataset=pl.lit("questions"))
        seeds = pl.concat([pl.DataFrame(schema=SAMPLES), asked], how="diagonal")
        tables = {"queries": due, "samples": seeds}
        draft = JobDraft([PlannedStage("answers", params, due.height, tables)])
        follow_job(product, start_job(product, draft, force=True), console)
    with product.database() as database:
        answers = usable_answers(database, only_worded=True)
    texts = dict(zip(answers["query_id"], answers["text"], strict=True))
    return [
        Exchange(number, question, texts[query_id])
        for number, (query_id, question) in enumerate(
            zip(questions["query_id"], questions["text"], strict=True)
        )
        if query_id in texts
    ]


def _read_questions() -> pl.DataFrame:
    """The shipped questions as queries that users asked (schema QUERIES)."""
    texts = (samples() / "questions.txt").read_text(encoding="utf-8").splitlines()
    rows = [
        {
            **dict.fromkeys(QUERIES),
            "query_id": row_id("users", number, text),
            "sample_id": row_id("user", number),
            "text": text,
        }
        for number, text in enumerate(texts)
    ]
    return pl.DataFrame(rows, schema=QUERIES)


def _ways_of_answering(product: Workspace) -> GenerationParams:
    settings = product.settings
    chosen = settings.answers.model_copy(
        update={
            "sampling": settings.answers.sampling.model_copy(update={"max_new_tokens": LONGEST})
        }
    )
    return GenerationParams.of(
        chosen, chosen.models[0], product.template(chosen.template),
        seed=settings.seed, attempt=1, limits={},
    )  # fmt: skip


def _without_answer(database: Database, questions: pl.DataFrame) -> pl.DataFrame:
    return questions.join(usable_answers(database), on="query_id", how="anti")


def write_log(workspace: Workspace, path: Path, exchanges: Sequence[Exchange], guard: str) -> None:
    """Write what a guard, one of the workspace's detectors, logs of exchanges (LiteLLM's layout).

    A log that is there stays as it is: what was logged does not change with the next guard.
    """
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        write_text(path, "".join(f"{line}\n" for line in _log(workspace, exchanges, guard)))


def _log(workspace: Workspace, exchanges: Sequence[Exchange], guard: str) -> Iterator[str]:
    with workspace.database() as database:
        detector_id = find_contestant(database, guard).detector_id
    device = resolve_devices(workspace.settings.device)[0]
    detector = Detector.load(detector_folder(workspace.path, detector_id), device)
    verdicts = detector.classify([item.answer for item in exchanges], BATCH_ROWS)
    positives = workspace.task.positives
    for item, verdict in zip(exchanges, verdicts, strict=True):
        flagged = verdict.label in positives
        asked = (FIRST + item.number * APART).timestamp()
        risk = sum(
            probability
            for label, probability in zip(
                detector.labels, verdict.probabilities or (), strict=False
            )
            if label in positives
        )
        yield json.dumps({
            "id": f"chat-{item.number:03}",
            "call_type": "acompletion",
            "model": workspace.settings.answers.models[0],
            "startTime": asked,
            "endTime": asked + 1,
            "messages": [{"role": "user", "content": item.question}],
            "response": {
                "choices": [{"message": {"role": "assistant", "content": item.answer}}]
            },
            "guardrail_information": [{
                "guardrail_name": GUARD,
                "guardrail_provider": guard,
                "guardrail_mode": "post_call",
                "guardrail_status": "guardrail_intervened" if flagged else "success",
                "guardrail_response": {"label": verdict.label},
                "start_time": asked + 1,
                "duration": 0.02,
                "risk_score": round(risk, 6),
                "violation_categories": [verdict.label] if flagged else [],
            }],
        }, ensure_ascii=False)  # fmt: skip
