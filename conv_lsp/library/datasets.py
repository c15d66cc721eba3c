"""`torch.utils.data`: data sets."""

from __future__ import annotations

import math

from conv_lsp.dims import Dim, Expr, proves_unequal
from conv_lsp.findings import CALL_ARGUMENTS
from conv_lsp.library.iterators import held_by, new_list
from conv_lsp.library.raising import certainly_raises
from conv_lsp.library.registry import OPS, Call, models, op, size_of
from conv_lsp.values import MISSING, Dict, Instance, List, Tensor, Unknown, Value


@models("torch.utils.data.Dataset", "torch.utils.data.dataset.Dataset")
class Dataset(Instance):
    """Base of data sets with items by number."""

    __slots__ = ()

    def __init__(self, call: Call, *args: object, **kwargs: object) -> None:
        pass

    def item(self, call: Call, index: object) -> Value:
        return Unknown("the items of a data set")

    def __add__(self, call: Call, other: object) -> Value:  # noqa: PLE0302  (exposed, with `call`)
        return call.invoke(ConcatDataset, List([self, other]))


@models("torch.utils.data.IterableDataset", "torch.utils.data.dataset.IterableDataset")
class IterableDataset(Dataset):
    """Base of data sets that are only iterated over."""

    __slots__ = ()

    def __add__(self, call: Call, other: object) -> Value:  # noqa: PLE0302  (exposed, with `call`)
        return call.invoke(ChainDataset, List([self, other]))


def item_of(call: Call, dataset: Value, index: int = 0) -> Value:
    """An item of a data set, the first one unless told."""
    if isinstance(dataset, Instance) and not isinstance(dataset, IterableDataset):
        for name in ("__getitem__", "item"):
            found = call.host.attribute(dataset, name, call.site)
            if found is not MISSING:
                return call.invoke(found, index)
    held = held_by(call, dataset)
    if isinstance(held, Unknown):
        return held
    return held[index] if index < len(held) else Unknown("an item that there is not")


def length_of(call: Call, dataset: Value) -> Dim | None:
    """The number of items, where it is known."""
    found = call.invoke(OPS["builtins.len"], dataset)
    return None if isinstance(found, Unknown) else size_of(found)


@models("torch.utils.data.TensorDataset")
class TensorDataset(Dataset):
    """Tensors whose first axis numbers the items."""

    __slots__ = ()

    def __init__(self, call: Call, *tensors: object) -> None:
        counts = [t.sizes[0] for t in tensors if isinstance(t, Tensor) and t.known and t.rank]
        for count in counts[1:]:
            if proves_unequal(count, counts[0]):
                problem = f"takes tensors with as many items, not {counts[0]} and {count}"
                call.fail(CALL_ARGUMENTS, name="TensorDataset", problem=problem)
        call.host.set_attribute(self, "tensors", tensors)

    def item(self, call: Call, index: object) -> Value:
        rule = OPS["operator.getitem"]
        return tuple(call.invoke(rule, t, index) for t in self.__dict__["tensors"])

    def length(self, call: Call) -> Value:
        tensors = self.__dict__["tensors"]
        return call.invoke(OPS["builtins.len"], tensors[0]) if tensors else 0


@models("torch.utils.data.Subset")
class Subset(Dataset):
    """Some of the items of another data set."""

    __slots__ = ()

    def __init__(self, call: Call, dataset: object, indices: object) -> None:
        call.host.set_attribute(self, "dataset", dataset)
        call.host.set_attribute(self, "indices", indices)

    def item(self, call: Call, index: object) -> Value:
        indices, dataset = self.__dict__["indices"], self.__dict__["dataset"]
        known = isinstance(indices, (list, tuple)) and not getattr(indices, "vague", "")
        if not known or not isinstance(index, int) or isinstance(index, bool):
            return item_of(call, dataset)
        if not -len(indices) <= index < len(indices):
            return call.invoke(OPS["operator.getitem"], indices, index)
        place = indices[index]
        return item_of(call, dataset, place if isinstance(place, int) else 0)

    def length(self, call: Call) -> Value:
        indices = self.__dict__["indices"]
        known = isinstance(indices, (int, Expr))
        return indices if known else call.invoke(OPS["builtins.len"], indices)


@models("torch.utils.data.ConcatDataset")
class ConcatDataset(Dataset):
    """Several data sets one after the other."""

    __slots__ = ()

    def __init__(self, call: Call, datasets: object) -> None:
        call.host.set_attribute(self, "datasets", datasets)

    def item(self, call: Call, index: object) -> Value:
        held = held_by(call, self.__dict__["datasets"])
        return Unknown("a data set") if isinstance(held, Unknown) else item_of(call, held[0])

    def length(self, call: Call) -> Value:
        held = held_by(call, self.__dict__["datasets"])
        if isinstance(held, Unknown):
            return held
        count: Dim = 0
        for dataset in held:
            length = length_of(call, dataset)
            if length is None:
                return Unknown("the length of a data set")
            count = count + length
        return count


@models("torch.utils.data.ChainDataset")
class ChainDataset(IterableDataset):
    """Data sets that are iterated over, one after the other."""

    __slots__ = ()

    def __init__(self, call: Call, datasets: object) -> None:
        call.host.set_attribute(self, "datasets", datasets)

    def iterate(self, call: Call) -> Value:
        held = held_by(call, self.__dict__["datasets"])
        if isinstance(held, Unknown):
            return held
        parts = [held_by(call, dataset) for dataset in held]
        unknown = next((part for part in parts if isinstance(part, Unknown)), None)
        if unknown is not None:
            return unknown
        return new_list(call, [v for part in parts if not isinstance(part, Unknown) for v in part])


@models("torch.utils.data.StackDataset")
class StackDataset(Dataset):
    """Items of several data sets side by side: as a tuple, or as a dict by their names."""

    __slots__ = ()

    def __init__(self, call: Call, *args: object, **kwargs: object) -> None:
        held: list[Value] = [*args, *kwargs.values()]
        if not held or (args and kwargs):
            certainly_raises(call, "ValueError", "takes data sets, either with names or without")
        call.host.set_attribute(self, "datasets", kwargs or tuple(args))

    def item(self, call: Call, index: object) -> Value:
        held = self.__dict__["datasets"]
        if isinstance(held, dict):
            return call.host.new(Dict((name, item_of(call, part)) for name, part in held.items()))
        return tuple(item_of(call, part) for part in held)

    def length(self, call: Call) -> Value:
        held = self.__dict__["datasets"]
        first = next(iter(held.values() if isinstance(held, dict) else held))
        return call.invoke(OPS["builtins.len"], first)


@op("torch.utils.data.random_split", "torch.utils.data.dataset.random_split")
def random_split(call: Call, dataset: object, lengths: object, generator: object = None) -> Value:
    """Parts of a data set, of given lengths or fractions."""
    held = held_by(call, lengths)
    if isinstance(held, Unknown):
        return held
    whole = length_of(call, dataset)
    counts = counted(call, list(held), whole)
    parts = [call.invoke(Subset, dataset, count) for count in counts]
    return new_list(call, parts)


def counted(call: Call, lengths: list[Value], whole: Dim | None) -> list[Value]:
    """The number of items in each part; fractions are rounded down, and what is left dealt out."""
    if not all(isinstance(n, (int, float)) for n in lengths):
        return [_count(length) for length in lengths]
    total = sum(lengths)
    if math.isclose(total, 1) and total <= 1:
        if not isinstance(whole, int):
            single = whole if len(lengths) == 1 and whole is not None else _count(0.5)
            return [single] * len(lengths)
        counts = [math.floor(whole * n) for n in lengths]
        for i in range(whole - sum(counts)):
            counts[i % len(counts)] += 1
        return list(counts)
    if isinstance(whole, int) and total != whole:
        problem = f"the lengths are {total} together; the data set has {whole} items"
        call.fail(CALL_ARGUMENTS, at="lengths", name="random_split", problem=problem)
    return [_count(length) for length in lengths]


def _count(length: Value) -> Value:
    count = size_of(length) if not isinstance(length, float) else None
    return Unknown("the length of a part of a data set") if count is None else count
