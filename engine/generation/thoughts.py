"""Thoughts of reasoning models, kept apart from their answers.

Some servers hand thoughts over in a field of their own, others leave them in the text, between
marks that differ by family of models. The marks are data: another family is another line.
"""

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Marks:
    """How a family of models marks its thoughts, in any case, at the beginning of a reply.

    Many chat templates open the thought themselves, so that the reply begins inside it: a
    `closing` alone ends one too. Where `needs_both` is set, neither mark means anything alone.
    `frame` are marks around the answer, which are dropped.
    """

    opening: str
    closing: str
    frame: tuple[str, ...] = ()
    needs_both: bool = False


_CHANNEL: Final = "<|channel|>final<|message|>"

FAMILIES: Final = (
    Marks("<think>", "</think>", frame=("<answer>", "</answer>")),  # DeepSeek, Qwen, GLM, Hunyuan
    Marks("<thinking>", "</thinking>"),
    Marks("<thought>", "</thought>"),  # EXAONE, Gemini
    Marks("<reasoning>", "</reasoning>"),
    Marks("<seed:think>", "</seed:think>"),  # Seed-OSS
    Marks("[THINK]", "[/THINK]"),  # Magistral
    Marks("◁think▷", "◁/think▷"),  # Kimi
    Marks(
        "<|begin_of_thought|>",
        "<|end_of_thought|>",
        frame=("<|begin_of_solution|>", "<|end_of_solution|>"),
    ),  # OpenThinker, Sky-T1
    Marks(
        "<|START_THINKING|>",
        "<|END_THINKING|>",
        frame=("<|START_RESPONSE|>", "<|END_RESPONSE|>", "<|START_TEXT|>", "<|END_TEXT|>"),
    ),  # Command
    Marks("<|channel|>analysis<|message|>", _CHANNEL, frame=("<|return|>", "<|end|>")),  # gpt-oss
    Marks("<|start|>assistant<|channel|>analysis<|message|>", _CHANNEL, frame=("<|return|>",)),
    Marks("<|channel|>commentary<|message|>", _CHANNEL, frame=("<|return|>", "<|end|>")),
    Marks("<|channel>thought", "<channel|>"),  # Gemma
    # gpt-oss where the server drops special tokens
    Marks("analysis", "assistantfinal", needs_both=True),
    Marks("Here is my thought process:", "Here is my response:", needs_both=True),  # Granite
)


def said_after_thought(text: str) -> str | None:
    """What follows the thoughts at the beginning of a reply; None inside one that does not end.

    A reply that does not begin with a thought is returned as it is, white space included.
    """
    rest = _after_thought(text, opened_by_template=True)
    while rest is not None and (after := _after_thought(rest, opened_by_template=False)) != rest:
        rest = after
    return rest


def _after_thought(text: str, *, opened_by_template: bool) -> str | None:
    for marks in FAMILIES:
        begun = re.match(r"\s*" + re.escape(marks.opening), text, re.IGNORECASE)
        closed = re.search(re.escape(marks.closing), text, re.IGNORECASE)
        if closed and (begun or (opened_by_template and _is_alone(marks, text[: closed.start()]))):
            return _without_frame(text[closed.end() :], marks)
        if begun and not marks.needs_both:
            return None
    return text


def _is_alone(marks: Marks, before: str) -> bool:
    """Whether a closing mark has no opening before it, and so ends what the template began."""
    return not marks.needs_both and marks.opening.lower() not in before.lower()


def _without_frame(text: str, marks: Marks) -> str:
    said = text.strip()
    for mark in marks.frame:
        said = said.removeprefix(mark).removesuffix(mark).strip()
    return said
