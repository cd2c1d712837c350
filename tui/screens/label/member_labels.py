"""Labelling one member of a cluster by itself, whatever its cluster is labelled."""

from typing import TYPE_CHECKING

from tui.frame.calls import Refused
from tui.frame.snapshot import LabelView
from tui.screens.label.labelling import Labelling
from tui.screens.label.useful_answers import go_to_useful_answer
from tui.screens.label.wording import describe_no_member

if TYPE_CHECKING:
    from store.clusters import Cluster
    from tui.screens.label.desk import LabelDesk


async def label_member(
    labelling: Labelling, desk: "LabelDesk", cluster: "Cluster", label: LabelView
) -> None:
    """Label the chosen member, and go on to the next in its cluster."""
    state, member = labelling.state, labelling.state.member
    if member is None:
        labelling.say(describe_no_member(labelling.keymap), is_warning=True)
        return
    before = state.work.decisions.overrides
    change = await labelling.take(
        lambda: desk.override(cluster.cluster_id, member, label.name, before)
    )
    if isinstance(change, Refused):
        return
    if state.is_at_useful_answer:
        go_to_useful_answer(labelling, f"Labelled {label.glyph} {label.name}. ")
        return
    state.choose_member(state.chosen_member + 1)
    place = f"member {member.rank + 1:,} of {cluster.size:,}, this answer only"
    undo = labelling.keymap.shown("label.undo")
    labelling.say(f"Labelled {label.glyph} {label.name}: {place}. {undo} undoes it.")
