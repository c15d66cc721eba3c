"""Recurrent networks: RNN, GRU, LSTM, their cells, and packed sequences."""

from __future__ import annotations

from typing import Final

from conv_lsp.axes import Axis, joined, whole
from conv_lsp.dims import Dim, Expr, less_equal, proves_unequal, symbol, unknown_size
from conv_lsp.findings import CALL_ARGUMENTS, INPUT_RANK, LINEAR_FEATURES
from conv_lsp.library.algebra import promote, show
from conv_lsp.library.dtypes import want_dtype
from conv_lsp.library.layers import check_made, optional, weight
from conv_lsp.library.layout import layout
from conv_lsp.library.module import Layer
from conv_lsp.library.registry import Call, Failed, models
from conv_lsp.library.sequences import Packed
from conv_lsp.values import SCATTERED, UNTYPED, List, Shape, Strides, Tensor, Unknown, Value


def positive(call: Call, name: str, **sizes: Dim) -> None:
    """Sizes that torch wants above 0."""
    for at, size in sizes.items():
        if less_equal(size, 0):
            call.fail(CALL_ARGUMENTS, at=at, name=name, problem=f"takes {at} above 0, not {size}")


GATES: Final = {"LSTM": 4, "GRU": 3, "RNN_TANH": 1, "RNN_RELU": 1}


@models("torch.nn.RNNBase")
class Recurrent(Layer):
    """Layers of cells that are run along a sequence, in one direction or both."""

    __slots__ = ()

    GATES: int = 1

    def __init__(
        self,
        call: Call,
        mode: object,
        input_size: Dim,
        hidden_size: Dim,
        num_layers: object = 1,
        bias: object = True,
        batch_first: object = False,
        dropout: object = 0.0,
        bidirectional: object = False,
        proj_size: Dim = 0,
        device: object = None,
        dtype: object = None,
    ) -> None:
        super().__init__(call)
        if isinstance(mode, Unknown):
            raise Failed(mode.why)
        if mode not in GATES:
            problem = f"mode {mode!r} is none of {', '.join(GATES)}"
            call.fail(CALL_ARGUMENTS, at="mode", name="RNNBase", problem=problem)
        self.GATES = GATES[str(mode)]
        options = (num_layers, bias, batch_first, dropout, bidirectional)
        self.hold(call, input_size, hidden_size, *options, proj_size, dtype)

    def hold(
        self,
        call: Call,
        input_size: Dim,
        hidden_size: Dim,
        num_layers: object,
        bias: object,
        batch_first: object,
        dropout: object,
        bidirectional: object,
        proj_size: Dim,
        dtype: object,
    ) -> None:
        """Set what torch sets, and the weights of every layer."""
        name = type(self).__name__
        if not isinstance(num_layers, (int, Unknown, Expr, Tensor)):
            problem = f"takes an integer as num_layers, not {num_layers!r}"
            call.fail(CALL_ARGUMENTS, at="num_layers", name=name, problem=problem)
        layers = num_layers if isinstance(num_layers, int) else unknown_size()
        check_made(call, name, dtype, input_size=input_size, hidden_size=hidden_size)
        positive(call, name, input_size=input_size, hidden_size=hidden_size)
        if less_equal(layers, 0):
            call.fail(
                CALL_ARGUMENTS, at="num_layers", name=name, problem="takes num_layers above 0"
            )
        self._check_options(call, name, bias, dropout, proj_size)
        if less_equal(hidden_size, proj_size):
            problem = f"takes proj_size below hidden_size {hidden_size}, not {proj_size}"
            call.fail(CALL_ARGUMENTS, at="proj_size", name=name, problem=problem)
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.bias = bias
        self.batch_first = batch_first
        self.dropout = dropout
        self.bidirectional = bidirectional
        self.proj_size = proj_size
        self._dtype = dtype
        if isinstance(num_layers, int) and isinstance(bidirectional, (bool, int)):
            for layer in range(min(num_layers, 64)):
                for suffix in ("", "_reverse") if bidirectional else ("",):
                    self._weigh(layer, f"l{layer}{suffix}")

    @staticmethod
    def _check_options(
        call: Call, name: str, bias: object, dropout: object, proj_size: Dim
    ) -> None:
        """What torch looks at before it makes any weight."""
        wrong = {}
        if not isinstance(bias, (bool, Unknown)):
            wrong["bias"] = f"takes True or False as bias, not {bias!r}"
        number = isinstance(dropout, (int, float)) and not isinstance(dropout, bool)
        if not isinstance(dropout, Unknown) and not (number and 0 <= float(str(dropout)) <= 1):
            wrong["dropout"] = f"takes a dropout from 0 to 1, not {dropout!r}"
        if less_equal(proj_size, -1):
            wrong["proj_size"] = f"takes a proj_size of at least 0, not {proj_size}"
        for at, problem in wrong.items():
            call.fail(CALL_ARGUMENTS, at=at, name=name, problem=problem)

    def _weigh(self, layer: int, suffix: str) -> None:
        rows = self.GATES * self.hidden_size
        inputs = self.input_size if layer == 0 else self.out_size * self.directions
        made: dict[str, Value] = {
            f"weight_ih_{suffix}": weight(rows, inputs, dtype=self._dtype),
            f"weight_hh_{suffix}": weight(rows, self.out_size, dtype=self._dtype),
            f"bias_ih_{suffix}": optional((rows,), self.bias, self._dtype),
            f"bias_hh_{suffix}": optional((rows,), self.bias, self._dtype),
        }
        if self.proj_size != 0:
            shape = (self.proj_size, self.hidden_size)
            made[f"weight_hr_{suffix}"] = weight(*shape, dtype=self._dtype)
        self.__dict__.update((name, value) for name, value in made.items() if value is not None)

    @property
    def out_size(self) -> Dim:
        """Features of each direction's output."""
        return self.hidden_size if self.proj_size == 0 else self.proj_size

    @property
    def directions(self) -> Dim:
        """1, or 2 for bidirectional."""
        if isinstance(self.bidirectional, Unknown):
            return unknown_size()
        return 2 if self.bidirectional else 1

    @property
    def dtype(self) -> str:
        """That of its weights."""
        weight = self.__dict__.get("weight_ih_l0")
        return weight.dtype if isinstance(weight, Tensor) else UNTYPED

    def parameter_count(self) -> Dim:
        known = isinstance(self.num_layers, int) and not isinstance(self.bidirectional, Unknown)
        return super().parameter_count() if known else unknown_size()

    def describe(self) -> str:
        words = [f"{self.input_size} → {self.hidden_size}"]
        if self.num_layers != 1:
            words.append(f"{self.num_layers} layers")
        if self.bidirectional is True:
            words.append("bidirectional")
        return f"{type(self).__name__}({', '.join(words)})"

    def unknown_pair(self, call: Call, input: object) -> tuple[Value, Value]:
        """Output and states of an input that is not known; one of unknown rank is a batch."""
        why = input.shape if isinstance(input, Tensor) else input
        if not isinstance(why, Unknown):
            why = Unknown("the input is no tensor")
        elif isinstance(self.batch_first, bool):
            front = (symbol("N"), symbol("L")) if self.batch_first else (symbol("L"), symbol("N"))
            call.host.refine(why, (*front, self.input_size))
        return Tensor(Unknown(why.why)), Unknown(why.why)

    def run(self, call: Call, input: object, *states: object) -> tuple[Value, list[Tensor]]:
        """The output and the last states; (L, N, features), (N, L, ...) or (L, ...)."""
        if isinstance(input, Packed):
            return self._run_packed(call, input, states)
        assert isinstance(input, Tensor)
        for at in ("batch_first", "bidirectional"):
            if not isinstance(self.__dict__[at], (bool, Unknown)):
                problem = f"takes True or False as {at}, not {self.__dict__[at]!r}"
                call.fail(CALL_ARGUMENTS, name=type(self).__name__, problem=problem)
        if input.rank not in (2, 3):
            name = type(self).__name__
            call.fail(INPUT_RANK, at="input", name=name, got=input.rank, want="2 or 3")
        name = type(self).__name__
        dtype = self.dtype
        want_dtype(call, name, dtype, input=input)
        call.require_equal(LINEAR_FEATURES, input.sizes[-1], self.input_size, at="input")
        features = self.out_size * self.directions
        batch = self._batch(input)
        place = 0 if input.rank == 2 or not self.batch_first else 1
        if not isinstance(self.batch_first, Unknown) and input.sizes[place] == 0:
            problem = "takes a sequence of at least one element"
            call.fail(CALL_ARGUMENTS, at="input", name=name, problem=problem)
        axes = [*input.axes[:-1], None]
        axes[place] = whole(axes[place])
        shape = (*input.sizes[:-1], features)
        seen = joined(input.seen, whole(input.axes[-1]))
        kind = promote(input.dtype, dtype)
        strides = self._strides(shape)
        output = Tensor(shape, tuple(axes), seen=seen, dtype=kind, strides=strides)
        last = [self._last(size, batch, input, seen) for size in self._state_sizes()]
        self._check_states(call, states, last)
        return output, last

    def _run_packed(
        self, call: Call, input: Packed, states: tuple[object, ...]
    ) -> tuple[Value, list[Tensor]]:
        """Packed sequences give packed sequences."""
        data = input.data
        if data.rank != 2:
            name = "packed sequences"
            call.fail(INPUT_RANK, at="input", name=name, got=data.rank, want=2)
        want_dtype(call, type(self).__name__, self.dtype, input=data)
        equal = input.lengths is None or len({*input.lengths}) == 1
        if not (equal and isinstance(self, LSTM)):  # torch lets those through
            call.require_equal(LINEAR_FEATURES, data.sizes[1], self.input_size, at="input")
        kind = promote(data.dtype, self.dtype)
        features = self.out_size * self.directions
        output = input.of(call, Tensor((data.sizes[0], features), seen=data.seen, dtype=kind))
        links = (None, input.link, None)
        last = [
            Tensor((self._rows(), input.batch, size), links, seen=data.seen, dtype=kind)
            for size in self._state_sizes()
        ]
        self._check_states(call, states, last)
        return output, last

    def _batch(self, input: Tensor) -> Dim | None:
        if input.rank == 2:
            return None
        if isinstance(self.batch_first, Unknown):
            return unknown_size()
        return input.sizes[0 if self.batch_first else 1]

    def _rows(self) -> Dim:
        layers = self.num_layers if isinstance(self.num_layers, int) else unknown_size()
        return layers * self.directions

    def _state_sizes(self) -> tuple[Dim, ...]:
        return (self.out_size,)

    def _last(self, size: Dim, batch: Dim | None, input: Tensor, seen: Axis | None) -> Tensor:
        shape: Shape = (self._rows(), size) if batch is None else (self._rows(), batch, size)
        everything = joined(seen, whole(*input.axes[:-1]))
        return Tensor(shape, seen=everything, dtype=promote(input.dtype, self.dtype))

    def _strides(self, shape: Shape) -> Strides:
        """With batch_first the output is a transposed view."""
        if len(shape) == 2 or self.batch_first is False:
            return None
        batch, _, features = shape
        if self.batch_first is True and isinstance(batch, int) and isinstance(features, int):
            return layout(shape, (features, batch * features, 1))
        return SCATTERED

    def _check_states(self, call: Call, states: tuple[object, ...], wanted: list[Tensor]) -> None:
        """Initial states have the shape of the last ones."""
        name = type(self).__name__
        for state, want in zip(states, wanted, strict=False):
            if not isinstance(state, Tensor):
                if isinstance(state, (tuple, list)):
                    problem = "takes a tensor as state, not several"
                    call.fail(CALL_ARGUMENTS, at="hx", name=name, problem=problem)
                continue
            if not state.known:
                continue
            if state.rank != want.rank:
                call.fail(INPUT_RANK, at="hx", name="the state", got=state.rank, want=want.rank)
            want_dtype(call, name, self.dtype, hx=state)
            for size, wish in zip(state.sizes, want.sizes, strict=True):
                if proves_unequal(size, wish):
                    problem = f"takes a state of {show(want.shape)}, not {show(state.shape)}"
                    call.report(CALL_ARGUMENTS, at="hx", name=name, problem=problem)
                    return


def pair_of_states(call: Call, name: str, hx: object) -> tuple[object, ...]:
    """The two states of an LSTM; none where they are left out or not known."""
    problem = ""
    if isinstance(hx, (tuple, list)) and not (isinstance(hx, List) and hx.vague):
        if len(hx) == 2:
            return tuple(hx)
        problem = f"takes two states, not {len(hx)}"
    elif isinstance(hx, Tensor) and hx.known and hx.rank < 4:
        problem = "takes a tuple of two states, not a tensor"
    if problem:
        call.fail(CALL_ARGUMENTS, at="hx", name=name, problem=problem)
    return ()


@models("torch.nn.RNN")
class RNN(Recurrent):
    """(L, N, input_size) gives (L, N, D·hidden_size) and (D·num_layers, N, hidden_size), D the
    number of directions; with batch_first N stands before L in the first.
    """

    def __init__(
        self,
        call: Call,
        input_size: Dim,
        hidden_size: Dim,
        num_layers: object = 1,
        nonlinearity: object = "tanh",
        bias: object = True,
        batch_first: object = False,
        dropout: object = 0.0,
        bidirectional: object = False,
        proj_size: Dim = 0,
        device: object = None,
        dtype: object = None,
    ) -> None:
        Layer.__init__(self, call)
        if not isinstance(nonlinearity, Unknown) and nonlinearity not in ("tanh", "relu"):
            problem = f"nonlinearity {nonlinearity!r} is neither 'tanh' nor 'relu'"
            call.fail(CALL_ARGUMENTS, at="nonlinearity", name="RNN", problem=problem)
        if not less_equal(proj_size, 0):
            problem = "takes no proj_size, which LSTM alone has"
            call.fail(CALL_ARGUMENTS, at="proj_size", name="it", problem=problem)
        self.nonlinearity = nonlinearity
        options = (num_layers, bias, batch_first, dropout, bidirectional)
        self.hold(call, input_size, hidden_size, *options, proj_size, dtype)

    def forward(self, call: Call, input: object, hx: object = None) -> tuple[Value, Value]:
        if not isinstance(input, Packed) and not known(input):
            return self.unknown_pair(call, input)
        output, last = self.run(call, input, hx)
        return output, last[0]


@models("torch.nn.GRU")
class GRU(RNN):
    """(L, N, input_size) gives (L, N, D·hidden_size) and (D·num_layers, N, hidden_size), D the
    number of directions; with batch_first N stands before L in the first.
    """

    GATES = 3

    def __init__(
        self,
        call: Call,
        input_size: Dim,
        hidden_size: Dim,
        num_layers: object = 1,
        bias: object = True,
        batch_first: object = False,
        dropout: object = 0.0,
        bidirectional: object = False,
        proj_size: Dim = 0,
        device: object = None,
        dtype: object = None,
    ) -> None:
        options = (num_layers, "tanh", bias, batch_first, dropout, bidirectional)
        super().__init__(call, input_size, hidden_size, *options, proj_size, dtype=dtype)


@models("torch.nn.LSTM")
class LSTM(Recurrent):
    """(L, N, input_size) gives (L, N, D·H), h (D·num_layers, N, H) and c (D·num_layers, N,
    hidden_size), D the number of directions, H proj_size or hidden_size; with batch_first N stands
    before L in the first.
    """

    GATES = 4

    def __init__(
        self,
        call: Call,
        input_size: Dim,
        hidden_size: Dim,
        num_layers: object = 1,
        bias: object = True,
        batch_first: object = False,
        dropout: object = 0.0,
        bidirectional: object = False,
        proj_size: Dim = 0,
        device: object = None,
        dtype: object = None,
    ) -> None:
        Layer.__init__(self, call)
        options = (num_layers, bias, batch_first, dropout, bidirectional)
        self.hold(call, input_size, hidden_size, *options, proj_size, dtype)

    def _state_sizes(self) -> tuple[Dim, ...]:
        return (self.out_size, self.hidden_size)

    def forward(self, call: Call, input: object, hx: object = None) -> tuple[Value, Value]:
        if not isinstance(input, Packed) and not known(input):
            return self.unknown_pair(call, input)
        output, last = self.run(call, input, *pair_of_states(call, "LSTM", hx))
        return output, tuple(last)


def known(input: object) -> bool:
    """Whether it is a tensor of known rank."""
    return isinstance(input, Tensor) and input.known
