"""Tokens per second of a model server, by how many requests it is sent at a time.

It needs a server that runs, and is no part of `make bench`:

    python -m tests.benchmarks.serving openai:MODEL@http://127.0.0.1:8000/v1 [PROMPTS.json]

The second argument is a file to write the prompts to, for the server's own batch mode.
"""

import json
import sys
import time
from pathlib import Path

from engine.generation.concurrency import Concurrent
from engine.generation.protocol import Generation, Sampling
from engine.generation.server import ServerGenerator
from engine.generation.templates import Prompt
from engine.models.references import parse_reference
from tests.benchmarks.steps import seed_texts

PROMPTS = 256
SETTINGS: tuple[Concurrent, ...] = (8, "auto", 48, 256)


def main() -> None:
    """Write a line for each setting."""
    prompts = read_prompts()
    if len(sys.argv) > 2:
        Path(sys.argv[2]).write_text(json.dumps([prompt.messages() for prompt in prompts]))
    for setting in SETTINGS:
        measure(sys.argv[1], prompts, setting)


def read_prompts() -> list[Prompt]:
    """Chats of one message, no two of them equal, which ask about the sample seeds."""
    return [
        Prompt(user=f"{text} Explain ({number}).")
        for number, text in enumerate(seed_texts(PROMPTS))
    ]


def say(reason: str) -> None:
    """Write what the server is waited for to standard error."""
    sys.stderr.write(f"{reason}\n")


def measure(reference: str, prompts: list[Prompt], concurrent: Concurrent) -> None:
    """Ask for all and write the tokens per second."""
    parsed = parse_reference(reference)
    server = ServerGenerator(
        parsed.name,
        parsed.base_url,
        waiting=say,
        concurrent=concurrent,
    )
    sampling, began = Sampling(max_new_tokens=160), time.monotonic()
    replies: list[Generation] = [found for _, found in server.generate(prompts, (), sampling, 1)]
    took = time.monotonic() - began
    tokens = sum(reply.new_tokens for reply in replies)
    failed = sum(reply.error is not None for reply in replies)
    sys.stdout.write(
        f"concurrent = {concurrent!s:>4} {tokens / took:8.1f} tokens/s  {len(replies)} replies in "
        f"{took:.1f} s, {failed} failed, in the end {server.limit.value} at a time\n"
    )
    sys.stdout.flush()


if __name__ == "__main__":
    main()
