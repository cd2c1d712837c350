"""Memory of the stage `drift` by the number of answers: `python -m tests.benchmarks.driftmemory`.

Each count runs in a process of its own, whose peak is what the kernel counted.
"""

import multiprocessing
import resource
import sys
import tempfile
from pathlib import Path
from typing import Final

import polars as pl

from engine.stages.drift import DriftParams, DriftStage
from store.schema import SAMPLES
from tests import rows
from tests.benchmarks.steps import ENCODER, seed_texts
from tests.fakes import make_inputs

COUNTS: Final = (512, 2048)


def peak_mib(count: int) -> float:
    """Score so many answers of as many seeds, none like another, and return the peak in MiB."""
    names = [f"s{number:06}" for number in range(count)]
    texts = [f"{text} ({number})" for number, text in enumerate(seed_texts(count))]
    samples = [
        {"sample_id": name, "dataset": "d", "text": text}
        for name, text in zip(names, texts, strict=True)
    ]
    answers = pl.Series("text", [f"Yes. {text} That is all." for text in texts])
    tables = {
        "samples": rows.frame(SAMPLES, samples),
        "queries": rows.queries(names),
        "answers": rows.answers(names).with_columns(answers),
    }
    with tempfile.TemporaryDirectory() as folder:
        inputs = make_inputs(Path(folder), tables)
        for _ in DriftStage().run(inputs, DriftParams(model=ENCODER, layer=5)):
            pass
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print the peak for each count."""
    for count in COUNTS:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            peak = pool.apply(peak_mib, (count,))
        sys.stdout.write(f"drift: peak memory of the stage {count:>8,} answers {peak:8.0f} MiB\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
