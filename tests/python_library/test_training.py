"""Loaders, optimizers, schedules and distributions."""

from __future__ import annotations

from typing import Any

import pytest

from conv_lsp.dims import Expr
from conv_lsp.library.images import image
from conv_lsp.library.registry import Call, Op
from conv_lsp.values import Tensor
from tests.python_library.asking import WHY, H, Host, X, ask, made, send


@pytest.mark.parametrize(
    "item", [(1, 2.0), {"a": 1}, [3, (4,)], 1.5], ids=["tuple", "dict", "nested", "float"]
)
def test_collated_as_torch_does(item: Any) -> None:
    data = pytest.importorskip("torch.utils.data")
    torch = pytest.importorskip("torch")

    def shapes(value: Any) -> Any:
        if isinstance(value, Tensor):
            return (*value.sizes, value.dtype)
        if isinstance(value, torch.Tensor):
            return (*value.shape, str(value.dtype).removeprefix("torch."))
        if isinstance(value, dict):
            return {k: shapes(v) for k, v in value.items()}
        return [shapes(v) for v in value]

    ours = ask("torch.utils.data.default_collate", [item] * 3)
    assert shapes(ours) == shapes(data.default_collate([item] * 3))


def batches(*args: Any, **kwargs: Any) -> list[Any]:
    found = Host().elements(made("torch.utils.data.DataLoader", *args, **kwargs), None)
    assert isinstance(found, list)
    return found


def test_loaders_give_a_full_and_a_last_batch() -> None:
    data = made(
        "torch.utils.data.TensorDataset", Tensor((10, 3, 8, 8)), Tensor((10,), dtype="int64")
    )
    assert [b[0].shape for b in batches(data, 4)] == [(4, 3, 8, 8), (2, 3, 8, 8)]
    assert [b[1].shape for b in batches(data, 4, drop_last=True)] == [(4,)]
    assert [b[0].shape for b in batches(data, batch_size=H)] == [(H, 3, 8, 8)]
    loader = made("torch.utils.data.DataLoader", data, 4)
    assert ask("builtins.len", loader) == 3
    parts = ask("torch.utils.data.random_split", data, [7, 3])
    assert [ask("builtins.len", p) for p in parts] == [7, 3]


T = "torchvision.transforms."

PIPELINES: list[tuple[tuple[int, int, int], list[tuple[Any, ...]], tuple[Any, ...]]] = [
    ((3, 32, 32), [("Resize", 70), ("RandomCrop", 64), ("ToTensor",)], (3, 64, 64)),
    ((3, 100, 50), [("Resize", 25), ("ToTensor",)], (3, 50, 25)),
    ((3, 50, 101), [("Resize", 25), ("ToTensor",)], (3, 25, 50)),
    ((3, 50, 100), [("Resize", (20, 30)), ("ToTensor",), ("Normalize", (0.5,) * 3, (0.5,) * 3)], (3, 20, 30)),
    ((3, 9, 8), [("Grayscale",), ("RandomHorizontalFlip",), ("ToTensor",)], (1, 9, 8)),
    ((1, 28, 28), [("ToTensor",), ("Pad", 2)], (1, 32, 32)),
    ((1, 28, 28), [("Pad", (1, 2)), ("ToTensor",)], (1, 32, 30)),
    ((1, 28, 28), [("Pad", (1, 2, 3, 4)), ("ToTensor",)], (1, 34, 32)),
    ((3, 40, 60), [("CenterCrop", 24), ("ColorJitter", 0.1), ("ToTensor",)], (3, 24, 24)),
]  # fmt: skip


@pytest.mark.parametrize(("size", "steps", "shape"), PIPELINES)
def test_transforms(
    size: tuple[int, int, int], steps: list[tuple[Any, ...]], shape: tuple[Any, ...]
) -> None:
    pipeline = made(T + "Compose", [made(T + name, *args) for name, *args in steps])
    assert Host().invoke(pipeline, (image(*size),), {}, None).shape == shape


def test_a_crop_tells_the_size_of_what_is_not_known() -> None:
    steps = [made(T + "Resize", 256), made(T + "CenterCrop", 224), made(T + "ToTensor")]
    channels, *sizes = Host().invoke(made(T + "Compose", steps), (WHY,), {}, None).shape
    assert sizes == [224, 224]
    assert isinstance(channels, Expr)


def test_data_sets_of_torchvision() -> None:
    data = made("torchvision.datasets.MNIST", "data", train=False, transform=made(T + "ToTensor"))
    (images, labels), (last, _) = batches(data, batch_size=128)
    assert images.shape == (128, 1, 28, 28)
    assert (labels.shape, labels.dtype) == ((128,), "int64")
    assert last.shape[0] == 10_000 % 128
    positional = made("torchvision.datasets.CIFAR10", "data", True, made(T + "ToTensor"))
    assert batches(positional, 1000)[0][0].shape == (1000, 3, 32, 32)


def test_summaries_run_the_network() -> None:
    seen: list[Any] = []

    def run(call: Call, x: Any) -> None:
        seen.append(x.shape)

    net = Op("net", run)
    ask("torchsummary.summary", net, (3, 8, 8))
    ask("torchinfo.summary", net, input_size=(1, 3, 8, 8))
    ask("thop.profile", net, inputs=(X,))
    assert seen == [(2, 3, 8, 8), (1, 3, 8, 8), (2, 3, 8, 8)]


def test_optimisers_keep_their_groups() -> None:
    held = made("torch.optim.SGD", [{"params": [X], "lr": 1.0}, {"params": []}], lr=0.1)
    assert [g["lr"] for g in held.__dict__["param_groups"]] == [1.0, 0.1]
    assert send(held, "step") is None


def test_progress_bars_iterate() -> None:
    assert Host().elements(made("tqdm.tqdm", [1, 2]), None) == [1, 2]


DISTRIBUTIONS: list[tuple[str, tuple[tuple[int, ...], ...]]] = [
    ("Normal", ((2, 3), (3,))),
    ("Uniform", ((4,), (4,))),
    ("Bernoulli", ((2, 3),)),
    ("Categorical", ((2, 5),)),
]


@pytest.mark.parametrize(("name", "shapes"), DISTRIBUTIONS)
@pytest.mark.parametrize("size", [(), (7,)])
def test_samples(name: str, shapes: tuple[tuple[int, ...], ...], size: tuple[int, ...]) -> None:
    torch = pytest.importorskip("torch")
    values = [torch.full(s, 0.2 + i) for i, s in enumerate(shapes)]
    theirs = getattr(torch.distributions, name)(*values)
    ours = made(f"torch.distributions.{name}", *[Tensor(s) for s in shapes])
    sample, taken = theirs.sample(size), send(ours, "sample", size)
    assert taken.shape == sample.shape
    assert send(ours, "log_prob", taken).shape == theirs.log_prob(sample).shape
