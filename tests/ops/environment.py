"""Modes, devices, seeds and the tools around models: the code beside them runs on unharmed."""

from __future__ import annotations

from tests.ops.table import program, unjudged

AFTER = "\nnn.Linear(2, 3)(torch.zeros(4, 2))"
QUERIES = """\
torch.is_grad_enabled torch.is_inference_mode_enabled torch.are_deterministic_algorithms_enabled
torch.is_autocast_enabled torch.cuda.is_available torch.cuda.is_initialized
torch.cuda.is_bf16_supported torch.backends.mps.is_available torch.backends.mps.is_built
torch.backends.mkldnn.is_available torch.backends.cuda.is_built torch.mps.is_available
torch.xpu.is_available torch.accelerator.is_available torch.compiler.is_compiling
torch.compiler.is_dynamo_compiling torch._dynamo.is_compiling torch.jit.is_scripting
torch.jit.is_tracing torch.onnx.is_in_onnx_export torch.distributed.is_available
torch.distributed.is_initialized torch.distributed.is_nccl_available
torch.distributed.is_torchelastic_launched torch._C._get_tracing_state torch.is_anomaly_enabled
torch.is_autocast_cpu_enabled torch.is_deterministic_algorithms_warn_only_enabled
torch.is_warn_always_enabled torch.is_autocast_cache_enabled torch.get_deterministic_debug_mode
torch.get_float32_matmul_precision torch.get_num_interop_threads torch.get_autocast_cpu_dtype
torch.get_autocast_gpu_dtype"""
for _path in QUERIES.split():
    # Both ways lead to the same sizes: what a flag says must not hide what follows it.
    program(_path, f"y = torch.zeros(3, 2 if {_path}() else 2)\ny.sum(0)")
program("torch.get_default_dtype", "torch.zeros(2, dtype=torch.get_default_dtype())")
program("torch.get_autocast_dtype", "torch.zeros(2 if torch.get_autocast_dtype('cpu') else 2)")
program("torch.get_num_threads torch.initial_seed", "torch.zeros(2)")
for _path in ("cuda.device_count", "xpu.device_count"):
    program(f"torch.{_path}", f"torch.zeros(2 + 0 * torch.{_path}())")

STATEMENTS = {
    "torch.manual_seed": "torch.manual_seed(0)",
    "torch.random.manual_seed": "torch.random.manual_seed(0)",
    "torch.cuda.manual_seed": "torch.cuda.manual_seed(0)",
    "torch.cuda.manual_seed_all": "torch.cuda.manual_seed_all(0)",
    "torch.seed": "torch.seed()",
    "torch.cuda.empty_cache": "torch.cuda.empty_cache()",
    "torch.set_grad_enabled": "torch.set_grad_enabled(True)",
    "torch.autograd.set_grad_enabled": "torch.autograd.set_grad_enabled(True)",
    "torch.autograd.set_detect_anomaly": "torch.autograd.set_detect_anomaly(False)",
    "torch.set_default_dtype": "torch.set_default_dtype(torch.float32)",
    "torch.set_default_tensor_type": "torch.set_default_tensor_type(torch.FloatTensor)",
    "torch.set_default_device": "torch.set_default_device(None)",
    "torch.set_float32_matmul_precision": "torch.set_float32_matmul_precision('highest')",
    "torch.set_flush_denormal": "torch.set_flush_denormal(False)",
    "torch.set_num_threads": "torch.set_num_threads(1)",
    "torch.set_printoptions": "torch.set_printoptions(precision=4)",
    "torch.set_rng_state": "torch.set_rng_state(torch.get_rng_state())",
    "torch.get_rng_state": "torch.get_rng_state()",
    "torch.random.set_rng_state": "torch.random.set_rng_state(torch.get_rng_state())",
    "torch.set_warn_always": "torch.set_warn_always(False)",
    "torch.use_deterministic_algorithms": "torch.use_deterministic_algorithms(False)",
    "torch._C._log_api_usage_once": "torch._C._log_api_usage_once('x')",
    "torch._C._jit_set_profiling_executor": "torch._C._jit_set_profiling_executor(True)",
    "torch._C._jit_set_profiling_mode": "torch._C._jit_set_profiling_mode(True)",
    "torch._dynamo.reset": "torch._dynamo.reset()",
    "torch._check": "torch._check(True)",
    "torch._check_is_size": "torch._check_is_size(2)",
    "torch._assert": "torch._assert(True, 'x')",
    "torch.backends.cuda.enable_flash_sdp": "torch.backends.cuda.enable_flash_sdp(True)",
    "torch.backends.cuda.enable_math_sdp": "torch.backends.cuda.enable_math_sdp(True)",
    "torch.backends.cuda.enable_mem_efficient_sdp": (
        "torch.backends.cuda.enable_mem_efficient_sdp(True)"
    ),
    "torch.Generator": "torch.rand(2, generator=torch.Generator().manual_seed(0))",
    "torch.autograd.backward": "torch.autograd.backward(nn.Linear(2, 3)(torch.zeros(2)).sum())",
    "torch.multiprocessing.set_sharing_strategy": (
        "torch.multiprocessing.set_sharing_strategy('file_system')"
    ),
}
for _paths, _text in STATEMENTS.items():
    program(_paths, _text + AFTER)

CONTEXTS = """\
torch.no_grad() torch.enable_grad() torch.inference_mode() torch.autograd.no_grad()
torch.autograd.enable_grad() torch.autograd.inference_mode() torch.autograd.detect_anomaly()
torch.autocast('cpu') torch.amp.autocast('cpu') torch.cpu.amp.autocast()
torch.cuda.amp.autocast() torch.cuda.device(-1) torch.cuda.stream(None)
torch.backends.cudnn.flags() torch.random.fork_rng() torch.jit.optimized_execution(True)
torch.autograd.profiler.record_function('x') torch.profiler.record_function('x')
torch.autograd.graph.save_on_cpu()
torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.MATH)"""
for _text in CONTEXTS.split():
    _path = _text.partition("(")[0]
    program(_path, f"with {_text}:\n    y = F.relu(torch.zeros(3, 2))\ny")

DECORATORS = """\
torch.jit.ignore torch.jit.unused torch.jit.export torch.jit.script_if_tracing
torch._dynamo.disable torch.compiler.disable torch.no_grad() torch.inference_mode()
torch.jit._script_if_tracing"""
for _text in DECORATORS.split():
    program(
        _text.partition("(")[0],
        f"@{_text}\ndef double(x):\n    return torch.cat([x, x])\ndouble(torch.zeros(3))",
    )
program("torch.jit.script", "torch.jit.script(nn.Linear(2, 3))(torch.zeros(4, 2))")
program("torch.jit.trace", "torch.jit.trace(nn.Linear(2, 3), torch.zeros(4, 2))(torch.zeros(5, 2))")
program(
    "torch.jit.trace_module",
    "torch.jit.trace_module(nn.Linear(2, 3), {'forward': torch.zeros(4, 2)})(torch.zeros(5, 2))",
)
program("torch.jit.freeze", "torch.jit.freeze(torch.jit.script(nn.Linear(2, 3).eval()))" + AFTER)
program("torch.jit.annotate", "torch.jit.annotate(torch.Tensor, torch.zeros(2))")
program("torch.jit.isinstance", "torch.zeros(2 if torch.jit.isinstance([1], list[int]) else 3)")
program(
    "torch.jit.fork torch.jit.wait", "torch.jit.wait(torch.jit.fork(torch.relu, torch.zeros(2)))"
)
program("torch.fx.symbolic_trace", "torch.fx.symbolic_trace(nn.Linear(2, 3))(torch.zeros(4, 2))")
program(
    "torch.utils.checkpoint.checkpoint",
    "torch.utils.checkpoint.checkpoint(nn.Linear(2, 3), torch.zeros(4, 2), use_reentrant=False)",
)
program(
    "torch.utils.checkpoint.checkpoint_sequential",
    "torch.utils.checkpoint.checkpoint_sequential("
    "nn.Sequential(nn.Linear(2, 3), nn.ReLU()), 2, torch.zeros(4, 2), use_reentrant=False)",
)
program(
    "torch.autograd.Function torch.autograd.function.FunctionCtx "
    "torch.autograd.function.once_differentiable",
    "class Twice(torch.autograd.Function):\n"
    "    @staticmethod\n"
    "    def forward(ctx, x):\n"
    "        ctx.save_for_backward(x)\n"
    "        return torch.cat([x, x])\n"
    "    @staticmethod\n"
    "    @torch.autograd.function.once_differentiable\n"
    "    def backward(ctx, grad):\n"
    "        return grad[:3]\n"
    "Twice.apply(torch.zeros(3))",
)
program(
    "torch.overrides.has_torch_function torch.overrides.has_torch_function_unary "
    "torch.overrides.has_torch_function_variadic",
    "torch.zeros(3 if torch.overrides.has_torch_function((torch.zeros(2),)) else 2)",
)
program(
    "torch.cuda.amp.GradScaler",
    "scaler = torch.cuda.amp.GradScaler(enabled=False)\nscaler.scale(torch.zeros(2))",
)
for _path, _given, _count in (
    ("_single", 3, 1),
    ("_pair", 3, 2),
    ("_triple", 3, 3),
    ("_quadruple", 3, 4),
    ("_ntuple(2)", 3, 2),
    ("_reverse_repeat_tuple", "(1, 2), 2", 4),
):
    _name = _path.partition("(")[0]
    program(
        f"torch.nn.modules.utils.{_name}",
        f"torch.zeros(torch.nn.modules.utils.{_path}({_given}))",
    )
unjudged("torch.cuda.", "needs a GPU")
unjudged("torch.distributed.", "needs other processes")
unjudged("torch.mps. torch.xpu.", "needs another device")
unjudged("torch.hub. torch.utils.model_zoo.load_url", "needs the network")
unjudged("torch.load torch.save torch.jit.load torch.jit.save torch.onnx.export", "needs a file")
unjudged("torch.multiprocessing.", "starts processes")
unjudged("torch.set_num_interop_threads", "can be called once in a process")
unjudged("torch.set_deterministic", "gone from torch")
unjudged("torch.profiler.profile torch.autograd.profiler.profile", "writes to the terminal")
unjudged("torch.compile", "needs a compiler; what it gives is what it is given")
unjudged(
    "torch.jit._overload torch.jit._overload_method torch.jit.interface torch.jit.script_method "
    "torch.jit.Attribute torch.jit.Final torch.jit.fuser torch.jit.optimize_for_inference "
    "torch.fx.wrap torch.backends.cudnn.version torch.utils.hooks.RemovableHandle "
    "torch.ao.quantization.QuantStub torch.ao.nn.quantized.FloatFunctional",
    "nothing of it has a size",
)
