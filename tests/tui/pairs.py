"""A small workspace of a task of pairs, with labelled pairs to learn from and a benchmark."""

import csv
from pathlib import Path

from tests.commands import Commands

TASK = """
name = "off-topic"
description = "Does a user prompt have to do with the system prompt?"
kind = "pair"
context = "system prompt"
text = "user prompt"

[[label]]
name = "off-topic"
key = "1"
positive = true
refused = true
definition = "Something else."

[[label]]
name = "on-topic"
key = "2"
positive = false
definition = "What the application is for."
"""
TOPICS = {
    "taxes": ("Which form do I need?", "When is the deadline?", "How do I get a refund?"),
    "trains": ("When does the train leave?", "Which platform is it?", "Is the train late?"),
    "water": ("How much water should I drink?", "Is tap water safe?", "What is in this water?"),
    "gardens": ("When do I plant roses?", "How do I cut a hedge?", "What eats my lettuce?"),
}
BENCHMARK = "held-out"


def write_pairs(path: Path, contexts: dict[str, str]) -> None:
    """Write each prompt with each of the contexts, by topic: on-topic with its own alone."""
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("system", "prompt", "label"))
        for topic, context in contexts.items():
            for other, prompts in TOPICS.items():
                label = "on-topic" if other == topic else "off-topic"
                rows.writerows((context, prompt, label) for prompt in prompts)


def import_pairs(run: Commands, folder: Path) -> None:
    """Import pairs to learn from, and a benchmark of contexts that they do not have."""
    write_pairs(folder / "pairs.csv", {topic: f"You help with {topic}." for topic in TOPICS})
    write_pairs(
        folder / "held.csv", {topic: f"Answer any question on {topic}, and be kind about it."
                              for topic in ("taxes", "trains")},
    )  # fmt: skip
    columns = ("--context", "system", "--text", "prompt", "--label", "label")
    run("import", str(folder / "pairs.csv"), "--dataset", "real", "--role", "train", *columns)
    run("import", str(folder / "held.csv"), "--dataset", BENCHMARK, "--role", "benchmark", *columns)
