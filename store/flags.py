"""The flags of what a model wrote; without polars, because settings name them early."""

from typing import Literal

Flag = Literal[
    "empty",
    "echo",
    "template-echo",
    "no-question",
    "refusal",
    "repetition",
    "other-language",
    "cut",
    "damaged",
]
"""An echo repeats the text that was given, a template-echo the instructions; no-question is of
questions only; damaged is a text in which characters had to be replaced."""
