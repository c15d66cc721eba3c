"""What prepares a model for quantisation: in a float model it passes tensors through."""

from __future__ import annotations

from conv_lsp.library.module import Layer
from conv_lsp.library.registry import OPS, Call, models
from conv_lsp.values import Value


@models(
    "torch.ao.quantization.QuantStub",
    "torch.ao.quantization.DeQuantStub",
    "torch.quantization.QuantStub",
    "torch.quantization.DeQuantStub",
)
class QuantStub(Layer):
    """Where a quantised model converts; here the identity."""

    __slots__ = ()

    def __init__(self, call: Call, qconfig: object = None) -> None:
        super().__init__(call)

    def forward(self, call: Call, x: object) -> Value:
        return x


@models(
    "torch.ao.nn.quantized.FloatFunctional",
    "torch.ao.nn.quantized.modules.FloatFunctional",
    "torch.nn.quantized.FloatFunctional",
)
class FloatFunctional(Layer):
    """Operations as methods of a module."""

    __slots__ = ()

    def __init__(self, call: Call) -> None:
        super().__init__(call)

    def add(self, call: Call, x: object, y: object) -> Value:
        return call.invoke(OPS["torch.add"], x, y)

    def add_scalar(self, call: Call, x: object, y: object) -> Value:
        return call.invoke(OPS["torch.add"], x, y)

    def mul(self, call: Call, x: object, y: object) -> Value:
        return call.invoke(OPS["torch.mul"], x, y)

    def mul_scalar(self, call: Call, x: object, y: object) -> Value:
        return call.invoke(OPS["torch.mul"], x, y)

    def matmul(self, call: Call, x: object, y: object) -> Value:
        return call.invoke(OPS["torch.matmul"], x, y)

    def cat(self, call: Call, x: object, dim: object = 0) -> Value:
        return call.invoke(OPS["torch.cat"], x, dim)

    def add_relu(self, call: Call, x: object, y: object) -> Value:
        return call.invoke(OPS["torch.relu"], self.add(call, x, y))
