"""Tensors without their numbers, and their sizes."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from conv_lsp.axes import Axis, joined
from conv_lsp.dims import Dim
from conv_lsp.values.unknown import Unknown

Shape: TypeAlias = tuple[Dim, ...]

Strides: TypeAlias = tuple[int, ...] | None

SCATTERED: Strides = ()
"""The strides of a tensor whose memory layout is not known."""

UNTYPED: Final = "untyped"
"""The dtype of a tensor of which nobody has said any: of an input, of what is not modelled."""


class Size(tuple[Dim, ...]):
    """torch.Size: a tuple of sizes that also counts its elements."""

    __slots__ = ()


Role: TypeAlias = Literal["image", "video", "mask", "boxes", "keypoints"]


class Tensor:
    """An abstract tensor. Immutable.

    shape: the sizes, or Unknown where not even the rank is known.
    axes: for each dimension the link to the step that made it (None: no link to a network input).
    seen: link to what every element depends on besides (axes that a reduction removed).
    dtype: torch's name without the prefix ("float32", "int64", "bool"); UNTYPED where not known.
    strides: None for a contiguous tensor, else torch's strides, or SCATTERED where not known.
    data: the nested list (or number) of a small constant tensor, else None.
    kind: "parameter" and "buffer" for those that belong to a module; "gradient" for one that may be
        None; "number" for a number of Python that stands where a tensor is taken; what the numbers
        are where torchvision.tv_tensors says it: a `Role`.
    family: a constant and its views, which share one memory; None where there is none to tell of.
    witness: who said the shape, where that is not the library; see `Answers`.
    """

    __slots__ = (
        "axes",
        "data",
        "dtype",
        "family",
        "kind",
        "seen",
        "shape",
        "strides",
        "witness",
    )

    def __init__(
        self,
        shape: Shape | Unknown,
        axes: tuple[Axis | None, ...] | None = None,
        *,
        seen: Axis | None = None,
        dtype: str = "",
        strides: Strides = None,
        data: object = None,
        kind: Literal["", "parameter", "buffer", "gradient", "number"] | Role = "",
    ) -> None:
        self.shape = shape
        if axes is None:
            axes = () if isinstance(shape, Unknown) else (None,) * len(shape)
        self.axes = axes
        self.seen = seen
        self.dtype = dtype or (UNTYPED if isinstance(shape, Unknown) else "float32")
        self.strides = strides
        self.data = data
        self.kind = kind
        self.family: list[Tensor] | None = None
        self.witness = ""

    @property
    def known(self) -> bool:
        """Whether the rank is known."""
        return not isinstance(self.shape, Unknown)

    @property
    def sizes(self) -> Shape:
        """The shape of a tensor whose rank is known."""
        shape = self.shape
        if isinstance(shape, Unknown):
            msg = "the rank is not known; ask `known` first"
            raise TypeError(msg)
        return shape

    @property
    def rank(self) -> int:
        """The number of dimensions of a tensor whose rank is known."""
        return len(self.sizes)

    def like(
        self,
        shape: Shape | None = None,
        axes: tuple[Axis | None, ...] | None = None,
        *,
        dtype: str | None = None,
        seen: Axis | None = None,
    ) -> Tensor:
        """A new tensor made of this one: its dtype and `seen`, and its shape unless another is given."""
        same = shape is None
        return Tensor(
            self.shape if shape is None else shape,
            self.axes if same and axes is None else axes,
            seen=joined(self.seen, seen) if seen is not None else self.seen,
            dtype=dtype or self.dtype,
            strides=None if self.strides is None else SCATTERED,
        )

    def __repr__(self) -> str:
        return f"Tensor({self.shape})"
