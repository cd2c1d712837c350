"""The registry of keys as people read it: on the help screen, and in docs/keys.md."""

from collections.abc import Iterable, Sequence

from tui.keys.key import Key, Scope
from tui.keys.registry import GROUPS, keys_of

Section = tuple[str, list[tuple[str, str]]]  # title, [(keys as written, what they do)]


def sections(
    keys: Sequence[Key], label_keys: Iterable[tuple[str, str]], *, first: Scope | None = None
) -> list[Section]:
    """The keys of every scope, for the help screen.

    `label_keys` are (key, label) of the task; `first` names the scope that comes on top.
    """
    pairs = tuple(label_keys)
    found = []
    for group in sorted(GROUPS, key=lambda group: group.scope != first):
        rows = [(key.shown, key.help) for key in keys_of(group.scope, keys=keys)]
        found.append((group.title, label_actions(group.scope, pairs) + rows))
    return found


def label_actions(scope: Scope, label_keys: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """(key, what it does) of each (key, label) in a scope; none where labels have no keys."""
    helped = next(group.labels for group in GROUPS if group.scope == scope)
    return [(key, helped.named.format(name)) for key, name in label_keys] if helped else []


def markdown_table() -> str:
    """The default keys as docs/keys.md shows them: one table, one row per action."""
    lines = ["| Screen | Name | Key | What it does |", "| --- | --- | --- | --- |"]
    for group in GROUPS:
        if group.labels:
            text = f"{group.labels.any}; the keys are in `task.toml`"
            lines.append(f"| {group.title} | | 1 2 3 … | {text} |")
        lines += [
            f"| {group.title} | `{key.id}` | {key.shown} | {key.help} |" for key in group.keys
        ]
    return "\n".join(lines) + "\n"
