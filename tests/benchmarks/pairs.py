"""Detectors for pairs, on a log of many prompts with few contexts.

`python -m tests.benchmarks.pairs`. Both architectures on the embedded encoder; the bi-encoder also
without its cache of contexts, as the plain forward pass of its module, on the same batches. Weights
are untrained: as fast as any.
"""

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

from engine.models.architecture import Architecture
from engine.models.detector import Detector
from engine.models.inputs import make_inputs, set_limits
from engine.models.references import parse_reference, resolve_checkpoint
from engine.training.bases import load_base
from tests import rows
from tests.benchmarks.steps import DEVICE, ENCODER, seed_texts

PAIRS: Final = 400
CONTEXTS: Final = 10
CONTEXT_WORDS: Final = 250  # some 330 tokens
TEXT_WORDS: Final = 20
BATCH_ROWS: Final = 32
ONE_BY_ONE: Final = 100
ROUNDS: Final = 3

Work = Callable[[Sequence[str], Sequence[str], int], object]


def make_log() -> tuple[list[str], list[str]]:
    """(contexts, texts) of a log, in which contexts come in turn."""
    words = " ".join(seed_texts(500)).split()
    contexts = [
        " ".join(words[n * CONTEXT_WORDS : (n + 1) * CONTEXT_WORDS]) for n in range(CONTEXTS)
    ]
    texts = [f"{n} " + " ".join((words[n % 5_000 :] or words)[:TEXT_WORDS]) for n in range(PAIRS)]
    return [contexts[n % CONTEXTS] for n in range(PAIRS)], texts


def load(architecture: Architecture) -> tuple[Any, Any]:
    """(model, tokenizer) of an untrained detector on the embedded encoder."""
    checkpoint = resolve_checkpoint(parse_reference(ENCODER))
    model, tokenizer = load_base(checkpoint, rows.LABELS, 0, architecture)
    set_limits(model, tokenizer, None, None)
    return model, tokenizer


def without_cache(model: Any, tokenizer: Any) -> Work:
    """Classify by the module alone, each pair's context with its pair."""
    import torch

    inputs = make_inputs(model, tokenizer)
    model.to(DEVICE).eval()

    def classify(contexts: Sequence[str], texts: Sequence[str], batch_rows: int) -> None:
        encoded = sorted(inputs.encode(texts, contexts), key=inputs.order, reverse=True)
        for start in range(0, len(encoded), batch_rows):
            batch = inputs.pad(encoded[start : start + batch_rows]).to(DEVICE)
            with torch.inference_mode():
                model(**batch).logits.softmax(-1).tolist()

    return classify


def with_detector(model: Any, tokenizer: Any) -> Work:
    """Classify by a new detector, whose cache is empty at first."""
    detector = Detector(model, tokenizer, DEVICE)
    return lambda contexts, texts, batch_rows: detector.classify(
        texts, batch_rows, contexts=contexts
    )


def measure(what: str, make: Callable[[], Work]) -> None:
    """Print pairs a minute, the median of rounds with their range, and latency one by one."""
    contexts, texts = make_log()
    rates = []
    for _ in range(ROUNDS):
        work = make()
        work(contexts[:1], texts[:1], 1)  # what is slow the first time
        began = time.perf_counter()
        work(contexts, texts, BATCH_ROWS)
        rates.append(60 * PAIRS / (time.perf_counter() - began))
    work, took = make(), []
    for context, text in zip(contexts[:ONE_BY_ONE], texts[:ONE_BY_ONE], strict=True):
        began = time.perf_counter()
        work([context], [text], 1)
        took.append(1000 * (time.perf_counter() - began))
    first, rest = took[:CONTEXTS], took[CONTEXTS:]
    sys.stdout.write(
        f"{what:34} {statistics.median(rates):>10,.0f} pairs/min "
        f"({min(rates):,.0f} to {max(rates):,.0f}); one by one {statistics.median(rest):.1f} ms, "
        f"{statistics.median(first):.1f} ms where the context is new\n"
    )
    sys.stdout.flush()


def main() -> None:
    """Measure the three ways."""
    cross, bi = load("cross-encoder"), load("bi-encoder")
    measure("cross-encoder", lambda: with_detector(*cross))
    measure("bi-encoder, no cache of contexts", lambda: without_cache(*bi))
    measure("bi-encoder", lambda: with_detector(*bi))


if __name__ == "__main__":
    main()
