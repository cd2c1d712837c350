"""What keys do in dialogs that several screens open."""

from typing import Final

from tui.keys.key import key_group

GROUPS: Final = (
    key_group("prompt", "While typing",
        ("submit", "enter", "submit", "Take what was typed", "take it"),
        ("cancel", "escape", "cancel", "Leave without doing it", "cancel"),
        is_modal=True,
        is_typing=True,
    ),
    key_group("search", "In the search",
        ("submit", "enter", "submit", "Take what was typed; with no text, end the search",
         "take it"),
        ("older", "up", "turn(-1)", "What was searched for before", "older"),
        ("newer", "down", "turn(1)", "What was searched for later", "newer"),
        ("cancel", "escape", "cancel", "Leave without doing it", "cancel"),
        is_modal=True,
        is_typing=True,
    ),
    key_group("dialog", "When asked",
        ("yes", "y enter", "answer(True)", "Yes", "yes"),
        ("no", "n escape", "answer(False)", "No", "no"),
        is_modal=True,
    ),
    key_group("text", "Over a text that was just written",
        ("down", "j down", "move(1)", "The text before it", "older"),
        ("up", "k up", "move(-1)", "The text after it", "newer"),
        ("page_down", "space pagedown", "scroll(1)", "Scroll the text down"),
        ("page_up", "pageup", "scroll(-1)", "Scroll the text up"),
        ("close", "escape h left q", "close", "Back to the job", "close"),
        is_modal=True,
    ),
    key_group("help", "In the help",
        ("down", "j down", "scroll(1)", "Scroll down", "down"),
        ("up", "k up", "scroll(-1)", "Scroll up", "up"),
        ("close", "escape ? q", "close", "Close this help", "close"),
        is_modal=True,
    ),
)  # fmt: skip
