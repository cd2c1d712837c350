"""What keys do where clusters are labelled, and in the dialogs over it."""

from typing import Final

from tui.keys.key import LabelHelp, ScreenEntry, key_group

SCREEN: Final = ScreenEntry("label", "Label", "Label", "Label clusters")

GROUPS: Final = (
    key_group("label", "Label",
        ("confirm", "enter", "confirm", "Label as predicted; in a narrow queue, show the text"),
        ("skip", "s", "skip", "Leave it for later, go on to the next undecided", "skip"),
        ("unsure", "d", "unsure", "Unsure: not labelled, go on"),
        ("flag", "!", "flag", "Flag the cluster, or take the flag away"),
        ("note", "c", "note", "Write a note on the cluster"),
        ("undo", "u", "undo", "Undo your last action, as often as you like", "undo"),
        ("redo", "ctrl+r", "redo", "Do again what was undone"),
        ("down", "j down", "move(1)", "The next one in the pane you are in"),
        ("up", "k up", "move(-1)", "The one before in the pane you are in"),
        ("left", "h left", "pane(-1)", "The pane to the left", "queue"),
        ("right", "l right", "pane(1)", "The pane to the right", "members"),
        ("queue", "H", "toggle_side('queue')", "Hide the queue, or bring it back"),
        ("members", "L", "toggle_side('members')", "Hide the members, or bring them back"),
        ("first", "g home", "move_to(0)", "The first one in the pane you are in"),
        ("last", "G end", "move_to(-1)", "The last one in the pane you are in"),
        ("search", "/", "search", "Search the representatives"),
        ("next_hit", "n", "next_hit", "The next hit of the search"),
        ("previous_hit", "N", "previous_hit", "The hit before"),
        ("filter", "f", "filter", "Show only some clusters", "filter"),
        ("order", "o", "order", "Order: largest, least certain, most at odds, as clustered"),
        ("members_order", "m", "members", "Members: nearest, farthest, random, least confident"),
        ("draw", "r", "draw", "Other random members"),
        ("origin", "x", "toggle_origin", "Show or hide seed and question"),
        ("split", "p", "split", "Split the cluster into parts", "split"),
        ("bulk", "b", "bulk", "Label or confirm all clusters that are shown", "bulk"),
        ("blind", "B", "blind", "Blind mode: hide predictions and seed labels", "blind"),
        ("highlight", "*", "highlight", "Highlight words", "highlight"),
        ("guidelines", "t", "guidelines", "The task's definitions and examples", "guidelines"),
        ("copy", "y", "copy", "Copy seed, question and answer", "copy"),
        ("text", "escape", "show_text", "Back to the text; stop a search"),
        ("page_down", "space pagedown", "scroll_text(1)", "Scroll the text down"),
        ("page_up", "pageup", "scroll_text(-1)", "Scroll the text up"),
        labels=LabelHelp(
            "Label the cluster, or only the chosen member, and go on", "Label as {}, go on"
        ),
    ),
    key_group("bulk", "All clusters at once",
        ("confirm", "enter", "confirm", "Label each as predicted", "as predicted"),
        ("cancel", "escape", "cancel", "Leave without doing it", "cancel"),
        is_modal=True,
        labels=LabelHelp(
            "Label them all", "Label them all as {}"
        ),
    ),
    key_group("filter", "In the filter",
        ("down", "down", "move(1)", "The next line", "next line"),
        ("up", "up", "move(-1)", "The line before", "before"),
        ("apply", "enter", "apply", "Show these clusters; with no filter, all", "show these"),
        ("clear", "ctrl+r", "clear", "Leave everything in", "clear"),
        ("cancel", "escape", "cancel", "Leave without doing it", "cancel"),
        is_modal=True,
        is_typing=True,
    ),
    key_group("choice", "On its lines",
        ("right", "right l space", "turn(1)", "The next value"),
        ("left", "left h", "turn(-1)", "The value before"),
    ),
)  # fmt: skip
