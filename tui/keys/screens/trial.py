"""What keys do where ways of asking are compared, and in the dialog that starts a try."""

from typing import Final

from tui.keys.key import ScreenEntry, key_group

SCREEN: Final = ScreenEntry("try", "Try", "Try", "Try ways of asking on the same seeds")

GROUPS: Final = (
    key_group("try", "Try",
        ("new", "n", "new", "Ask some seeds in several ways, after choosing them", "new try"),
        ("down", "j down", "move(1)", "The next seed", "next seed"),
        ("up", "k up", "move(-1)", "The seed before"),
        ("right", "l right", "turn(1)", "The next way", "next way"),
        ("left", "h left", "turn(-1)", "The way before"),
        ("use", "u enter", "use", "Write the chosen way into workspace.toml, after asking", "use"),
        ("cancel", "c", "cancel", "End the try that goes on; what is there stays"),
        ("page_down", "space pagedown", "scroll(1)", "Scroll the texts down"),
        ("page_up", "pageup", "scroll(-1)", "Scroll the texts up"),
    ),
    key_group("try_dialog", "Choosing what to try",
        ("down", "j down", "move(1)", "The next line", "next line"),
        ("up", "k up", "move(-1)", "The line before"),
        ("toggle", "space", "choose", "Try it too, or no longer", "choose"),
        ("more", "l right", "turn(1)", "More seeds", "more seeds"),
        ("fewer", "h left", "turn(-1)", "Fewer seeds"),
        ("start", "enter", "start", "Start the try", "start"),
        ("cancel", "escape", "cancel", "Leave without doing it", "cancel"),
        is_modal=True,
    ),
)  # fmt: skip
