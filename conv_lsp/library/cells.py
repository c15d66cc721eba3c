"""Single steps of recurrent networks."""

from __future__ import annotations

from conv_lsp.axes import joined, whole
from conv_lsp.dims import Dim, proves_unequal
from conv_lsp.findings import CALL_ARGUMENTS, INPUT_RANK, LINEAR_FEATURES
from conv_lsp.library.algebra import promote, show
from conv_lsp.library.dtypes import want_dtype
from conv_lsp.library.layers import check_made, optional, weight
from conv_lsp.library.module import Layer
from conv_lsp.library.recurrent import pair_of_states
from conv_lsp.library.registry import Call, models
from conv_lsp.values import SCATTERED, Shape, Tensor, Unknown


@models("torch.nn.RNNCellBase")
class Cell(Layer):
    """One step of a recurrent network."""

    __slots__ = ()

    GATES: int = 1

    def __init__(
        self,
        call: Call,
        input_size: Dim,
        hidden_size: Dim,
        bias: object,
        num_chunks: int,
        device: object = None,
        dtype: object = None,
    ) -> None:
        super().__init__(call)
        self.GATES = num_chunks
        self.hold(call, input_size, hidden_size, bias, dtype)

    def hold(
        self, call: Call, input_size: Dim, hidden_size: Dim, bias: object, dtype: object
    ) -> None:
        """Set what torch sets."""
        sizes = {"input_size": input_size, "hidden_size": hidden_size}
        check_made(call, type(self).__name__, dtype, **sizes)
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.bias = bias
        rows = self.GATES * hidden_size
        self.weight_ih = weight(rows, input_size, dtype=dtype)
        self.weight_hh = weight(rows, hidden_size, dtype=dtype)
        self.bias_ih = optional((rows,), bias, dtype)
        self.bias_hh = optional((rows,), bias, dtype)

    def describe(self) -> str:
        return f"{type(self).__name__}({self.input_size} → {self.hidden_size})"

    def step(self, call: Call, input: Tensor, *states: object) -> Tensor:
        """(N, features) or (features,) to the next state."""
        name = type(self).__name__
        if input.rank not in (1, 2):
            call.fail(INPUT_RANK, at="input", name=name, got=input.rank, want="1 or 2")
        call.require_equal(LINEAR_FEATURES, input.sizes[-1], self.input_size, at="input")
        dtype = self.weight_ih.dtype
        want_dtype(call, name, dtype, input=input)
        wanted = (*input.sizes[:-1], self.hidden_size)
        seen = whole(input.axes[-1])
        want_dtype(call, name, dtype, hx=states[0] if states else None)
        for state in states:
            if isinstance(state, Tensor) and state.known:
                self._check(call, state, wanted)
                seen = joined(seen, state.seen, *state.axes)
            elif isinstance(state, (tuple, list)):
                problem = "takes a tensor as state, not several"
                call.fail(CALL_ARGUMENTS, at="hx", name=name, problem=problem)
        given = [state for state in states if isinstance(state, Tensor)]
        dtype = promote(input.dtype, dtype, *(state.dtype for state in given[1:]))
        seen = joined(input.seen, seen)
        result = Tensor(wanted, (*input.axes[:-1], None), seen=seen, dtype=dtype)
        if any(state.strides is not None for state in given):
            result.strides = SCATTERED
        return result

    def _check(self, call: Call, state: Tensor, wanted: Shape) -> None:
        if state.rank not in (1, 2):
            call.fail(INPUT_RANK, at="hx", name="the state", got=state.rank, want="1 or 2")
        if state.rank != len(wanted):
            # A vector counts as a batch of its elements' number, with one feature too few.
            problem = f"takes a state of {show(wanted)}, not {show(state.shape)}"
            call.fail(CALL_ARGUMENTS, at="hx", name=type(self).__name__, problem=problem)
        for size, want in zip(state.sizes, wanted, strict=True):
            if proves_unequal(size, want):
                problem = f"takes a state of {show(wanted)}, not {show(state.shape)}"
                call.report(CALL_ARGUMENTS, at="hx", name=type(self).__name__, problem=problem)
                return


@models("torch.nn.RNNCell")
class RNNCell(Cell):
    """(N, input_size) and (N, hidden_size) give (N, hidden_size)."""

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
        Layer.__init__(self, call)
        self.nonlinearity = nonlinearity
        self.hold(call, input_size, hidden_size, bias, dtype)

    def forward(self, call: Call, input: Tensor, hx: object = None) -> Tensor:
        known = not isinstance(self.nonlinearity, Unknown)
        if known and self.nonlinearity not in ("tanh", "relu") and self.GATES == 1:
            problem = f"nonlinearity {self.nonlinearity!r} is neither 'tanh' nor 'relu'"
            call.fail(CALL_ARGUMENTS, name=type(self).__name__, problem=problem)
        return self.step(call, input, hx)


@models("torch.nn.GRUCell")
class GRUCell(RNNCell):
    """(N, input_size) and (N, hidden_size) give (N, hidden_size)."""

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
        super().__init__(call, input_size, hidden_size, bias, dtype=dtype)


@models("torch.nn.LSTMCell")
class LSTMCell(Cell):
    """(N, input_size) and two of (N, hidden_size) give two of (N, hidden_size)."""

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
        Layer.__init__(self, call)
        self.hold(call, input_size, hidden_size, bias, dtype)

    def forward(self, call: Call, input: Tensor, hx: object = None) -> tuple[Tensor, Tensor]:
        hidden = self.step(call, input, *pair_of_states(call, "LSTMCell", hx))
        return hidden, hidden.like()
