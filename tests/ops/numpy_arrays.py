"""numpy's functions, as tensors are made from them."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.ops.table import program, unjudged

SHAPES = st.sampled_from([(2, 3), (3,), (1, 4), (2, 1, 3)])
AXES = st.sampled_from([None, 0, -1])
MADE = "torch.as_tensor(np.{}(np.ones({{}})))"
ALONG = "torch.as_tensor(np.{}(np.ones({{}}), axis={{}}))"
TWO = "torch.as_tensor(np.{}(np.ones({{}}), np.ones((2, 3))))"
FITTING = st.sampled_from([(2, 3), (3,), (1, 3), (4, 2, 3), ()])
EACH = """\
abs absolute around arctan ceil cos deg2rad degrees exp exp2 floor log log10 log2 radians rint
round sign sin sqrt square tan tanh trunc copy ascontiguousarray asarray array empty_like ones_like
zeros_like atleast_1d"""
for _name in EACH.split():
    program(f"numpy.{_name}", MADE.format(_name), SHAPES)
# All numbers of an array together make a number, which is no array.
ROWS = st.sampled_from([(2, 3), (1, 4), (2, 1, 3)])
OVER = (
    "sum mean max min amax amin prod all any argmax argmin median cumsum cumprod argsort sort diff"
)
for _name in OVER.split():
    program(f"numpy.{_name}", ALONG.format(_name), ROWS, st.sampled_from([0, -1]))
BOTH = """\
add subtract multiply divide true_divide power mod floor_divide maximum minimum equal greater less"""
for _name in BOTH.split():
    program(f"numpy.{_name}", TWO.format(_name), FITTING)
program("numpy.expand_dims", ALONG.format("expand_dims"), SHAPES, st.sampled_from([0, 1, -1, 5]))
program("numpy.clip", "torch.as_tensor(np.clip(np.ones({}), 0.0, 0.5))", SHAPES)
program("numpy.repeat", "torch.as_tensor(np.repeat(np.arange(3), {}))", st.integers(0, 3))
for _name in "concatenate stack".split():
    _text = f"torch.as_tensor(np.{_name}([np.ones({{}}), np.ones({{}})], axis={{}}))"
    program(f"numpy.{_name}", _text, SHAPES, SHAPES, st.sampled_from([0, -1]))
for _name in "hstack vstack".split():
    program(
        f"numpy.{_name}", f"torch.as_tensor(np.{_name}([np.ones({{0}}), np.ones({{0}})]))", SHAPES
    )
program("numpy.eye", "torch.as_tensor(np.eye({}, {}))", st.integers(0, 5), st.integers(0, 5))
program("numpy.identity", "torch.as_tensor(np.identity({}))", st.integers(0, 5))
program(
    "numpy.transpose",
    "torch.as_tensor(np.transpose(np.ones({}), {}))",
    SHAPES,
    st.sampled_from([None, (1, 0), (0, -1), (2, 0, 1)]),
)
program(
    "numpy.tile", "torch.as_tensor(np.tile(np.ones({}), {}))", SHAPES, st.sampled_from([2, (2, 3)])
)
for _name in "swapaxes moveaxis".split():
    _text = f"torch.as_tensor(np.{_name}(np.ones({{}}), {{}}, {{}}))"
    program(f"numpy.{_name}", _text, SHAPES, st.integers(-2, 2), st.integers(-2, 2))
for _name in "fliplr flipud".split():
    program(f"numpy.{_name}", f"torch.as_tensor(np.{_name}(np.ones({{}})).copy())", ROWS)
program("numpy.matmul", "torch.as_tensor(np.matmul(np.ones({}), np.ones({})))", FITTING, FITTING)
program("numpy.arange", "torch.as_tensor(np.arange({}))", st.integers(0, 5))
program("numpy.linspace", "torch.as_tensor(np.linspace(0, 1, {}))", st.integers(0, 5))
for _name in "zeros ones empty".split():
    program(f"numpy.{_name}", f"torch.as_tensor(np.{_name}({{}}))", SHAPES | st.integers(0, 3))
program("numpy.full", "torch.as_tensor(np.full({}, 2.0))", SHAPES)
program(
    "numpy.reshape", "torch.as_tensor(np.reshape(np.ones(6), {}))", st.sampled_from([(2, 3), -1])
)
program("numpy.isscalar", "torch.zeros(2 if np.isscalar(3) else 3)")
KINDS = "float16 float32 float64 int8 int16 int32 int64 uint8 bool_ double single half int_"
for _name in KINDS.split():
    program(f"numpy.{_name}", f"torch.as_tensor(np.ones({{}}, dtype=np.{_name}))", SHAPES)
program("numpy.complex64", "torch.as_tensor(np.ones({}, dtype=np.complex64))", SHAPES)
program("numpy.complex128", "torch.as_tensor(np.ones({}, dtype=np.complex128))", SHAPES)
program("numpy.random.rand", "torch.as_tensor(np.random.rand(2, {}))", st.integers(0, 3))
program("numpy.random.randn", "torch.as_tensor(np.random.randn(2, {}))", st.integers(0, 3))
program("numpy.random.randint", "torch.as_tensor(np.random.randint(0, 9, {}))", SHAPES)
for _name in "random random_sample standard_normal".split():
    program(f"numpy.random.{_name}", f"torch.as_tensor(np.random.{_name}({{}}))", SHAPES)
for _name in "normal uniform".split():
    program(f"numpy.random.{_name}", f"torch.as_tensor(np.random.{_name}(0.0, 1.0, {{}}))", SHAPES)
for _name in "beta gamma".split():
    program(f"numpy.random.{_name}", f"torch.as_tensor(np.random.{_name}(1.0, 1.0, {{}}))", SHAPES)
program("numpy.random.choice", "torch.as_tensor(np.random.choice(9, {}))", SHAPES)
unjudged(
    "numpy.bool numpy.float numpy.int numpy.float_ numpy.round_ numpy.product numpy.complex32",
    "gone from numpy",
)
unjudged("numpy.fromfile numpy.genfromtxt numpy.load numpy.loadtxt", "needs a file")
unjudged(
    "numpy.floating numpy.generic numpy.inexact numpy.integer numpy.number numpy.signedinteger "
    "numpy.ndarray numpy.uint16 numpy.uint32 numpy.uint64",
    "types that no tensor is made of",
)
unjudged(
    "numpy.flatnonzero numpy.unique numpy.interp numpy.random.permutation",
    "depends on numbers, and is unknown where they are not known",
)
unjudged(
    "numpy.random.RandomState numpy.random.default_rng numpy.random.get_state",
    "what it gives is unknown, and said to be",
)
