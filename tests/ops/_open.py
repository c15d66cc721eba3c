"""Names of which a draw still finds a difference between the two sides."""

from typing import Final

OPEN: Final = frozenset(
    """\
Tensor.gcd_ Tensor.lcm_ Tensor.norm Tensor.renorm_ torch.fft.ihfft torch.fft.rfft torch.gcd_
torch.kthvalue torch.lcm torch.linalg.householder_product torch.linalg.vector_norm
torch.nn.ReflectionPad3d torchvision.transforms.v2.ScaleJitter
""".split()
)
