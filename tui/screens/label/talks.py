"""What asks the person something first: notes, splits, bulk actions, single members.

Each is a worker of its own, because it waits for a dialog; keys go to the dialog meanwhile.
"""

import asyncio
import os
from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from store.counting import counted
from tui.frame.messages import ClusterWanted
from tui.frame.snapshot import LabelView
from tui.screens.dialogs.confirm import Confirm
from tui.screens.label.bulk import AS_PREDICTED, BulkDialog
from tui.screens.label.clipboard import copy_through_tmux, describe_copy
from tui.screens.label.guidelines import Guidelines
from tui.screens.label.member import MemberDialog
from tui.screens.label.search import LabelSearch
from tui.screens.label.wording import describe_bulk, describe_cluster, describe_pair
from tui.screens.label.worklist import Filter

if TYPE_CHECKING:
    from store.origins import Pair

FEWEST_PARTS, MOST_PARTS = 2, 8


class LabelTalks(LabelSearch):
    """Actions with a dialog in between."""

    _wanted: ClusterWanted | None = None

    def go_to(self, wanted: ClusterWanted) -> None:
        """Look at a cluster that another screen names, once the clusters are read."""
        self._wanted = wanted
        if self.work.tally.clusters:
            self.go_where_wanted()

    def go_where_wanted(self) -> None:
        """Look at the cluster that was named; a filter that hides it is taken off."""
        wanted, self._wanted = self._wanted, None
        if wanted is None:
            return
        if wanted.cluster_id not in self.work:
            self.say("That cluster is in the list no more: it was split.", is_warning=True)
            return
        if not self.work.look_at(wanted.cluster_id):
            self.matching = None
            self.rearrange(filter=Filter())
            self.work.look_at(wanted.cluster_id)
        self.change_look(pane="text")
        if wanted.then_split:
            self.call_later(self.action_split)

    async def action_note(self) -> None:
        """Write a note on the cluster."""
        await self.talk(self._note())

    async def _note(self) -> None:
        desk, cluster = self.desk, self.work.current
        if desk is None or cluster is None:
            return
        state = self.work.state(cluster.cluster_id)
        before = state.note if state else ""
        note = await self.ask("Note", "An empty note takes it away.", before)
        if note is None or note.strip() == before:
            return
        change = await self.write(lambda: desk.note(cluster, note.strip()))
        if change is not None:
            self.take(change)
            self.show()
            self.say(f"Noted: {describe_cluster(self.work, cluster)}.")

    def action_guidelines(self) -> None:
        """Show what the labels mean."""
        self.app.push_screen(Guidelines(self.labels, self.keymap))

    async def action_split(self) -> None:
        """Ask for a number of parts and split the cluster."""
        await self.talk(self.split_current())

    async def split_current(self) -> None:
        """Split the cluster that is looked at; what takes time begins before the answer."""
        desk, cluster = self.desk, self.work.current
        if desk is None or cluster is None:
            return
        if cluster.size < FEWEST_PARTS:
            self.say("A cluster of one cannot be split.", is_warning=True)
            return
        preparing = asyncio.ensure_future(self.write(lambda: desk.prepare_split(cluster)))
        most = min(MOST_PARTS, cluster.size)
        question = f"{counted(cluster.size, 'row')} into how many parts, {FEWEST_PARTS} to {most}?"
        text = await self.ask("Split", question)
        prepared = await preparing
        if prepared is None:
            return
        with prepared:
            if text is None:
                return
            if not (text.strip().isdecimal() and FEWEST_PARTS <= int(text) <= most):
                said = f"{text.strip()!r} is no number from {FEWEST_PARTS} to {most}."
                self.say(said, is_warning=True)
                return
            change = await self.write(lambda: desk.split(prepared, int(text)))
        if change is not None:
            self.take(change)
            self.work.look_at(change.parts[0])
            self.change_look(pane="text")
            sizes = ", ".join(f"{self.work.cluster(part).size:,}" for part in change.parts)
            key = self.keymap.shown("label.undo")
            self.say(f"Split into {len(change.parts)}: {sizes} rows. {key} merges them again.")

    async def action_bulk(self) -> None:
        """Label all clusters that are shown, after asking."""
        await self.talk(self._bulk())

    async def _bulk(self) -> None:
        desk, clusters = self.desk, self.work.clusters()
        if desk is None or not clusters:
            return
        text = describe_bulk(self.work, clusters)
        chosen = await self.meet(
            BulkDialog(text, self.labels, self.keymap, is_blind=self.look.is_blind)
        )
        if chosen is None:
            return
        labels = [chosen or cluster.predicted_label for cluster in clusters]
        unknown = {name for name in labels if not self.labels.named(name).key}
        if unknown:
            self.say(f"{min(unknown)!r} is no label of this task.", is_warning=True)
            return
        what = "as predicted" if chosen == AS_PREDICTED else f"as {chosen}"
        unsure = [item for item in clusters if (item.confidence or 0) < desk.bulk_confidence]
        if not await self._agree(f"Label {what}", text, len(clusters), len(unsure)):
            self.say("Nothing was labelled.")
            return
        change = await self.write(lambda: desk.label(clusters, labels))
        if change is not None:
            self.take(change)
            self.work.go_on()
            self.show()
            key = self.keymap.shown("label.undo")
            self.say(f"Labelled {counted(len(clusters), 'cluster')} {what}. {key} undoes it all.")

    async def _agree(self, title: str, text: str, count: int, unsure: int) -> bool:
        """Ask; where a cluster is less sure than allowed, the number must be typed."""
        desk = self.desk
        assert desk is not None
        if not unsure:
            is_agreed = await self.meet(Confirm(title, Content(text), self.keymap))
            return is_agreed is True
        threshold = desk.bulk_confidence
        hidden = "" if self.look.is_blind else (
            f"\n{unsure:,} of them have a mean confidence below {threshold:g}."
        )  # fmt: skip
        typed = await self.ask(title, f"{text}{hidden}\nType {count} to do it.")
        return typed is not None and typed.strip() == str(count)

    async def open_member(self) -> None:
        """Show the chosen member in full; a label there is for it alone."""
        await self.talk(self._open_member())

    async def _open_member(self) -> None:
        desk, cluster, detail = self.desk, self.work.current, self.detail
        if desk is None or cluster is None or detail is None or not detail.members:
            return

        async def override(answer_id: str, label: LabelView) -> str:
            change = await self.write(lambda: desk.override(answer_id, label.name))
            if change is None:
                return self.said
            self.take(change)
            return f"Labelled {label.glyph} {label.name}, this answer only."

        last = await self.meet(
            MemberDialog(
                detail.members,
                self.panes.chosen_member,
                self.labels,
                self.keymap,
                read=lambda answer_id: self.write(partial(desk.pair, answer_id)),
                override=override,
                undo=lambda: self.turn("undo"),
                copy=self._copy_pair,
                named=lambda answer_id: self.work.override(cluster.cluster_id, answer_id),
                is_blind=self.look.is_blind,
            )
        )
        self.panes.chosen_member = last or 0
        self.show()

    async def action_copy(self) -> None:
        """Copy seed, question and answer of the representative."""
        await self.talk(self._copy())

    async def _copy(self) -> None:
        if self.detail is not None and self.detail.pair is not None:
            self.say(await self._copy_pair(self.detail.pair))

    async def _copy_pair(self, pair: "Pair") -> str:
        desk, text = self.desk, describe_pair(pair)
        assert desk is not None
        path = await self.write(lambda: desk.keep_copy(text))
        if path is None:
            return self.said
        way = await self.write(lambda: (copy_through_tmux(text, os.environ),))
        if way is not None and way[0] is None:
            self.app.copy_to_clipboard(text)
        return describe_copy(path, way[0] if way else None)
