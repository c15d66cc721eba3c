"""The compiled functions behind recurrent networks: torch.lstm, torch.gru_cell and the like."""

from __future__ import annotations

from conv_lsp.axes import joined, whole
from conv_lsp.dims import Dim, proves_unequal
from conv_lsp.findings import CALL_ARGUMENTS, INPUT_RANK, LINEAR_FEATURES
from conv_lsp.library.algebra import pointwise, promote, show
from conv_lsp.library.arguments import OTHER_TYPES, PLAIN
from conv_lsp.library.dtypes import want_dtype
from conv_lsp.library.registry import Call, op
from conv_lsp.values import SCATTERED, Tensor, Unknown, Value


def network(
    call: Call,
    input: Tensor,
    states: object,
    params: object,
    num_layers: object,
    both: object,
    first: object,
) -> Value:
    """The output, and states like those that are given."""
    given = list(states) if isinstance(states, (tuple, list)) else [states]
    weights = params if isinstance(params, (tuple, list)) else []
    if params.__class__ in PLAIN and not weights and not getattr(params, "vague", ""):
        call.fail(CALL_ARGUMENTS, at="params", name="it", problem="there are no weights")
    tensors = [t for t in (*given, *weights[:1]) if isinstance(t, Tensor) and t.known]
    if len(tensors) < len(given) + 1 or not isinstance(both, bool) or not isinstance(first, bool):
        return Unknown("the states or weights are not known")
    if input.rank != 3:
        call.fail(INPUT_RANK, at="input", name="it", got=input.rank, want=3)
    weight = tensors[-1]
    call.require_equal(LINEAR_FEATURES, input.sizes[-1], weight.sizes[-1], at="input")
    want_dtype(call, "it", weight.dtype, input=input, hx=given[0])
    batch = input.sizes[0 if first else 1]
    for state in tensors[:-1]:
        rows = num_layers * (2 if both else 1) if isinstance(num_layers, int) else state.sizes[0]
        wanted = (rows, batch)
        if state.rank != 3 or any(map(proves_unequal, state.sizes, wanted)):
            problem = (
                f"takes states of {rows} layers and {batch} sequences, not {show(state.shape)}"
            )
            call.fail(CALL_ARGUMENTS, at="hx", name="it", problem=problem)
    features = tensors[0].sizes[-1] * (2 if both else 1)
    place = 1 if first else 0
    axes = [*input.axes[:-1], None]
    axes[place] = whole(axes[place])
    seen = joined(input.seen, whole(input.axes[-1]))
    kind = promote(input.dtype, weight.dtype)
    strides = SCATTERED if first else None
    shape = (*input.sizes[:-1], features)
    output = Tensor(shape, tuple(axes), seen=seen, dtype=kind, strides=strides)
    return (output, *(Tensor(t.sizes, seen=seen, dtype=kind) for t in tensors[:-1]))


@op("torch.lstm", "torch.gru", "torch.rnn_tanh", "torch.rnn_relu")
def recurrent(
    call: Call,
    input: Tensor,
    hx: object,
    params: object,
    has_biases: object,
    num_layers: object,
    dropout: object,
    train: object,
    bidirectional: object,
    batch_first: object,
) -> Value:
    """(L, N, features), or (N, L, features) with batch_first; and the last states."""
    if isinstance(params, Tensor) or isinstance(has_biases, (tuple, list)):
        return Unknown("packed sequences")
    return network(call, input, hx, params, num_layers, bidirectional, batch_first)


# Those of packed sequences have the sizes of the batches besides, and so all others a place later.
for _name in ("lstm", "gru", "rnn_tanh", "rnn_relu"):
    OTHER_TYPES[f"torch.{_name}"] = "has_biases:bL num_layers:bi dropout:fi train:bf"


def cell(call: Call, input: Tensor, state: Tensor, w_ih: Tensor, w_hh: Tensor) -> Tensor:
    """The next state: like the one before."""
    for at, tensor in (("input", input), ("hx", state)):
        if tensor.rank != 2:
            call.fail(INPUT_RANK, at=at, name="it", got=tensor.rank, want=2)
    call.require_equal(LINEAR_FEATURES, input.sizes[1], w_ih.sizes[-1], at="input")
    call.require_equal(LINEAR_FEATURES, state.sizes[1], w_hh.sizes[-1], at="hx")
    want_dtype(call, "it", w_ih.dtype, input=input, hx=state)
    batch: Dim = input.sizes[0]
    if proves_unequal(state.sizes[0], batch):
        problem = f"takes a state of {batch} rows, not {show(state.shape)}"
        call.fail(CALL_ARGUMENTS, at="hx", name="it", problem=problem)
    seen = joined(input.seen, whole(input.axes[1]), state.seen, *state.axes)
    strides = None if state.strides is None else SCATTERED
    axes = (input.axes[0], None)
    return Tensor(state.sizes, axes, seen=seen, dtype=state.dtype, strides=strides)


@op("torch.gru_cell", "torch.rnn_tanh_cell", "torch.rnn_relu_cell")
def plain_cell(
    call: Call,
    input: Tensor,
    hx: Tensor,
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: object = None,
    b_hh: object = None,
) -> Tensor:
    """(N, hidden), like the state."""
    return cell(call, input, hx, w_ih, w_hh)


@op("torch.lstm_cell")
def lstm_cell(
    call: Call,
    input: Tensor,
    hx: object,
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: object = None,
    b_hh: object = None,
) -> Value:
    """Twice (N, hidden), like the states."""
    if not isinstance(hx, (tuple, list)) or not all(isinstance(t, Tensor) for t in hx):
        return Unknown("the states are not known")
    if len(hx) != 2:
        problem = f"takes two states, not {len(hx)}"
        call.fail(CALL_ARGUMENTS, at="hx", name="lstm_cell", problem=problem)
    hidden = cell(call, input, hx[0], w_ih, w_hh)
    if not hx[1].known:
        return Unknown("the second state is not known")
    both = pointwise(call, hidden, hx[1], dtype=promote(hidden.dtype, hx[1].dtype))
    return both, both.like()
