"""How many planted copies of a benchmark's texts are found, by their length, and how quickly.

python -m tests.benchmarks.leaks
"""

import json
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import polars as pl

from store.leaks.near import count_near_copies
from store.leaks.overlap import with_keys
from store.leaks.search import find_leaks
from store.words import tokenise
from tests.benchmarks.steps import seed_texts
from tui.services.settings import samples

SEEDS: Final = 300  # distinct ones among the samples
FILLERS: Final = 100  # the first of them
BINS: Final = {"3 to 6 words": range(3, 7), "7 to 14": range(7, 15), "15 to 29": range(15, 30),
               "30 and more": range(30, 10_000)}  # fmt: skip
TRAINING_ROWS: Final = 100_000
BENCHMARK_ROWS: Final = 5_000

Copy = Callable[[str, random.Random], str]


def change_word(text: str, dice: random.Random) -> str:
    """Replace one word by one that no text has."""
    words = text.split()
    words[dice.randrange(len(words))] = "xyzzy"
    return " ".join(words)


def put_inside(text: str, dice: random.Random) -> str:
    """Put a text between seeds that are no originals, as a sentence of a paragraph."""
    before, *behind = dice.sample(seed_texts(FILLERS), 5)
    return " ".join([before, text, *behind])


COPIES: Final[Mapping[str, Copy]] = {
    "exact": lambda text, _: text,
    "re-cased": lambda text, _: text.upper(),
    "one word changed": change_word,
    "inside a paragraph": put_inside,
    "inside a paragraph, one word changed": lambda text, dice: put_inside(
        change_word(text, dice), dice
    ),
}


def sample_texts() -> tuple[list[str], list[str]]:
    """The seeds, and the texts of the sample benchmark, every other as its sentences."""
    with Path(str(samples() / "benchmark.jsonl")).open(encoding="utf-8") as file:
        long = [json.loads(line)["text"] for line in file]
    sentences = [part.strip() for text in long[1::2] for part in text.split(". ")]
    return seed_texts(SEEDS), [*long[::2], *(part for part in sentences if len(tokenise(part)) > 2)]


def measure_recall() -> None:
    """Plant a copy of each original, and count those found, by the words of the original."""
    seeds, long = sample_texts()
    texts = list(dict.fromkeys([*seeds[FILLERS:], *long]))
    for name, copy in COPIES.items():
        dice = random.Random(0)
        found = find_leaks([copy(text, dice) for text in texts], texts)
        planted: Counter[str] = Counter()
        hits: Counter[str] = Counter()
        for place, text in enumerate(texts):
            length = len(tokenise(text))
            where = next((key for key, lengths in BINS.items() if length in lengths), "")
            planted[where] += 1
            hits[where] += place in found
        shares = (f"{key} {hits[key]}/{planted[key]}" for key in BINS)
        sys.stdout.write(f"leaks found: {name:37} {' · '.join(shares)}\n")


def measure_false_positives() -> None:
    """Compare 1,000 random pairs of different texts, and all seeds with all benchmark texts."""
    seeds, long = sample_texts()
    dice = random.Random(0)
    pairs = [(dice.choice(seeds), dice.choice(long)) for _ in range(1_000)]
    wrong = sum(bool(find_leaks([one], [other])) for one, other in pairs)
    sys.stdout.write(f"leaks found among 1,000 pairs of different texts: {wrong}\n")
    wrong = len(find_leaks(seeds, long))
    sys.stdout.write(
        f"seeds found that leak any of {len(long):,} texts of the sample benchmark: "
        f"{wrong} of {len(seeds):,}\n"
    )


def measure_rate() -> None:
    """Look for leaks of 5,000 benchmark texts in 100,000 rows made of sample texts."""
    seeds, long = sample_texts()
    words = [word for text in [*seeds, *long] for word in text.split()]
    dice = random.Random(0)

    def make(phrases: int) -> str:
        starts = (dice.randrange(len(words) - 8) for _ in range(phrases))
        return " ".join(" ".join(words[start : start + dice.randint(3, 8)]) for start in starts)

    benchmark = [make(dice.randint(2, 6)) for _ in range(BENCHMARK_ROWS)]
    rows = [make(dice.randint(2, 24)) for _ in range(TRAINING_ROWS)]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began, cpu = time.perf_counter(), time.process_time()
    find_leaks(rows, benchmark)
    took, cpu = time.perf_counter() - began, time.process_time() - cpu
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    length = sum(map(len, rows)) / len(rows)
    sys.stdout.write(
        f"leaks: {len(rows):,} rows of {length:.0f} characters against {len(benchmark):,}: "
        f"{took:.1f} s ({cpu:.1f} s of processor), {len(rows) / took:,.0f} rows /s, "
        f"{grown / 1024:.0f} MiB more\n"
    )


def measure_near_copies() -> None:
    """Count near copies of 1,500 long benchmark rows in 5,000 rows that four detectors learned."""
    seeds, long = sample_texts()
    words = [word for text in [*seeds, *long] for word in text.split()]
    dice = random.Random(0)

    def make(count: int) -> list[str]:
        phrases = ((dice.randrange(len(words) - 8), dice.randint(3, 8)) for _ in range(60 * count))
        parts = [" ".join(words[start : start + size]) for start, size in phrases]
        return [" ".join(parts[60 * n : 60 * n + dice.randint(4, 60)]) for n in range(count)]

    texts = make(1_500)
    ids = [str(number) for number in range(5_000)]
    rows = with_keys(pl.DataFrame({"sample_id": ids[:1_500], "text": texts}))
    learned = pl.DataFrame({"item_id": ids, "sample_id": ids, "text": make(5_000)})
    training = with_keys(learned.with_columns(pl.lit("synthetic").alias("source")))
    began = time.perf_counter()
    count_near_copies(rows, dict.fromkeys("abcd", training))
    sys.stdout.write(
        f"near copies: 1,500 rows of {sum(map(len, texts)) / 1_500:.0f} characters in 5,000 of "
        f"four detectors: {time.perf_counter() - began:.1f} s\n"
    )


def main() -> None:
    """Run them all."""
    measure_recall()
    measure_false_positives()
    measure_rate()
    measure_near_copies()


if __name__ == "__main__":
    main()
