"""What functions of torch that are written in Python take, argument by argument.

They have no stubs that say it: an argument goes on to a compiled function, or into a comparison.
The letters are those of `torch_types`; what is not named is taken as it is.
"""

from typing import Final

_ROWS: Final = """
relu relu6 selu hardsigmoid hardswish silu mish sigmoid tanh tanhshrink softsign logsigmoid | input:T
elu celu | input:T alpha:f
leaky_relu | input:T negative_slope:f
rrelu | input:T lower:f upper:f training:b
hardtanh | input:T min_val:f max_val:f
threshold | input:T threshold:f value:f
glu | input:T dim:i
dropout dropout1d dropout2d dropout3d alpha_dropout feature_alpha_dropout | input:T p:f training:b
softmax log_softmax softmin | input:T dim:in dtype:dn
max_pool1d max_pool2d max_pool3d | input:T ceil_mode:b
max_pool1d_with_indices max_pool2d_with_indices max_pool3d_with_indices | input:T ceil_mode:b
lp_pool1d lp_pool2d lp_pool3d | input:T norm_type:f ceil_mode:b
adaptive_max_pool1d adaptive_max_pool2d adaptive_max_pool3d | input:T
adaptive_max_pool1d_with_indices adaptive_max_pool2d_with_indices | input:T
adaptive_max_pool3d_with_indices adaptive_avg_pool2d adaptive_avg_pool3d | input:T
fractional_max_pool2d fractional_max_pool3d | input:T
fractional_max_pool2d_with_indices fractional_max_pool3d_with_indices | input:T
max_unpool1d max_unpool2d max_unpool3d | input:T indices:T
batch_norm | input:T running_mean:Tn running_var:Tn weight:Tn bias:Tn training:b momentum:f eps:f
instance_norm | input:T running_mean:Tn running_var:Tn weight:Tn bias:Tn use_input_stats:b momentum:f eps:f
layer_norm | input:T normalized_shape:I weight:Tn bias:Tn eps:f
rms_norm | input:T normalized_shape:I weight:Tn eps:fn
group_norm | input:T num_groups:i weight:Tn bias:Tn eps:f
local_response_norm | input:T alpha:f beta:f k:f
normalize | input:T p:fn dim:Iin eps:f
pad | input:T pad:I mode:s value:fn
grid_sample | input:T grid:T mode:s padding_mode:s align_corners:bn
affine_grid | theta:T align_corners:bn
interpolate upsample | input:T mode:s align_corners:bn
upsample_nearest upsample_bilinear | input:T
fold unfold | input:T
gumbel_softmax | logits:T tau:f eps:f dim:i
cross_entropy | input:T target:T weight:Tn ignore_index:i label_smoothing:f
nll_loss | input:T target:T weight:Tn ignore_index:i
binary_cross_entropy | input:T target:T weight:Tn
binary_cross_entropy_with_logits | input:T target:T weight:Tn pos_weight:Tn
l1_loss mse_loss | input:T target:T weight:Tn
huber_loss | input:T target:T weight:Tn delta:f
smooth_l1_loss | input:T target:T beta:f
soft_margin_loss multilabel_margin_loss | input:T target:T
hinge_embedding_loss | input:T target:T margin:f
kl_div | input:T target:T log_target:b
poisson_nll_loss | input:T target:T log_input:b full:b eps:f
multilabel_soft_margin_loss | input:T target:fT weight:fTn
multi_margin_loss | input:T target:T weight:Tn margin:f p:f
gaussian_nll_loss | input:T target:fT var:fT eps:f
margin_ranking_loss cosine_embedding_loss | input1:T input2:T target:T margin:f
triplet_margin_loss | anchor:T positive:T negative:T margin:f p:f eps:f swap:b
triplet_margin_with_distance_loss | anchor:T positive:T negative:T margin:f
ctc_loss | log_probs:T targets:T input_lengths:IT target_lengths:IT blank:i zero_infinity:b
embedding | input:T weight:T padding_idx:in max_norm:fn scale_grad_by_freq:b sparse:b
embedding_bag | input:T weight:T offsets:Tn max_norm:fn scale_grad_by_freq:b mode:s sparse:b per_sample_weights:Tn padding_idx:in
bilinear | input1:T input2:T weight:T bias:Tn
linear_cross_entropy | input:T linear_weight:T target:T linear_bias:Tn weight:Tn label_smoothing:f
"""
# Those of torch itself, which are methods too.
_TORCH: Final = """
norm | input:T dim:Iibn keepdim:b dtype:dn
unique | input:T sorted:b return_inverse:b return_counts:b dim:in
unique_consecutive | input:T return_inverse:b return_counts:b dim:in
"""
# Those that are no methods.
_OTHERS: Final = """
chain_matmul | matrices:T
tensordot functional.tensordot | a:T b:T out:Tn
linalg.multi_dot | tensors:L
functional.stft | input:T n_fft:i window:Tn pad_mode:s
"""


def _table(text: str, *prefixes: str) -> dict[str, str]:
    rows = (row.split(" | ") for row in text.strip().splitlines())
    return {f"{p}.{name}": row for names, row in rows for name in names.split() for p in prefixes}


FUNCTIONAL_TYPES: Final = {
    **_table(_ROWS, "torch.nn.functional"),
    **_table(_TORCH, "torch", "torch.Tensor"),
    **_table(_OTHERS, "torch"),
}
