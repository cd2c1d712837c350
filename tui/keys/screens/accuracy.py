"""What keys do on the screen of accuracy, and over one of its rows."""

from typing import Final

from tui.keys.key import ScreenEntry, key_group

SCREEN: Final = ScreenEntry("accuracy", "Accuracy", "Acc", "How good the detectors are")

GROUPS: Final = (
    key_group("accuracy", "Accuracy",
        ("view", "v", "view(1)", "Measures, rates, two compared, rows, curves, slices", "view"),
        ("previous_view", "V", "view(-1)", "The view before"),
        ("down", "j down", "move(1)", "The next detector, group of rows, row or slice", "next"),
        ("up", "k up", "move(-1)", "The one before"),
        ("ten_down", "pagedown", "move(10)", "Ten further down"),
        ("ten_up", "pageup", "move(-10)", "Ten further up"),
        ("mark", "m", "mark", "Mark the detector, to compare others with it", "mark"),
        ("overlay", "space", "overlay", "Draw its curves beside those of others, or no longer",
         "overlay"),
        ("open", "enter", "open", "The rows of the detector or group; among rows, one", "open"),
        ("seeds", "s", "copy_seeds", "Copy the group's rows, or the chosen row, as new seeds",
         "as seeds"),
        ("measure", "c", "next_measure", "Another measure, for the chart and the order", "measure"),
        ("collapse", "p", "collapse", "All labels, or only positive and negative", "collapse"),
        ("next_detector", "n", "next_detector", "The next detector, in any view", "detector"),
        ("next_benchmark", "b", "next_benchmark", "The next dataset", "other dataset"),
        ("right", "l right", "turn(1)", "The next cell of the matrix; the next curve or map"),
        ("left", "h left", "turn(-1)", "The cell before; the curve before"),
        ("back", "escape", "back", "Back to the groups; from there, to the measures"),
    ),
    key_group("row", "One row",
        ("down", "j down", "move(1)", "The next row", "next"),
        ("up", "k up", "move(-1)", "The row before", "before"),
        ("page_down", "space pagedown", "scroll(1)", "Scroll the text down"),
        ("page_up", "pageup", "scroll(-1)", "Scroll the text up"),
        ("close", "escape h left q", "close", "Back to the list", "close"),
        is_modal=True,
    ),
)  # fmt: skip
