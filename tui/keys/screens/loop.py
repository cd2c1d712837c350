"""What keys do on the screen of the loop from production back to training."""

from typing import Final

from tui.keys.key import ScreenEntry, key_group

SCREEN: Final = ScreenEntry("loop", "Loop", "Loop", "What deployed guards do, and what it teaches")

GROUPS: Final = (
    key_group("loop", "Loop",
        ("view", "v", "view(1)", "Over time, patterns, recall, queues, rounds, shadow", "view"),
        ("previous_view", "V", "view(-1)", "The view before"),
        ("down", "j down", "move(1)", "The next period, pattern, round or changed text", "next"),
        ("up", "k up", "move(-1)", "The one before", "before"),
        ("ten_down", "pagedown", "move(10)", "Ten further down"),
        ("ten_up", "pageup", "move(-10)", "Ten further up"),
        ("open", "enter", "open", "What was flagged; a pattern's rows; a round; the text",
         "open"),
        ("label", "o", "label", "Go to the pattern in Label", "label it"),
        ("period", "t", "next_length", "By hour, day or week, or as fits", "hour/day/week"),
        ("group", "g", "next_group", "All together, or by version, category or guard", "group"),
        ("right", "l right", "turn(1)", "The next version, category or guard; sample; pair",
         "next of them"),
        ("left", "h left", "turn(-1)", "The one before"),
        ("drift", "d", "measure", "Measure how the texts changed, after asking: a job", "texts"),
        ("dataset", "b", "next_dataset", "The next dataset", "other dataset"),
        ("corrections", "c", "corrections", "Corrections of flagged answers, to be approved",
         "corrections"),
    ),
    key_group("correction", "Corrections",
        ("approve", "enter", "approve", "Approve the pattern's corrections, go on", "approve"),
        ("withdraw", "x", "withdraw", "Take the approval of the pattern back", "withdraw"),
        ("down", "j down", "move(1)", "The next answer of the pattern", "next"),
        ("up", "k up", "move(-1)", "The answer before"),
        ("right", "l right", "turn(1)", "The next pattern", "next pattern"),
        ("left", "h left", "turn(-1)", "The pattern before"),
        ("prompt", "z", "unfold", "All that was asked, or the flagged answer", "prompt"),
        ("undo", "u", "undo", "Undo your last action, as often as you like", "undo"),
        ("redo", "ctrl+r", "redo", "Do again what was undone"),
        ("page_down", "space pagedown", "scroll_text(1)", "Scroll both texts down"),
        ("page_up", "pageup", "scroll_text(-1)", "Scroll both texts up"),
        ("close", "escape c q", "cancel", "Back to the screen", "close"),
        is_modal=True,
    ),
)  # fmt: skip
