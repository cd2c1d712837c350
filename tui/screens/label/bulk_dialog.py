"""What to do with many clusters at once, under what that means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from store.counting import counted
from tui.frame.snapshot import Labels
from tui.keys.bindings import bindings, label_bindings
from tui.keys.keymap import Keymap
from tui.screens.dialogs.frame import Dialog
from tui.services.inert import one_line

if TYPE_CHECKING:
    from store.clusters import Cluster

AS_PREDICTED: Final = ""


@dataclass(frozen=True, slots=True)
class Target:
    """Clusters that can be labelled at once.

    `changes` counts, by label and AS_PREDICTED, those that are decided as something else. `made` is
    what they are clusters of.
    """

    name: str
    clusters: "tuple[Cluster, ...]"
    changes: Mapping[str, int]
    made: str

    @property
    def size(self) -> str:
        """How much that is, in words."""
        answers = sum(cluster.size for cluster in self.clusters)
        return f"{counted(len(self.clusters), 'cluster')} with {counted(answers, self.made)}"

    def describe(self, label: str) -> str:
        """How much that is, and how many decisions a label would change."""
        count = self.changes.get(label, 0)
        if not count:
            return f"{self.size}."
        are = "is" if count == 1 else "are"
        return f"{self.size}. {count:,} of them {are} decided otherwise and would change."


@dataclass(frozen=True, slots=True)
class BulkChoice:
    """What to do: the name of a label or AS_PREDICTED, and to which clusters."""

    label: str
    target: Target


class BulkDialog(Dialog[BulkChoice]):
    """Gives back what was chosen, or None; the first of the targets is the one by default."""

    SCOPE = "bulk"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("bulk"), *label_bindings()]

    place: reactive[int] = reactive(0, init=False)

    def __init__(
        self, targets: Sequence[Target], labels: Labels, keymap: Keymap, *, is_blind: bool
    ) -> None:
        super().__init__("Many clusters at once", keymap)
        self._targets = tuple(targets)
        self._labels = labels
        self._is_blind = is_blind
        self._body = Static()

    def compose(self) -> ComposeResult:
        """Lay out how much it is, and the keys."""
        self._show()
        yield self.boxed(self._body)

    def watch_place(self) -> None:
        """Show what other clusters would mean."""
        self._show()

    def _show(self) -> None:
        chosen = self._targets[self.place]
        lines = [
            Content.assemble(
                (f"{'▸' if target is chosen else ' '} {target.name}: ", "bold"), target.size
            ).stylize("" if target is chosen else "$quiet")
            for target in self._targets
        ]
        lines.append(Content(""))
        if not chosen.clusters:
            lines.append(Content("There is nothing to label among these."))
        else:
            lines += self._describe_keys(chosen)
        self._body.update(Content("\n").join(lines))

    def _describe_keys(self, chosen: Target) -> list[Content]:
        lines = []
        for view in self._labels.views:
            name = f"{view.glyph} {one_line(view.name)}"
            key = Content.assemble((f" {view.key} ", "reverse bold"), " all as ")
            lines.append(key + Content.styled(name, view.style) + _changes(chosen, view.name))
        if not self._is_blind:
            key = Content.styled(f" {self.keymap.shown('bulk.confirm')} ", "reverse bold")
            what = f" each as {self._labels.words.guessed}"
            lines.append(key + what + _changes(chosen, AS_PREDICTED))
        return lines

    def action_turn(self) -> None:
        """Choose the other clusters."""
        self.place = (self.place + 1) % len(self._targets)

    def action_label(self, key: str) -> None:
        """Choose a label by its key."""
        label = self._labels.keyed(key)
        if label is not None:
            self._choose(label.name)

    def action_confirm(self) -> None:
        """Choose what is predicted for each."""
        if not self._is_blind:
            self._choose(AS_PREDICTED)

    def _choose(self, label: str) -> None:
        target = self._targets[self.place]
        if target.clusters:
            self.dismiss(BulkChoice(label, target))


def _changes(target: Target, label: str) -> Content:
    count = target.changes.get(label, 0)
    return Content.styled(f": changes {counted(count, 'decision')}" if count else "", "$warning")
