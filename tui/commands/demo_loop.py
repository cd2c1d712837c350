"""`backquery demo --loop`: two rounds of the loop on a product that is simulated.

The product is `demo_product`; labels are given by the rule of the other demo, and nobody's. Every
step does what is missing, so a demo that was interrupted goes on.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from rich.console import Console

from store.cluster_states import read_states
from store.clusters import list_clusters
from store.counting import counted
from store.decisions import Decision, record
from store.detectors import INITIAL, initial_detector
from store.rounds import list_rounds
from tui.commands.demo import ANNOTATOR, SEED_IMPORTS, import_samples
from tui.commands.demo_product import Exchange, answer_questions, write_log
from tui.commands.demo_rule import RULE, label_by_words
from tui.commands.demo_steps import follow_untimed, open_demo
from tui.commands.output import say, tell
from tui.commands.round_tables import print_rounds
from tui.commands.screens import open_screen
from tui.commands.turning import turn
from tui.services.files.log_options import LogOptions
from tui.services.files.logs import import_logs
from tui.services.jobs.rounds import RoundRequest, deployed_after
from tui.services.jobs.training import assemble_recipe
from tui.services.jobs.training_draft import draft_training
from tui.services.results.round_words import describe_round
from tui.services.results.rounds import read_rounds
from tui.services.terminal import has_terminal
from tui.services.workspace import Workspace

TASK: Final = "health-advice"
DATASET: Final = "product"
CLUSTERS: Final = 10  # of what was flagged, some 40 answers a round
ROUNDS: Final = 2
SAMPLE: Final = 40  # passed answers that are labelled in each round, to estimate what was missed


def run_loop_demo(folder: Path, console: Console) -> None:
    """Run the demo of the loop in a folder, from where it was left.

    Raises NotAWorkspace for a folder that is not the demo's.
    """
    workspace = open_demo(folder, TASK, clusters=CLUSTERS)
    import_samples(workspace, SEED_IMPORTS)
    _train_first(workspace, console)
    exchanges = answer_questions(open_demo(folder / "product", TASK, clusters=CLUSTERS), console)
    say(
        f"The product is simulated: the embedded model answered "
        f"{counted(len(exchanges), 'shipped question')}, and the times of its log are made up."
    )
    for number in range(ROUNDS):
        part = exchanges[
            number * len(exchanges) // ROUNDS : (number + 1) * len(exchanges) // ROUNDS
        ]
        _go_round(workspace, number + 1, part, console)
    with workspace.database() as database:
        found = read_rounds(workspace, database, DATASET)
    print_rounds(found)
    for item in found.rounds:
        tell(describe_round(item))
    say(f"All labels were simulated by {RULE}. Nobody pressed a key.")
    say(f"See what it found: backquery -w {folder}, then F10")
    if has_terminal():
        open_screen(folder, "loop")


def _train_first(workspace: Workspace, console: Console) -> None:
    """Train the first guard, of the sample seeds alone, where there is none."""
    with workspace.database() as database:
        if initial_detector(database) is not None:
            return
        rows = assemble_recipe(workspace, database, workspace.recipe(INITIAL))
        draft = draft_training(workspace, database, rows, INITIAL)
    follow_untimed(workspace, draft, console)


def _go_round(
    workspace: Workspace, number: int, exchanges: Sequence[Exchange], console: Console
) -> None:
    """Log what the product says with the guard of the round, and turn until it is finished."""
    with workspace.database() as database:
        rounds = list_rounds(database, DATASET)
        if any(item.number == number and item.finished_at for item in rounds):
            return
        guard = deployed_after(rounds[-1]) if rounds else INITIAL
    path = workspace.path / "logs" / f"{number}.jsonl"
    write_log(workspace, path, exchanges, guard)
    with workspace.database() as database:
        import_logs(workspace, database, [path], LogOptions(DATASET, "litellm"))
    request = RoundRequest(DATASET, detector=guard, sample=SAMPLE)
    while turn(workspace, request, console).waits_for_person:
        _label_by_rule(workspace)


def _label_by_rule(workspace: Workspace) -> None:
    """Label the representative of each undecided cluster by RULE, each as by a key of its own."""
    with workspace.database() as database:
        clusters = list_clusters(database)
        states = read_states(database)
        due = [item for item in clusters if item.cluster_id not in states]
        for cluster in due:
            label = label_by_words(cluster.representative)
            record(database, ANNOTATOR, [Decision("label", cluster.cluster_id, label=label)])
    say(f"Labels are simulated: {RULE}, labelled {counted(len(due), 'cluster')}.")
