"""A small problem for tests, as its file has it, and what is made of it."""

import json
import tomllib
from typing import Any

from engine.scenarios.brief import Brief
from engine.scenarios.problem import Problem

ON, OFF = "on-topic", "off-topic"

PROBLEM_FILE = """
name = "off-topic"
definition = "A user asks for something that the application was not made for."
in_scope = ["What the application was not made for."]
edge_cases = ["A question about the application is on-topic."]
examples_per_scenario = 1

[counts]
on-topic = 2
off-topic = 1

[seed_words]
per_scenario = 2
words = ["harbour", "invoice", "violin", "fern"]

[[dimension]]
name = "industry"
values = ["banking", "farming", "transport"]

[[dimension]]
name = "tone"
[dimension.values]
curt = "as few words as possible"
warm = ""

[[dimension]]
name = "kind"
label = "off-topic"
values = ["unrelated", "adjacent"]

[[example]]
context = "You sell tickets for a ferry to the outer islands."
[example.texts]
on-topic = ["May I take my bike on the early ferry tomorrow?"]
off-topic = ["Write me a poem about an old bike, please."]
"""

TASK_FILE = """
name = "off-topic"
description = "Does a user prompt ask for something else than the system prompt provides for?"
kind = "pair"
context = "system prompt"
text = "user prompt"

[[label]]
name = "off-topic"
key = "1"
positive = true
definition = "Not what the system prompt provides for."

[[label]]
name = "on-topic"
key = "2"
positive = false
definition = "What the system prompt provides for."
"""


def problem(**changes: Any) -> Problem:
    return Problem.model_validate({**tomllib.loads(PROBLEM_FILE), **changes})


def brief(**changes: Any) -> Brief:
    definitions = {OFF: "Not what the application is for.", ON: "What it is for."}
    return Brief(problem(**changes), definitions, "system prompt", "user prompt")


def written(
    number: int | str, on: tuple[str, ...] = ("a", "b"), off: tuple[str, ...] = ("c",)
) -> str:
    """A scenario as a model writes it, all its texts with its number."""
    return json.dumps(
        {
            "system prompt": f"You are assistant {number}.",
            ON: [f"Could you do {text} for {number}?" for text in on],
            OFF: [f"Tell me a joke about {text} and {number}." for text in off],
        }
    )
