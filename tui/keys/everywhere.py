"""The screens in the order of F1, F2, …, and what keys do on all of them."""

from typing import Final

from tui.keys.key import KeyGroup, ScreenEntry, key_group
from tui.keys.screens import (
    accuracy,
    audit,
    data,
    drift,
    jobs,
    label,
    loop,
    pipeline,
    training,
    trial,
)

SCREENS: Final[tuple[ScreenEntry, ...]] = (
    pipeline.SCREEN,
    label.SCREEN,
    audit.SCREEN,
    drift.SCREEN,
    training.SCREEN,
    accuracy.SCREEN,
    jobs.SCREEN,
    data.SCREEN,
    trial.SCREEN,
    loop.SCREEN,
)

EVERYWHERE: Final[KeyGroup] = key_group("everywhere", "Everywhere",
    *((screen.scope, f"f{number}", f"app.show('{screen.scope}')", screen.help)
      for number, screen in enumerate(SCREENS, start=1)),
    ("next_screen", "tab", "app.show_next(1)", "The next screen"),
    ("previous_screen", "shift+tab", "app.show_next(-1)", "The screen before"),
    ("write", "w", "write", "Write the table and figure that are shown into exports/"),
    ("palette", ":", "app.palette", "Find an action by its name, and do it", "find"),
    ("help", "?", "app.help", "This help", "help"),
    ("quit", "q", "app.quit", "Quit; jobs go on. Ctrl-Q quits from anywhere", "quit"),
)  # fmt: skip
