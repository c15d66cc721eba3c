from torch import nn

from .shelf import part, put, put_all


class Pointwise(nn.Conv2d):
    def __init__(self, width):
        super().__init__(3, width, 1)


put("pointwise", Pointwise)
for width in (4, 6):
    put(f"wide{width}", lambda: nn.Conv2d(3, width, 1))


@part
def narrow(width):
    return nn.Conv2d(3, width, (1, 3))
put_all(["flat", "even"], Pointwise)


class Flat:
    """Not the part "tall": nothing registers that."""

    name = "tall"
