"""What the keys of the audit's screen do."""

from typing import Final

from tui.keys.key import LabelHelp, ScreenEntry, key_group

SCREEN: Final = ScreenEntry("audit", "Audit", "Audit", "How good the propagated labels are")

GROUPS: Final = (
    key_group("audit", "Audit",
        ("new_round", "n", "draw_round('propagation')", "Draw a new round of members to audit",
         "new round"),
        ("consistency", "c", "draw_round('consistency')", "Label some of your own clusters again"),
        ("view", "v", "view(1)", "Text to audit, figures, agreement, right labels by keys",
         "view"),
        ("previous_view", "V", "view(-1)", "The view before"),
        ("unsure", "d", "unsure", "Unsure: no label, go on", "unsure"),
        ("undo", "u", "undo", "Take the last label back", "undo"),
        ("down", "j down", "move(1)", "The next answer, or pair of annotators"),
        ("up", "k up", "move(-1)", "The answer before, or pair"),
        ("page_down", "space pagedown", "scroll_text(1)", "Scroll the text down"),
        ("page_up", "pageup", "scroll_text(-1)", "Scroll the text up"),
        ("override", "o", "override", "Give the chosen answer its audited label",
         "override"),
        ("open", "enter", "open_cluster", "Go to the cluster in Label", "open"),
        ("split", "p", "split_cluster", "Go to the cluster and split it", "split"),
        ("origin", "x", "unfold('origin')", "Show or hide seed and question, or the draw"),
        ("context", "z", "unfold('context')", "Unfold the context of a pair, or fold it", "unfold"),
        labels=LabelHelp(
            "Say which label it should have, go on", "It should have {}, go on"
        ),
    ),
)  # fmt: skip
