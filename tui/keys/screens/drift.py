"""What keys do on the screen of drift, and over one of its pairs."""

from typing import Final

from tui.keys.key import ScreenEntry, key_group

SCREEN: Final = ScreenEntry(
    "drift", "Drift", "Drift", "How far answers have drifted from their seeds"
)

GROUPS: Final = (
    key_group("drift", "Drift",
        ("view", "v", "view(1)", "The next view: scores, spread, labels, map, pairs and others",
         "view"),
        ("previous_view", "V", "view(-1)", "The view before"),
        ("compare", "c", "compare", "Compare with seed or question: where drift happens",
         "compare"),
        ("down", "j down", "move(1)", "The next group or pair; on the map, the cluster below",
         "next"),
        ("up", "k up", "move(-1)", "The group or pair before; on the map, the cluster above",
         "before"),
        ("ten_down", "pagedown", "move(10)", "Ten further down"),
        ("ten_up", "pageup", "move(-10)", "Ten further up"),
        ("left", "h left", "turn(-1)", "On the map, the cluster to the left"),
        ("right", "l right", "turn(1)", "On the map, the cluster to the right"),
        ("colour", "m", "colour", "The map; there, colour it by drift, dataset or seed label",
         "map"),
        ("zoom", "z", "zoom", "On the map, only the cluster's predicted label, or all"),
        ("order", "o", "order", "Order the pairs: most drifted, least, most at odds", "order"),
        ("filter", "/", "filter", "Only pairs whose answer has a text", "filter"),
        ("open", "enter", "open", "Pairs of the group or of the map's cluster; the chosen pair",
         "open"),
        ("exclude", "e", "exclude", "Leave the pair out of training, or take it back in",
         "exclude"),
        ("ask_again", "a", "ask_again", "Leave it out, and have its seed asked about again",
         "ask again"),
        ("undo", "u", "undo", "Undo your last action, as often as you like"),
        ("back", "escape", "show_scores", "Back to the scores; from a cluster's pairs, to the map"),
    ),
    key_group("pair", "One pair",
        ("down", "j down", "move(1)", "The next pair", "next"),
        ("up", "k up", "move(-1)", "The pair before", "before"),
        ("page_down", "space pagedown", "scroll(1)", "Scroll the text down"),
        ("page_up", "pageup", "scroll(-1)", "Scroll the text up"),
        ("close", "escape h left q", "close", "Back to the list", "close"),
        is_modal=True,
    ),
)  # fmt: skip
