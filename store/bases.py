"""How bases that are no model references begin: those of baselines and of language models."""

from typing import Final

FITTED: Final = "baseline:"
LLM: Final = "llm:"  # a model reference follows


def is_baseline(base: str) -> bool:
    """Whether a base is that of a baseline, which is compared with detectors but is none."""
    return base.startswith((FITTED, LLM))
