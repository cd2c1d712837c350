"""What keys do on the screen of drift, and over one of its pairs."""

from typing import Final

from tui.keys.key import ScreenEntry, key_group

SCREEN: Final = ScreenEntry(
    "drift", "Drift", "Drift", "How far answers have drifted from their seeds"
)

GROUPS: Final = (
    key_group("drift", "Drift",
        ("view", "v", "view(1)", "Scores, spread, labels, ways of asking, production, pairs",
         "view"),
        ("previous_view", "V", "view(-1)", "The view before"),
        ("compare", "c", "compare", "Compare with seed or question: where drift happens",
         "compare"),
        ("down", "j down", "move(1)", "The next group; among pairs, the next pair", "next"),
        ("up", "k up", "move(-1)", "The group or pair before", "before"),
        ("order", "o", "order", "Order the pairs: most drifted, least, most at odds", "order"),
        ("filter", "/", "filter", "Only pairs whose answer has a text", "filter"),
        ("open", "enter", "open", "The pairs of the group; among pairs, the chosen one", "open"),
        ("exclude", "e", "exclude", "Leave the pair out of training, or take it back in",
         "exclude"),
        ("ask_again", "a", "ask_again", "Leave it out, and have its seed asked about again",
         "ask again"),
        ("undo", "u", "undo", "Undo your last action, as often as you like"),
        ("back", "escape", "show_scores", "Back to the scores"),
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
