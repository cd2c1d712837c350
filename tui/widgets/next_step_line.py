"""The sentence that says what to do next, with the key or the command that does it."""

from textual.content import Content

from tui.nextstep import NextStep
from tui.widgets.inert import one_line


def describe_step(step: NextStep) -> Content:
    """Return the sentence with its key or command set apart."""
    parts: list[Content | tuple[str, str] | str] = []
    if step.key:
        parts += [(f" {step.key} ", "reverse bold"), " "]
    parts.append(one_line(step.text))
    if step.command:
        parts += ["\n", (f"  {step.command}", "bold $accent")]
    return Content.assemble(*parts)
