"""What the verdict on a detector in the shadow rests on, and what to do where it is undecided."""

from collections.abc import Sequence

from engine.statistics.promotion import Verdict
from store.counting import counted
from store.shadow import Side
from tui.services.results.flaggers import Flagger
from tui.services.results.labelled_sides import LabelledSides


def explain(
    new: Flagger,
    old: Flagger,
    weighed: LabelledSides,
    unknown: Sequence[str],
    verdict: Verdict,
) -> list[str]:
    """Sentences on what is not known of the training, and on what is missing for a verdict."""
    dataset = new.flagging.dataset
    notes = [f"Which rows {name} was trained on is not known." for name in unknown]
    if verdict != "UNDECIDED":
        return notes
    if not weighed.rows:
        return [
            *notes,
            "No row with a label is left to compare them on: "
            f"`backquery patterns --on {dataset}` and `backquery recall --on {dataset}` select "
            "some.",
        ]
    flaggers: tuple[tuple[Side, Flagger], ...] = (("new", new), ("old", old))
    for side, flagger in flaggers:
        rows = weighed.counts[side]
        if side in weighed.unlabelled:
            notes.append(
                f"None of the {counted(rows, 'row')} that only {flagger.name} flags has a label "
                "that counts."
            )
    if "both" in weighed.unlabelled:
        notes.append(
            "No row that both flag, and neither was trained on, has a label: "
            f"`backquery patterns --on {dataset}`, then `backquery label`."
        )
    if "neither" in weighed.unlabelled:
        notes.append(
            "No row that neither flags, and neither was trained on, has a label: "
            f"`backquery recall --on {dataset}` draws a sample of them."
        )
    return notes
