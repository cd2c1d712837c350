"""What the card of a detector for pairs says beside the rest: its sides, its limits, its use."""

from collections.abc import Mapping
from typing import Final

from engine.models.architecture import SIDES, Architecture

_BI_ENCODER: Final = """\
## How to load it

In this folder, with torch and transformers; the module is `bi_encoder.py`:

```python
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

model = AutoModelForSequenceClassification.from_pretrained(".", trust_remote_code=True).eval()
tokenizer = AutoTokenizer.from_pretrained(".", trust_remote_code=True, split_special_tokens=True)
cut = {"truncation": True, "padding": True, "return_tensors": "pt"}
context = tokenizer(["You plan journeys."], max_length=model.config.max_context_tokens, **cut)
text = tokenizer(["When does it leave?"], max_length=model.config.max_text_tokens, **cut)
with torch.inference_mode():
    output = model(context.input_ids, context.attention_mask, text.input_ids, text.attention_mask)
print(dict(zip(model.config.id2label.values(), output.logits.softmax(-1)[0].tolist())))
```"""

_CROSS_ENCODER: Final = """\
## How to load it

In this folder, with torch and transformers:

```python
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

model = AutoModelForSequenceClassification.from_pretrained(".").eval()
tokenizer = AutoTokenizer.from_pretrained(".", split_special_tokens=True)
context, text = "You plan journeys.", "When does it leave?"
pair = tokenizer([context], [text], truncation=True, padding=True, return_tensors="pt")
with torch.inference_mode():
    output = model(**pair)
print(dict(zip(model.config.id2label.values(), output.logits.softmax(-1)[0].tolist())))
```"""

LOADING: Final[Mapping[Architecture, str]] = {
    "bi-encoder": _BI_ENCODER,
    "cross-encoder": _CROSS_ENCODER,
}


def describe_sides(architecture: Architecture | None) -> str:
    """A line on what the detector takes; empty for one of single texts."""
    if architecture is None:
        return ""
    return f"- Input: pairs, by a {architecture}, in this order: {', then '.join(SIDES)}\n"


def describe_pair_limits(
    architecture: Architecture, max_tokens: int, max_context_tokens: int
) -> str:
    """A line on where it cuts what it takes."""
    if architecture == "bi-encoder":
        return (
            f"- It takes the first {max_context_tokens} tokens of a context, and the first "
            f"{max_tokens} of a text.\n"
        )
    return (
        f"- It takes {max_tokens} tokens of a pair. Of longer ones it was trained on the beginning "
        "of the context, which gives way first and keeps a quarter of the room, and on as much of "
        "the text as fits; `truncation=True` shares the room in another way.\n"
    )
