"""The labelling screen: one key labels a cluster by its representative and goes on to the next.

Every action waits until it is on disk and only then changes what is seen. Actions are bindings,
which run one after the other, so a fast typist's second key never labels the first cluster.
"""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Literal

from textual.binding import BindingType

from tui.frame.snapshot import Change, LabelView
from tui.keys.bindings import bindings, label_bindings
from tui.screens.label.talks import LabelTalks
from tui.screens.label.wording import describe_cluster, describe_outlook

if TYPE_CHECKING:
    from store.clusters import Cluster


class LabelScreen(LabelTalks):
    """Decisions on the cluster that is looked at."""

    CSS_PATH = "screen.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("label"), *label_bindings()]

    def reading_comes_first(self) -> bool:
        """Whether the text is hidden, and say so: nobody decides on what they do not see."""
        if self.is_narrow and self.look.pane == "queue":
            key = self.keymap.shown("label.confirm")
            self.say(f"{key} shows the text; decide when you have read it.", is_warning=True)
            return True
        return False

    async def action_label(self, key: str) -> None:
        """Label the cluster by the key of a label; other keys do nothing."""
        label, cluster = self.labels.keyed(key), self.work.current
        if label is not None and cluster is not None and not self.reading_comes_first():
            await self._label(cluster, label)

    async def _label(self, cluster: "Cluster", label: LabelView) -> None:
        assert self.desk is not None
        call = partial(self.desk.label, [cluster], [label.name])
        await self.decide(call, f"Labelled {label.glyph} {label.name}", cluster)

    async def action_confirm(self) -> None:
        """Label the cluster as predicted; in the list, show the text; a member is opened."""
        cluster = self.work.current
        if self.look.pane == "members":
            await self.open_member()
        elif self.is_narrow and self.look.pane == "queue":
            self.change_look(pane="text")
        elif cluster is not None and self.look.is_blind:
            self.say("In blind mode nothing is predicted; use a label's key.", is_warning=True)
        elif cluster is not None:
            label = self.labels.named(cluster.predicted_label)
            if label.key:
                await self._label(cluster, label)
            else:
                self.say(f"{label.name!r} is no label of this task.", is_warning=True)

    async def action_skip(self) -> None:
        """Put the cluster off."""
        await self._put_off("skip", "Skipped")

    async def action_unsure(self) -> None:
        """Say that the cluster has been read and cannot be labelled."""
        await self._put_off("unsure", "Unsure")

    async def _put_off(self, kind: Literal["skip", "unsure"], said: str) -> None:
        cluster = self.work.current
        if self.desk and cluster is not None and not self.reading_comes_first():
            await self.decide(partial(self.desk.put_off, kind, cluster), said, cluster)

    async def decide(self, call: Callable[[], Change], said: str, cluster: "Cluster") -> None:
        """Take a decision on the cluster that is looked at, and go on to the next."""
        place = describe_cluster(self.work, cluster)
        change = await self.write(call)
        if change is not None:
            self.take(change)
            self.work.go_on()
            self.panes.chosen_member = 0
            self.change_look(pane="text" if self.is_narrow else self.look.pane)
            self.say(f"{said}: {place}. {describe_outlook(self.work, self.keymap)}")

    async def action_flag(self) -> None:
        """Flag the cluster, or take the flag away; stay at it."""
        desk, cluster = self.desk, self.work.current
        if desk is None or cluster is None:
            return
        state = self.work.state(cluster.cluster_id)
        kind: Literal["flag", "unflag"] = "unflag" if state and state.is_flagged else "flag"
        change = await self.write(lambda: desk.mark(kind, cluster))
        if change is not None:
            self.take(change)
            self.show()
            said = "Flagged" if kind == "flag" else "Took the flag off"
            self.say(f"{said}: {describe_cluster(self.work, cluster)}.")
