"""How good learned labels are, and how many more decisions they need, in a process of its own.

scikit-learn must stay out of the app. What is decided goes to the child as JSON and rows of
numbers, and the rating comes back as JSON, which is also how it can be kept.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Final, Literal

from engine.errors import EngineError
from engine.jobs.environment import child_environment
from engine.statistics.estimate import Estimate

if TYPE_CHECKING:
    from engine.spreading.model import Decided, Matrix

Method = Literal["cross-validation", "audit"]

FEWEST_AUDITED: Final = 10  # below, an interval says nothing
NICENESS: Final = 10  # the annotator comes first, then the fit that labels
DIED: Final = "The process that estimates how many labels are right died."


@dataclass(frozen=True, slots=True)
class RatedPoint:
    """After the first `decisions`: the share of learned labels that are right.

    `labelled` is the share of answers whose label is probable enough.
    """

    decisions: int
    right: Estimate | None
    labelled: Estimate | None


@dataclass(frozen=True, slots=True)
class ForecastDecisions:
    """How many decisions `more` bring the share of right labels to `goal`, 0 if it is there.

    `low` and `high` are the ends of an 80 % interval; no `high` is beyond what can be foreseen.
    """

    goal: float
    more: int
    low: int
    high: int | None


@dataclass(frozen=True, slots=True)
class Rating:
    """The shares as the decisions grew, and a forecast, None where that is unknown.

    The shares are over decisions that were held out of the fit: of all, or only of those that an
    audit drew by chance, where these are enough.
    """

    method: Method
    curve: tuple[RatedPoint, ...]
    forecast: ForecastDecisions | None


def rate(
    decided: "Decided",
    sizes: Mapping[str, int],
    is_audited: Sequence[bool],
    confidence: float,
    goal: float,
    undecided: "Matrix | None" = None,
) -> Rating:
    """The rating of what these decisions teach; `sizes` are the numbers of answers of each group.

    `undecided` are vectors of answers that nobody decided, all or some drawn: see `hold_out`.
    Imports scikit-learn. Nothing is drawn but by a seed, so it is the same each time.
    """
    from engine.spreading.forecast import forecast
    from engine.spreading.quality import hold_out, measure_quality

    has_audit = sum(is_audited) >= FEWEST_AUDITED
    held = hold_out(decided, sizes, is_audited if has_audit else None, undecided)
    if has_audit:
        held = [item for item in held if len(item.counted) >= FEWEST_AUDITED]
    points = (measure_quality(item, confidence) for item in held)
    ahead = forecast(held, goal, seed=0)
    return Rating(
        "audit" if has_audit else "cross-validation",
        tuple(RatedPoint(item.decisions, item.right, item.labelled) for item in points),
        ForecastDecisions(ahead.goal, ahead.more, ahead.low, ahead.high) if ahead else None,
    )


def rate_apart(
    decided: "Decided",
    sizes: Mapping[str, int],
    is_audited: Sequence[bool],
    confidence: float,
    goal: float,
    undecided: "Matrix | None" = None,
) -> str:
    """The same, computed in a child process, as the JSON that `read_rating` takes.

    Raises EngineError if the child died.
    """
    import numpy as np

    others = decided.vectors[:0] if undecided is None else undecided
    matrix = np.ascontiguousarray(np.vstack([decided.vectors, others]), np.float32)
    head = {
        "shape": matrix.shape, "labels": decided.labels, "groups": decided.groups,
        "sizes": dict(sizes), "is_audited": list(is_audited), "confidence": confidence,
        "goal": goal,
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "engine.spreading.rating"],
        input=json.dumps(head).encode() + b"\n" + matrix.tobytes(),
        capture_output=True,
        check=False,
        start_new_session=True,
        env=child_environment(os.environ),
    )
    if done.returncode:
        raise EngineError(DIED)
    return done.stdout.decode()


def read_rating(text: str) -> Rating:
    """The rating that a text holds. Raises ValueError if it holds none."""
    try:
        found = json.loads(text)
        return Rating(
            found["method"],
            tuple(
                RatedPoint(decisions, _estimate(right), _estimate(labelled))
                for decisions, right, labelled in found["curve"]
            ),
            ForecastDecisions(*found["forecast"]) if found["forecast"] else None,
        )
    except (KeyError, TypeError) as error:
        raise ValueError("The text holds no rating.") from error


def _estimate(values: Sequence[Any] | None) -> Estimate | None:
    if values is None:
        return None
    value, interval, n = values
    return Estimate(value, tuple(interval) if interval else None, n)


def _write(rating: Rating) -> str:
    def listed(item: Estimate | None) -> list[Any] | None:
        return [item.value, item.interval, item.n] if item else None

    ahead = rating.forecast
    return json.dumps(
        {
            "method": rating.method,
            "curve": [(x.decisions, listed(x.right), listed(x.labelled)) for x in rating.curve],
            "forecast": [ahead.goal, ahead.more, ahead.low, ahead.high] if ahead else None,
        }
    )


def main(requests: IO[bytes], results: IO[bytes]) -> None:
    """Rate what comes in, and write the rating out."""
    import numpy as np

    from engine.spreading.model import Decided

    head = json.loads(requests.readline())
    matrix = np.frombuffer(requests.read(), np.float32).reshape(head["shape"])
    count = len(head["labels"])
    decided = Decided(matrix[:count], tuple(head["labels"]), tuple(head["groups"]))
    told = (head["sizes"], head["is_audited"], head["confidence"], head["goal"])
    rating = rate(decided, *told, matrix[count:])
    results.write(_write(rating).encode())
    results.flush()


if __name__ == "__main__":
    os.nice(NICENESS)
    main(sys.stdin.buffer, sys.stdout.buffer)
