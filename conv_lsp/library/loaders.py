"""`torch.utils.data`: the batches that a loader makes of the items of a data set.

Item 0 stands for all items. A loop over a loader sees one full batch, and the smaller last one
where the data set's length tells of it.
"""

from __future__ import annotations

from typing import Final

from conv_lsp.dims import Dim, Expr, ceil_div
from conv_lsp.findings import CALL_ARGUMENTS
from conv_lsp.library.datasets import item_of, length_of
from conv_lsp.library.images import Image
from conv_lsp.library.iterators import held_by, new_list
from conv_lsp.library.numpy_basics import Array
from conv_lsp.library.raising import certainly_raises
from conv_lsp.library.registry import OPS, Call, models, op, size_of
from conv_lsp.library.samplers import BatchSampler
from conv_lsp.library.sliding import wrong
from conv_lsp.values import Dict, Instance, Size, Tensor, Unknown, Value

ALIKE: Final = 256
"""Items that a function of the interpreted code is given at most to make a batch of."""


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


@op("torch.utils.data.get_worker_info")
def get_worker_info(call: Call) -> None:
    """None: items are loaded by the process itself."""
