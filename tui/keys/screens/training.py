"""What the keys of the training's screen do."""

from typing import Final

from tui.keys.key import ScreenEntry, key_group

SCREEN: Final = ScreenEntry(
    "training", "Training", "Train", "Detectors, their learning curves, and recipes"
)

GROUPS: Final = (
    key_group("training", "Training",
        ("view", "v", "view(1)", "Detectors, their curves, recipes", "view"),
        ("previous_view", "V", "view(-1)", "The view before"),
        ("down", "j down", "move(1)", "The next detector or recipe; among rows, scroll", "next"),
        ("up", "k up", "move(-1)", "The one before; among rows, scroll", "before"),
        ("ten_down", "pagedown", "move(10)", "Ten further down"),
        ("ten_up", "pageup", "move(-10)", "Ten further up"),
        ("mark", "space", "mark", "Draw its curve beside the chosen one, or no longer", "mark"),
        ("quantity", "c", "next_quantity", "The learning rate, or the loss", "loss or rate"),
        ("smoothing", "s", "next_smoothing", "Smooth the loss more, or not at all", "smooth"),
        ("seeds", "a", "next_seeds", "Other seeds of it: each, as mean and range, or none",
         "seeds"),
        ("open", "enter", "open", "The detector's curve; the rows of a recipe", "open"),
        ("start", "t", "start", "Train with the recipe that is shown, after asking", "train"),
        ("back", "escape", "back", "Back to where you came from"),
    ),
)  # fmt: skip
