"""Reads what `backquery score` writes: the fields of each line, a label and its probabilities."""

from collections.abc import Iterator, Sequence
from typing import Final

from store.reading.cells import RowRefused
from store.reading.logs.fields import said_in
from store.reading.logs.records import Asked, Layout, LogRecord, PassedOver, Reader, Row, Verdict
from store.reading.logs.values import as_row, as_score, as_text, text_or_none, word


def recognises(row: Row) -> bool:
    """Whether a row has been scored by a detector of ours."""
    return "label" in row and "probabilities" in row and isinstance(row.get("text", ""), str)


def _open(asked: Asked, _: Sequence[Row]) -> Reader:
    side = asked.turn or "assistant"

    def read(row: Row) -> Iterator[LogRecord | PassedOver]:
        if "label" not in row:
            raise RowRefused("no label: it was not scored")
        label = word(row.get("label"))
        if label is not None and label not in asked.labels:
            raise RowRefused(f"'{label}' is not a label of this task")
        said = said_in(row)
        text, missing = as_text(row.get(asked.text_field))
        context = text_or_none(row.get(asked.context_field))
        is_flagged = label in asked.positives
        verdict: Verdict = "failed" if label is None else "flagged" if is_flagged else "passed"
        prompt = text_or_none(row.get("prompt"))
        yield LogRecord(
            side, text, missing, said.own_id,
            prompt=prompt,
            context=context,
            conversation=said.conversation,
            logged_at=said.logged_at,
            guard=said.guard,
            guard_version=said.guard_version,
            verdict=verdict,
            score=_score(as_row(row.get("probabilities")), asked.positives),
            categories=(label,) if label and is_flagged else (),
            feedback=said.feedback,
        )  # fmt: skip

    return read


def _score(probabilities: Row, positives: frozenset[str]) -> float | None:
    """The probability that a text is to be flagged."""
    found = [as_score(value) for label, value in probabilities.items() if label in positives]
    return sum(value for value in found if value is not None) if probabilities else None


SCORED: Final = Layout("scores of a detector", recognises, _open)
