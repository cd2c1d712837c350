"""Reads garak's report: each output of an attempt, with what each detector says of it.

Only an attempt with the status 2 is complete. The threshold over which an output is a hit, and the
version, are in the first lines of the report.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from store.reading.cells import RowRefused
from store.reading.logs.records import Asked, Layout, LogRecord, PassedOver, Reader, Row, Verdict
from store.reading.logs.turns import system_text
from store.reading.logs.values import as_row, as_score, as_text, text_or_none, word

_COMPLETE: Final = 2
_THRESHOLD: Final = 0.5  # garak's own, where the report names none
_ENTRY: Final = "entry_type"


def recognises(row: Row) -> bool:
    """Whether a row is a line of a report."""
    return isinstance(row.get(_ENTRY), str)


def _open(asked: Asked, head: Sequence[Row]) -> Reader:
    named = (as_score(row.get("run.eval_threshold")) for row in head)
    threshold = next((value for value in named if value is not None), _THRESHOLD)
    version = next((word(row["garak_version"]) for row in head if "garak_version" in row), None)

    def read(row: Row) -> Iterator[LogRecord | PassedOver]:
        if not recognises(row):
            raise RowRefused(f"no {_ENTRY}: not a line of a report of garak")
        if row[_ENTRY] != "attempt":
            yield PassedOver("a line that is no attempt")
        elif asked.turn == "user":
            yield PassedOver("an attempt, of which detectors read the outputs alone")
        elif row.get("status") not in (_COMPLETE, str(_COMPLETE)):
            yield PassedOver("an attempt that was not complete then")
        else:
            yield from _outputs(row, threshold, version)

    return read


def _outputs(row: Row, threshold: float, version: str | None) -> Iterator[LogRecord | PassedOver]:
    outputs, results = row.get("outputs"), as_row(row.get("detector_results"))
    if not isinstance(outputs, list) or not outputs:
        yield PassedOver("an attempt without outputs")
        return
    uuid, prompt, system = word(row.get("uuid")), _prompt(row), _system(row)
    category = word(row.get("probe_classname"))
    for nth, output in enumerate(outputs):
        text, missing = as_text(output.get("text") if isinstance(output, dict) else output)
        for detector, scores in results.items() or ((None, ()),):
            found = scores[nth] if isinstance(scores, (list, tuple)) and nth < len(scores) else None
            score = as_score(found)
            is_hit = score is not None and score >= threshold
            yield LogRecord(
                "assistant", text, missing, uuid and f"{uuid}:{nth}",
                prompt=prompt,
                context=prompt or system,
                conversation=uuid,
                guard=detector,
                guard_version=version,
                verdict=_verdict(detector, is_hit=is_hit, is_scored=score is not None),
                score=score,
                categories=(category,) if category and is_hit else (),
            )  # fmt: skip


def _verdict(detector: str | None, *, is_hit: bool, is_scored: bool) -> Verdict | None:
    """What a detector said; one that gives no score did not answer."""
    if detector is None:
        return None
    if not is_scored:
        return "failed"
    return "flagged" if is_hit else "passed"


def _turns(row: Row) -> list[Row]:
    turns = as_row(row.get("prompt")).get("turns")
    return [turn for turn in turns if isinstance(turn, Mapping)] if isinstance(turns, list) else []


def _prompt(row: Row) -> str | None:
    """The user's last turn; older reports have the prompt as a text."""
    if isinstance(row.get("prompt"), str):
        return text_or_none(row["prompt"])
    said = [as_row(turn.get("content")).get("text") for turn in _turns(row)
            if turn.get("role") == "user"]  # fmt: skip
    return text_or_none(said[-1]) if said else None


def _system(row: Row) -> str | None:
    return system_text([
        {"role": turn.get("role"), "content": as_row(turn.get("content")).get("text")}
        for turn in _turns(row)
    ])  # fmt: skip


GARAK: Final = Layout("garak", recognises, _open)
