"""What wraps a module without changing what it computes: parallel, compiled, scripted, traced."""

from __future__ import annotations

from conv_lsp.library.module import Layer
from conv_lsp.library.registry import Call, Op, models, op
from conv_lsp.values import UNTOLD, Instance, List, Tensor, Unknown, Value


def wrapped(call: Call, value: Value) -> Value:
    """What is used in a module's place: it computes the same, and has attributes besides."""
    if isinstance(value, Instance):
        call.host.set_attribute(value, UNTOLD, True)
    return value


def _itself(call: Call, value: object, *args: object, **kwargs: object) -> Value:
    """The argument itself."""
    return value


ITSELF = Op("itself", _itself)
"""A callable that returns its argument: what a decorator with arguments gives."""


@models(
    "torch.nn.DataParallel",
    "torch.nn.parallel.DataParallel",
    "torch.nn.parallel.DistributedDataParallel",
    "torch.distributed.fsdp.FullyShardedDataParallel",
)
class DataParallel(Layer):
    """A module run on several devices."""

    __slots__ = ()

    def __init__(self, call: Call, module: object, *args: object, **kwargs: object) -> None:
        super().__init__(call)
        call.host.set_attribute(self, "module", module)

    def forward(self, call: Call, *inputs: object, **kwargs: object) -> Value:
        return call.invoke(self.__dict__.get("module"), *inputs, **kwargs)


@op("torch.compile", "torch.jit.script", "torch.jit.freeze", "torch.jit.optimize_for_inference")
def compile(call: Call, model: object = None, *args: object, **kwargs: object) -> Value:
    """The module or function itself; without one, a decorator."""
    return ITSELF if model is None else wrapped(call, model)


@op("torch.jit.trace", "torch.jit.trace_module")
def trace(
    call: Call, func: object, example_inputs: object = None, *args: object, **kwargs: object
) -> Value:
    """The module itself, after it has run on the example inputs."""
    if isinstance(example_inputs, tuple) or type(example_inputs) is List:
        call.invoke(func, *example_inputs)
    elif example_inputs is not None and not isinstance(example_inputs, (dict, Unknown)):
        call.invoke(func, example_inputs)
    return wrapped(call, func)


@op(
    "torch.jit.ignore",
    "torch.jit._script_if_tracing",
    "torch.jit.script_if_tracing",
    "torch.jit.unused",
    "torch.jit.export",
    "torch.jit.script_method",
    "torch.jit.interface",
    "torch.compiler.disable",
    "torch._dynamo.disable",
    "torch.fx.wrap",
    "torch.fx.symbolic_trace",
)
def decorator(
    call: Call, fn: object = None, *args: object, drop: object = False, **kwargs: object
) -> Value:
    """The decorated thing itself."""
    return ITSELF if fn is None or isinstance(fn, bool) else wrapped(call, fn)


@op(
    "torch.nn.utils.convert_conv2d_weight_memory_format",
    "torch.nn.utils.convert_conv3d_weight_memory_format",
    "torch.nn.SyncBatchNorm.convert_sync_batchnorm",
)
def same_module(call: Call, module: object, *args: object, **kwargs: object) -> Value:
    """The module that was given."""
    return module


@op("torch.nn.utils.clip_grad_norm_", "torch.nn.utils.clip_grad_norm")
def clip_grad_norm_(
    call: Call, parameters: object, max_norm: object, *args: object, **kwargs: object
) -> Tensor:
    """The norm of all gradients together: one number."""
    return Tensor(())


@op("torch.nn.utils.clip_grad_value_")
def clip_grad_value_(call: Call, parameters: object, *args: object, **kwargs: object) -> None:
    """Gradients, which are not followed, are changed in place."""
