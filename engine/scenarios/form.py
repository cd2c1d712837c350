"""The form in which a language model writes a scenario: one JSON object, and reading it back.

{"system prompt": "…", "on-topic": ["…", "…"], "off-topic": ["…", "…"]}
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from engine.generation.trimming import is_blank
from engine.generation.written import replace_unusable

ELLIPSIS: Final = "…"
SHORTEST: Final = 5
"""Characters, where there is a largest number too: held to a schema without, the bundled model left
a text empty in 17 of its first 30 scenarios."""


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A text with the label that it was written for."""

    text: str
    label: str


@dataclass(frozen=True, slots=True)
class Scenario:
    """A context with its texts, in the order in which they were written."""

    context: str
    texts: tuple[LabelledText, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """Why what was written is no scenario."""

    reason: str


@dataclass(frozen=True, slots=True)
class Form:
    """The keys of the object: what a context is called, and labels with how many texts of each."""

    context: str
    counts: Mapping[str, int]

    def schema(self, longest_context: int | None = None, longest_text: int | None = None) -> str:
        """The JSON schema, as text; lengths are in characters, None sets no limit.

        Without lengths it has only what every server with structured output takes.
        """
        texts = {
            label: {
                "type": "array",
                "items": _string(longest_text),
                "minItems": count,
                "maxItems": count,
            }
            for label, count in self.counts.items()
        }
        properties = {self.context: _string(longest_context), **texts}
        return json.dumps(
            {
                "type": "object",
                "properties": properties,
                "required": list(properties),
                "additionalProperties": False,
            },
            ensure_ascii=False,
        )

    def skeleton(self) -> str:
        """The object with an ellipsis for every text."""
        return self.write(ELLIPSIS, {label: [ELLIPSIS] * n for label, n in self.counts.items()})

    def write(self, context: str, texts: Mapping[str, Sequence[str]]) -> str:
        """The object of a scenario, as it could be written; labels without texts are left out."""
        named = {label: list(texts[label]) for label in self.counts if label in texts}
        return json.dumps({self.context: context, **named}, ensure_ascii=False)

    def read(self, written: str) -> Scenario | Fault:
        """The scenario of what a model wrote, whatever it wrote around it, or why it is none."""
        found = _parse(written)
        if isinstance(found, Fault):
            return found
        context = found.get(self.context)
        if not isinstance(context, str) or is_blank(context):
            return Fault(f"it has no {self.context}")
        for label, count in self.counts.items():
            if (reason := _why_unfit(found.get(label), label, count)) is not None:
                return Fault(reason)
        labels = [key for key in found if key in self.counts]
        return Scenario(
            _clean(context),
            tuple(LabelledText(_clean(text), label) for label in labels for text in found[label]),
        )


def _string(longest: int | None) -> dict[str, object]:
    if longest is None:
        return {"type": "string"}
    return {"type": "string", "minLength": SHORTEST, "maxLength": longest}


def _parse(written: str) -> dict[str, Any] | Fault:
    """The outermost object in a text; a fence or a sentence around it does no harm."""
    start, end = written.find("{"), written.rfind("}")
    body = written[start : end + 1] if 0 <= start < end else written
    try:
        found = json.loads(body, strict=False)
    except (ValueError, RecursionError) as error:
        return Fault(f"it is not JSON ({error})")
    return found if isinstance(found, dict) else Fault("it is not a JSON object")


def _why_unfit(texts: object, label: str, count: int) -> str | None:
    """What is wrong with the texts of a label; None if nothing is."""
    if not isinstance(texts, list):
        return f"it has no list of {label}"
    if not all(isinstance(text, str) and not is_blank(text) for text in texts):
        return f"a text of {label} is empty, or not a text"
    if len(texts) != count:
        return f"it has {len(texts)} of {label}, and {count} were asked for"
    return None


def _clean(text: str) -> str:
    return replace_unusable(text).strip()
