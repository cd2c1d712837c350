"""What an audit is and what a round would hold, for when there is nothing to audit."""

from textual.content import Content
from textual.widgets import Static

from tui.keys.keymap import Keymap
from tui.screens.audit.views import AuditState
from tui.screens.audit.wording import describe_round

WHAT_IT_IS = (
    "A label spreads from the representative to all members of its cluster, and some of them "
    "will be wrong. An audit finds out how many: you label members drawn at random, without "
    "seeing the label they got, the prediction or the seed. That changes no label; what was "
    "found wrong can be overridden afterwards."
)


class AuditIntro(Static):
    """A few sentences with the keys that begin a round."""

    def __init__(self, keymap: Keymap) -> None:
        super().__init__(id="intro", markup=False)
        self._keymap = keymap

    def show(self, state: AuditState) -> None:
        """Say what can be drawn now."""
        keys = self._keymap
        lines = [Content(WHAT_IT_IS), Content("")]
        if state.has_rounds:
            lines += [Content("Every text that was drawn is audited."), Content("")]
        lines.append(_keyed(keys.shown("audit.new_round"), describe_round(state)))
        own = f"shows up to {state.consistency:,} of your clusters again, to compare your labels."
        lines.append(_keyed(keys.shown("audit.consistency"), own))
        if state.has_rounds:
            lines.append(_keyed(keys.shown("audit.view"), "shows the figures."))
        self.update(Content("\n").join(lines))


def _keyed(key: str, text: str) -> Content:
    return Content.assemble((f" {key} ", "reverse bold"), " ", text)
