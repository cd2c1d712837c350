"""`backquery score`: a detector over lines of text, as a stream.

Lines are scored in blocks, so that a long input needs no more memory than a short one, and as they
arrive. Whatever a line holds, one line of strict JSON is written for it, in the same order: with
the other fields of a JSON line, and an error in the place of a line that could not be scored.
"""

import json
import math
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from engine.jobs.device import resolve_devices
from engine.models.detector import Detector, Verdict, detector_folder
from engine.statistics.thresholds import label_at
from store.detectors import find_detector
from store.thresholds import find_threshold
from tui.services.errors import ServiceError
from tui.services.files.line_stream import LONGEST_LINE, TextLine, read_blocks
from tui.services.results.thresholds import require_meaning
from tui.services.workspace import Workspace

BATCH_ROWS: Final = 32
OPENING: Final = 200  # characters of a line too long that are written again
STANDARD_INPUT: Final = Path("-")

Fields = dict[str, object]

# Characters that JSON may hold as they are, but at which some readers end a line.
_LINE_ENDS: Final = re.compile("[\x85\u2028\u2029]")
_NOT_ASCII: Final = re.compile("[^\x00-\x7f]")


@dataclass(frozen=True, slots=True)
class FieldNames:
    """Which fields of a JSON line are the text, and its context where a detector takes pairs."""

    text: str = "text"
    context: str = "context"


@dataclass(frozen=True, slots=True)
class ParsedLine:
    """The fields of a line, and the text to score or the reason why there is none.

    Of a pair there is a context, too.
    """

    fields: Fields
    text: str | None = None
    context: str | None = None
    error: str | None = None


def score_file(
    workspace: Workspace,
    name: str,
    path: Path,
    names: FieldNames,
    write: Callable[[str], None],
    *,
    ascii_only: bool = False,
) -> None:
    """Score every line of a file, `-` for standard input, and write one JSON line for each.

    The label is the most probable one, or follows from the threshold chosen for the detector.
    A line that is a JSON object is scored by the fields of these names; any other line is itself
    the text, without a context. A file that ends in .jsonl or .ndjson must hold objects. Empty
    lines stay, as errors.
    With `ascii_only`, all other characters are written as escapes. Raises ServiceError where the
    file cannot be read, or task.toml no longer fits the threshold.
    """
    with workspace.database() as database:
        chosen = find_detector(database, name)
        cut = find_threshold(database, chosen.detector_id)
    if cut is not None:
        require_meaning(workspace, chosen)
    with _open(path) as read:
        device = resolve_devices(workspace.settings.device)[0]
        detector = Detector.load(detector_folder(workspace.path, chosen.detector_id), device)
        positives, threshold = workspace.task.positives, cut.threshold if cut else None

        def relabel(verdict: Verdict) -> str | None:
            if threshold is None or verdict.probabilities is None:
                return verdict.label
            return label_at(verdict.probabilities, detector.labels, positives, threshold)

        only_objects = path.suffix.lower() in (".jsonl", ".ndjson")
        context = names.context if detector.takes_pairs else None
        for block in read_blocks(read):
            parsed = [parse_line(line, names.text, only_objects, context) for line in block]
            for row in _score(parsed, detector, relabel):
                write(render_line(row, ascii_only=ascii_only))


@contextmanager
def _open(path: Path) -> Iterator[Callable[[int], bytes]]:
    """Give what reads a file or standard input, a piece at a time. Raises ServiceError."""
    if path == STANDARD_INPUT:
        if sys.stdin is None:
            raise ServiceError("Standard input is closed. Name a file, or pipe lines in.")
        buffer: Any = sys.stdin.buffer  # typed as what may have no read1
        yield _translated(path, buffer.read1)
        return
    try:
        file = path.open("rb")
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    with file:
        yield _translated(path, file.read1)


def _translated(path: Path, read: Callable[[int], bytes]) -> Callable[[int], bytes]:
    def read_some(size: int) -> bytes:
        try:
            return read(size)
        except OSError as error:
            raise _unreadable(path, error) from error

    return read_some


def _unreadable(path: Path, error: OSError | ValueError) -> ServiceError:
    reason = error.strerror if isinstance(error, OSError) else str(error)
    what = "Standard input" if path == STANDARD_INPUT else repr(str(path))
    return ServiceError(f"{what} cannot be read: {reason}. Name a file of JSON lines or of texts.")


def parse_line(
    line: TextLine, field: str, only_objects: bool, context: str | None = None
) -> ParsedLine:
    """What a line holds: an object's fields, or its text as `field`; of pairs also a `context`."""
    text = line.text.removeprefix("\ufeff")
    if line.is_cut:
        return ParsedLine(
            {"line": text[:OPENING]}, error=f"the line is longer than {LONGEST_LINE:,} characters"
        )
    if not (only_objects or text.lstrip().startswith("{")):
        return _with_text({field: text}, field, context)
    try:
        row = json.loads(text, parse_constant=lambda _: None, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        return ParsedLine({"line": text}, error=_explain(error))
    if not isinstance(row, dict):
        return ParsedLine({"line": text}, error="not a JSON object")
    return _with_text(row, field, context)


def _with_text(fields: Fields, field: str, context: str | None) -> ParsedLine:
    text = fields.get(field)
    if not isinstance(text, str):
        return ParsedLine(fields, error=f"no text in the field {field!r}")
    if not text.strip():
        return ParsedLine(fields, error="empty text")
    if context is None:
        return ParsedLine(fields, without_surrogates(text))
    beside = fields.get(context)
    if not isinstance(beside, str):
        return ParsedLine(fields, error=f"no text in the field {context!r}")
    if not beside.strip():
        return ParsedLine(fields, error=f"empty text in the field {context!r}")
    return ParsedLine(fields, without_surrogates(text), without_surrogates(beside))


def _finite(number: str) -> float | None:
    """A number as JSON can hold it: 1e999 is none."""
    value = float(number)
    return value if math.isfinite(value) else None


def _explain(error: ValueError | RecursionError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"not JSON: {error.msg} at column {error.colno}"
    if isinstance(error, RecursionError):
        return "nested too deeply"
    return "a number in it has too many digits"


def without_surrogates(text: str) -> str:
    """A text with U+FFFD for each half of a character, which no encoding can hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def render_line(row: Fields, *, ascii_only: bool) -> str:
    """A row as one line of JSON, whatever its reader takes for the end of a line."""
    try:
        line = json.dumps(row, ensure_ascii=False, allow_nan=False)
    except RecursionError:  # as deep as can just be read
        line = json.dumps({"error": "nested too deeply", "label": None, "probabilities": None})
    pattern = _NOT_ASCII if ascii_only else _LINE_ENDS
    return pattern.sub(lambda found: json.dumps(found[0])[1:-1], without_surrogates(line))


def _score(
    lines: list[ParsedLine], detector: Detector, relabel: Callable[[Verdict], str | None]
) -> Iterator[Fields]:
    """Yield each line's fields with those of its verdict, which replace any of the same name."""
    texts = [line.text for line in lines if line.text is not None]
    contexts = [line.context for line in lines if line.text is not None]
    verdicts = iter(detector.classify(texts, BATCH_ROWS, contexts=contexts))
    for line in lines:
        verdict = Verdict(error=line.error) if line.text is None else next(verdicts)
        probabilities = verdict.probabilities and dict(
            zip(detector.labels, verdict.probabilities, strict=True)
        )
        kept = {name: value for name, value in line.fields.items() if name != "error"}
        found: Fields = {"label": relabel(verdict), "probabilities": probabilities}
        yield kept | found | ({"error": verdict.error} if verdict.error else {})
