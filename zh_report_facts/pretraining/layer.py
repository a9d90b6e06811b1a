"""A layer of the encoder in PyTorch, a copy of thinc's that learns several times as fast.

Matrices are multiplied in bfloat16, for which newer processors have units of their own; sums and
the normalisation stay in single precision.
"""

from typing import Any

import torch
from torch import Tensor

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
            E = lay_windows(E, dilation, limits)
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
        E, W, Y, highest, mean, deviation, scale, shift, *limits = ctx.saved_tensors
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
        dX = dY @ W
        if ctx.dilation:
            dX = gather_windows(dX, ctx.dilation, limits)
        d_bias = dY.sum(0, dtype=torch.float32)
        return dX.float(), (dY.T @ E).float(), d_bias, d_scale, d_shift, None, None, None


def lay_windows(X: Tensor, dilation: int, limits: Limits) -> Tensor:
    """As `dilated.expand`."""
    first, last = limits
    rows, width = X.shape
    distance = min(dilation, rows)
    Y = X.new_empty(rows, 3 * width)
    Y[distance:, :width] = X[: rows - distance]
    Y[:, width : 2 * width] = X
    Y[: rows - distance, 2 * width :] = X[distance:]
    Y[first, :width] = 0
    Y[last, 2 * width :] = 0
    return Y


def gather_windows(dY: Tensor, dilation: int, limits: Limits) -> Tensor:
    """As `dilated.gather`."""
    first, last = limits
    rows, width = len(dY), dY.shape[1] // 3
    distance = min(dilation, rows)
    dY[first, :width] = 0
    dY[last, 2 * width :] = 0
    dX = dY[:, width : 2 * width].float()
    dX[: rows - distance] += dY[distance:, :width]
    dX[distance:] += dY[: rows - distance, 2 * width :]
    return dX
