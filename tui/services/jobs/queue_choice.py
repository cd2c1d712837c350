"""Which rows of production a strategy takes, of what is known of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from engine.selection.choice import Pool, choose, choose_apart, find_doubtful
from engine.selection.strategy import NEEDS, Strategy
from engine.spreading.model import Matrix, Numbers
from store.database.connection import Database
from store.detectors import DetectorRow, find_detector, list_detectors
from store.evaluations import list_evaluations
from store.queue import draw_candidates, read_predictions
from tui.services.errors import NothingToDo

POOL: Final = 100_000  # rows, drawn at random, of which a strategy chooses
EMBEDDED: Final = 5_000  # rows that get vectors, unless more are to be chosen


@dataclass(frozen=True, slots=True)
class QueueRequest:
    """What to label next: `budget` rows, a `random_share` of them drawn from all that wait.

    `detectors` are those whose newest evaluations say how sure they are; none means the newest one
    that was evaluated on the dataset, and for disagreement the two newest.
    """

    dataset: str
    strategy: Strategy
    budget: int
    random_share: float
    detectors: tuple[str, ...] = ()
    seed: int = 0

    @property
    def drawn(self) -> int:
        """How many rows are drawn at random."""
        return self.budget if self.strategy == "random" else round(self.random_share * self.budget)


@dataclass(frozen=True, slots=True, eq=False)
class Choices:
    """What a choice is made from: rows that are `drawn`, by id, and the `pool` of the others.

    The pool has no text twice, and none that was selected before. `probabilities` are [detectors,
    rows, labels], None where the strategy asks for none; `predicted` has the label that the first
    of the detectors predicted for each row, null where none did. Of the rows that `waiting` counts,
    `unpredicted` were left out as a detector says nothing of them.
    """

    drawn: tuple[str, ...]
    pool: tuple[str, ...]
    waiting: int
    unpredicted: int
    detectors: tuple[DetectorRow, ...]
    probabilities: NDArray[np.float32] | None

    def find_places(self, request: QueueRequest) -> Numbers | None:
        """The rows of the pool that need vectors; None where the strategy asks for none."""
        if "vectors" not in NEEDS[request.strategy] or request.drawn == request.budget:
            return None
        if self.probabilities is None:
            return np.arange(min(len(self.pool), max(EMBEDDED, request.budget)))
        rest = request.budget - len(self.drawn)
        doubtful = find_doubtful(self.probabilities[0], rest, request.seed)
        return doubtful[: max(EMBEDDED, rest)]


def gather_choices(database: Database, request: QueueRequest) -> Choices:
    """The rows that wait, and what the evaluations of detectors say of them.

    Raises NothingToDo where none waits, or no detector was run on the dataset that should have
    been, and UnknownName for a detector that is not there.
    """
    found = draw_candidates(database, request.dataset, POOL, request.seed)
    if not found.waiting:
        raise NothingToDo(
            f"No row of {request.dataset!r} is left that was not selected before: "
            "`backquery import` brings more."
        )
    drawn = found.rows.head(request.drawn)
    rest = found.rows.slice(request.drawn).filter(
        ~pl.col("is_known") & ~pl.col("text_hash").is_in(drawn["text_hash"].to_list())
    )
    pool = rest.unique("text_hash", keep="first", maintain_order=True)["sample_id"]
    evaluated = _find_evaluated(database, request)
    said = [read_predictions(database, name, pool.to_list()) for _, name in evaluated]
    for frame in said:
        pool = pool.filter(pool.is_in(frame["sample_id"].to_list()))
    detectors = tuple(detector for detector, _ in evaluated)
    return Choices(
        drawn=tuple(drawn["sample_id"]),
        pool=tuple(pool),
        waiting=found.waiting,
        unpredicted=rest["text_hash"].n_unique() - len(pool),
        detectors=detectors,
        probabilities=_line_up(pool, said, detectors) if said else None,
    )


def pick(
    request: QueueRequest, choices: Choices, places: Numbers | None, vectors: Matrix | None,
    labelled: Matrix | None,
) -> tuple[str, ...]:  # fmt: skip
    """The rows that the strategy takes, in the order in which to label them.

    `vectors` are those of the pool's rows at `places`, and `labelled` those of what is labelled.
    """
    count = request.budget - len(choices.drawn)
    if places is None or vectors is None:
        places = np.arange(len(choices.pool))
    known = choices.probabilities
    sure = None if known is None else known[:, places]
    if request.strategy == "mixed":
        assert sure is not None
        assert vectors is not None
        taken = choose_apart(sure[0], vectors, count, request.seed)
    else:
        pool = Pool(len(places), None if sure is None else sure[0], sure, vectors, labelled)
        taken = choose(request.strategy, pool, count, request.seed)
    return tuple(choices.pool[place] for place in places[taken])


def _find_evaluated(database: Database, request: QueueRequest) -> list[tuple[DetectorRow, str]]:
    """Detectors with their newest evaluations, as many as the strategy needs."""
    needs = NEEDS[request.strategy]
    count = 2 if "committee" in needs else 1 if "probabilities" in needs else 0
    if not count or request.drawn == request.budget:
        return []
    evaluations = {
        item.detector_id: item.evaluation_id for item in list_evaluations(database, request.dataset)
    }
    named = [find_detector(database, name) for name in request.detectors]
    newest = named or list_detectors(database)[::-1]
    chosen = [item for item in newest if item.detector_id in evaluations]
    if len(chosen) < max(count, len(named)):
        missing = [item.name for item in newest if item.detector_id not in evaluations]
        raise NothingToDo(_describe_missing(request, count, missing))
    return [(item, evaluations[item.detector_id]) for item in chosen[:count]]


def _describe_missing(request: QueueRequest, count: int, missing: Sequence[str]) -> str:
    needed = "probabilities of two detectors" if count == 2 else "a detector's probabilities"
    name = missing[0] if missing else "NAME"
    return (
        f"The strategy {request.strategy} needs {needed} on {request.dataset!r}: `backquery "
        f"evaluate {name} --on {request.dataset}` computes them. `--strategy random` and "
        "`--strategy k-centre` need none."
    )


def _line_up(
    pool: pl.Series, said: Sequence[pl.DataFrame], detectors: Sequence[DetectorRow]
) -> NDArray[np.float32]:
    """[detectors, rows, labels]: a label that a detector does not know has probability 0."""
    labels = sorted({label for detector in detectors for label in detector.labels})
    found = np.zeros((len(said), len(pool), len(labels)), np.float32)
    for place, (frame, detector) in enumerate(zip(said, detectors, strict=True)):
        rows = pool.to_frame("sample_id").join(frame, on="sample_id", maintain_order="left")
        columns = [labels.index(label) for label in detector.labels]
        if rows.height:
            own = rows["probabilities"].list.to_array(len(columns)).to_numpy()
            found[place][:, columns] = own
    return found
