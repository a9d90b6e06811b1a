"""A layer of the encoder in PyTorch, a copy of thinc's that learns several times as fast.

Matrices are multiplied in bfloat16, for which newer processors have units of their own; sums and
the normalisation stay in single precision.
"""

from typing import Any

import torch
from torch import Tensor

from ..dilated import add_sides, lay_windows, middle

Limits = tuple[Tensor, Tensor]
EPSILON = 1e-8


class MaxoutLayer(torch.autograd.Function):
    """Lay rows beside their neighbours, take the highest piece of each unit, and normalise."""

    @staticmethod
    def forward(  # type: ignore[override]
        ctx: Any,
        X: Tensor,
        W: Tensor,
        b: Tensor,
        scale: Tensor,
        shift: Tensor,
        dilation: int,
        limits: Limits,
        precision: torch.dtype,
    ) -> Tensor:
        """Run the layer.

        X (Tensor): rows, shape (rows, width in).
        W (Tensor): shape (pieces * width out, width in); with neighbours, three times as wide.
        b (Tensor): shape (pieces * width out,).
        scale (Tensor): of the normalised values, shape (width out,).
        shift (Tensor): the same.
        dilation (int): distance of the neighbours in rows; 0 for none.
        limits (Limits): indices of the rows that have no such neighbour before, and behind them.
        precision (torch.dtype): of the matrices.
        RETURNS (Tensor): shape (rows, width out).
        """
        E = X.to(precision)
        if dilation:
            rows, E = E, E.new_empty(len(E), 3 * E.shape[1])
            lay_windows(rows, E, *limits, dilation)
        W = W.to(precision)
        Y = torch.addmm(b.to(precision), E, W.T)
        highest = Y.view(len(Y), -1, len(scale)).amax(1)
        encoded, mean, deviation = torch.native_layer_norm(
            highest.float(), scale.shape, scale, shift, EPSILON
        )
        ctx.save_for_backward(E, W, Y, highest, mean, deviation, scale, shift, *limits)
        ctx.dilation = dilation
        return encoded

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        """Give the gradients of X, W, b, scale and shift."""
        E, W, Y, highest, mean, deviation, scale, shift, first, last = ctx.saved_tensors
        d_highest, d_scale, d_shift = torch.ops.aten.native_layer_norm_backward(
            gradients[0].contiguous(),
            highest.float(),
            scale.shape,
            mean,
            deviation,
            scale,
            shift,
            (True, True, True),
        )
        pieces = Y.view(len(Y), -1, len(scale))
        # Two pieces are equally high too seldom to matter.
        dY = ((pieces == highest[:, None]) * d_highest.to(Y.dtype)[:, None]).view(Y.shape)
        dE = dY @ W
        dX = (middle(dE) if ctx.dilation else dE).float()
        if ctx.dilation:
            add_sides(dE, dX, first, last, ctx.dilation)
        d_bias = dY.sum(0, dtype=torch.float32)
        return dX, (dY.T @ E).float(), d_bias, d_scale, d_shift, None, None, None
