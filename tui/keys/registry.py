"""Every key of the app, once: bindings, hint lines, help screen and docs/keys.md are made from it.

This joins the groups of keys, which lie in a module per screen; `tui.keys.keymap` has those of a
workspace, in which a user may have changed them. Nothing here knows of Textual.
"""

import string
from collections.abc import Sequence
from typing import Final

from tui.keys import dialogs
from tui.keys.everywhere import EVERYWHERE
from tui.keys.key import Key, KeyGroup, Scope
from tui.keys.screens import (
    accuracy,
    audit,
    data,
    drift,
    jobs,
    label,
    loop,
    pipeline,
    training,
    trial,
)

GROUPS: Final[tuple[KeyGroup, ...]] = (
    EVERYWHERE,
    *pipeline.GROUPS,
    *label.GROUPS,
    *audit.GROUPS,
    *drift.GROUPS,
    *training.GROUPS,
    *accuracy.GROUPS,
    *jobs.GROUPS,
    *data.GROUPS,
    *trial.GROUPS,
    *loop.GROUPS,
    *dialogs.GROUPS,
)
KEYS: Final[tuple[Key, ...]] = tuple(key for group in GROUPS for key in group.keys)
MODAL: Final[tuple[Scope, ...]] = tuple(group.scope for group in GROUPS if group.is_modal)
TYPING: Final[tuple[Scope, ...]] = tuple(group.scope for group in GROUPS if group.is_typing)
LABEL_KEYS: Final = string.digits + string.ascii_letters  # those that a task may give to a label
LABEL_SCOPES: Final[tuple[Scope, ...]] = tuple(group.scope for group in GROUPS if group.labels)


def keys_of(*scopes: Scope, keys: Sequence[Key] = KEYS) -> tuple[Key, ...]:
    """The keys of these scopes, in the order of the registry within each scope."""
    return tuple(key for scope in scopes for key in keys if key.scope == scope)


def active_with(scope: Scope, keys: Sequence[Key] = KEYS) -> tuple[Key, ...]:
    """All keys that act in a scope; in a modal one, only its own do."""
    if scope == "choice":
        return keys_of(scope, "filter", keys=keys)
    shared: tuple[Scope, ...] = () if scope in (*MODAL, "everywhere") else ("everywhere",)
    return keys_of(scope, *shared, keys=keys)
