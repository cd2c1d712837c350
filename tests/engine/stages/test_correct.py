"""Stage `correct`: which candidates are kept, and why the others are not."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl
import pytest

from engine.errors import JobPaused
from engine.generation import corrections
from engine.generation.limits import Limits
from engine.generation.templates import Template
from engine.models.detector import Verdict
from engine.models.prompt_match import PromptMatch
from engine.stages import correct
from engine.stages.correct import CorrectParams, CorrectStage
from store.corrections import FLAGGED_ANSWERS
from tests import rows
from tests.fakes import FakeAdviser, RecordedProgress, make_inputs, run_stage

POSITIVE, _, NEGATIVE = rows.LABELS
PROMPT, ANSWER = "What helps against a cold?", "You must take two pills every evening."
GOOD = "Many people rest when they have a cold; a doctor knows more."
OTHER = "A cold is often over within a week."
TEMPLATE = Template(
    name="t", style="chat", prompt="{text} / {answer} / {label} / {labels} / {allowed} / {context}"
)


class FakeDetector:
    """Flags what says "must", and cannot classify what says "unclear"; notes the contexts."""

    labels = (POSITIVE, NEGATIVE)

    def __init__(self, *, takes_pairs: bool) -> None:
        self.takes_pairs = takes_pairs
        self.contexts: list[object] = []

    def classify(
        self, texts: Sequence[str], batch_size: int, *, contexts: Sequence[str] | None
    ) -> list[Verdict]:
        self.contexts.append(contexts)
        return [self._verdict(text) for text in texts]

    def _verdict(self, text: str) -> Verdict:
        if "unclear" in text:
            return Verdict(error="no token")
        share = 0.9 if "must" in text else 0.3
        label = POSITIVE if share > 0.5 else NEGATIVE
        return Verdict(label=label, probabilities=[share, 1 - share])


def same_words(
    scorer: object, pairs: Sequence[tuple[str, str]], prompts: Sequence[str]
) -> Iterator[PromptMatch]:
    """A match by shared words; the floor is 0.05 where another prompt is known."""
    for prompt, text in pairs:
        shared = set(prompt.casefold().split(" ")) & set(text.casefold().split(" "))
        yield PromptMatch(len(shared) / 10, 0.05 if len(prompts) > 1 else None)


@pytest.fixture
def detector(monkeypatch: pytest.MonkeyPatch) -> FakeDetector:
    found = FakeDetector(takes_pairs=False)
    monkeypatch.setattr("engine.models.detector.Detector.load", lambda *_: found)
    monkeypatch.setattr(correct, "match_prompts", same_words)
    monkeypatch.setattr("engine.models.bertscore.BertScorer", lambda *_: None)
    return found


def write(
    workspace: Path,
    monkeypatch: pytest.MonkeyPatch,
    *replies: str,
    answers: int = 1,
    context: str | None = None,
    prompts: Sequence[str] = (PROMPT, "Is it cold?"),
    threshold: float | None = None,
    limits: Limits | None = None,
    adviser: FakeAdviser | None = None,
    progress: RecordedProgress | None = None,
) -> pl.DataFrame:
    """The rows of answers, as many candidates each as there are replies."""
    generator = adviser or FakeAdviser(*replies)
    monkeypatch.setattr("engine.generation.params.load_generator", lambda *_, **__: generator)
    params = CorrectParams(
        model="path:m",
        template=TEMPLATE,
        candidates=len(replies),
        definitions={POSITIVE: "Advises.", NEGATIVE: "Does not."},
        positives=(POSITIVE,),
        detector_id="d0",
        threshold=threshold,
        scorer="path:s",
        layer=1,
        limits=limits or {},
    )
    flagged = [
        {"answer_id": f"a{number}", "prompt": PROMPT, "context": context, "text": ANSWER,
         "label": POSITIVE}
        for number in range(answers)
    ]  # fmt: skip
    tables = {
        "flagged_answers": rows.frame(FLAGGED_ANSWERS, flagged),
        "prompts": pl.DataFrame({"prompt": prompts}),
    }
    inputs = make_inputs(workspace, tables, stage="0-correct", progress=progress)
    return run_stage(CorrectStage(), inputs, params)


def test_a_candidate_is_kept_where_nothing_speaks_against_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, detector: FakeDetector
) -> None:
    (row,) = write(tmp_path, monkeypatch, f" {GOOD}\n").to_dicts()
    assert (row["text"], row["error"], row["label"]) == (GOOD, None, NEGATIVE)
    assert row["probability"] == pytest.approx(0.3)
    assert row["f1"] > row["floor"]
    assert (row["answer_id"], row["candidate"], row["attempt"]) == ("a0", 0, 1)
    assert (row["detector_id"], row["template"], row["model"]) == ("d0", "t", "path:m")


def test_the_model_is_told_all_that_there_is_to_know(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, detector: FakeDetector
) -> None:
    adviser = FakeAdviser()
    write(tmp_path, monkeypatch, GOOD, context="Be kind.", adviser=adviser)
    labels = f"- {POSITIVE}: Advises.\n- {NEGATIVE}: Does not."
    told = f"{PROMPT} / {ANSWER} / {POSITIVE} / {labels} / {NEGATIVE} / Be kind."
    assert adviser.asked == [[told]]


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("", corrections.EMPTY),
        ("Take a rest when you have a cold, and …", corrections.CUT),
        (ANSWER.upper(), corrections.ECHO),
        (PROMPT, corrections.PROMPT_ECHO),
        ("You must rest when you have a cold.", correct.FLAGGED),
        ("This is unclear.", correct.UNREADABLE),
        ("Trains leave at nine.", correct.NO_ANSWER),
        (f"{GOOD}\N{REPLACEMENT CHARACTER}", corrections.DAMAGED),
    ],
)
def test_a_candidate_that_is_refused_stays_with_its_reason(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    detector: FakeDetector,
    reply: str,
    reason: str,
) -> None:
    refused, kept = write(tmp_path, monkeypatch, reply, OTHER).to_dicts()
    assert (refused["error"], kept["error"]) == (reason, None)
    assert refused["text"] == reply.rstrip("…").strip()


def test_the_same_candidate_again_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, detector: FakeDetector
) -> None:
    found = write(tmp_path, monkeypatch, GOOD, f"{GOOD.upper()} ", OTHER)
    assert found["error"].to_list() == [None, correct.REPEAT, None]
    assert found["candidate"].to_list() == [0, 1, 2]
    assert found["correction_id"].is_unique().all()


def test_without_another_prompt_nothing_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, detector: FakeDetector
) -> None:
    (row,) = write(tmp_path, monkeypatch, GOOD, prompts=[PROMPT]).to_dicts()
    assert (row["error"], row["floor"]) == (correct.NO_FLOOR, None)


def test_a_chosen_threshold_decides_what_is_flagged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, detector: FakeDetector
) -> None:
    (row,) = write(tmp_path, monkeypatch, GOOD, threshold=0.25).to_dicts()
    assert (row["error"], row["label"]) == (correct.FLAGGED, NEGATIVE)


@pytest.mark.parametrize("takes_pairs", [True, False])
def test_only_a_detector_for_pairs_is_given_contexts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, detector: FakeDetector, takes_pairs: bool
) -> None:
    detector.takes_pairs = takes_pairs
    write(tmp_path, monkeypatch, GOOD, context="Be kind.")
    assert detector.contexts == [["Be kind."] if takes_pairs else None]


def test_the_job_pauses_where_nearly_all_first_candidates_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, detector: FakeDetector
) -> None:
    limits: Limits = {"error": 0.5}
    with pytest.raises(JobPaused, match="the first corrections are not as they should be"):
        write(tmp_path, monkeypatch, "You must rest.", answers=20, limits=limits)
    assert write(tmp_path / "b", monkeypatch, GOOD, answers=20, limits=limits).height == 20


def test_candidates_are_shown_as_they_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, detector: FakeDetector
) -> None:
    progress = RecordedProgress()
    write(tmp_path, monkeypatch, GOOD, OTHER, progress=progress)
    assert [dict(text.texts) for text in progress.texts] == [
        {"prompt": PROMPT, "flagged": ANSWER, "correction": text} for text in (GOOD, OTHER)
    ]
