"""What trains and reports on a network: optimisers, schedules, summaries, progress bars.

None of it changes a shape. A summary runs the network, so it tells the input.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from conv_lsp.dims import Expr, proves_unequal
from conv_lsp.findings import ALWAYS_RAISES
from conv_lsp.library.algebra import numel
from conv_lsp.library.builtins import is_function, range_
from conv_lsp.library.dtypes import dtype_name
from conv_lsp.library.iterators import vague
from conv_lsp.library.registry import NAMES, OPS, Call, Tensors, models, op
from conv_lsp.library.sliding import wrong
from conv_lsp.library.standard_system import quiet
from conv_lsp.library.wrappers import DataParallel
from conv_lsp.values import Dict, Instance, List, Module, Tensor, Unknown, Value

# -- gradients --------------------------------------------------------------------------------


@op("torch.autograd.grad")
def grad(
    call: Call,
    outputs: object,
    inputs: Tensors,
    grad_outputs: object = None,
    retain_graph: object = None,
    create_graph: object = False,
    only_inputs: object = True,
    allow_unused: bool | None = None,
    is_grads_batched: bool = False,
    materialize_grads: bool = False,
) -> Value:
    """A gradient for each input, of its shape."""
    given = outputs if isinstance(outputs, (tuple, list)) else (outputs,)
    for output in given if grad_outputs is None else ():
        if isinstance(output, Tensor) and output.known and proves_unequal(numel(output.sizes), 1):
            error = f"RuntimeError: grad of {numel(output.sizes)} numbers without grad_outputs"
            call.fail(ALWAYS_RAISES, at="outputs", error=error)
    if is_grads_batched or (allow_unused and not materialize_grads):
        return Unknown("gradients that may be missing, or come in batches")
    tensors = [inputs] if isinstance(inputs, Tensor) else inputs
    return tuple([Tensor(t.shape, dtype=t.dtype) for t in tensors])


# -- optimisers -------------------------------------------------------------------------------


@models("torch.optim.Optimizer", "torch.optim.optimizer.Optimizer")
class Optimizer(Instance):
    """Holds parameters in groups; its steps change values only."""

    __slots__ = ()

    def __init__(
        self, call: Call, params: object, lr: object = 1e-3, *args: object, **kwargs: object
    ) -> None:
        groups = call.host.elements(params, call.site)
        options: dict[str, Value] = {"lr": lr, **kwargs}
        if isinstance(lr, dict):  # a user's own optimiser hands over its defaults
            options = dict(lr)
        made: Value
        if isinstance(groups, Unknown):
            made = Unknown("parameters that are not known")
        elif any(isinstance(g, dict) for g in groups):
            held = [Dict({**options, **dict(g)}.items()) for g in groups if isinstance(g, dict)]
            made = call.host.new(List(held))
        else:
            one = Dict({"params": call.host.new(List(groups)), **options}.items())
            made = call.host.new(List([one]))
        call.host.set_attribute(self, "param_groups", made)
        call.host.set_attribute(self, "defaults", Dict(options.items()))
        call.host.set_attribute(self, "state", Unknown("the state of an optimiser"))

    def step(self, call: Call, closure: object = None) -> Value:
        """The loss that the closure gives."""
        return call.invoke(closure) if is_function(closure) else None

    def add_param_group(self, call: Call, param_group: object) -> None:
        held = self.__dict__.get("param_groups")
        if isinstance(held, list):
            call.host.writes(held)
            held.append(param_group)

    def state_dict(self, call: Call) -> Value:
        return Unknown("the state of an optimiser")

    zero_grad = load_state_dict = share_memory = quiet


OPTIMISERS: Final = (
    "ASGD Adadelta Adafactor Adagrad Adam AdamW Adamax LBFGS Muon NAdam RAdam RMSprop Rprop SGD "
    "SparseAdam"
).split()
for _name in OPTIMISERS:
    _kind = type(_name, (Optimizer,), {"__slots__": (), "__doc__": "See torch."})
    models(f"torch.optim.{_name}", f"torch.optim.{_name.lower()}.{_name}")(_kind)


@models(
    "torch.optim.lr_scheduler.LRScheduler",
    "torch.optim.lr_scheduler._LRScheduler",
)
class LRScheduler(Instance):
    """Changes the learning rate only."""

    __slots__ = ()

    def __init__(self, call: Call, optimizer: object, *args: object, **kwargs: object) -> None:
        call.host.set_attribute(self, "optimizer", optimizer)
        call.host.set_attribute(self, "last_epoch", Unknown("how many epochs have passed"))
        call.host.set_attribute(self, "base_lrs", Unknown("learning rates"))

    def get_last_lr(self, call: Call) -> Value:
        return Unknown("the learning rate")

    def get_lr(self, call: Call) -> Value:
        return Unknown("the learning rate")

    def state_dict(self, call: Call) -> Value:
        return Unknown("the state of a schedule")

    step = load_state_dict = quiet


SCHEDULES: Final = (
    "ChainedScheduler ConstantLR CosineAnnealingLR CosineAnnealingWarmRestarts CyclicLR "
    "ExponentialLR LambdaLR LinearLR MultiStepLR MultiplicativeLR OneCycleLR PolynomialLR "
    "ReduceLROnPlateau SequentialLR StepLR"
).split()
for _name in SCHEDULES:
    _kind = type(_name, (LRScheduler,), {"__slots__": (), "__doc__": "See torch."})
    models(f"torch.optim.lr_scheduler.{_name}")(_kind)


@models("torch.optim.swa_utils.AveragedModel")
class AveragedModel(DataParallel):
    """A module whose parameters are averages."""

    __slots__ = ()

    update_parameters: Any = quiet


# -- summaries --------------------------------------------------------------------------------


def inputs(
    call: Call, size: Value, batch: int | None, dtypes: Value = None
) -> list[Value] | Unknown:
    """Example inputs of a size, or of several; `batch` goes before each where it is left out."""
    several = isinstance(size, (list, tuple)) and any(isinstance(s, (tuple, list)) for s in size)
    sizes: Sequence[Value] = size if several else [size]
    made: list[Value] = []
    for i, one in enumerate(sizes):
        if isinstance(one, (Unknown, Expr)) or vague(one):
            return Unknown("an input size that is not known")
        if not isinstance(one, (tuple, list)) or not one:
            wrong(call, f"an input size is a tuple of sizes, not {one!r}", at="input_size")
        if any(type(n) is int and n <= 0 for n in one):
            wrong(call, f"sizes of an input have to be positive, not {tuple(one)}", at="input_size")
        full = tuple(one) if batch is None else (batch, *one)
        value = call.invoke(OPS["torch.rand"], *full)
        if isinstance(dtypes, (list, tuple)) and i < len(dtypes) and isinstance(value, Tensor):
            value = value.like(dtype=dtype_name(dtypes[i], value.dtype))
        made.append(value)
    return made


@op("torchsummary.summary", "torchsummary.torchsummary.summary", "torchsummary.summary_string")
def summary_of_size(
    call: Call, model: object, input_size: object, *args: object, **kwargs: object
) -> None:
    """Runs the network on a batch of two."""
    made = inputs(call, input_size, 2)
    if not isinstance(made, Unknown):
        call.invoke(model, *made)


@op("torchinfo.summary", "torchinfo.torchinfo.summary")
def summary(
    call: Call,
    model: object,
    input_size: object = None,
    input_data: object = None,
    batch_dim: object = None,
    cache_forward_pass: object = None,
    col_names: object = None,
    col_width: object = 25,
    depth: object = 3,
    device: object = None,
    dtypes: object = None,
    mode: object = None,
    row_settings: object = None,
    verbose: object = None,
    **kwargs: object,
) -> Value:
    """Runs the network on an input of a size, which counts the batch; in eval mode if not told."""
    if input_size is not None and input_data is not None:
        wrong(call, "takes input_size or input_data, not both", at="input_data")
    if isinstance(mode, str) and mode not in ("train", "eval"):
        wrong(call, f"there is no mode {mode!r}", at="mode")
    before = model.__dict__.get("training") if isinstance(model, Module) else None
    if isinstance(model, Module) and not isinstance(mode, Unknown):
        switch(call, model, "train" if mode == "train" else "eval")
    run_summary(call, model, input_size, input_data, batch_dim, dtypes, kwargs)
    if isinstance(model, Module) and isinstance(before, bool):
        switch(call, model, "train" if before else "eval")
    return Unknown("a summary")


def switch(call: Call, model: Module, name: str) -> None:
    """`model.eval()` or `model.train()`."""
    call.invoke(call.host.attribute(model, name, call.site))


def run_summary(
    call: Call,
    model: Value,
    size: Value,
    data: Value,
    batch_dim: Value,
    dtypes: Value,
    more: Mapping[str, Value],
) -> None:
    """Call the network on given data, or on an input of the size."""
    if isinstance(data, dict) and not vague(data):
        call.invoke(model, **data, **more)
    elif data is not None:
        several = isinstance(data, (list, tuple)) and not vague(data)
        call.invoke(model, *(data if several else (data,)), **more)
    elif size is not None:
        made = inputs(call, size, None, dtypes)
        if isinstance(made, Unknown):
            return
        if batch_dim is not None:
            made = [call.invoke(OPS["torch.unsqueeze"], value, batch_dim) for value in made]
        call.invoke(model, *made, **more)


@op("ptflops.get_model_complexity_info")
def complexity(
    call: Call, model: object, input_res: object, *args: object, **kwargs: object
) -> Value:
    """Runs the network on a batch of one."""
    if "input_constructor" not in kwargs:
        made = inputs(call, input_res, 1)
        if not isinstance(made, Unknown):
            call.invoke(model, *made)
    return (Unknown("operations of a network"), Unknown("parameters of a network"))


@op("thop.profile", "torchprofile.profile_macs", "torchsummaryX.summary")
def profile(
    call: Call, model: object, inputs: object = (), *args: object, **kwargs: object
) -> Value:
    """Runs the network on the inputs."""
    call.invoke(model, *(inputs if isinstance(inputs, (tuple, list)) else (inputs,)))
    return (Unknown("operations of a network"), Unknown("parameters of a network"))


@op("fvcore.nn.FlopCountAnalysis", "fvcore.nn.flop_count", "fvcore.nn.flop_count_table")
def flop_count(call: Call, model: object, inputs: object = (), *args: object) -> Value:
    """Runs the network on the inputs."""
    if isinstance(model, Module):
        call.invoke(model, *(inputs if isinstance(inputs, (tuple, list)) else (inputs,)))
    return Unknown("operations of a network")


# -- progress bars ----------------------------------------------------------------------------


@models(
    "tqdm.tqdm",
    "tqdm.auto.tqdm",
    "tqdm.notebook.tqdm",
    "tqdm.std.tqdm",
    "tqdm.autonotebook.tqdm",
    "tqdm.rich.tqdm",
    "rich.progress.track",
)
class Bar(Instance):
    """Iterates over what it was given."""

    __slots__ = ()

    def __init__(
        self, call: Call, iterable: object = None, *args: object, **kwargs: object
    ) -> None:
        call.host.set_attribute(self, "iterable", iterable)

    def iterate(self, call: Call) -> Value:
        """The elements, for a loop."""
        return call.host.elements(self.__dict__.get("iterable"), call.site)

    def length(self, call: Call) -> Value:
        return call.invoke(OPS["builtins.len"], self.__dict__.get("iterable"))

    update = close = set_description = set_postfix = set_postfix_str = write = refresh = quiet


@op("tqdm.trange", "tqdm.auto.trange", "tqdm.notebook.trange")
def trange(call: Call, *args: object, **kwargs: object) -> Value:
    """A range with a progress bar."""
    return call.invoke(Bar, range_(call, *args))


NAMES["tqdm.tqdm.write"] = OPS["builtins.print"]
