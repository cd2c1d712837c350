"""Ids and digests: hashes of where a row comes from and of what it holds."""

import hashlib

import polars as pl


def row_id(*parts: str | int | float | None) -> str:
    """A 24-digit hexadecimal SHA-256 of the parts, each length-prefixed.

    The prefix keeps ("ab", "c") and ("a", "bc") apart; None differs from "".
    """
    digest = hashlib.sha256()
    for part in parts:
        encoded = b"" if part is None else str(part).encode("utf-8", "surrogatepass")
        digest.update(b"-" if part is None else f"{len(encoded)}:".encode())
        digest.update(encoded)
    return digest.hexdigest()[:24]


def text_digest(text: str) -> str:
    """The full hexadecimal SHA-256 of a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def content_digest(text: str, context: str | None) -> str:
    """The `text_digest` of a text, or that of both texts of a pair."""
    return text_digest(text if context is None else f"{len(context)}:{context}{text}")


def sample_id(dataset: str, text: str, context: str | None, label: str | None, nth: int) -> str:
    """The id of the nth sample (from 0) with these texts and this label in a dataset."""
    texts = (text,) if context is None else (text, "of", context)
    return row_id("sample", dataset, *texts, label, nth)


def benchmark_digest(samples: pl.DataFrame) -> str:
    """The digest of a dataset's sample ids and labels, whatever the order of its rows."""
    pairs = samples.select("sample_id", "label").sort("sample_id", "label").rows()
    return text_digest("\n".join(row_id(sample_id, label) for sample_id, label in pairs))


def evaluation_id(detector_id: str, dataset: str, digest: str) -> str:
    """The id of what a detector says of a dataset of this `benchmark_digest`."""
    return row_id("evaluation", detector_id, dataset, digest)
