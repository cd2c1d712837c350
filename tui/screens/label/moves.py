"""Moving through the labelling screen: clusters, panes, orders, members, blind mode, undo."""

from dataclasses import replace
from typing import Any, Literal

from tui.screens.label.base import BLIND_MEMBER_ORDERS, MEMBER_ORDERS, LabelBase
from tui.screens.label.place import PANES
from tui.screens.label.wording import describe_action
from tui.screens.label.worklist import BLIND_ORDERS, ORDERS, Filter


class LabelMoves(LabelBase):
    """What changes nothing but what is looked at, and going back."""

    def action_move(self, by: int) -> None:
        """Look at another member in their pane, else at another cluster."""
        if self.look.pane == "members" and self.detail is not None:
            last = len(self.detail.members) - 1
            self.panes.chosen_member = max(0, min(self.panes.chosen_member + by, last))
        else:
            self.panes.chosen_member = 0
            self.work.move(by)
        self.show()

    def action_move_to(self, place: int) -> None:
        """Look at the first (0) or last (-1) member or cluster."""
        if self.look.pane == "members" and self.detail is not None:
            self.panes.chosen_member = 0 if place == 0 else len(self.detail.members) - 1
        else:
            self.work.move_to(place)
        self.show()

    def action_pane(self, by: int) -> None:
        """Go to the pane at the right (1) or left (-1)."""
        place = PANES.index(self.look.pane) + by
        self.change_look(pane=PANES[max(0, min(place, len(PANES) - 1))])

    def action_show_text(self) -> None:
        """Go back to the representative."""
        self.change_look(pane="text")

    def action_scroll_text(self, pages: int) -> None:
        """Scroll what is read by a page."""
        self.panes.scroll_pages(self.look.pane, pages)

    def action_toggle_origin(self) -> None:
        """Show or hide seed and question."""
        self.change_look(shows_origin=not self.look.shows_origin)

    def action_order(self) -> None:
        """Order the clusters in another way; the one that is looked at stays."""
        orders = BLIND_ORDERS if self.look.is_blind else ORDERS
        order = orders[(orders.index(self.look.order) + 1) % len(orders)]
        if self.look.is_blind:
            self.say("In blind mode the largest come first; other orders follow the predictions.")
        self.rearrange(order=order)

    def rearrange(self, **changes: Any) -> None:
        """Show other clusters or in another order, and draw them."""
        self.look = replace(self.look, **changes)
        self.work.arrange(self.look.order, self.look.filter, self.matching)
        self.show()

    def action_members(self) -> None:
        """Order the members another way; where it is narrow, bring them up first."""
        if self.is_narrow and self.look.pane != "members":
            self.change_look(pane="members")
            return
        orders = BLIND_MEMBER_ORDERS if self.look.is_blind else MEMBER_ORDERS
        place = orders.index(self.look.members_order)
        self.panes.chosen_member = 0
        self.change_look(members_order=orders[(place + 1) % len(orders)])

    def action_draw(self) -> None:
        """Show random members, others each time."""
        draw = self.look.draw + (self.look.members_order == "random")
        self.panes.chosen_member = 0
        pane = "members" if self.is_narrow else self.look.pane
        self.change_look(members_order="random", draw=draw, pane=pane)

    def action_blind(self) -> None:
        """Hide predictions and seed labels, and what gives them away; or show them again."""
        if self.look.is_blind:
            self.change_look(is_blind=False)
            self.say("Predictions are shown again.")
        else:
            members = self.look.members_order
            chosen = replace(self.look.filter, predicted=None, dataset=None)
            self.rearrange(
                is_blind=True,
                order="largest",
                filter=chosen,
                members_order=members if members in BLIND_MEMBER_ORDERS else "nearest",
            )
            self.say("Blind: predicted labels, seed labels and confidence are hidden.")
        self.make_room()

    async def action_undo(self) -> None:
        """Undo the newest action and go to its cluster."""
        await self.turn("undo")

    async def action_redo(self) -> None:
        """Do the newest undone action again and go to its cluster."""
        await self.turn("redo")

    async def turn(self, kind: Literal["undo", "redo"]) -> str:
        """Undo or redo, go where that was, and return what was said of it."""
        desk = self.desk
        if desk is None:
            return ""
        change = await self.write(lambda: desk.turn(kind))
        if change is None or change.action is None:
            return self.said
        self.take(change)
        action = change.action
        wanted = action.cluster_ids[0] if action.cluster_ids else None
        if wanted is not None and wanted in self.work and not self.work.look_at(wanted):
            self.matching = None
            self.rearrange(filter=Filter())
            self.work.look_at(wanted)
        if action.cluster_ids:
            self.change_look(pane="text")
        else:
            self.show()
        said = "Undid" if kind == "undo" else "Did again"
        self.say(f"{said}: {describe_action(self.work, action, self.labels)}.")
        return self.said
