"""How quickly drift is scored, beside the bert-score library, and its figures of a million pairs.

python -m tests.benchmarks.drift [FOLDER]
"""

import random
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

from bert_score import BERTScorer

from engine.models.bertscore import BertScorer, Precision
from engine.models.references import parse_reference, resolve_checkpoint
from store.database.connection import Database
from tests.benchmarks import driftmemory
from tests.benchmarks.million import CLUSTERS, ROWS, WIDTH, find_or_make
from tests.benchmarks.steps import DEVICE, ENCODER, seed_texts
from tui.screens.drift.desk import DriftDesk
from tui.screens.drift.views import ORDERS, GroupChoice, PairsChoice
from tui.screens.drift.wording import COMPARED

LAYER: Final = 5
PAIRS: Final = 200
BATCH: Final = 64  # the library's own

Texts = tuple[str, str, str]  # answer, question, seed


def make_texts(count: int) -> list[Texts]:
    """Answers of two to ten sample texts, like chat answers in length, with their seeds."""
    dice = random.Random(0)
    seeds = seed_texts(303)
    found = []
    for number in range(count):
        seed = seeds[number % len(seeds)]
        answer = " ".join([seed, *dice.sample(seeds, dice.randint(1, 9))])
        found.append((answer, f"What do you say to this: {seed.split('.')[0]}?", seed))
    return found


def rate(what: str, pairs: int, work: Callable[[], object]) -> float:
    """Do the work once, print pairs a second, and return the seconds."""
    began = time.perf_counter()
    work()
    took = time.perf_counter() - began
    sys.stdout.write(f"{what:58} {pairs:>6,} pairs {took:8.2f} s {pairs / took:8.1f} /s\n")
    sys.stdout.flush()
    return took


def measure_scores() -> None:
    """Compare with the library on the same pairs and model, at both precisions."""
    texts = make_texts(PAIRS)
    answers, _, seeds = (list(column) for column in zip(*texts, strict=True))
    location = resolve_checkpoint(parse_reference(ENCODER)).location
    library = BERTScorer(
        model_type=location, num_layers=LAYER, batch_size=BATCH, device=DEVICE, idf=False
    )
    library.score(answers[:8], seeds[:8])  # what is only slow the first time
    scored: list[Any] = []
    theirs = rate("BERTScore: the library", PAIRS,
                  lambda: scored.append(library.score(answers, seeds)))  # fmt: skip
    for precision in ("float32", "bfloat16"):
        ours = measure_own(texts, precision)
        sys.stdout.write(
            f"{'':4}{theirs / ours:.2f} times the library's pairs a second, difference of F1 "
            f"{describe_difference(texts, precision, scored[0][2].tolist())}\n"
        )


def describe_difference(texts: list[Texts], precision: Precision, f1: list[float]) -> str:
    """How far F1 of answers against seeds is from the library's, at most and on average."""
    scorer = BertScorer(ENCODER, LAYER, DEVICE, precision)
    found = scorer.embed(text for answer, _, seed in texts for text in (answer, seed))
    matches = scorer.match([(found[answer], found[seed]) for answer, _, seed in texts])
    apart = [abs(match.f1 - value) for match, value in zip(matches, f1, strict=True)]
    return f"{max(apart):.1e} at most, {sum(apart) / len(apart):.1e} on average"


def measure_own(texts: list[Texts], precision: Precision) -> float:
    """Measure one comparison, and all three with their floors; return the seconds of the one."""
    scorer = BertScorer(ENCODER, LAYER, DEVICE, precision)
    places = {"answer": 0, "query": 1, "seed": 2}

    def score(*comparisons: str) -> None:
        wanted = {place for name in comparisons for place in map(places.get, name.split("_"))}
        found = scorer.embed(row[place] for row in texts for place in wanted if place is not None)
        for name in comparisons:
            one, other = (places[part] for part in name.split("_"))
            for shift in (0, 1)[: 1 + (len(comparisons) > 1)]:
                shifted = [*texts[shift:], *texts[:shift]]
                scorer.match(
                    [(found[row[one]], found[partner[other]])
                     for row, partner in zip(texts, shifted, strict=True)]
                )  # fmt: skip

    warm = scorer.embed([text for row in texts[:8] for text in row])
    scorer.match([(warm[answer], warm[seed]) for answer, _, seed in texts[:8]])
    ours = rate(f"BERTScore: answer against seed, {precision}", len(texts),
                lambda: score("answer_seed"))  # fmt: skip
    rate(f"BERTScore: three comparisons and their floors, {precision}", len(texts),
         lambda: score(*COMPARED))  # fmt: skip
    return ours


def measure_figures(path: Path) -> None:
    """Measure what the drift screen reads of a large workspace, the first time and again."""
    with Database(path, is_modest=True) as database:
        desk = DriftDesk(database, "nobody")
        config, group = desk.scores().config_hash or "", GroupChoice("answer_seed", None, None)
        for time_of in ("first", "again"):
            rate(f"drift: BERTScore figures, {time_of}", ROWS, desk.scores)
        rate("drift: labels, as the screen reads them", ROWS, desk.label_flow)
        rate("drift: ways, as the screen reads them", ROWS, partial(desk.ways, config))
        rate("drift: spread", ROWS, partial(desk.spread, config, group))
        for order in ORDERS:
            pairs = partial(desk.pairs, config, group, PairsChoice(order, "", 0))
            rate(f"drift: pairs, {order} first", ROWS, pairs)


def measure_all(folder: Path | None) -> None:
    """Measure scores, memory, and figures of a workspace in the folder, made where it lacks one."""
    measure_scores()
    driftmemory.main()
    if folder is not None:
        measure_figures(find_or_make(folder, CLUSTERS[0], ROWS, WIDTH))


if __name__ == "__main__":
    measure_all(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
