"""Single steps of recurrent networks."""

from __future__ import annotations

from typing import ClassVar

from conv_lsp.axes import joined, whole
from conv_lsp.dims import Dim, proves_unequal
from conv_lsp.findings import CALL_ARGUMENTS, INPUT_RANK, LINEAR_FEATURES
from conv_lsp.library.algebra import show
from conv_lsp.library.layers import optional, weight
from conv_lsp.library.module import Layer
from conv_lsp.library.registry import Call, models
from conv_lsp.values import Shape, Tensor


class Cell(Layer):
    """One step of a recurrent network."""

    __slots__ = ()

    GATES: ClassVar[int] = 1

    def hold(self, call: Call, input_size: Dim, hidden_size: Dim, bias: object) -> None:
        """Set what torch sets."""
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.bias = bias
        rows = self.GATES * hidden_size
        self.weight_ih = weight(rows, input_size)
        self.weight_hh = weight(rows, hidden_size)
        self.bias_ih = optional((rows,), bias)
        self.bias_hh = optional((rows,), bias)

    def describe(self) -> str:
        return f"{type(self).__name__}({self.input_size} → {self.hidden_size})"

    def step(self, call: Call, input: Tensor, *states: object) -> Tensor:
        """(N, features) or (features,) to the next state."""
        name = type(self).__name__
        if input.rank not in (1, 2):
            call.fail(INPUT_RANK, at="input", name=name, got=input.rank, want="1 or 2")
        call.require_equal(LINEAR_FEATURES, input.sizes[-1], self.input_size, at="input")
        wanted = (*input.sizes[:-1], self.hidden_size)
        seen = whole(input.axes[-1])
        for state in states:
            if isinstance(state, Tensor) and state.known:
                self._check(call, state, wanted)
                seen = joined(seen, state.seen, *state.axes)
        return input.like(wanted, (*input.axes[:-1], None), seen=seen)

    def _check(self, call: Call, state: Tensor, wanted: Shape) -> None:
        if state.rank not in (1, 2):
            call.fail(INPUT_RANK, at="hx", name="the state", got=state.rank, want="1 or 2")
        if state.rank != len(wanted):
            return
        for size, want in zip(state.sizes, wanted, strict=True):
            if proves_unequal(size, want):
                problem = f"takes a state of {show(wanted)}, not {show(state.shape)}"
                call.report(CALL_ARGUMENTS, at="hx", name=type(self).__name__, problem=problem)
                return


@models("torch.nn.RNNCell")
class RNNCell(Cell):
    def __init__(
        self,
        call: Call,
        input_size: Dim,
        hidden_size: Dim,
        bias: object = True,
        nonlinearity: object = "tanh",
        device: object = None,
        dtype: object = None,
    ) -> None:
        super().__init__(call)
        self.nonlinearity = nonlinearity
        self.hold(call, input_size, hidden_size, bias)

    def forward(self, call: Call, input: Tensor, hx: object = None) -> Tensor:
        return self.step(call, input, hx)


@models("torch.nn.GRUCell")
class GRUCell(RNNCell):
    GATES = 3

    def __init__(
        self,
        call: Call,
        input_size: Dim,
        hidden_size: Dim,
        bias: object = True,
        device: object = None,
        dtype: object = None,
    ) -> None:
        super().__init__(call, input_size, hidden_size, bias)


@models("torch.nn.LSTMCell")
class LSTMCell(Cell):
    GATES = 4

    def __init__(
        self,
        call: Call,
        input_size: Dim,
        hidden_size: Dim,
        bias: object = True,
        device: object = None,
        dtype: object = None,
    ) -> None:
        super().__init__(call)
        self.hold(call, input_size, hidden_size, bias)

    def forward(self, call: Call, input: Tensor, hx: object = None) -> tuple[Tensor, Tensor]:
        states = tuple(hx) if isinstance(hx, (tuple, list)) else ()
        hidden = self.step(call, input, *states)
        return hidden, hidden.like()
