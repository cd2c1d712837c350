"""Stage `correct`: what a chat model should have answered in place of what was rightly flagged.

An LLM writes several candidates. One is kept where the detector does not flag it and it still
answers the prompt; each of the others is a row with the reason.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import ClassVar, Final, Literal

import polars as pl
from pydantic import Field

from engine.generation.chunks import Written
from engine.generation.corrections import FlaggedAnswer
from engine.generation.early_look import EarlyLook
from engine.generation.flags import flag_generation
from engine.generation.params import GenerationParams
from engine.generation.protocol import Generation
from engine.generation.trimming import trim
from engine.jobs.newest import NewText
from engine.jobs.params import StageParams
from engine.jobs.stage import Inputs
from engine.models.detector import Detector, Verdict, detector_folder
from engine.models.prompt_match import PromptMatch, match_prompts
from store.ids import text_digest
from store.schema import CORRECTIONS

REPEAT: Final = "The correction repeats another candidate."
UNREADABLE: Final = "The detector cannot classify the correction."
FLAGGED: Final = "The detector flags the correction, too."
NO_FLOOR: Final = "Nothing says whether the correction answers: no other prompt is known."
NO_ANSWER: Final = "The correction does not answer: it is as near to another prompt."


class CorrectParams(GenerationParams):
    """How corrections are asked for, and what they are held to.

    `definitions` are the task's, of each label, `positives` the labels that the detector is to
    find. It flags from `threshold` on, or else where it predicts one of those. `scorer` is the
    model of BERTScore.
    """

    chat_template: ClassVar[str] = "correct"

    candidates: int = Field(ge=1, le=16)
    definitions: dict[str, str]
    positives: tuple[str, ...]
    detector_id: str
    threshold: float | None = None
    scorer: str
    layer: int = Field(ge=0)
    precision: Literal["float32", "bfloat16"] = "float32"
    batch_size: int = Field(default=32, ge=1)

    @property
    def needs_device(self) -> bool:
        """Always: the detector and BERTScore run on this machine."""
        return True

    @property
    def sampling_json(self) -> str:
        """The number of candidates and the digest of the definitions, beside the sampling."""
        told = text_digest(json.dumps(self.definitions))[:12]
        chosen = {"candidates": self.candidates, "task": told}
        both = {**self.sampling.model_dump(mode="json"), **chosen}
        return json.dumps(both, separators=(",", ":"))

    @property
    def allowed(self) -> str:
        """The labels that an answer may have, as a sentence names them."""
        return " or ".join(name for name in self.definitions if name not in self.positives)


class CorrectStage:
    """Writes a row for each candidate of each flagged answer in its inputs."""

    name: ClassVar[str] = "correct"
    reads: ClassVar[tuple[str, ...]] = ("flagged_answers", "prompts")
    writes: ClassVar[str] = "corrections"
    Params: ClassVar[type[StageParams]] = CorrectParams

    def run(self, inputs: Inputs, params: CorrectParams) -> Iterator[pl.DataFrame]:
        """The corrections, chunk by chunk; those of one answer lie side by side.

        Raises ModelUnavailable.
        """
        flagged = inputs.table("flagged_answers").rows(named=True)
        given = {row.pop("answer_id"): FlaggedAnswer(**row) for row in flagged}
        if not given:
            return
        reader = _Reader(params, given)
        # Loaded first: they may be refused, and no correction should be paid for before.
        checks = _Checks(inputs, params)
        prompts = {
            row: answer.ask(params.template, params.definitions, params.allowed)
            for row, answer in given.items()
        }
        asked = {row: answer.prompt for row, answer in given.items()}
        look = EarlyLook(inputs, params, "correction", "answer_id", asked, counts_errors=True)
        look.take()
        shown = params.generate(inputs, prompts, params.candidates, show=reader.show)
        with closing(shown) as chunks:
            for chunk in chunks:
                found = [item for written in chunk for item in reader.read(written)]
                checks.run(found)
                rows = [reader.row(inputs.job_id, item) for item in found]
                yield pl.DataFrame(rows, schema=CORRECTIONS)
                look.take()


@dataclass(slots=True)
class _Candidate:
    """A candidate of an answer's correction, and what was found out about it so far."""

    written: Written
    number: int  # 0-based
    flagged: FlaggedAnswer
    text: str | None
    flags: list[str]
    error: str | None
    verdict: Verdict = field(default_factory=Verdict)
    probability: float | None = None
    match: PromptMatch | None = None


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads candidates out of what was written; `given` are the flagged answers by their ids."""

    params: CorrectParams
    given: Mapping[str, FlaggedAnswer]

    def show(self, row: str, generation: Generation) -> NewText:
        """What is shown of a candidate before it is checked."""
        flagged = self.given[row]
        text, flags = self._text(flagged, generation)
        shown = {"prompt": flagged.prompt, "flagged": flagged.text, "correction": text}
        return NewText.of(row, generation, shown, flags)

    def read(self, written: Written) -> Iterator[_Candidate]:
        """The candidates of one answer; one that repeats another has an error."""
        flagged, before = self.given[written.row_id], set[str]()
        for number, generation in enumerate(written.generations):
            text, flags = self._text(flagged, generation)
            fault = flagged.find_fault(generation, text, flags)
            words = " ".join((text or "").casefold().split())
            if fault is None and words in before:
                fault = REPEAT
            before.add(words)
            yield _Candidate(written, number, flagged, text, flags, fault)

    def row(self, job_id: str, found: _Candidate) -> dict[str, object]:
        """The row of a candidate (schema CORRECTIONS)."""
        generation, match = found.written.generations[found.number], found.match
        return {
            **self.params.columns(found.written, found.number),
            "correction_id": self.params.row_id(f"correction {found.number}", found.written.row_id),
            "answer_id": found.written.row_id,
            "job_id": job_id,
            "candidate": found.number,
            "text": found.text,
            "flags": found.flags,
            "new_tokens": generation.new_tokens,
            "detector_id": self.params.detector_id,
            "label": found.verdict.label,
            "probability": found.probability,
            "f1": match and match.f1,
            "floor": match and match.floor,
            "error": found.error,
        }

    def _text(self, flagged: FlaggedAnswer, generation: Generation) -> tuple[str | None, list[str]]:
        template = self.params.template
        text = trim(generation.text, template.trim)
        return text, flag_generation(generation, text, flagged.prompt, template, question=False)


class _Checks:
    """The detector that must not flag a candidate, and BERTScore against its prompt."""

    def __init__(self, inputs: Inputs, params: CorrectParams) -> None:
        from engine.models.bertscore import BertScorer

        inputs.progress.note("loads the detector")
        folder = detector_folder(inputs.workspace, params.detector_id)
        self._detector = Detector.load(folder, inputs.device)
        self._scorer = BertScorer(params.scorer, params.layer, inputs.device, params.precision)
        self._params = params
        self._prompts: list[str] = inputs.table("prompts")["prompt"].to_list()
        inputs.progress.note("")

    def run(self, candidates: Sequence[_Candidate]) -> None:
        """Note on each candidate that has no error what both say of it, and why it is refused."""
        self._detect([item for item in candidates if item.error is None])
        self._match([item for item in candidates if item.error is None])

    def _detect(self, candidates: Sequence[_Candidate]) -> None:
        contexts = [item.flagged.context for item in candidates]
        verdicts = self._detector.classify(
            [item.text for item in candidates],
            self._params.batch_size,
            contexts=contexts if self._detector.takes_pairs else None,
        )
        for item, verdict in zip(candidates, verdicts, strict=True):
            item.verdict = verdict
            if verdict.probabilities is None:
                item.error = UNREADABLE
                continue
            item.probability = sum(
                probability
                for label, probability in zip(
                    self._detector.labels, verdict.probabilities, strict=True
                )
                if label in self._params.positives
            )
            if self._is_flagged(item):
                item.error = FLAGGED

    def _is_flagged(self, item: _Candidate) -> bool:
        if self._params.threshold is None or item.probability is None:
            return item.verdict.label in self._params.positives
        return item.probability >= self._params.threshold

    def _match(self, candidates: Sequence[_Candidate]) -> None:
        pairs = [(item.flagged.prompt, item.text or "") for item in candidates]
        matches = match_prompts(self._scorer, pairs, self._prompts)
        for item, match in zip(candidates, matches, strict=True):
            item.match = match
            if match.floor is None:
                item.error = NO_FLOOR
            elif not match.does_answer:
                item.error = NO_ANSWER
