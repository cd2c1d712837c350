"""Tiny models made from a configuration, for tests: nothing is downloaded, nothing is learned.

Every function saves a checkpoint as transformers reads it into `folder` and returns the
folder. The weights are drawn from a fixed seed, so equal calls make equal models. transformers
is imported inside the functions: collecting tests stays fast.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from transformers import PretrainedConfig

CHAT_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n"
    "{{ message['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
SPECIAL_TOKENS = ("<pad>", "<s>", "</s>", "<unk>", "<|im_start|>", "<|im_end|>")
CONTEXT = 256

_SENTENCES = (
    "You should drink two glasses of water before every meal.",
    "Vitamin D supports bone health in adults over fifty.",
    "What should I do about the headache that comes every evening?",
    "The study compared three groups of patients over two years.",
    "Ask your doctor before you take this medicine with alcohol.",
    "The train to the coast leaves at nine and arrives before noon.",
    "Text: A balanced diet lowers blood pressure.\nQuestion: How can I lower my blood pressure?",
)


def tiny_tokenizer(folder: Path, *, chat: bool = False, wrap: bool = False) -> Path:
    """Save a byte-level BPE of at most 400 tokens, which encodes any text without loss.

    `chat` adds a ChatML template. `wrap` puts <s> and </s> around every text, as encoders and
    BART expect; without it nothing is added, as a decoder's completion needs.
    """
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast

    # Neither library types these constructors and attributes.
    bpe: Any = Tokenizer(models.BPE(unk_token="<unk>"))
    make_fast: Any = PreTrainedTokenizerFast
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = decoders.ByteLevel()
    trainer: Any = trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=list(SPECIAL_TOKENS),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    bpe.train_from_iterator(_SENTENCES, trainer)
    if wrap:
        bpe.post_processor = processors.TemplateProcessing(
            single="<s> $A </s>",
            pair="<s> $A </s> $B </s>",
            special_tokens=[("<s>", 1), ("</s>", 2)],
        )
    tokenizer = make_fast(
        tokenizer_object=bpe,
        pad_token="<pad>",
        bos_token="<s>",
        eos_token="</s>",
        unk_token="<unk>",
        cls_token="<s>",
        sep_token="</s>",
        model_max_length=CONTEXT,
        model_input_names=["input_ids", "attention_mask"],
    )
    if chat:
        tokenizer.chat_template = CHAT_TEMPLATE
    tokenizer.save_pretrained(folder)
    return folder


def tiny_llama(folder: Path, *, seed: int = 0) -> Path:
    """Save a causal Llama of 2 layers, hidden size 64 (the block of NF4), and a chat template."""
    from transformers import LlamaConfig, LlamaForCausalLM

    config = LlamaConfig(
        vocab_size=_tokens(tiny_tokenizer(folder, chat=True)),
        hidden_size=64,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=CONTEXT,
        # At the usual 0.02 all logits are alike and the sampled text would be noise.
        initializer_range=0.3,
        **_token_ids(),
    )
    return _save(LlamaForCausalLM, config, folder, seed)


def tiny_bart(folder: Path, labels: Sequence[str] | None = None, *, seed: int = 0) -> Path:
    """Save a BART of 1 + 1 layers: a classifier of these labels, or without any the bare model."""
    from transformers import BartConfig, BartForSequenceClassification, BartModel

    config = BartConfig(
        vocab_size=_tokens(tiny_tokenizer(folder, wrap=True)),
        d_model=32,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=64,
        decoder_ffn_dim=64,
        max_position_embeddings=CONTEXT,
        decoder_start_token_id=2,
        forced_eos_token_id=None,
        **_token_ids(),
        **_label_names(labels),
    )
    return _save(BartForSequenceClassification if labels else BartModel, config, folder, seed)


def tiny_bert(folder: Path, labels: Sequence[str] | None = None, *, seed: int = 0) -> Path:
    """Save a BERT of 2 layers: a classifier of these labels, or without any the bare model."""
    from transformers import BertConfig, BertForSequenceClassification, BertModel

    config = BertConfig(
        vocab_size=_tokens(tiny_tokenizer(folder, wrap=True)),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=CONTEXT,
        **_token_ids(),
        **_label_names(labels),
    )
    return _save(BertForSequenceClassification if labels else BertModel, config, folder, seed)


def tiny_gpt2(
    folder: Path, labels: Sequence[str], *, special: Sequence[str] = ("eos",), seed: int = 0
) -> Path:
    """Save a GPT-2 of 1 layer that classifies; its tokenizer has these special tokens alone."""
    from transformers import AutoTokenizer, GPT2Config, GPT2ForSequenceClassification

    tokenizer: Any = AutoTokenizer.from_pretrained(tiny_tokenizer(folder))
    for name in {"pad", "bos", "eos", "cls", "sep"}.difference(special):
        setattr(tokenizer, f"{name}_token", None)
    tokenizer.save_pretrained(folder)
    config = GPT2Config(
        vocab_size=_tokens(folder),
        n_positions=CONTEXT,
        n_embd=16,
        n_layer=1,
        n_head=2,
        initializer_range=0.3,
        bos_token_id=None,
        eos_token_id=None,
        **_label_names(labels),
    )
    return _save(GPT2ForSequenceClassification, config, folder, seed)


def calm(folder: Path) -> Path:
    """Take dropout away, which depends on the pieces that a batch is computed in."""
    from transformers import BertConfig

    config = BertConfig.from_pretrained(folder)
    config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0.0
    config.save_pretrained(folder)
    return folder


def _token_ids() -> dict[str, Any]:
    return {"pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2}


def _label_names(labels: Sequence[str] | None) -> dict[str, Any]:
    if not labels:
        return {}
    return {
        "id2label": dict(enumerate(labels)),
        "label2id": {label: index for index, label in enumerate(labels)},
    }


def _tokens(folder: Path) -> int:
    from tokenizers import Tokenizer

    return int(Tokenizer.from_file(str(folder / "tokenizer.json")).get_vocab_size())


def _save(make_model: Any, config: "PretrainedConfig", folder: Path, seed: int) -> Path:
    import torch

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        make_model(config).eval().save_pretrained(folder)
    return folder
