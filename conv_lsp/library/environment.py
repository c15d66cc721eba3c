"""What torch offers around the tensors: contexts, devices, seeds, files, processes, scripting.

None of it touches a shape. Questions about the machine have the answers of one process on the CPU.
"""

from __future__ import annotations

import math
from typing import Any, Final

from conv_lsp.library.builtins import is_function, unknown_op
from conv_lsp.library.dtypes import DTYPES
from conv_lsp.library.kinds import Form
from conv_lsp.library.raising import always_raises
from conv_lsp.library.registry import NAMES, OPS, Call, Failed, Op, models, op
from conv_lsp.library.standard_iteration import Context
from conv_lsp.library.standard_system import nothing
from conv_lsp.library.wrappers import ITSELF
from conv_lsp.values import Instance, List, Tensor, Unknown, Value, implied_by

# -- answers ----------------------------------------------------------------------------------

FALSE: Final = """
accelerator.is_available
are_deterministic_algorithms_enabled
is_autocast_enabled
is_autocast_cpu_enabled
is_anomaly_enabled
is_deterministic_algorithms_warn_only_enabled
is_warn_always_enabled
is_inference_mode_enabled
backends.cuda.is_built
backends.mps.is_available
backends.mps.is_built
backends.mkldnn.is_available
compiler.is_compiling
compiler.is_dynamo_compiling
_dynamo.is_compiling
cuda.is_available
cuda.is_bf16_supported
cuda.is_initialized
distributed.is_available
distributed.is_initialized
distributed.is_nccl_available
distributed.is_torchelastic_launched
jit.is_scripting
jit.is_tracing
_C._get_tracing_state
onnx.is_in_onnx_export
mps.is_available
overrides.has_torch_function
overrides.has_torch_function_unary
overrides.has_torch_function_variadic
xpu.is_available
"""
NOTHING: Final = """
manual_seed
save
seed
set_default_device
set_deterministic
set_float32_matmul_precision
set_flush_denormal
set_num_interop_threads
set_num_threads
set_printoptions
set_rng_state
set_warn_always
use_deterministic_algorithms
set_anomaly_enabled
set_autocast_cache_enabled
set_autocast_dtype
set_autocast_enabled
set_autocast_cpu_dtype
set_autocast_cpu_enabled
set_autocast_gpu_dtype
set_deterministic_debug_mode
clear_autocast_cache
_dynamo.reset
_check
_check_is_size
autograd.backward
backends.cuda.enable_flash_sdp
backends.cuda.enable_math_sdp
backends.cuda.enable_mem_efficient_sdp
cuda.empty_cache
cuda.init
cuda.ipc_collect
cuda.manual_seed
cuda.manual_seed_all
cuda.reset_max_memory_allocated
cuda.reset_peak_memory_stats
cuda.set_device
cuda.set_rng_state
cuda.synchronize
distributed.all_gather
distributed.all_reduce
distributed.barrier
distributed.broadcast
distributed.destroy_process_group
distributed.init_process_group
distributed.reduce
jit.save
mps.empty_cache
mps.manual_seed
multiprocessing.set_sharing_strategy
multiprocessing.set_start_method
multiprocessing.spawn
random.manual_seed
random.set_rng_state
_C._jit_set_profiling_executor
_C._jit_set_profiling_mode
_C._log_api_usage_once
"""
UNKNOWN: Final = {
    "a state of the machine": """
        cuda.current_device cuda.current_stream cuda.Event cuda.get_device_capability
        cuda.get_device_name cuda.get_device_properties cuda.max_memory_allocated
        cuda.max_memory_reserved cuda.mem_get_info cuda.memory_allocated cuda.memory_reserved
        cuda.memory_summary cuda.Stream backends.cudnn.version get_num_threads initial_seed
        get_rng_state cuda.get_rng_state Generator get_float32_matmul_precision
        get_num_interop_threads get_deterministic_debug_mode get_autocast_dtype
        get_autocast_cpu_dtype get_autocast_gpu_dtype is_autocast_cache_enabled
    """,
    "the content of a file": """
        load hub.load hub.load_state_dict_from_url hub.get_dir jit.load
        utils.model_zoo.load_url hub.download_url_to_file
    """,
    "a tree of values": "utils._pytree.tree_flatten utils._pytree.tree_map "
    "utils._pytree.tree_unflatten utils._pytree.tree_leaves",
}

for _name in FALSE.split():

    def _false(call: Call, *args: object, **kwargs: object) -> Value:
        """False."""
        return False

    OPS[f"torch.{_name}"] = Op(f"torch.{_name}", _false)
for _name in NOTHING.split():
    OPS[f"torch.{_name}"] = Op(f"torch.{_name}", nothing)
for _why, _names in UNKNOWN.items():
    for _name in _names.split():
        unknown_op(f"torch.{_name}", _why)

NAMES.update(
    {
        "torch.__version__": "2.13.0",
        "torch.version.__version__": "2.13.0",
        "torch.version.cuda": None,
        "torch.version.hip": None,
        "torch.has_mps": False,
        "torch.inf": math.inf,
        "torch.nan": math.nan,
        "torch.pi": math.pi,
        "torch.e": math.e,
        "torch.newaxis": None,
        "torch.backends.cudnn.enabled": Unknown("a setting of the machine"),
        "torch.backends.cudnn.benchmark": Unknown("a setting of the machine"),
        "torch.backends.cudnn.deterministic": Unknown("a setting of the machine"),
        "torch.backends.cuda.matmul.allow_tf32": Unknown("a setting of the machine"),
        "torch.backends.cudnn.allow_tf32": Unknown("a setting of the machine"),
        "torch.jit.Final": Form,
        "torch.jit.Attribute": Form,
        "torch.strided": "strided",
        "torch.sparse_coo": "sparse_coo",
    }
)
for _name in ("jit._overload_method", "jit._overload", "autograd.function.once_differentiable"):
    OPS[f"torch.{_name}"] = ITSELF
OPS["torch.cuda.amp.custom_fwd"] = OPS["torch.jit.ignore"]
OPS["torch.cuda.amp.custom_bwd"] = OPS["torch.jit.ignore"]


@op("torch.is_grad_enabled")
def is_grad_enabled(call: Call) -> Value:
    """Gradients change no shape; whether they are recorded is not followed."""
    return Unknown("whether gradients are recorded")


@op("torch.cuda.device_count", "torch.xpu.device_count")
def zero(call: Call) -> Value:
    """0"""
    return 0


@op("torch.distributed.get_rank")
def get_rank(call: Call, group: object = None) -> Value:
    """0"""
    return 0


@op("torch.distributed.get_world_size")
def get_world_size(call: Call, group: object = None) -> Value:
    """One process."""
    return 1


@op("torch.get_default_dtype")
def get_default_dtype(call: Call) -> Value:
    """torch.float32, as long as nobody changes it."""
    return DTYPES["float32"]


@op("torch.set_default_dtype")
def set_default_dtype(call: Call, d: object) -> None:
    """What layers and new tensors are made of from here on, which is not followed."""
    call.host.mixed = True


@op("torch.set_default_tensor_type")
def set_default_tensor_type(call: Call, t: object) -> None:
    """As `set_default_dtype`."""
    call.host.mixed = True


@op("torch._assert")
def assert_(call: Call, condition: object, message: object = "") -> None:
    """As the statement."""
    truth = call.host.truth(condition)
    if truth is None:
        for comparison in implied_by(condition)[0]:
            call.host.need(comparison, always_raises("AssertionError"), call.site)
    if truth is False:
        shown = message if isinstance(message, str) and message else "the condition is false"
        rule, error = always_raises("AssertionError"), f"AssertionError: {shown}"
        call.report(rule, at="condition", error=error)
        raise Failed(rule.message.format(error=error), ends="AssertionError")


@op("torch.jit.annotate")
def annotate(call: Call, the_type: object, the_value: object) -> Value:
    """The value itself."""
    return the_value


# -- contexts ---------------------------------------------------------------------------------


@op(
    "torch.no_grad",
    "torch.enable_grad",
    "torch.inference_mode",
    "torch.set_grad_enabled",
    "torch.autograd.no_grad",
    "torch.autograd.enable_grad",
    "torch.autograd.set_grad_enabled",
    "torch.autograd.inference_mode",
    "torch.autograd.set_detect_anomaly",
    "torch.autograd.detect_anomaly",
    "torch.autograd.graph.save_on_cpu",
    "torch.autograd.profiler.profile",
    "torch.autograd.profiler.record_function",
    "torch.backends.cuda.sdp_kernel",
    "torch.nn.attention.sdpa_kernel",
    "torch.backends.cudnn.flags",
    "torch.cuda.device",
    "torch.cuda.stream",
    "torch.jit.fuser",
    "torch.jit.optimized_execution",
    "torch.profiler.profile",
    "torch.profiler.record_function",
    "torch.random.fork_rng",
    "torch.cuda.nvtx.range",
)
def context(call: Call, *args: object, **kwargs: object) -> Value:
    """A context without effect on shapes; of a function that it decorates, the function."""
    return args[0] if args and is_function(args[0]) else call.invoke(Context)


@op("torch.autocast", "torch.amp.autocast", "torch.cpu.amp.autocast", "torch.cuda.amp.autocast")
def autocast(call: Call, *args: object, **kwargs: object) -> Value:
    """A context in which operators choose their precision."""
    call.host.mixed = True
    return context(call, *args, **kwargs)


@models("torch.cuda.amp.GradScaler", "torch.amp.GradScaler", "torch.GradScaler")
class GradScaler(Instance):
    """Scales losses, which leaves their shapes alone."""

    __slots__ = ()

    def __init__(self, call: Call, *args: object, **kwargs: object) -> None:
        pass

    def scale(self, call: Call, outputs: object) -> Value:
        return outputs

    def step(self, call: Call, optimizer: object, *args: object, **kwargs: object) -> None:
        """Changes values only."""

    def update(self, call: Call, new_scale: object = None) -> None:
        """Changes values only."""

    def unscale_(self, call: Call, optimizer: object) -> None:
        """Changes values only."""


# -- calling for torch ------------------------------------------------------------------------

CHECKPOINT_WORDS: Final = (
    "use_reentrant",
    "context_fn",
    "determinism_check",
    "debug",
    "early_stop",
    "preserve_rng_state",
)


@op("torch.utils.checkpoint.checkpoint")
def checkpoint(call: Call, function: object, *args: object, **kwargs: object) -> Value:
    """The function's result."""
    given = {name: value for name, value in kwargs.items() if name not in CHECKPOINT_WORDS}
    return call.invoke(function, *args, **given)


@op("torch.utils.checkpoint.checkpoint_sequential")
def checkpoint_sequential(
    call: Call,
    functions: object,
    segments: object,
    input: object,
    use_reentrant: object = None,
    **kwargs: object,
) -> Value:
    """The functions one after the other."""
    held = call.host.elements(functions, call.site)
    if isinstance(held, Unknown):
        return Tensor(held)
    for function in list(held):
        input = call.invoke(function, input)
    return input


@op("torch.onnx.export")
def export(call: Call, model: object, args: object = (), *more: object, **kwargs: object) -> Value:
    """Runs the model on its example arguments."""
    call.invoke(model, *(args if isinstance(args, tuple) else (args,)))
    return Unknown("an exported program")


@op("torch.jit.fork")
def fork(call: Call, func: object, *args: object, **kwargs: object) -> Value:
    """The result, at once."""
    return call.invoke(func, *args, **kwargs)


@op("torch.jit.wait")
def wait(call: Call, future: object) -> Value:
    """What `fork` gave."""
    return future


@models("torch.autograd.function.FunctionCtx")
class FunctionContext(Instance):
    """What `forward` of an autograd function leaves for `backward`."""

    __slots__ = ()

    def save_for_backward(self, call: Call, *tensors: object) -> None:
        call.host.set_attribute(self, "saved_tensors", tensors)

    def mark_dirty(self, call: Call, *args: object) -> None:
        """Says nothing of shapes."""

    def mark_non_differentiable(self, call: Call, *args: object) -> None:
        """Says nothing of shapes."""

    def set_materialize_grads(self, call: Call, value: object) -> None:
        """Says nothing of shapes."""


def _apply(call: Call, cls: object, *args: object, **kwargs: object) -> Value:
    forward = call.host.attribute(cls, "forward", call.site)
    setup = call.host.attribute(cls, "setup_context", call.site)
    if isinstance(setup, (Op, Unknown)) or not is_function(setup):
        return call.invoke(forward, call.invoke(FunctionContext), *args, **kwargs)
    return call.invoke(forward, *args, **kwargs)


@models("torch.autograd.Function", "torch.autograd.function.Function")
class Function(Instance):
    """Base of functions with a gradient of their own; `apply` runs `forward`."""

    __slots__ = ()

    apply: Any = classmethod(Op("apply", _apply))  # type: ignore[arg-type]


# -- torch.nn.modules.utils -------------------------------------------------------------------


def repeated(call: Call, value: Value, count: int) -> Value:
    """A tuple of `count` times the value; what is iterable already becomes a tuple."""
    if isinstance(value, Unknown):
        return Unknown(value.why)
    if isinstance(value, (tuple, List, range)):
        held = call.host.elements(value, call.site)
        return held if isinstance(held, Unknown) else tuple(held)
    return (value,) * count


def ntuple(count: int) -> Op:
    """A function that repeats a number."""

    def rule(call: Call, x: object) -> Value:
        return repeated(call, x, count)

    return Op("parse", rule)


for _count, _name in enumerate(("_single", "_pair", "_triple", "_quadruple"), 1):
    OPS[f"torch.nn.modules.utils.{_name}"] = ntuple(_count)


@op("torch.nn.modules.utils._ntuple")
def make_ntuple(call: Call, n: int, name: object = "parse") -> Value:
    """A function that repeats a number `n` times."""
    return ntuple(n)


@op("torch.nn.modules.utils._reverse_repeat_tuple")
def reverse_repeat_tuple(call: Call, t: object, n: int) -> Value:
    """Each element `n` times, the last first: what padding takes."""
    if not isinstance(t, tuple):
        return Unknown("a tuple that is not known")
    return tuple(x for x in reversed(t) for _ in range(n))
