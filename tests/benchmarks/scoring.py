"""`backquery score` beside a plain loop over the same model: `python -m tests.benchmarks.scoring`.

Both read the same file, cut texts at the same length, and take batches of the same size; the plain
loop has all texts in memory and sorts them by length, which is as fast as the model goes.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from engine.models.classifier_folder import load_classifier, save_classifier
from engine.models.detector import detector_folder
from engine.models.references import Checkpoint, parse_reference, resolve_checkpoint
from engine.training.bases import load_base
from tests import rows
from tests.benchmarks.steps import DEVICE, ENCODER, seed_texts
from tui.services.files.scoring import BATCH_ROWS, FieldNames, score_file
from tui.services.workspace import Workspace

LINES: Final = 2_000
MAX_TOKENS: Final = 128


def make_detector(workspace: Workspace) -> None:
    """Put an untrained detector into a workspace: it is as fast as a trained one."""
    checkpoint = resolve_checkpoint(parse_reference(ENCODER))
    model, tokenizer = load_base(checkpoint, workspace.task.labels, seed=0)
    tokenizer.model_max_length = MAX_TOKENS
    save_classifier(detector_folder(workspace.path, "d0"), model, tokenizer, {})
    with workspace.database() as database:
        rows.ingest(database, workspace.path, "detectors", rows.detectors("d0"))


def plain_loop(folder: Path, texts: list[str]) -> None:
    """Predict as a few lines of a notebook would."""
    import torch

    model, tokenizer = load_classifier(Checkpoint(str(folder), local_only=True))
    model.to(DEVICE).eval()
    ordered = sorted(texts, key=len, reverse=True)
    with torch.inference_mode():
        for start in range(0, len(ordered), BATCH_ROWS):
            batch = tokenizer(
                ordered[start : start + BATCH_ROWS],
                padding=True,
                truncation=True,
                max_length=MAX_TOKENS,
                return_tensors="pt",
            ).to(DEVICE)
            model(**batch).logits.softmax(-1).tolist()


def rate(what: str, work: Callable[[], object]) -> float:
    """Do the work once, print lines a second, and return them."""
    began = time.perf_counter()
    work()
    found = LINES / (time.perf_counter() - began)
    sys.stdout.write(f"{what:42} {LINES:>8,} lines {found:12,.1f} /s\n")
    sys.stdout.flush()
    return found


def main() -> None:
    """Measure both, loading included."""
    with tempfile.TemporaryDirectory() as name:
        workspace = Workspace.create(Path(name) / "w", task="health-advice", preset="embedded")
        make_detector(workspace)
        texts = [f"{text} ({number})" for number, text in enumerate(seed_texts(LINES))]
        path = Path(name) / "lines.jsonl"
        path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
        folder = detector_folder(workspace.path, "d0")
        plain = rate("score: a plain loop", lambda: plain_loop(folder, texts))
        ours = rate(
            "score: backquery score",
            lambda: score_file(workspace, "d0", path, FieldNames(), lambda line: None),
        )
        sys.stdout.write(f"{'':4}{ours / plain:.2f} times the plain loop's lines a second\n")


if __name__ == "__main__":
    main()
