from torch import nn

from . import checked

LABEL = checked("conv")


class Conv(nn.Conv2d):
    label = LABEL
