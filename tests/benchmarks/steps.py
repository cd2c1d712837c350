"""How long the main steps take on this machine, with the embedded models.

Nothing is asserted. Each line says what was done, how much of it, and the rate.
"""

import csv
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from engine.clustering.kmeans import cluster_embeddings
from engine.generation.loading import load_generator
from engine.generation.protocol import Sampling
from engine.generation.templates import load_template
from engine.jobs.device import resolve_devices
from store.clusters import list_clusters
from store.database.connection import Database
from store.reading.files import read_file
from store.reading.options import ImportOptions
from store.reading.prepare import prepare
from tests import rows
from tui.services.settings import presets, samples

LLM = "bundled:smollm2-135m-instruct"
ENCODER = "bundled:all-minilm-l6-v2"
DEVICE = resolve_devices("auto")[0]


def timed(what: str, amount: int, unit: str, work: Callable[[], object]) -> None:
    """Do the work once and print its time and rate."""
    began = time.perf_counter()
    work()
    took = time.perf_counter() - began
    sys.stdout.write(f"{what:42} {amount:>8,} {unit:8} {took:8.2f} s {amount / took:12,.1f} /s\n")
    sys.stdout.flush()


def labelled_seeds() -> list[tuple[str, str]]:
    """Text and label of all sample seeds."""
    found = []
    for name in ("abstracts", "laypeople", "suggestions"):
        with Path(str(samples() / f"{name}.csv")).open(encoding="utf-8", newline="") as file:
            found += [(row["text"], row["label"]) for row in csv.DictReader(file)]
    return found


def seed_texts(count: int) -> list[str]:
    """Sample seeds, repeated as often as needed."""
    found = labelled_seeds()
    return [found[n % len(found)][0] for n in range(count)]


def bench_import(folder: Path, count: int) -> None:
    """Read a CSV file into samples, and the samples into the store."""
    path = folder / "rows.csv"
    pl.DataFrame({"text": [f"{text} ({n})" for n, text in enumerate(seed_texts(count))]}).write_csv(
        path
    )
    options = ImportOptions(dataset="d", roles=("seed",))
    found = prepare([read_file(path)], options, rows.LABELS)
    timed("import: CSV to samples", count, "rows",
          lambda: prepare([read_file(path)], options, rows.LABELS))  # fmt: skip
    with Database(folder) as database:

        def insert() -> None:
            with database.write() as cursor:
                cursor.insert("samples", found.samples)

        timed("store: samples into DuckDB", count, "rows", insert)


def bench_store(folder: Path, count: int) -> None:
    """Take parts in, and read the queue of clusters."""
    names = [f"s{n:06}" for n in range(count)]
    with Database(folder) as database:
        rows.ingest(database, folder, "detectors", rows.detectors("d0"))
        rows.ingest(database, folder, "queries", rows.queries(names))
        timed("store: ingest a part of answers", count, "rows",
              lambda: rows.ingest(database, folder, "answers", rows.answers(names)))  # fmt: skip
        clusters = {f"c{n}": [f"a-{name}" for name in names[n::60]] for n in range(60)}
        rows.ingest(database, folder, "members", rows.members(clusters))
        timed("store: list 60 clusters", count, "members", lambda: list_clusters(database))


def bench_models() -> None:
    """Write questions and answers, and cluster."""
    generator = load_generator(LLM, device=DEVICE)
    template = load_template(Path(str(presets() / "templates" / "five-examples.toml")))
    prompts = [template.fill(text) for text in seed_texts(64)]
    short = Sampling(temperature=0.3, max_new_tokens=64)
    timed("generate: questions, batch 64", 64, "rows",
          lambda: list(generator.generate(prompts, template.stop, short, 1)))  # fmt: skip
    answer = load_template(Path(str(presets() / "templates" / "answer.toml")))
    asked = [answer.fill(text) for text in seed_texts(64)]
    written = 0

    def write() -> None:
        nonlocal written
        written = sum(item.new_tokens for _, item in generator.generate(asked, (), Sampling(), 1))

    began = time.perf_counter()
    timed("generate: answers, batch 64", 64, "rows", write)
    rate = written / (time.perf_counter() - began)
    sys.stdout.write(f"{'':42} {written:>8,} tokens {'':10} {rate:12,.1f} /s\n")
    points = np.random.default_rng(0).normal(size=(20_000, 384)).astype(np.float32)
    timed("cluster: k-means, k = 20, width 384", 20_000, "rows",
          lambda: cluster_embeddings(points, 20, 0))  # fmt: skip


def main() -> None:
    """Run them all in a temporary folder."""
    with tempfile.TemporaryDirectory() as name:
        folders = [Path(name) / part for part in ("import", "store")]
        for folder in folders:
            folder.mkdir()
        bench_import(folders[0], 10_000)
        bench_store(folders[1], 20_000)
        bench_models()
