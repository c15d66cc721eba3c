"""What tensors tell of themselves, casts, and new numbers in place."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.judge import AXES, lists, torch
from tests.ops.shaping import FORMATS, KINDS, typed
from tests.ops.table import draw, program, unjudged

ANY = typed(kinds=KINDS | st.sampled_from([torch.complex128, torch.float16, torch.uint8]))
OWN = ANY.map(torch.clone)
FLAG = st.booleans()

draw(
    """Tensor.shape Tensor.ndim Tensor.dtype Tensor.device Tensor.itemsize Tensor.is_cuda
    Tensor.is_cpu Tensor.is_sparse Tensor.is_quantized Tensor.is_meta Tensor.is_nested
    Tensor.is_mkldnn Tensor.is_mps Tensor.data Tensor._base Tensor.real Tensor.imag""",
    OWN,
)
draw("Tensor.dim torch.numel torch.real torch.imag torch.is_tensor", ANY)
draw("Tensor.size Tensor.stride", typed(4, 2), AXES)
draw("Tensor.size", ANY)
draw("Tensor.stride", typed(4, 2))
draw("Tensor.__len__ Tensor.element_size Tensor.get_device", ANY)
draw("torch.is_floating_point torch.is_complex Tensor.is_contiguous", ANY)
draw("torch.is_tensor", st.sampled_from([1, None, [1], "x"]))
draw("Tensor.item Tensor.tolist", typed(2, 1, st.sampled_from([torch.int64, torch.bool])))
draw("Tensor.item", typed(2, 1))

CASTS = "float double half long int short bool byte char bfloat16 cfloat cdouble chalf"
draw(" ".join(f"Tensor.{name}" for name in CASTS.split()), ANY, memory_format=FORMATS)
TYPES = st.sampled_from([torch.float32, torch.float64, torch.int64, torch.bool, torch.complex64])
draw("Tensor.to", ANY, TYPES | st.sampled_from(["cpu", torch.device("cpu")]))
draw("Tensor.to", ANY, ANY)
draw("Tensor.to", ANY, st.just("cpu"), TYPES, FLAG, FLAG)
draw("Tensor.to", ANY, dtype=TYPES, device=st.just("cpu"), copy=FLAG, memory_format=FORMATS)
draw("Tensor.type", ANY, TYPES | st.sampled_from(["torch.LongTensor", "torch.FloatTensor"]))
draw("Tensor.type", typed())
draw("Tensor.type_as", ANY, ANY)

draw("torch.detach Tensor.cpu Tensor.resolve_conj Tensor.resolve_neg Tensor.conj", ANY)
draw("Tensor.detach_ Tensor.requires_grad_ Tensor.share_memory_ Tensor.to_dense", OWN)
draw("Tensor.numpy", typed())
program(
    "Tensor.__deepcopy__",
    "import copy\ncopy.deepcopy(torch.zeros({}).mT)",
    lists(st.integers(1, 3), 2),
)
draw("torch.autograd.Variable torch.nn.Parameter torch.nn.Buffer", OWN)
draw("torch.nn.Parameter", OWN, FLAG)
draw("Tensor.retain_grad", st.just(torch.zeros(2, requires_grad=True)))

draw("Tensor.fill_", ANY, st.sampled_from([1, 0.5, True, torch.tensor(2.0), torch.ones(2)]))
draw("Tensor.zero_", ANY)
RANDOM = "normal_ uniform_ exponential_ cauchy_ log_normal_ random_ bernoulli_"
draw(" ".join(f"Tensor.{name}" for name in RANDOM.split()), ANY)
draw("Tensor.normal_ Tensor.log_normal_ Tensor.cauchy_", OWN, st.just(0.5), st.sampled_from([1.0]))
draw("Tensor.uniform_", OWN, st.sampled_from([-1, 0.5]), st.sampled_from([0.5, 1]))
draw("Tensor.random_", OWN, st.integers(0, 3), st.integers(2, 5))
draw("Tensor.bernoulli_ Tensor.geometric_", OWN, st.sampled_from([0.25, 0.5]))
draw("Tensor.set_", OWN, OWN)

unjudged("Tensor.cuda Tensor.xpu Tensor.pin_memory", "needs a device that the judge has not")
unjudged("Tensor.requires_grad Tensor.grad Tensor.grad_fn", "gradients are not followed")
unjudged("Tensor.backward Tensor.register_hook", "gradients are not followed")
unjudged("Tensor.register_post_accumulate_grad_hook", "gradients are not followed")
unjudged("Tensor.__array__", "called by numpy alone")
