"""The model of the decisions in a child process, fitted again whenever they change.

scikit-learn takes a second to import and must stay out of the app, and a million vectors are scored
for a second. The child gets the vectors once, in a file that has no name, and maps them, so that
neither process holds them in memory and nothing of them is left on the disk, however both end.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import IO, TYPE_CHECKING, Any, Final

from engine.errors import EngineError
from engine.jobs.environment import child_environment
from engine.spreading.disagreement import Disagreement

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DIED: Final = "The process that learns labels died. It starts again with the next decision."
PATIENCE_S: Final = 0.05  # for what else is foreseen; a fit takes longer, and makes it outdated
SAMPLE: Final = 20_000  # answers by which it is foreseen what a label does to all others


@dataclass(frozen=True, slots=True)
class Basis:
    """Decided answers by their places among the vectors, in the order of the decisions.

    No answer in `kept_out`, to which the decided ones belong, gets a label of the model.
    """

    places: tuple[int, ...]
    labels: tuple[str, ...]
    groups: tuple[str, ...]
    kept_out: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """For each vector a label of `classes` by its place there, -1 for none, and its probability.

    `codes` are int16, `probabilities` float32. Without classes, the decisions had fewer than two
    labels, and nothing is learned.
    """

    classes: tuple[str, ...]
    codes: "NDArray[np.int16]"
    probabilities: "NDArray[np.float32]"

    @classmethod
    def nothing(cls) -> "Learned":
        """What fewer than two labels teach."""
        import numpy as np

        return cls((), np.empty(0, np.int16), np.empty(0, np.float32))


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What one more decision would do: `here` counts members with that label afterwards.

    `elsewhere` counts all other answers that the label would newly come to; `is_estimate` where it
    follows from a sample, as there are more than `SAMPLE`.
    """

    here: int
    elsewhere: int
    is_estimate: bool = False


@dataclass(frozen=True, slots=True)
class Chosen:
    """Vectors by their places, those to decide next first; `margins` is None without a model."""

    places: tuple[int, ...]
    margins: tuple[float, ...] | None


class Learner:
    """A child process with vectors: give it those first. Close it at the end."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="backquery-")  # noqa: SIM115 (until closed)
        self._rows = self._width = 0
        self._turn = threading.Lock()
        self._is_fitting = False
        self._process = subprocess.Popen(
            [sys.executable, "-m", "engine.spreading.learner_process", str(self._file.fileno())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=[self._file.fileno()],
            env=child_environment(os.environ),
        )

    def add(self, rows: "NDArray[np.float32]") -> None:
        """Hand over some more vectors, [rows, width]."""
        import numpy as np

        self._file.write(np.ascontiguousarray(rows, np.float32).data)
        self._rows, self._width = self._rows + len(rows), rows.shape[1]

    def fit(self, basis: Basis, confidence: float) -> Learned:
        """The labels that follow from decisions, where they are at least so probable.

        Raises EngineError if the child died.
        """
        import numpy as np

        self._is_fitting = True
        try:
            with self._turn:
                self._ask("fit", asdict(basis), confidence=confidence)
                classes = tuple(self._line()["classes"])
                count = self._rows if classes else 0
                return Learned(
                    classes,
                    np.frombuffer(self._read(2 * count), np.int16),
                    np.frombuffer(self._read(4 * count), np.float32),
                )
        finally:
            self._is_fitting = False

    def foresee(
        self, place: int, group: str, members: Sequence[int], labels: Sequence[str]
    ) -> dict[str, Foreseen]:
        """What each of these labels of an answer would do to its cluster's members and the rest.

        By the decisions and the confidence of the last fit, with the strength of its model; before
        any, and while one is made, nothing is foreseen. Raises EngineError if the child died.
        """
        while not self._turn.acquire(timeout=PATIENCE_S):
            if self._is_fitting:
                return {}
        try:
            self._ask("foresee", {"place": place, "group": group, "members": list(members)},
                      labels=list(labels))  # fmt: skip
            found = self._line()["foreseen"]
        finally:
            self._turn.release()
        return {label: Foreseen(*counts) for label, counts in found.items()}

    def choose(self, candidates: Sequence[int] | None, count: int, seed: int) -> Chosen:
        """The candidates, of which `count` are to be decided next; the others follow by margin.

        Without candidates only those `count`, among a sample of all that may be labelled. By the
        decisions of the last fit. Raises EngineError if the child died.
        """
        with self._turn:
            self._ask("choose", {"candidates": candidates, "count": count, "seed": seed})
            found = self._line()
        margins = found["margins"]
        return Chosen(tuple(found["places"]), None if margins is None else tuple(margins))

    def find_doubts(
        self, places: Sequence[int], clusters: Sequence[str], labels: Sequence[str]
    ) -> list[Disagreement]:
        """The clusters whose label the model of the last fit doubts; see `find_disagreements`.

        Raises EngineError if the child died.
        """
        with self._turn:
            self._ask("doubt", {"places": places, "clusters": clusters, "labels": labels})
            return [Disagreement(**values) for values in self._line()["doubts"]]

    def _ask(self, what: str, values: Mapping[str, Any], **more: Any) -> None:
        shape = {"rows": self._rows, "width": self._width}
        line = json.dumps({"what": what, **shape, **values, **more}).encode() + b"\n"
        assert self._process.stdin is not None
        try:
            self._file.flush()
            self._process.stdin.write(line)
            self._process.stdin.flush()
        except (OSError, ValueError) as error:  # ValueError where it is closed
            raise EngineError(DIED) from error

    def _line(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        found: dict[str, Any] = json.loads(self._process.stdout.readline() or "null") or {}
        if not found:
            raise EngineError(DIED)
        return found

    def _read(self, size: int) -> bytes:
        assert self._process.stdout is not None
        out = self._process.stdout.read(size)
        if len(out) != size:
            raise EngineError(DIED)
        return out

    def close(self) -> None:
        """End the child, whatever it does; who waits for it is told that it died."""
        self._process.kill()
        self._process.wait()
        with self._turn:
            for stream in (self._process.stdin, self._process.stdout, self._file):
                assert stream is not None
                _close(stream)


def _close(stream: IO[bytes]) -> None:
    """Close a stream, also one with a line that nobody takes any more."""
    try:
        stream.close()
    except OSError:
        stream.close()
