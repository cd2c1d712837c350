"""What the child process of a `Learner` does: it fits and foresees, one request at a time."""

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, astuple
from typing import IO, Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.spreading.disagreement import Disagreement
from engine.spreading.learner import SAMPLE, Basis, Chosen, Foreseen, Learned
from engine.spreading.model import Decided, Matrix, Numbers, SpreadingModel, fit
from engine.spreading.order import choose_next, find_margins
from engine.spreading.spread import NOTHING, find_disagreements, spread

NICENESS: Final = 5  # keys come first, yet a machine full of jobs leaves it a share


class Fits:
    """The vectors, and the newest fit on them."""

    def __init__(self, matrix: Matrix) -> None:
        self._matrix = matrix
        self._sample = _draw_sample(len(matrix))
        self._sampled = matrix[self._sample]
        self._decided: Decided | None = None
        self._model: SpreadingModel | None = None
        self._confidence = 0.0
        self._is_free = np.ones(len(matrix), bool)
        self._labels = np.full(len(self._sample), "", object)  # of the sample; "" is none

    def fit(self, basis: Basis, confidence: float) -> Learned:
        """The labels that follow from decisions, as `Learner.fit` gives them."""
        self._is_free[:] = True
        self._is_free[list(basis.kept_out)] = False
        self._decided = Decided(self._matrix[list(basis.places)], basis.labels, basis.groups)
        self._model, self._confidence = fit(self._decided), confidence
        if self._model is None:
            self._labels[:] = ""
            return Learned.nothing()
        found = spread(self._model, self._matrix, confidence)
        codes = np.where(self._is_free, found.codes, NOTHING).astype(np.int16)
        self._labels = _named(found.classes, codes[self._sample])
        return Learned(found.classes, codes, found.probabilities)

    def foresee(
        self, place: int, group: str, members: Sequence[int], labels: Sequence[str]
    ) -> dict[str, Foreseen]:
        """What each label of an answer would do, as `Learner.foresee` says it."""
        if self._decided is None:
            return {}
        others = [member for member in members if member != place and self._is_free[member]]
        outside = self._is_free[self._sample] & ~np.isin(self._sample, [*members, place])
        share = len(self._matrix) / max(len(self._sample), 1)
        found = {}
        for label in labels:
            model = self._fit_with(place, group, label)
            here = self._count(model, self._matrix[others], label)
            new = self._has(model, self._sampled, label) & (self._labels != label) & outside
            found[label] = Foreseen(1 + here, round(int(new.sum()) * share), share > 1)
        return found

    def choose(self, candidates: Sequence[int] | None, count: int, seed: int) -> Chosen:
        """What to decide next, as `Learner.choose` gives it."""
        places = (
            self._sample[self._is_free[self._sample]]
            if candidates is None
            else np.array(candidates, np.int64)
        )
        rows, decided = self._matrix[places], self._decided
        known = rows[:0] if decided is None else decided.vectors
        first = choose_next(self._model, rows, known, count, seed)
        if self._model is None:
            others = np.setdiff1d(np.arange(len(places)), first)
            return Chosen(_listed(places, first, others, candidates), None)
        margins = find_margins(self._model, rows)
        by_margin = np.argsort(margins, kind="stable")
        others = by_margin[~np.isin(by_margin, first)]
        found = _listed(margins, first, others, candidates)
        return Chosen(_listed(places, first, others, candidates), found)

    def find_doubts(
        self, places: Sequence[int], clusters: Sequence[str], labels: Sequence[str]
    ) -> list[Disagreement]:
        """The clusters whose label the model doubts; without a model none."""
        if self._model is None or not places:
            return []
        return find_disagreements(self._model, self._matrix[list(places)], clusters, labels)

    def _fit_with(self, place: int, group: str, label: str) -> SpreadingModel | None:
        """The model of one more decision, of the same strength; None where there is none."""
        decided = self._decided
        assert decided is not None
        more = Decided(
            np.vstack([decided.vectors, self._matrix[place : place + 1]]),
            (*decided.labels, label),
            (*decided.groups, group),
        )
        return fit(more, self._model.strength if self._model else None)

    def _count(self, model: SpreadingModel | None, matrix: Matrix, label: str) -> int:
        return int(self._has(model, matrix, label).sum())

    def _has(self, model: SpreadingModel | None, matrix: Matrix, label: str) -> NDArray[np.bool_]:
        """For each row whether a model gives it this label."""
        if model is None:
            return np.zeros(len(matrix), bool)
        codes = spread(model, matrix, self._confidence).codes
        found: NDArray[np.bool_] = codes == model.classes.index(label)
        return found


def _listed(
    values: NDArray[Any], first: Numbers, others: Numbers, candidates: Sequence[int] | None
) -> tuple[Any, ...]:
    """The values of those that were chosen, then of the others if candidates were given."""
    chosen = first if candidates is None else np.concatenate([first, others])
    return tuple(values[chosen].tolist())


def _draw_sample(rows: int) -> NDArray[np.int64]:
    """The places of `SAMPLE` rows, or of all, in order; the same each time."""
    if rows <= SAMPLE:
        return np.arange(rows)
    return np.sort(np.random.default_rng(0).choice(rows, SAMPLE, replace=False))


def _named(classes: Sequence[str], codes: NDArray[np.int16]) -> NDArray[np.object_]:
    return np.array([*classes, ""], object)[codes]  # NOTHING is the last place


def main(vectors: int, requests: IO[bytes], results: IO[bytes]) -> None:
    """Answer requests, a line each, until there are no more; `vectors` is an open file's number."""
    fits: Fits | None = None
    for line in requests:
        asked: dict[str, Any] = json.loads(line)
        if fits is None:
            shape = (asked["rows"], asked["width"])
            fits = Fits(np.memmap(os.fdopen(vectors, "rb"), np.float32, "r", shape=shape))
        if asked["what"] == "fit":
            lists = (tuple(asked[name]) for name in ("places", "labels", "groups", "kept_out"))
            learned = fits.fit(Basis(*lists), asked["confidence"])
            _write_line(results, {"classes": learned.classes})
            results.write(learned.codes.tobytes() + learned.probabilities.tobytes())
        elif asked["what"] == "choose":
            chosen = fits.choose(asked["candidates"], asked["count"], asked["seed"])
            _write_line(results, asdict(chosen))
        elif asked["what"] == "doubt":
            doubts = fits.find_doubts(asked["places"], asked["clusters"], asked["labels"])
            _write_line(results, {"doubts": [asdict(doubt) for doubt in doubts]})
        else:
            found = fits.foresee(asked["place"], asked["group"], asked["members"], asked["labels"])
            _write_line(
                results, {"foreseen": {label: astuple(item) for label, item in found.items()}}
            )
        results.flush()


def _write_line(results: IO[bytes], values: dict[str, Any]) -> None:
    results.write(json.dumps(values).encode() + b"\n")


if __name__ == "__main__":
    os.nice(NICENESS)
    main(int(sys.argv[1]), sys.stdin.buffer, sys.stdout.buffer)
