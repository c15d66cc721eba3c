"""Names of which a draw still finds a difference between the two sides."""

from typing import Final

OPEN: Final = frozenset(
    """\
Tensor.cross Tensor.gcd Tensor.gcd_ Tensor.istft Tensor.kthvalue Tensor.lcm Tensor.lcm_
Tensor.norm Tensor.renorm Tensor.renorm_ Tensor.stft torch.det torch.fft.ihfft torch.fft.rfft
torch.functional.einsum torch.functional.stft torch.gcd torch.gcd_ torch.inverse torch.kthvalue
torch.lcm torch.lcm_ torch.linalg.householder_product torch.linalg.solve_triangular
torch.linalg.vector_norm torch.matrix_exp torch.matrix_power torch.nn.BatchNorm3d
torch.nn.ReflectionPad3d torch.nn.ReplicationPad3d torch.nn.TransformerDecoder torch.norm
torch.nuclear_norm torch.renorm torch.stft torch.vander torchvision.transforms.v2.ScaleJitter
""".split()
)
