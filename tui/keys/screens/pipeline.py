"""What the keys of the pipeline's screen do."""

from typing import Final

from tui.keys.key import ScreenEntry, key_group

SCREEN: Final = ScreenEntry(
    "pipeline", "Pipeline", "Pipe", "What there is, what runs, what to do next"
)

GROUPS: Final = (
    key_group("pipeline", "Pipeline",
        ("run", "r", "run", "Start what is due, after asking", "run what is due"),
        ("open", "enter", "open", "Open the newest texts of the job that runs", "texts"),
        ("coverage", "v", "coverage", "How far scenarios cover the problem", "coverage"),
        ("cancel", "c", "cancel", "Cancel the job that runs, after asking", "cancel"),
        ("down", "j down", "scroll(1)", "Scroll down"),
        ("up", "k up", "scroll(-1)", "Scroll up"),
    ),
    key_group("coverage", "Coverage",
        ("right", "right l", "choose(1, 1)", "The next dimension on the second side", "second"),
        ("left", "left h", "choose(1, -1)", "The one before on the second side"),
        ("down", "down j", "choose(0, 1)", "The next on the first side; scroll values", "first"),
        ("up", "up k", "choose(0, -1)", "The one before on the first side; scroll values"),
        ("turn", "v", "turn", "Single values, or two dimensions as a grid", "values"),
        ("page_down", "space pagedown", "scroll(1)", "Scroll down", "scroll"),
        ("page_up", "pageup", "scroll(-1)", "Scroll up"),
        ("close", "escape q", "cancel", "Back to the screen below", "close"),
        is_modal=True,
    ),
)  # fmt: skip
