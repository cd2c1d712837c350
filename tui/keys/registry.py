"""Every key of the app, once: bindings, hint lines, help screen and docs/keys.md are made from it.

This is the registry with the default keys; `tui.keys.keymap` has those of a workspace, in which a
user may have changed them. Nothing here knows of Textual.
"""

import string
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from tui.keys.names import show_key

Scope = Literal[
    "everywhere",
    "pipeline",
    "label",
    "member",
    "audit",
    "drift",
    "pair",
    "training",
    "accuracy",
    "row",
    "jobs",
    "bulk",
    "filter",
    "choice",
    "prompt",
    "dialog",
    "help",
]


@dataclass(frozen=True, slots=True)
class Key:
    """What one or more keys do in a scope; `name` is the action's in the configuration.

    `keys` are as `tui.keys.names` has them, the one to mention first. `hint` is the word for it on
    the hint line; without one it is on the help screen only.
    """

    scope: Scope
    name: str
    keys: tuple[str, ...]
    action: str
    help: str
    hint: str = ""

    @property
    def id(self) -> str:
        """Scope and name: `label.skip`."""
        return f"{self.scope}.{self.name}"

    @property
    def shown(self) -> str:
        """All its keys, as people write them."""
        return " ".join(show_key(key) for key in self.keys)


SCREENS: Final[tuple[tuple[Scope, str], ...]] = (
    ("pipeline", "Pipeline"),
    ("label", "Label"),
    ("audit", "Audit"),
    ("drift", "Drift"),
    ("training", "Training"),
    ("accuracy", "Accuracy"),
    ("jobs", "Jobs"),
)  # in the order of F1, F2, …

_SCREEN_HELP: Final = {
    "pipeline": "What there is, what runs, what to do next",
    "label": "Label clusters",
    "audit": "How good the propagated labels are",
    "drift": "How far answers have drifted from their seeds",
    "training": "Detectors, their learning curves, and recipes",
    "accuracy": "How good the detectors are",
    "jobs": "Jobs: progress, logs, cancel, resume",
}


def _scope(scope: Scope, *rows: Sequence[str]) -> tuple[Key, ...]:
    return tuple(Key(scope, name, tuple(keys.split()), *rest) for name, keys, *rest in rows)


KEYS: Final[tuple[Key, ...]] = (
    *_scope("everywhere",
        *((name, f"f{n}", f"app.show('{name}')", _SCREEN_HELP[name])
          for n, (name, _) in enumerate(SCREENS, start=1)),
        ("next_screen", "tab", "app.show_next(1)", "The next screen"),
        ("previous_screen", "shift+tab", "app.show_next(-1)", "The screen before"),
        ("help", "?", "app.help", "This help", "help"),
        ("quit", "q", "app.quit", "Quit; jobs go on. Ctrl-Q quits from anywhere", "quit"),
    ),
    *_scope("pipeline",
        ("run", "r", "run", "Start what is due, after asking", "run what is due"),
        ("down", "j down", "scroll(1)", "Scroll down"),
        ("up", "k up", "scroll(-1)", "Scroll up"),
    ),
    *_scope("label",
        ("confirm", "enter", "confirm", "Label as predicted; in a list, open the chosen one"),
        ("skip", "s", "skip", "Leave it for later, go on to the next undecided", "skip"),
        ("unsure", "d", "unsure", "Unsure: not labelled, go on"),
        ("flag", "!", "flag", "Flag the cluster, or take the flag away"),
        ("note", "c", "note", "Write a note on the cluster"),
        ("undo", "u", "undo", "Undo your last action, as often as you like", "undo"),
        ("redo", "ctrl+r", "redo", "Do again what was undone"),
        ("down", "j down", "move(1)", "The next one in the pane you are in"),
        ("up", "k up", "move(-1)", "The one before in the pane you are in"),
        ("left", "h left", "pane(-1)", "The pane to the left", "list"),
        ("right", "l right", "pane(1)", "The pane to the right", "members"),
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
    ),
    *_scope("member",
        ("down", "j down", "move(1)", "The next member", "next"),
        ("up", "k up", "move(-1)", "The member before", "before"),
        ("undo", "u", "undo", "Undo your last action, as often as you like", "undo"),
        ("copy", "y", "copy", "Copy seed, question and answer", "copy"),
        ("page_down", "space pagedown", "scroll(1)", "Scroll the text down"),
        ("page_up", "pageup", "scroll(-1)", "Scroll the text up"),
        ("close", "escape h left", "close", "Back to the cluster", "close"),
    ),
    *_scope("bulk",
        ("confirm", "enter", "confirm", "Label each as predicted", "as predicted"),
        ("cancel", "escape", "cancel", "Leave without doing it", "cancel"),
    ),
    *_scope("filter",
        ("down", "down", "move(1)", "The next line", "next line"),
        ("up", "up", "move(-1)", "The line before", "before"),
        ("apply", "enter", "apply", "Show these clusters; with no filter, all", "show these"),
        ("clear", "ctrl+r", "clear", "Leave everything in", "clear"),
        ("cancel", "escape", "cancel", "Leave without doing it", "cancel"),
    ),
    *_scope("choice",
        ("right", "right l space", "turn(1)", "The next value"),
        ("left", "left h", "turn(-1)", "The value before"),
    ),
    *_scope("prompt",
        ("submit", "enter", "submit", "Take what was typed", "take it"),
        ("cancel", "escape", "cancel", "Leave without doing it", "cancel"),
    ),
    *_scope("audit",
        ("new_round", "n", "draw_round('propagation')", "Draw a new round of members to audit",
         "new round"),
        ("consistency", "c", "draw_round('consistency')", "Label some of your own clusters again"),
        ("view", "v", "toggle_view", "Figures, or the text that is next", "view"),
        ("unsure", "d", "unsure", "Unsure: no label, go on", "unsure"),
        ("undo", "u", "undo", "Take the last label back", "undo"),
        ("down", "j down", "move(1)", "The next answer"),
        ("up", "k up", "move(-1)", "The answer before"),
        ("page_down", "space pagedown", "scroll_text(1)", "Scroll the text down"),
        ("page_up", "pageup", "scroll_text(-1)", "Scroll the text up"),
        ("override", "o", "override", "Give the chosen answer its audited label",
         "override"),
        ("open", "enter", "open_cluster", "Go to the cluster in Label", "open"),
        ("split", "p", "split_cluster", "Go to the cluster and split it", "split"),
        ("origin", "x", "toggle_origin", "Show or hide seed and question"),
    ),
    *_scope("drift",
        ("view", "v", "next_view", "Scores, spread, labels, ways of asking, production, pairs",
         "view"),
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
    *_scope("pair",
        ("down", "j down", "move(1)", "The next pair", "next"),
        ("up", "k up", "move(-1)", "The pair before", "before"),
        ("page_down", "space pagedown", "scroll(1)", "Scroll the text down"),
        ("page_up", "pageup", "scroll(-1)", "Scroll the text up"),
        ("close", "escape h left q", "close", "Back to the list", "close"),
    ),
    *_scope("training",
        ("view", "v", "next_view", "Detectors, their curves, recipes", "view"),
        ("down", "j down", "move(1)", "The next detector or recipe; among rows, scroll", "next"),
        ("up", "k up", "move(-1)", "The one before; among rows, scroll", "before"),
        ("mark", "space", "mark", "Draw its curve beside the chosen one, or no longer", "mark"),
        ("quantity", "c", "next_quantity", "The learning rate, or the loss", "loss or rate"),
        ("open", "enter", "open", "The detector's curve; the rows of a recipe", "open"),
        ("start", "t", "start", "Train with the recipe that is shown, after asking", "train"),
        ("back", "escape", "back", "Back to where you came from"),
    ),
    *_scope("accuracy",
        ("view", "v", "next_view", "Measures, two compared, rows, curves, slices", "view"),
        ("down", "j down", "move(1)", "The next detector, group of rows, row or slice", "next"),
        ("up", "k up", "move(-1)", "The one before"),
        ("mark", "m space", "mark", "Mark the detector, to compare another with it", "mark"),
        ("open", "enter", "open", "The rows of the detector or group; among rows, one", "open"),
        ("seeds", "s", "copy_seeds", "Copy the group's rows, or the chosen row, as new seeds",
         "as seeds"),
        ("collapse", "c", "collapse", "All labels, or only positive and negative", "collapse"),
        ("next_detector", "n", "next_detector", "The next detector, in any view", "detector"),
        ("next_benchmark", "b", "next_benchmark", "The next dataset", "other dataset"),
        ("right", "l right", "turn(1)", "The next cell in a row of the matrix; the next curve"),
        ("left", "h left", "turn(-1)", "The cell before; the curve before"),
        ("back", "escape", "back", "Back to the groups; from there, to the measures"),
    ),
    *_scope("row",
        ("down", "j down", "move(1)", "The next row", "next"),
        ("up", "k up", "move(-1)", "The row before", "before"),
        ("page_down", "space pagedown", "scroll(1)", "Scroll the text down"),
        ("page_up", "pageup", "scroll(-1)", "Scroll the text up"),
        ("close", "escape h left q", "close", "Back to the list", "close"),
    ),
    *_scope("jobs",
        ("down", "j down", "move(1)", "The next job", "next"),
        ("up", "k up", "move(-1)", "The job before", "before"),
        ("cancel", "c", "cancel", "Cancel the job, after asking", "cancel"),
        ("resume", "r", "resume", "Resume the job, after asking", "resume"),
    ),
    *_scope("dialog",
        ("yes", "y enter", "answer(True)", "Yes", "yes"),
        ("no", "n escape", "answer(False)", "No", "no"),
    ),
    *_scope("help",
        ("down", "j down", "scroll(1)", "Scroll down", "down"),
        ("up", "k up", "scroll(-1)", "Scroll up", "up"),
        ("close", "escape ? q", "close", "Close this help", "close"),
    ),
)  # fmt: skip

MODAL: Final[tuple[Scope, ...]] = (
    "member",
    "pair",
    "row",
    "bulk",
    "filter",
    "prompt",
    "dialog",
    "help",
)
TYPING: Final[tuple[Scope, ...]] = ("filter", "prompt")  # where text is typed
LABEL_KEYS: Final = string.digits + string.ascii_letters  # those that a task may give to a label
LABEL_SCOPES: Final[tuple[Scope, ...]] = ("label", "member", "bulk", "audit")  # where they act


def keys_of(*scopes: Scope, keys: Sequence[Key] = KEYS) -> tuple[Key, ...]:
    """The keys of these scopes, in the order of the registry within each scope."""
    return tuple(key for scope in scopes for key in keys if key.scope == scope)


def active_with(scope: Scope, keys: Sequence[Key] = KEYS) -> tuple[Key, ...]:
    """All keys that act in a scope; in a modal one, only its own do."""
    if scope == "choice":
        return keys_of(scope, "filter", keys=keys)
    shared: tuple[Scope, ...] = () if scope in (*MODAL, "everywhere") else ("everywhere",)
    return keys_of(scope, *shared, keys=keys)
