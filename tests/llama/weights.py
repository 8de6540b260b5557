"""A language model of half a megabyte, made up on the spot: random weights in a real GGUF file.

Its tokens are the commonest words of a text it is given, and ASCII. It writes gibberish; held to a JSON
schema or a grammar by its server it writes gibberish of that form.

What makes it useful is a bias, which this architecture does not have: one component of every embedding is the
same large number, so after the norm it is about `_LOUD` wherever the text stands, and the column of the
output matrix that reads it says how likely a token is at any time. Raw bytes never come, quotes and brackets
come often: strings and lists end soon, and with them the reply.
"""

import re
from collections import Counter
from pathlib import Path

import gguf
import numpy as np

from tests.llama.templates import PLAIN

_WIDTH, _INNER, _HEADS, _CONTEXT = 16, 32, 1, 131_072
_STEADY, _SPREAD = 4.0, 0.3
_LOUD = _STEADY / np.sqrt((_STEADY**2 + (_WIDTH - 1) * _SPREAD**2) / _WIDTH)

_END = "</s>"
_WORDS = 3000
_NEVER, _CHARACTER, _WORD, _THOUGHT_ENDS = -30.0, -4.0, 2.0, 3.0
_BIAS = {'"': 4.0, "]": 3.4, "}": 3.4, "{": 3.4, ",": 3.0, ".": 0.5, _END: 5.0, "\\": -12.0}

Token = tuple[str, gguf.TokenType, float]
"""Text, kind, bias."""


def _tokens(text: str, *, thinks: bool) -> list[Token]:
    kinds = gguf.TokenType
    controls = (("<unk>", kinds.UNKNOWN, _NEVER), ("<s>", kinds.CONTROL, _NEVER), (_END, kinds.CONTROL, 0.0))
    tokens: list[Token] = [*controls, *((f"<0x{byte:02X}>", kinds.BYTE, _NEVER) for byte in range(256))]
    tokens += [("▁" if code == 0x20 else chr(code), kinds.NORMAL, _CHARACTER) for code in range(0x20, 0x7F)]
    # User-defined tokens are found in a text as they stand: no table of merges is needed.
    tokens.append(("</think>", kinds.USER_DEFINED, _THOUGHT_ENDS if thinks else _NEVER))
    words = Counter(re.findall(r" ?[A-Za-z]{2,}|[^\x00-\x7f]", text)).most_common(_WORDS)
    tokens += [(word, kinds.USER_DEFINED, _WORD) for word, _ in words]
    return [(name, kind, _BIAS.get(name, bias)) for name, kind, bias in tokens]


def write_model(path: Path, text: str, *, thinks: bool) -> None:
    """Write the model to `path`; the same bytes for the same text. One that `thinks` ends its thoughts."""
    tokens = _tokens(text, thinks=thinks)
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("gibberish")
    writer.add_context_length(_CONTEXT)
    writer.add_embedding_length(_WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(_INNER)
    writer.add_head_count(_HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(_WIDTH // _HEADS)
    writer.add_vocab_size(len(tokens))
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    writer.add_tokenizer_model("llama")
    writer.add_token_list([name for name, *_ in tokens])
    writer.add_token_scores([0.0] * len(tokens))
    writer.add_token_types([kind for _, kind, _ in tokens])
    writer.add_add_space_prefix(False)  # or each word after a word gets a second blank
    writer.add_unk_token_id(0)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_chat_template(PLAIN)
    for name, values in _tensors(np.array([bias for *_, bias in tokens])).items():
        writer.add_tensor(name, values.astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _tensors(bias: np.ndarray) -> dict[str, np.ndarray]:
    """All weights by the names llama.cpp has for them."""
    chance = np.random.default_rng(0)

    def drawn(*shape: int, spread: float = 0.05) -> np.ndarray:
        return chance.standard_normal(shape) * spread

    embedding, output = drawn(len(bias), _WIDTH, spread=_SPREAD), drawn(len(bias), _WIDTH, spread=0.12)
    embedding[:, 0] = _STEADY
    output[:, 0] = bias / _LOUD
    ones = np.ones(_WIDTH)
    squares = {f"blk.0.attn_{part}.weight": drawn(_WIDTH, _WIDTH) for part in ("q", "k", "v", "output")}
    return {
        "token_embd.weight": embedding,
        "blk.0.attn_norm.weight": ones,
        **squares,
        "blk.0.ffn_norm.weight": ones,
        "blk.0.ffn_gate.weight": drawn(_INNER, _WIDTH),
        "blk.0.ffn_up.weight": drawn(_INNER, _WIDTH),
        "blk.0.ffn_down.weight": drawn(_WIDTH, _INNER),
        "output_norm.weight": ones,
        "output.weight": output,
    }
