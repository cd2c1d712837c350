"""`backquery score`: a detector over lines of text, as a stream.

Lines are judged in blocks, so that a long input needs no more memory than a short one; what is
written keeps the order, the other fields of a JSON line, and an error in the place of a line
that could not be scored.
"""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TextIO

from engine.device import resolve_devices
from engine.models.detector import Detector, Verdict, detector_folder
from engine.thresholds import label_at
from store.detectors import find_detector
from store.thresholds import find_threshold
from tui.errors import BridgeError
from tui.workspace import Workspace

BLOCK_LINES = 512
BATCH_ROWS = 32

Line = dict[str, object]


def score_file(
    workspace: Workspace, name: str, path: Path, field: str, write: Callable[[str], None]
) -> None:
    """Score every line of a file, `-` for standard input, and write one JSON line for each.

    The label is the most probable one, or follows from the threshold chosen for the detector.
    A line that is a JSON object is scored by its `field`; any other line is itself the text.
    A file that ends in .jsonl or .ndjson must hold objects. Empty lines stay, as errors.
    """
    with workspace.database() as database:
        chosen = find_detector(database, name)
        cut = find_threshold(database, chosen.detector_id)
    with _open(path) as lines:
        device = resolve_devices(workspace.settings.device)[0]
        detector = Detector.load(detector_folder(workspace.path, chosen.detector_id), device)
        positives, threshold = workspace.task.positives, cut.threshold if cut else None

        def relabel(verdict: Verdict) -> str | None:
            if threshold is None or verdict.probabilities is None:
                return verdict.label
            return label_at(verdict.probabilities, detector.labels, positives, threshold)

        only_objects = path.suffix in (".jsonl", ".ndjson")
        while block := list(islice(lines, BLOCK_LINES)):
            rows = [_parse(line, field, only_objects) for line in block]
            for row in _score(rows, field, detector, relabel):
                write(json.dumps(row, ensure_ascii=False))


@contextmanager
def _open(path: Path) -> Iterator[TextIO]:
    if str(path) == "-":
        yield sys.stdin
        return
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            yield file
    except OSError as error:
        raise BridgeError(f"{path} cannot be read: {error.strerror}.") from error


def _parse(line: str, field: str, only_objects: bool) -> Line:
    """Return a line's fields, with an `error` where it has no text to score."""
    line = line.rstrip("\r\n")
    if only_objects or line.lstrip().startswith("{"):
        try:
            row = json.loads(line)
        except ValueError as error:
            return {"error": f"not JSON: {error}", "line": line}
        if not isinstance(row, dict):
            return {"error": "not a JSON object", "line": line}
        if not isinstance(row.get(field), str):
            return row | {"error": f"no text in the field {field!r}"}
    else:
        row = {field: line}
    return row if str(row[field]).strip() else row | {"error": "empty text"}


def _score(
    rows: list[Line], field: str, detector: Detector, relabel: Callable[[Verdict], str | None]
) -> list[Line]:
    texts = [str(row[field]) for row in rows if "error" not in row]
    verdicts = iter(detector.judge(texts, BATCH_ROWS))
    scored = []
    for row in rows:
        if "error" in row:
            scored.append(row | {"label": None, "probabilities": None})
            continue
        verdict = next(verdicts)
        probabilities = verdict.probabilities and dict(
            zip(detector.labels, verdict.probabilities, strict=True)
        )
        found: Line = {"label": relabel(verdict), "probabilities": probabilities}
        scored.append(row | found | ({"error": verdict.error} if verdict.error else {}))
    return scored
