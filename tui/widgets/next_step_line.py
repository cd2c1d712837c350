"""The sentence that says what to do next, with the key or the command that does it."""

from textual.content import Content

from tui.inert import one_line
from tui.nextstep import NextStep


def describe_step(step: NextStep, *, is_elsewhere: bool = False) -> Content:
    """Return the sentence with its key or command set apart.

    `is_elsewhere` says that the first screen, where its keys work, is not the one looked at.
    """
    parts: list[Content | tuple[str, str] | str] = []
    keys = ["F1", step.key] if is_elsewhere and len(step.key) == 1 else [step.key]
    for key in filter(None, keys):
        parts += [(f" {key} ", "reverse bold"), " "]
    parts.append(one_line(step.text))
    if step.command:
        parts += ["\n", (f"  {step.command}", "bold $accent")]
    return Content.assemble(*parts)
