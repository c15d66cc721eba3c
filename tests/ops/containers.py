"""Modules, what holds them, and what is done to them."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.ops._kinds import FLAGS, Text
from tests.ops.table import program

INDEX = st.integers(-4, 4)
COUNT = st.integers(0, 3)
SIZES = st.lists(st.integers(1, 3), min_size=1, max_size=4)
CASTS = st.sampled_from(["double", "half", "eval", "float", "bfloat16"]).map(Text)
KEYS = st.sampled_from(["a", "b", "z"])
LAYERS = "[nn.Linear(a, b) for a, b in zip({0}, {0}[1:])]"
SPLICE = st.tuples(st.none() | INDEX, st.none() | INDEX, st.none() | st.integers(1, 2))

program(
    "torch.nn.Sequential",
    f"net = nn.Sequential(*{LAYERS})\nnet(torch.zeros(5, {{0}}[0]))",
    SIZES,
)
program(
    "torch.nn.Sequential",
    f"net = nn.Sequential(*{LAYERS})\n(net[{{1}}].weight, torch.zeros(len(net)))",
    SIZES,
    INDEX,
)
program(
    "torch.nn.Sequential",
    f"net = nn.Sequential(*{LAYERS})\n(torch.zeros(1), *net[slice(*{{1}})].parameters())",
    SIZES,
    SPLICE,
)
program(
    "torch.nn.Sequential",
    f"net = nn.Sequential(*{LAYERS})\ndel net[{{1}}]\nnet.append(nn.Linear(2, 7))\n"
    "net.insert({2}, nn.Linear(2, 5))\n(torch.zeros(len(net)), [p for p in net.parameters()])",
    SIZES,
    INDEX,
    COUNT,
)
program(
    "torch.nn.Sequential",
    "from collections import OrderedDict\n"
    "net = nn.Sequential(OrderedDict([(k, nn.Linear(2, 2)) for k in {}]))\n"
    "(net(torch.zeros(2)), torch.zeros(int([n for n, _ in net.named_children()] == {})))",
    st.lists(KEYS, max_size=3),
    st.lists(KEYS, max_size=3),
)
program(
    "torch.nn.ModuleList",
    f"net = nn.ModuleList({LAYERS})\nnet[{{1}}] = nn.Linear(1, 4)\n"
    "(torch.zeros(len(net)), [m.weight for m in net], net[{2}].bias)",
    SIZES,
    INDEX,
    INDEX,
)
program(
    "torch.nn.ModuleList",
    f"net = nn.ModuleList({LAYERS})\nnet.extend(nn.Linear(i + 1, 1) for i in range({{1}}))\n"
    "net.pop({2})\n[torch.zeros(len(net + net)), *net.parameters()]",
    SIZES,
    COUNT,
    INDEX,
)
program("torch.nn.ModuleList", "nn.ModuleList([nn.ReLU(), {}])", st.sampled_from([1, "x"]))
program(
    "torch.nn.ModuleDict",
    "net = nn.ModuleDict({{k: nn.Linear(2, i + 1) for i, k in enumerate({})}})\n"
    "net['c'] = nn.Linear(4, 4)\n(torch.zeros(len(net)), torch.zeros(int('z' in net)), net[{}].weight, [m.bias for m in net.values()])",
    st.lists(KEYS, max_size=3),
    KEYS,
)
program(
    "torch.nn.ModuleDict",
    "net = nn.ModuleDict([(k, nn.Linear(2, 3)) for k in {}])\ntaken = net.pop({})\n"
    "net.update({{'n': taken}})\n(taken.weight, torch.zeros(len([k for k in net])), [p for p in net.parameters()])",
    st.lists(KEYS, min_size=1, max_size=3),
    KEYS,
)
program(
    "torch.nn.ParameterList",
    "held = nn.ParameterList([torch.zeros(n, 2) for n in {}])\nheld.append(torch.zeros(7))\n"
    "(torch.zeros(len(held)), held[{}], [p for p in held])",
    SIZES,
    INDEX,
)
program(
    "torch.nn.ParameterDict",
    "held = nn.ParameterDict({{k: torch.zeros(len(k), 3) for k in {}}})\n"
    "held['new'] = torch.zeros(4)\n(torch.zeros(len(held)), held[{}], [v for v in held.values()])",
    st.lists(KEYS, max_size=3),
    KEYS,
)
program(
    "torch.nn.Module torch.jit.ScriptModule",
    "net = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3)).{}()\n"
    "([p for p in net.parameters()], [b for b in net.buffers()], torch.zeros(int(net.training)))",
    CASTS,
)
program(
    "torch.nn.Module",
    "net = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, {0}))\n"
    "(net.get_parameter('1.weight'), net.get_submodule('0').bias, "
    "torch.zeros(len(list(net.modules()))), "
    "[v for v in net.state_dict().values()])",
    st.integers(1, 3),
)
program(
    "torch.nn.Module",
    "net = nn.Linear(2, 3)\nnet.register_buffer('kept', torch.zeros({0}, dtype=torch.int64))\n"
    "net.register_parameter('more', nn.Parameter(torch.zeros({0}, 2)))\n"
    "net.add_module('inner', nn.Linear({0}, 1, bias={1}))\n"
    "([p for p in net.parameters()], [b for b in net.buffers()], net.kept, net.inner.bias)",
    st.integers(1, 3),
    FLAGS,
)
