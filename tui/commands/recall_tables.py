"""An estimate of recall as a table of strata, and its figures as sentences."""

from tui.commands.output import print_table, tell
from tui.services.inert import one_line
from tui.services.results.recall import Recall
from tui.services.results.recall_words import describe_flagger, describe_recall, describe_scores


def print_recall(found: Recall) -> None:
    """Print the strata of a sample and what its labels say."""
    print_table(
        ["score", "rows", "drawn", "labelled", "misses"],
        [
            [describe_scores(item), item.size, item.drawn, item.labelled, item.misses]
            for item in found.strata
        ],
        title=f"Not flagged by {describe_flagger(found.name)} in {found.dataset}, by score",
    )
    for line in describe_recall(found):
        tell(one_line(line))
