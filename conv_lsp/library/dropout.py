"""Dropout, of elements and of whole features: as functions and as layers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final

from conv_lsp.findings import INPUT_RANK
from conv_lsp.library.algebra import pointwise
from conv_lsp.library.layers import expect
from conv_lsp.library.module import Layer
from conv_lsp.library.raising import floating, refusal, writable
from conv_lsp.library.registry import OPS, Call, Op, forget, models
from conv_lsp.library.tables import declare
from conv_lsp.values import SCATTERED, Tensor, Unknown, Value


@dataclass(frozen=True, slots=True)
class Dropping:
    """Dropout of a kind: whether whole features go, the ranks that it takes, if not all."""

    name: str
    features: bool = False
    ranks: tuple[int, ...] = ()

    def __call__(
        self, call: Call, input: Tensor, p: object, train: object, inplace: object = False
    ) -> Tensor:
        """The result: the input itself, where there is nothing to drop or it is written to."""
        check_probability(call, p)
        if self.ranks and input.rank not in self.ranks:
            want = " or ".join(map(str, self.ranks))
            call.fail(INPUT_RANK, at="input", name=self.name, want=want, got=input.rank)
        trains, written = call.host.truth(train), call.host.truth(inplace)
        if trains is False or is_number(p, 0) or 0 in input.sizes:
            return input
        if trains and isinstance(p, (int, float)):
            least = 1 if self.name == "dropout3d" else 2  # which takes it as a single one
            if self.features and input.rank < least and p != 1:
                want = f"at least {least}"
                call.fail(INPUT_RANK, at="input", name=self.name, want=want, got=input.rank)
            if p != 1:
                floating(call, input)
            if written:
                writable(call, input)
        if written:
            forget(input)
            return input
        result = pointwise(call, input)
        if (trains is None or written is None or isinstance(p, Unknown)) and input.strides:
            result.strides = SCATTERED
        return result


def check_probability(call: Call, p: object) -> None:
    """torch takes a probability from 0 to 1."""
    if isinstance(p, (int, float)) and not 0 <= p <= 1:
        problem = f"takes p from 0 to 1, not {p}"
        call.fail(refusal("ValueError"), at="p", name="dropout", problem=problem)


def is_number(value: object, wanted: int) -> bool:
    return isinstance(value, (int, float)) and value == wanted


SHAPE: Final = "The shape of the input"

# A function of torch | of torch.nn.functional | whether it trains if not told | the layer
DROPOUTS: Final = """
    dropout               | dropout               | True  | Dropout
                          | dropout1d             | True  | Dropout1d
    feature_dropout       | dropout2d             | True  | Dropout2d
                          | dropout3d             | True  | Dropout3d
    alpha_dropout         | alpha_dropout         | False | AlphaDropout
    feature_alpha_dropout | feature_alpha_dropout | False | FeatureAlphaDropout
"""


def _declare_dropouts() -> None:
    for row in DROPOUTS.strip().splitlines():
        raw, name, training, kind = (cell.strip() for cell in row.split("|"))
        features = name not in ("dropout", "alpha_dropout")
        rule = Dropping(name, features, (2, 3) if name == "dropout1d" else ())
        signature = f"input: Tensor, p=0.5, training={training}, inplace=False"
        declare(rule, signature, f"torch.nn.functional.{name}", said=SHAPE)
        if raw:
            declare(rule, "input: Tensor, p, train", f"torch.{raw}", said=SHAPE)
            written, said = partial(rule, inplace=True), "The tensor itself, written to"
            declare(written, "input: Tensor, p, train", f"torch.{raw}_", said=said)
        members = {"__slots__": (), "rule": OPS[f"torch.nn.functional.{name}"]}
        members["__doc__"] = f"{SHAPE}."
        models(f"torch.nn.{kind}")(type(kind, (DropoutLayer,), members))


class DropoutLayer(Layer):
    """Dropout of whatever kind."""

    __slots__ = ()

    rule: Op

    def __init__(self, call: Call, p: object = 0.5, inplace: object = False) -> None:
        super().__init__(call)
        expect(call, "f", p=p)
        check_probability(call, p)
        self.p = p
        self.inplace = inplace

    def describe(self) -> str:
        return f"{type(self).__name__}({self.p})"

    def forward(self, call: Call, input: Tensor) -> Value:
        alpha = "Alpha" in type(self).__name__  # these do not pass it on
        inplace = False if alpha else self.inplace
        return self.rule(call, [input, self.p, self.training, inplace], {})


_declare_dropouts()
