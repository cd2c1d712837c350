"""The sentence that says what to do next, with the key or the command that does it."""

from textual.content import Content

from tui.frame.next_step import NextStep
from tui.keys.keymap import Keymap
from tui.services.inert import one_line


def describe_step(step: NextStep, keymap: Keymap, *, is_elsewhere: bool = False) -> Content:
    """The sentence with its key or command set apart.

    `is_elsewhere` says that the first screen, where its keys work, is not the current one.
    """
    parts: list[Content | tuple[str, str] | str] = []
    keys = [step.key] if step.key else []
    if is_elsewhere and step.key.startswith("pipeline."):
        keys.insert(0, "everywhere.pipeline")
    for key in keys:
        parts += [(f" {keymap.shown(key)} ", "reverse bold"), " "]
    parts.append(one_line(step.text))
    if step.command and not step.key:
        parts += ["\n", (f"  {step.command}", "bold $accent"), ("   in another window", "$quiet")]
    return Content.assemble(*parts)
