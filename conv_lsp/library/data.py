"""`torch.utils.data`: data sets, and the batches that a loader makes of their items.

Item 0 stands for all items. A loop over a loader sees one full batch, and the smaller last one
where the data set's length tells of it.
"""

from __future__ import annotations

import math
from typing import Final

from conv_lsp.dims import Dim, Expr, ceil_div, proves_unequal
from conv_lsp.findings import CALL_ARGUMENTS
from conv_lsp.library.images import Image
from conv_lsp.library.iterators import held_by, new_list
from conv_lsp.library.numpy_basics import Array
from conv_lsp.library.raising import certainly_raises
from conv_lsp.library.registry import OPS, Call, models, op, size_of
from conv_lsp.library.sliding import wrong
from conv_lsp.library.standard_system import quiet
from conv_lsp.values import MISSING, Dict, Instance, List, Size, Tensor, Unknown, Value

ALIKE: Final = 256
"""Items that a function of the interpreted code is given at most to make a batch of."""


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


# -- data sets --------------------------------------------------------------------------------


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


# -- loaders ----------------------------------------------------------------------------------


@models("torch.utils.data.DataLoader", "torch.utils.data.dataloader.DataLoader")
class DataLoader(Instance):
    """Batches of a data set's items."""

    __slots__ = ()
    sampled = True
    """Whether its iterators give more elements than are listed, all like these."""

    def __init__(
        self,
        call: Call,
        dataset: object,
        batch_size: object = 1,
        shuffle: object = None,
        sampler: object = None,
        batch_sampler: object = None,
        num_workers: object = 0,
        collate_fn: object = None,
        pin_memory: object = False,
        drop_last: object = False,
        *args: object,
        **kwargs: object,
    ) -> None:
        if batch_sampler is not None and (type(batch_size) is int and batch_size != 1):
            wrong(call, "a batch_sampler goes without batch_size", at="batch_sampler")
        if sampler is not None and shuffle is True:
            wrong(call, "a sampler goes without shuffle", at="shuffle")
        if type(batch_size) in (int, float) and (not isinstance(batch_size, int) or batch_size < 1):
            wrong(
                call, f"batch_size has to be a positive integer, not {batch_size}", at="batch_size"
            )
        if isinstance(batch_sampler, BatchSampler):
            own = batch_sampler.__dict__
            sampler, batch_size, drop_last = own["sampler"], own["batch_size"], own["drop_last"]
        elif batch_sampler is not None:
            batch_size = Unknown("a batch sampler")
        for name, value in {
            "dataset": dataset,
            "batch_size": batch_size,
            "batch_sampler": batch_sampler,
            "sampler": sampler,
            "collate_fn": collate_fn,
            "drop_last": drop_last,
        }.items():
            call.host.set_attribute(self, name, value)

    def count(self, call: Call) -> Dim | None:
        """How many items are loaded."""
        own = self.__dict__
        if own["sampler"] is not None:
            return length_of(call, own["sampler"])
        return length_of(call, own["dataset"])

    def iterate(self, call: Call) -> Value:
        """The different batches, for a loop."""
        own = self.__dict__
        item = item_of(call, own["dataset"])
        if own["batch_size"] is None:
            return new_list(call, [converted(item)])
        sizes = self.batch_sizes(call)
        return new_list(call, [batch_of(call, item, size, own["collate_fn"]) for size in sizes])

    def batch_sizes(self, call: Call) -> list[Dim]:
        """The size of full batches, and of the last one if it is smaller."""
        size = size_of(self.__dict__["batch_size"])
        size = Unknown("a batch size").size() if size is None else size
        count = self.count(call)
        if not isinstance(size, int) or not isinstance(count, int) or size < 1:
            return [size]
        rest = 0 if self.__dict__["drop_last"] is True else count % size
        full: list[Dim] = [size] if count >= size else []
        return [*full, rest] if rest else full

    def length(self, call: Call) -> Value:
        own = self.__dict__
        size, count = size_of(own["batch_size"]), self.count(call)
        if size is None or count is None or not isinstance(own["drop_last"], bool):
            return Unknown("the number of batches")
        return count // size if own["drop_last"] else ceil_div(count, size)


def batch_of(call: Call, item: Value, size: Dim, collate: Value) -> Value:
    """A batch of items that are all like this one."""
    if collate is None:
        return collated(call, item, size)
    if not isinstance(size, int) or size > ALIKE:
        return Unknown("a batch made by a function")
    return call.invoke(collate, new_list(call, [item] * size))


@op("torch.utils.data.default_collate", "torch.utils.data.dataloader.default_collate")
def default_collate(call: Call, batch: object) -> Value:
    """A batch of the items of a list."""
    held = held_by(call, batch)
    if isinstance(held, Unknown):
        return held
    if not len(held):
        problem = "there is nothing in the batch"
        call.fail(CALL_ARGUMENTS, at="batch", name="default_collate", problem=problem)
    if all(isinstance(item, Tensor) for item in held):
        return call.invoke(OPS["torch.stack"], new_list(call, list(held)))
    return collated(call, held[0], len(held))


def collated(call: Call, item: Value, size: Dim) -> Value:
    """What torch's own rule makes of `size` such items."""
    if isinstance(item, Tensor):
        if isinstance(item.shape, Unknown):
            return Tensor(Unknown(item.shape.why), dtype=item.dtype)
        return Tensor((size, *item.shape), dtype=item.dtype)
    if isinstance(item, bool):
        return Tensor((size,), dtype="bool")
    if isinstance(item, (int, Expr)):
        return Tensor((size,), dtype="int64")
    if isinstance(item, float):
        return Tensor((size,), dtype="float64")
    if isinstance(item, Size):
        return new_list(call, [collated(call, part, size) for part in item])
    if isinstance(item, tuple) and hasattr(item, "_fields"):
        return type(item)(*[collated(call, part, size) for part in item])
    if isinstance(item, (tuple, list)) and not getattr(item, "vague", ""):
        return new_list(call, [collated(call, part, size) for part in item])
    if isinstance(item, dict) and not getattr(item, "vague", ""):
        made = Dict((key, collated(call, part, size)) for key, part in item.items())
        return call.host.new(made)
    if isinstance(item, str):
        few = isinstance(size, int) and size <= ALIKE
        return new_list(call, [item] * size) if few else Unknown("texts of a batch")  # type: ignore[operator]
    if item is None or isinstance(item, Image):
        kind = "None" if item is None else "images of PIL: a transform makes tensors of them"
        certainly_raises(call, "TypeError", f"there are no batches of {kind}")
    return Unknown(item.why if isinstance(item, Unknown) else "a batch of objects")


def converted(item: Value) -> Value:
    """An item that is loaded without batching: arrays become tensors."""
    if isinstance(item, Array):
        return Tensor(item.shape, dtype=item.dtype)
    return item


# -- samplers ---------------------------------------------------------------------------------


class Ordering(Instance):
    """An order of items, which is not followed; how many there are is."""

    __slots__ = ()

    def length(self, call: Call) -> Value:
        return Unknown("the number of items in an order")

    def iterate(self, call: Call) -> Value:
        return Unknown("an order of items")

    set_epoch = quiet


def of_source(call: Call, self: Instance) -> Value:
    """As many as the data set has."""
    return call.invoke(OPS["builtins.len"], self.__dict__["data_source"])


@models("torch.utils.data.Sampler", "torch.utils.data.sampler.Sampler")
class Sampler(Ordering):
    """Base of orders."""

    __slots__ = ()

    def __init__(self, call: Call, data_source: object = None) -> None:
        call.host.set_attribute(self, "data_source", data_source)


@models("torch.utils.data.SequentialSampler", "torch.utils.data.sampler.SequentialSampler")
class SequentialSampler(Ordering):
    """All items in order."""

    __slots__ = ()

    def __init__(self, call: Call, data_source: object) -> None:
        call.host.set_attribute(self, "data_source", data_source)

    def length(self, call: Call) -> Value:
        return of_source(call, self)


@models("torch.utils.data.RandomSampler", "torch.utils.data.sampler.RandomSampler")
class RandomSampler(Ordering):
    """Items in any order: all, or `num_samples`."""

    __slots__ = ()

    def __init__(
        self,
        call: Call,
        data_source: object,
        replacement: object = False,
        num_samples: object = None,
        generator: object = None,
    ) -> None:
        for name, value in (("data_source", data_source), ("num_samples", num_samples)):
            call.host.set_attribute(self, name, value)

    def length(self, call: Call) -> Value:
        count = self.__dict__["num_samples"]
        return of_source(call, self) if count is None else count


@models("torch.utils.data.SubsetRandomSampler", "torch.utils.data.sampler.SubsetRandomSampler")
class SubsetRandomSampler(Ordering):
    """Some items in any order."""

    __slots__ = ()

    def __init__(self, call: Call, indices: object, generator: object = None) -> None:
        call.host.set_attribute(self, "data_source", indices)

    def length(self, call: Call) -> Value:
        return of_source(call, self)


@models("torch.utils.data.WeightedRandomSampler", "torch.utils.data.sampler.WeightedRandomSampler")
class WeightedRandomSampler(Ordering):
    """So many items, by their weights."""

    __slots__ = ()

    def __init__(
        self,
        call: Call,
        weights: object,
        num_samples: object,
        replacement: object = True,
        generator: object = None,
    ) -> None:
        call.host.set_attribute(self, "num_samples", num_samples)

    def length(self, call: Call) -> Value:
        return self.__dict__["num_samples"]


@models("torch.utils.data.BatchSampler", "torch.utils.data.sampler.BatchSampler")
class BatchSampler(Ordering):
    """Batches of another order."""

    __slots__ = ()

    def __init__(self, call: Call, sampler: object, batch_size: object, drop_last: object) -> None:
        for name, value in {
            "sampler": sampler,
            "batch_size": batch_size,
            "drop_last": drop_last,
        }.items():
            call.host.set_attribute(self, name, value)

    def length(self, call: Call) -> Value:
        own = self.__dict__
        size, count = size_of(own["batch_size"]), length_of(call, own["sampler"])
        if size is None or count is None or not isinstance(own["drop_last"], bool):
            return Unknown("the number of batches")
        return count // size if own["drop_last"] else ceil_div(count, size)


@models("torch.utils.data.DistributedSampler", "torch.utils.data.distributed.DistributedSampler")
class DistributedSampler(Ordering):
    """The items of one process."""

    __slots__ = ()

    def __init__(
        self,
        call: Call,
        dataset: object,
        num_replicas: object = None,
        rank: object = None,
        shuffle: object = True,
        seed: object = 0,
        drop_last: object = False,
    ) -> None:
        for name, value in {
            "dataset": dataset,
            "num_replicas": num_replicas,
            "drop_last": drop_last,
        }.items():
            call.host.set_attribute(self, name, value)

    def length(self, call: Call) -> Value:
        own = self.__dict__
        parts, count = size_of(own["num_replicas"]), length_of(call, own["dataset"])
        if own["num_replicas"] is None or parts is None or count is None:
            return Unknown("the number of items of a process")
        return Unknown("a part") if own["drop_last"] is not False else ceil_div(count, parts)


@op("torch.utils.data.get_worker_info")
def get_worker_info(call: Call) -> None:
    """None: items are loaded by the process itself."""
