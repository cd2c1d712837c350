"""Going from one answer to the next of those from whose label a model would learn most."""

from typing import TYPE_CHECKING

from store.counting import counted
from tui.screens.label.labelling import Labelling

if TYPE_CHECKING:
    from tui.services.suggestions import UsefulAnswer


def go_to_useful_answer(labelling: Labelling, said: str = "") -> None:
    """Choose the most useful answer that has no label of its own, among the members of its cluster.

    A filter that hides its cluster is taken off. `said` begins the message.
    """
    state, key = labelling.state, labelling.keymap.shown("label.text")
    made = labelling.labels.words.made
    found = _next_answer(labelling)
    if found is None:
        state.show_pane("text")
        none = f"No {made} waits that a label would be most useful for."
        labelling.say(f"{said}{none}", is_warning=not said)
    else:
        state.useful_answer = found
        state.choose_member(0)
        state.show_pane("members")
        labelling.say(f"{said}{_describe(found, made)} A label is for it alone; {key} goes back.")
    labelling.redraw()


def _next_answer(labelling: Labelling) -> "UsefulAnswer | None":
    """Go to the cluster of the next answer, and return that; None without one."""
    work, last = labelling.state.work, labelling.state.useful_answer
    for answer in work.suggestions.answers:
        is_labelled = work.decisions.override(answer.cluster_id, answer.answer_id) is not None
        is_last = last is not None and answer.answer_id == last.answer_id
        if not is_labelled and not is_last and work.reveal(answer.cluster_id):
            return answer
    return None


def _describe(answer: "UsefulAnswer", made: str) -> str:
    if answer.margin is None:
        return f"This {made} is unlike those that have labels."
    apart = counted(round(100 * answer.margin), "point")
    return f"The two likeliest labels of this {made} are {apart} apart."
