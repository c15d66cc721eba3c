"""`torch.utils.data`: the orders in which items are taken."""

from __future__ import annotations

from conv_lsp.dims import ceil_div
from conv_lsp.library.datasets import length_of
from conv_lsp.library.registry import OPS, Call, models, size_of
from conv_lsp.library.standard_system import quiet
from conv_lsp.values import Instance, Unknown, Value


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
