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
        ("cancel", "c", "cancel", "Cancel the job that runs, after asking", "cancel"),
        ("down", "j down", "scroll(1)", "Scroll down"),
        ("up", "k up", "scroll(-1)", "Scroll up"),
    ),
)  # fmt: skip
