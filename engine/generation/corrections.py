"""What is asked for in place of a flagged answer, and what is no correction by its text alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from engine.generation.flags import is_echo
from engine.generation.protocol import Generation
from engine.generation.templates import Prompt, Template
from engine.generation.trimming import is_blank

# Without figures, so that equal reasons are counted as one.
EMPTY: Final = "The correction is empty."
CUT: Final = "The correction was cut at its end: raise max_new_tokens in [corrections.sampling]."
ECHO: Final = "The correction says what the flagged answer says."
PROMPT_ECHO: Final = "The correction repeats the prompt."
TEMPLATE_ECHO: Final = "The correction repeats the request for one."
DAMAGED: Final = "The correction has damaged characters."


@dataclass(frozen=True, slots=True)
class FlaggedAnswer:
    """An answer of production that was rightly flagged, and what it answered.

    `context` is that of a pair; `label` is what people call the answer.
    """

    prompt: str
    context: str | None
    text: str
    label: str

    def ask(self, template: Template, definitions: Mapping[str, str], allowed: str) -> Prompt:
        """The prompt for a better answer, which must not be cut.

        `definitions` are those of the labels; `allowed` names the ones that an answer may have.
        """
        places = {
            "answer": self.text.strip(),
            "label": self.label,
            "labels": "\n".join(f"- {name}: {said}" for name, said in definitions.items()),
            "allowed": allowed,
            "context": (self.context or "").strip(),
        }
        return template.fill(self.prompt, places=places, whole=True)

    def find_fault(self, generation: Generation, text: str | None, flags: list[str]) -> str | None:
        """Why a candidate is no correction, whatever a detector says of it; None if it may be."""
        if generation.error is not None or text is None:
            return generation.error
        if is_blank(text):
            return EMPTY
        if generation.cut:
            return CUT
        if is_echo(text, self.text):
            return ECHO
        if "echo" in flags:
            return PROMPT_ECHO
        if "template-echo" in flags:
            return TEMPLATE_ECHO
        return DAMAGED if "damaged" in flags else None
