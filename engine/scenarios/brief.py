"""What a language model is told for a scenario: a problem and a draw, in a template's places.

{definition}  {scope}  {labels}  {context}  {prompt}  {examples}  {form}  and {text}, the draw
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.generation.templates import Prompt, Template
from engine.scenarios.draws import Drawn
from engine.scenarios.form import Form
from engine.scenarios.problem import WORD, Dimension, Example, Problem


@dataclass(frozen=True, slots=True)
class Brief:
    """A problem, with what the task says of its labels and of its two sides."""

    problem: Problem
    definitions: Mapping[str, str]  # of each label
    context: str  # what a context is called, such as "system prompt"
    text: str  # what a text is called, such as "user prompt"

    @property
    def form(self) -> Form:
        """The form in which scenarios of this problem are written."""
        problem = self.problem
        return Form(self.context, {label: problem.counts[label] for label in problem.labels})

    def fill(self, template: Template, drawn: Drawn, examples: Sequence[Example]) -> Prompt:
        """The prompt for one draw. It is never cut: the form is at its end."""
        places = {
            "definition": self.problem.definition,
            "scope": _scope(self.problem),
            "labels": self._labels(),
            "context": self.context,
            "prompt": self.text,
            "examples": self._examples(examples),
            "form": self.form.skeleton(),
        }
        prompt = template.fill(self._drawn(drawn), places=places, whole=True)
        return prompt.model_copy(
            update={"user": _tidy(prompt.user), "system": _tidy(prompt.system)}
        )

    def _labels(self) -> str:
        """A line for each label: how many texts are asked for, and what it means."""
        return "\n".join(
            f"- {self.problem.counts[label]} × {label}: {self.definitions[label]}"
            for label in self.problem.labels
        )

    def _drawn(self, drawn: Drawn) -> str:
        named = {item.name: item for item in self.problem.dimension}
        lines = [_value(named[name], value) for name, value in drawn.values.items()]
        if drawn.words:
            lines.append(f"- {WORD}s: {', '.join(drawn.words)}")
        return "\n".join(lines)

    def _examples(self, examples: Sequence[Example]) -> str:
        if not examples:
            return ""
        shown = (self.form.write(item.context, item.texts) for item in examples)
        heading = "Real examples, which show the style and must not be repeated:"
        return "\n".join([heading, *shown])


def _scope(problem: Problem) -> str:
    """What is in and out of scope, and edge cases, under headings; "" if the problem names none."""
    parts = {
        "In scope:": problem.in_scope,
        "Out of scope:": problem.out_of_scope,
        "Edge cases:": problem.edge_cases,
    }
    return "\n\n".join(
        "\n".join([heading, *(f"- {line}" for line in lines)])
        for heading, lines in parts.items()
        if lines
    )


def _value(dimension: Dimension, value: str) -> str:
    whose = f" (of {dimension.label})" if dimension.label else ""
    meaning = dimension.values.get(value, "")
    return f"- {dimension.name}{whose}: {value}" + (f" ({meaning})" if meaning else "")


def _tidy(text: str) -> str:
    """The text without the gaps that empty places leave."""
    return re.sub(r"\n{3,}", "\n\n", text).strip()
