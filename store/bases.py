"""How bases that are no model references begin: those of baselines and of language models."""

from typing import Final

FITTED: Final = "baseline:"
# A model reference follows.
LLM: Final = "llm:"  # is asked for a label
PROMPT: Final = "prompt:"  # is told to refuse, and given the text
BASELINES: Final = (FITTED, LLM, PROMPT)


def is_baseline(base: str) -> bool:
    """Whether a base is that of a baseline, which is compared with detectors but is none."""
    return base.startswith(BASELINES)


def is_language_model(base: str) -> bool:
    """Whether a base is that of a language model, which is asked, and fitted on nothing."""
    return base.startswith((LLM, PROMPT))
