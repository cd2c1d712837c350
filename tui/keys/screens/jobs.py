"""What the keys of the jobs' screen do."""

from typing import Final

from tui.keys.key import ScreenEntry, key_group

SCREEN: Final = ScreenEntry("jobs", "Jobs", "Jobs", "Progress, logs, cancel, resume")

GROUPS: Final = (
    key_group("jobs", "Jobs",
        ("down", "j down", "move(1)", "The next job", "next"),
        ("up", "k up", "move(-1)", "The job before", "before"),
        ("ten_down", "pagedown", "move(10)", "Ten further down"),
        ("ten_up", "pageup", "move(-10)", "Ten further up"),
        ("open", "enter", "open", "Open the newest texts that models wrote for the job", "texts"),
        ("cancel", "c", "cancel", "Cancel the job, after asking", "cancel"),
        ("resume", "r", "resume", "Resume the job, after asking", "resume"),
    ),
)  # fmt: skip
