"""The sentence that says what to do next, with the key or the command that does it."""

from textual.content import Content

from tui.frame.next_step import NextStep
from tui.keys.key import Scope
from tui.keys.keymap import Keymap
from tui.services.inert import one_line


def describe_step(step: NextStep, keymap: Keymap, here: Scope) -> Content:
    """The sentence with its keys or its command set apart.

    A key that works on another screen than `here` comes after that of its screen.
    """
    parts: list[Content | tuple[str, str] | str] = []
    keys = [step.key] if step.key else []
    screen = step.key.partition(".")[0]
    if keys and screen not in (here, "everywhere"):
        keys.insert(0, f"everywhere.{screen}")
    for key in keys:
        parts += [(f" {keymap.shown(key)} ", "reverse bold"), " "]
    text = one_line(step.text)
    parts.append(f"{text[:-1]}." if keys and text.endswith(":") else text)
    if step.command and not step.key:
        parts += ["\n", (f"  {step.command}", "bold $accent"), ("   in another window", "$quiet")]
    return Content.assemble(*parts)
