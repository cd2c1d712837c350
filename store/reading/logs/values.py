"""Values of logs: texts that may be redacted, times, scores, verdicts in words, feedback."""

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from store.reading.cells import RowRefused
from store.reading.logs.records import Feedback, Missing, Row, Verdict

# Each is what a tool writes in the place of a text, in lower case: LiteLLM, OpenInference, and what
# people write themselves.
_REDACTED: Final = frozenset(
    ("redacted-by-litellm", "__redacted__", "redacted", "[redacted]", "<redacted>",
     "***redacted***")
)  # fmt: skip
_SECONDS: Final = 1e11  # larger numbers are of a smaller unit
_SMALLER: Final = ("milliseconds", "microseconds", "nanoseconds")
_NO_TIME: Final = (None, "", 0, 0.0, "0")

_VERDICTS: Final[dict[str, Verdict]] = {
    **dict.fromkeys(
        ("flagged", "flag", "blocked", "block", "fail", "unsafe", "deny", "denied",
         "reject", "rejected", "intervened", "guardrail_intervened", "guardrail_flagged",
         "violation", "harmful", "toxic", "masked", "mask", "anonymized", "filtered"), "flagged"),
    **dict.fromkeys(
        ("passed", "pass", "allowed", "allow", "safe", "success", "ok", "none", "clean", "approved",
         "accept", "accepted", "benign", "harmless"), "passed"),
    **dict.fromkeys(
        ("failed", "error", "failure", "timeout", "guardrail_failed_to_respond",
         "failed_to_respond"), "failed"),
}  # fmt: skip
_FEEDBACK: Final[dict[str, Feedback]] = {
    **dict.fromkeys(("right", "correct", "true_positive", "true_negative", "tp", "tn"), "right"),
    **dict.fromkeys(
        ("wrong", "incorrect", "false_positive", "false_negative", "fp", "fn"), "wrong"
    ),
}


def as_text(value: object) -> tuple[str | None, Missing | None]:
    """A text as it is, or why there is none."""
    if not isinstance(value, str) or not value.strip():
        return None, "absent"
    if len(value) < 40 and value.strip().lower() in _REDACTED:
        return None, "redacted"
    return value, None


def text_or_none(value: object) -> str | None:
    """A text that is there and not redacted."""
    return as_text(value)[0]


def word(value: object) -> str | None:
    """A name or an id as text; None for what is empty or nested."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    return str(value).strip() or None


def as_time(value: object) -> datetime | None:
    """A moment in UTC, of seconds since 1970 or smaller units of them, or as ISO 8601 has it.

    What names no zone is UTC. Raises RowRefused for what is no moment.
    """
    if value in _NO_TIME:
        return None
    try:
        if isinstance(value, str) and not _is_number(value):
            found = datetime.fromisoformat(value.strip())
            return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found
        if isinstance(value, (str, int, float)) and not isinstance(value, bool):
            seconds = float(value)
            for _ in _SMALLER:
                if abs(seconds) > _SECONDS:
                    seconds /= 1000
            return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
    except (ValueError, OverflowError, OSError):
        pass
    raise RowRefused(f"its time cannot be read: {str(value)[:40]!r}")


def _is_number(value: str) -> bool:
    return value.strip().lstrip("-").replace(".", "", 1).isdecimal()


def as_score(value: object) -> float | None:
    """A finite number, also of a text; None for all else."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def as_verdict(value: object) -> Verdict | None:
    """What a word or a truth value that says whether a text was flagged means; None if nothing."""
    if isinstance(value, bool):
        return "flagged" if value else "passed"
    return _VERDICTS.get(plain_word(value))


def as_feedback(value: object) -> Feedback | None:
    """What a user said of a verdict."""
    return _FEEDBACK.get(plain_word(value))


def plain_word(value: object) -> str:
    """A word in lower case with underscores, "" for what is none."""
    return (
        value.strip().lower().replace("-", "_").replace(" ", "_") if isinstance(value, str) else ""
    )


def as_names(value: object) -> tuple[str, ...]:
    """Names of categories: of a list of texts or of objects with a name, or the true keys."""
    if isinstance(value, Mapping):
        return tuple(str(key) for key, found in value.items() if found is True)
    if isinstance(value, str):
        return (value,) if value.strip() else ()
    if not isinstance(value, list):
        return ()
    names = [_name(item) for item in value]
    return tuple(dict.fromkeys(name for name in names if name))


def _name(item: object) -> str | None:
    if not isinstance(item, Mapping):
        return word(item)
    if item.get("triggered") is False:
        return None
    return word(item.get("name") or item.get("category") or item.get("type"))


def as_row(value: object) -> Row:
    """An object, also of its JSON; empty for all else."""
    value = from_json(value)
    return value if isinstance(value, Mapping) else {}


def from_json(value: object) -> object:
    """What a text of JSON holds; other values as they are."""
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


def first(row: Row, *names: str) -> object:
    """The first of these fields that is there and not empty."""
    for name in names:
        found = row.get(name)
        if found is not None and found != "":
            return found
    return None
