"""Which family declares which names. Made by `python -m tests.generate`."""

from typing import Final

ROWS: Final[dict[str, str]] = {
    "activation": """
Tensor.hardshrink Tensor.prelu Tensor.relu Tensor.relu_ Tensor.sigmoid Tensor.sigmoid_ Tensor.tanh
Tensor.tanh_ torch.celu torch.celu_ torch.hardshrink torch.nn.CELU torch.nn.ELU torch.nn.GELU
torch.nn.GLU torch.nn.Hardshrink torch.nn.Hardsigmoid torch.nn.Hardswish torch.nn.Hardtanh
torch.nn.Identity torch.nn.LeakyReLU torch.nn.LogSigmoid torch.nn.Mish torch.nn.PReLU torch.nn.RReLU
torch.nn.ReLU torch.nn.ReLU6 torch.nn.SELU torch.nn.SiLU torch.nn.Sigmoid torch.nn.Softplus
torch.nn.Softshrink torch.nn.Softsign torch.nn.Tanh torch.nn.Tanhshrink torch.nn.Threshold
torch.nn.functional.celu torch.nn.functional.celu_ torch.nn.functional.elu torch.nn.functional.elu_
torch.nn.functional.gelu torch.nn.functional.glu torch.nn.functional.hardshrink
torch.nn.functional.hardsigmoid torch.nn.functional.hardswish torch.nn.functional.hardtanh
torch.nn.functional.hardtanh_ torch.nn.functional.leaky_relu torch.nn.functional.leaky_relu_
torch.nn.functional.logsigmoid torch.nn.functional.mish torch.nn.functional.prelu
torch.nn.functional.relu torch.nn.functional.relu6 torch.nn.functional.relu_
torch.nn.functional.rrelu torch.nn.functional.rrelu_ torch.nn.functional.selu
torch.nn.functional.selu_ torch.nn.functional.sigmoid torch.nn.functional.silu
torch.nn.functional.softplus torch.nn.functional.softshrink torch.nn.functional.softsign
torch.nn.functional.tanh torch.nn.functional.tanhshrink torch.nn.functional.threshold
torch.nn.functional.threshold_ torch.prelu torch.relu torch.relu_ torch.rrelu torch.rrelu_
torch.selu torch.selu_ torch.sigmoid torch.sigmoid_ torch.tanh torch.tanh_ torch.threshold
torch.threshold_
""",
    "adaptive": """
torch.adaptive_avg_pool1d torch.adaptive_max_pool1d torch.nn.AdaptiveAvgPool1d
torch.nn.AdaptiveAvgPool2d torch.nn.AdaptiveAvgPool3d torch.nn.AdaptiveMaxPool1d
torch.nn.AdaptiveMaxPool2d torch.nn.AdaptiveMaxPool3d torch.nn.FractionalMaxPool2d
torch.nn.FractionalMaxPool3d torch.nn.MaxUnpool1d torch.nn.MaxUnpool2d torch.nn.MaxUnpool3d
torch.nn.functional.adaptive_avg_pool1d torch.nn.functional.adaptive_avg_pool2d
torch.nn.functional.adaptive_avg_pool3d torch.nn.functional.adaptive_max_pool1d
torch.nn.functional.adaptive_max_pool1d_with_indices torch.nn.functional.adaptive_max_pool2d
torch.nn.functional.adaptive_max_pool2d_with_indices torch.nn.functional.adaptive_max_pool3d
torch.nn.functional.adaptive_max_pool3d_with_indices torch.nn.functional.fractional_max_pool2d
torch.nn.functional.fractional_max_pool2d_with_indices torch.nn.functional.fractional_max_pool3d
torch.nn.functional.fractional_max_pool3d_with_indices torch.nn.functional.max_unpool1d
torch.nn.functional.max_unpool2d torch.nn.functional.max_unpool3d
torch.nn.modules.pooling.AdaptiveAvgPool1d torch.nn.modules.pooling.AdaptiveAvgPool2d
torch.nn.modules.pooling.AdaptiveAvgPool3d torch.nn.modules.pooling.AdaptiveMaxPool1d
torch.nn.modules.pooling.AdaptiveMaxPool2d torch.nn.modules.pooling.AdaptiveMaxPool3d
torch.nn.modules.pooling.FractionalMaxPool2d torch.nn.modules.pooling.FractionalMaxPool3d
torch.nn.modules.pooling.MaxUnpool1d torch.nn.modules.pooling.MaxUnpool2d
torch.nn.modules.pooling.MaxUnpool3d
""",
    "adaptive_softmax": """
torch.nn.AdaptiveLogSoftmaxWithLoss torch.nn.LinearCrossEntropyLoss
torch.nn.functional.linear_cross_entropy
""",
    "attention": """
torch.nn.MultiheadAttention torch.nn.functional.scaled_dot_product_attention
""",
    "cells": """
torch.nn.GRUCell torch.nn.LSTMCell torch.nn.RNNCell torch.nn.RNNCellBase
""",
    "containers": """
torch.nn.ModuleDict torch.nn.ModuleList torch.nn.ParameterDict torch.nn.ParameterList
torch.nn.Sequential
""",
    "convolution": """
torch.conv1d torch.conv2d torch.conv3d torch.conv_tbc torch.conv_transpose1d torch.conv_transpose2d
torch.conv_transpose3d torch.convolution torch.nn.functional.conv1d torch.nn.functional.conv2d
torch.nn.functional.conv3d torch.nn.functional.conv_tbc torch.nn.functional.conv_transpose1d
torch.nn.functional.conv_transpose2d torch.nn.functional.conv_transpose3d
""",
    "convolution_layers": """
torch.nn.Conv1d torch.nn.Conv2d torch.nn.Conv3d torch.nn.ConvTranspose1d torch.nn.ConvTranspose2d
torch.nn.ConvTranspose3d torch.nn.LazyConv1d torch.nn.LazyConv2d torch.nn.LazyConv3d
torch.nn.LazyConvTranspose1d torch.nn.LazyConvTranspose2d torch.nn.LazyConvTranspose3d
torch.nn.modules.conv.Conv1d torch.nn.modules.conv.Conv2d torch.nn.modules.conv.Conv3d
torch.nn.modules.conv.ConvTranspose1d torch.nn.modules.conv.ConvTranspose2d
torch.nn.modules.conv.ConvTranspose3d torch.nn.modules.conv.LazyConv1d
torch.nn.modules.conv.LazyConv2d torch.nn.modules.conv.LazyConv3d
torch.nn.modules.conv.LazyConvTranspose1d torch.nn.modules.conv.LazyConvTranspose2d
torch.nn.modules.conv.LazyConvTranspose3d torch.nn.modules.conv._ConvNd
torch.nn.modules.conv._ConvTransposeMixin torch.nn.modules.conv._ConvTransposeNd
""",
    "copies": """
Tensor.narrow_copy torch.alias_copy torch.as_strided_copy torch.detach_copy torch.diagonal_copy
torch.expand_copy torch.narrow_copy torch.permute_copy torch.select_copy torch.slice_copy
torch.split_copy torch.split_with_sizes_copy torch.squeeze_copy torch.t_copy torch.transpose_copy
torch.unbind_copy torch.unfold_copy torch.unsqueeze_copy torch.view_as_complex_copy
torch.view_as_real_copy torch.view_copy
""",
    "datasets": """
torch.utils.data.ChainDataset torch.utils.data.ConcatDataset torch.utils.data.Dataset
torch.utils.data.IterableDataset torch.utils.data.StackDataset torch.utils.data.Subset
torch.utils.data.TensorDataset torch.utils.data.dataset.Dataset
torch.utils.data.dataset.IterableDataset torch.utils.data.dataset.random_split
torch.utils.data.random_split
""",
    "distance": """
Tensor.dist torch.cdist torch.cosine_similarity torch.dist torch.nn.CosineSimilarity
torch.nn.PairwiseDistance torch.nn.functional.cosine_similarity
torch.nn.functional.pairwise_distance torch.nn.functional.pdist torch.pairwise_distance torch.pdist
""",
    "distributions": """
torch.distributions.Bernoulli torch.distributions.Beta torch.distributions.Binomial
torch.distributions.Categorical torch.distributions.Cauchy torch.distributions.Chi2
torch.distributions.ContinuousBernoulli torch.distributions.Dirichlet
torch.distributions.Exponential torch.distributions.FisherSnedecor torch.distributions.Gamma
torch.distributions.Geometric torch.distributions.Gumbel torch.distributions.HalfCauchy
torch.distributions.HalfNormal torch.distributions.Independent torch.distributions.InverseGamma
torch.distributions.Kumaraswamy torch.distributions.Laplace torch.distributions.LogNormal
torch.distributions.MixtureSameFamily torch.distributions.Multinomial
torch.distributions.MultivariateNormal torch.distributions.NegativeBinomial
torch.distributions.Normal torch.distributions.OneHotCategorical
torch.distributions.OneHotCategoricalStraightThrough torch.distributions.Pareto
torch.distributions.Poisson torch.distributions.StudentT torch.distributions.Uniform
torch.distributions.VonMises torch.distributions.Weibull torch.distributions.bernoulli.Bernoulli
torch.distributions.beta.Beta torch.distributions.binomial.Binomial
torch.distributions.categorical.Categorical torch.distributions.cauchy.Cauchy
torch.distributions.chi2.Chi2 torch.distributions.continuous_bernoulli.ContinuousBernoulli
torch.distributions.dirichlet.Dirichlet torch.distributions.exponential.Exponential
torch.distributions.fishersnedecor.FisherSnedecor torch.distributions.gamma.Gamma
torch.distributions.geometric.Geometric torch.distributions.gumbel.Gumbel
torch.distributions.half_cauchy.HalfCauchy torch.distributions.half_normal.HalfNormal
torch.distributions.independent.Independent torch.distributions.inverse_gamma.InverseGamma
torch.distributions.kl.kl_divergence torch.distributions.kl_divergence
torch.distributions.kumaraswamy.Kumaraswamy torch.distributions.laplace.Laplace
torch.distributions.log_normal.LogNormal torch.distributions.mixture_same_family.MixtureSameFamily
torch.distributions.multinomial.Multinomial
torch.distributions.multivariate_normal.MultivariateNormal
torch.distributions.negative_binomial.NegativeBinomial torch.distributions.normal.Normal
torch.distributions.one_hot_categorical.OneHotCategorical
torch.distributions.one_hot_categorical.OneHotCategoricalStraightThrough
torch.distributions.pareto.Pareto torch.distributions.poisson.Poisson
torch.distributions.studentT.StudentT torch.distributions.uniform.Uniform
torch.distributions.von_mises.VonMises torch.distributions.weibull.Weibull
""",
    "dropout": """
torch.alpha_dropout torch.alpha_dropout_ torch.dropout torch.dropout_ torch.feature_alpha_dropout
torch.feature_alpha_dropout_ torch.feature_dropout torch.feature_dropout_ torch.nn.AlphaDropout
torch.nn.Dropout torch.nn.Dropout1d torch.nn.Dropout2d torch.nn.Dropout3d
torch.nn.FeatureAlphaDropout torch.nn.functional.alpha_dropout torch.nn.functional.dropout
torch.nn.functional.dropout1d torch.nn.functional.dropout2d torch.nn.functional.dropout3d
torch.nn.functional.feature_alpha_dropout
""",
    "einops": """
einops.asnumpy einops.einsum einops.parse_shape einops.rearrange einops.reduce einops.repeat
einops_exts.check_shape einops_exts.rearrange_many einops_exts.reduce_many einops_exts.repeat_many
""",
    "einops_layers": """
einops.layers.torch.EinMix einops.layers.torch.Rearrange einops.layers.torch.Reduce
""",
    "einops_packing": """
einops.pack einops.unpack
""",
    "einsum": """
torch.einsum torch.functional.einsum
""",
    "embedding": """
torch.embedding torch.embedding_bag torch.embedding_renorm_ torch.nn.Embedding
torch.nn.Embedding.from_pretrained torch.nn.EmbeddingBag torch.nn.EmbeddingBag.from_pretrained
torch.nn.functional.embedding torch.nn.functional.embedding_bag
""",
    "fourier": """
torch.fft.fft torch.fft.fft2 torch.fft.fftn torch.fft.fftshift torch.fft.hfft torch.fft.hfft2
torch.fft.hfftn torch.fft.ifft torch.fft.ifft2 torch.fft.ifftn torch.fft.ifftshift torch.fft.ihfft
torch.fft.ihfft2 torch.fft.ihfftn torch.fft.irfft torch.fft.irfft2 torch.fft.irfftn torch.fft.rfft
torch.fft.rfft2 torch.fft.rfftn
""",
    "images": """
PIL.Image.BICUBIC PIL.Image.BILINEAR PIL.Image.BOX PIL.Image.FLIP_LEFT_RIGHT
PIL.Image.FLIP_TOP_BOTTOM PIL.Image.HAMMING PIL.Image.Image PIL.Image.LANCZOS PIL.Image.NEAREST
PIL.Image.ROTATE_180 PIL.Image.ROTATE_270 PIL.Image.ROTATE_90 PIL.Image.Resampling.BICUBIC
PIL.Image.Resampling.BILINEAR PIL.Image.Resampling.BOX PIL.Image.Resampling.HAMMING
PIL.Image.Resampling.LANCZOS PIL.Image.Resampling.NEAREST PIL.Image.TRANSPOSE PIL.Image.TRANSVERSE
PIL.Image.Transpose.FLIP_LEFT_RIGHT PIL.Image.Transpose.FLIP_TOP_BOTTOM
PIL.Image.Transpose.ROTATE_180 PIL.Image.Transpose.ROTATE_270 PIL.Image.Transpose.ROTATE_90
PIL.Image.Transpose.TRANSPOSE PIL.Image.Transpose.TRANSVERSE PIL.Image.fromarray PIL.Image.new
PIL.Image.open PIL.ImageOps.exif_transpose PIL.ImageOps.flip PIL.ImageOps.grayscale
PIL.ImageOps.invert PIL.ImageOps.mirror
""",
    "indexing": """
operator.getitem operator.setitem
""",
    "initialization": """
torch.nn.init._calculate_correct_fan torch.nn.init._calculate_fan_in_and_fan_out
torch.nn.init._no_grad_trunc_normal_ torch.nn.init.calculate_gain torch.nn.init.constant
torch.nn.init.constant_ torch.nn.init.dirac torch.nn.init.dirac_ torch.nn.init.eye
torch.nn.init.eye_ torch.nn.init.kaiming_normal torch.nn.init.kaiming_normal_
torch.nn.init.kaiming_uniform torch.nn.init.kaiming_uniform_ torch.nn.init.normal
torch.nn.init.normal_ torch.nn.init.ones_ torch.nn.init.orthogonal torch.nn.init.orthogonal_
torch.nn.init.sparse torch.nn.init.sparse_ torch.nn.init.trunc_normal_ torch.nn.init.uniform
torch.nn.init.uniform_ torch.nn.init.xavier_normal torch.nn.init.xavier_normal_
torch.nn.init.xavier_uniform torch.nn.init.xavier_uniform_ torch.nn.init.zeros_
""",
    "joining": """
Tensor.chunk Tensor.dsplit Tensor.hsplit Tensor.split Tensor.split_with_sizes Tensor.tensor_split
Tensor.unbind Tensor.unsafe_chunk Tensor.unsafe_split Tensor.unsafe_split_with_sizes Tensor.vsplit
torch.block_diag torch.cartesian_prod torch.cat torch.chunk torch.column_stack torch.concat
torch.concatenate torch.dsplit torch.dstack torch.functional.block_diag
torch.functional.cartesian_prod torch.functional.meshgrid torch.functional.split torch.hsplit
torch.hstack torch.meshgrid torch.row_stack torch.split torch.split_with_sizes torch.stack
torch.tensor_split torch.unbind torch.unsafe_chunk torch.unsafe_split torch.unsafe_split_with_sizes
torch.vsplit torch.vstack
""",
    "layernorm": """
torch.group_norm torch.layer_norm torch.nn.CrossMapLRN2d torch.nn.GroupNorm torch.nn.LayerNorm
torch.nn.LocalResponseNorm torch.nn.RMSNorm torch.nn.functional.group_norm
torch.nn.functional.layer_norm torch.nn.functional.local_response_norm torch.nn.functional.normalize
torch.nn.functional.rms_norm torch.nn.modules.normalization.CrossMapLRN2d
torch.nn.modules.normalization.GroupNorm torch.nn.modules.normalization.LayerNorm
torch.nn.modules.normalization.LocalResponseNorm torch.nn.modules.normalization.RMSNorm
torch.rms_norm
""",
    "linalg": """
Tensor.cholesky Tensor.cholesky_inverse Tensor.det Tensor.geqrf Tensor.inverse Tensor.logdet
Tensor.matrix_exp Tensor.matrix_power Tensor.pinverse Tensor.qr Tensor.slogdet Tensor.svd
torch.cholesky torch.cholesky_inverse torch.det torch.geqrf torch.inverse torch.linalg.cholesky
torch.linalg.cholesky_ex torch.linalg.det torch.linalg.eig torch.linalg.eigh torch.linalg.eigvals
torch.linalg.eigvalsh torch.linalg.inv torch.linalg.inv_ex torch.linalg.ldl_factor
torch.linalg.ldl_factor_ex torch.linalg.lu torch.linalg.lu_factor torch.linalg.lu_factor_ex
torch.linalg.matrix_exp torch.linalg.matrix_power torch.linalg.matrix_rank torch.linalg.pinv
torch.linalg.qr torch.linalg.slogdet torch.linalg.svd torch.linalg.svdvals torch.logdet
torch.matrix_exp torch.matrix_power torch.pinverse torch.qr torch.slogdet torch.svd
""",
    "linear": """
torch.bilinear torch.nn.Bilinear torch.nn.LazyLinear torch.nn.Linear torch.nn.functional.bilinear
torch.nn.functional.linear torch.nn.modules.linear.NonDynamicallyQuantizableLinear
""",
    "loaders": """
torch.utils.data.DataLoader torch.utils.data.dataloader.DataLoader
torch.utils.data.dataloader.default_collate torch.utils.data.default_collate
torch.utils.data.get_worker_info
""",
    "losses": """
torch.binary_cross_entropy_with_logits torch.cosine_embedding_loss torch.ctc_loss
torch.hinge_embedding_loss torch.kl_div torch.margin_ranking_loss torch.nn.BCELoss
torch.nn.BCEWithLogitsLoss torch.nn.CTCLoss torch.nn.CosineEmbeddingLoss torch.nn.CrossEntropyLoss
torch.nn.GaussianNLLLoss torch.nn.HingeEmbeddingLoss torch.nn.HuberLoss torch.nn.KLDivLoss
torch.nn.L1Loss torch.nn.MSELoss torch.nn.MarginRankingLoss torch.nn.MultiLabelMarginLoss
torch.nn.MultiLabelSoftMarginLoss torch.nn.MultiMarginLoss torch.nn.NLLLoss torch.nn.NLLLoss2d
torch.nn.PoissonNLLLoss torch.nn.SmoothL1Loss torch.nn.SoftMarginLoss torch.nn.TripletMarginLoss
torch.nn.TripletMarginWithDistanceLoss torch.nn.functional.binary_cross_entropy
torch.nn.functional.binary_cross_entropy_with_logits torch.nn.functional.cosine_embedding_loss
torch.nn.functional.cross_entropy torch.nn.functional.ctc_loss torch.nn.functional.gaussian_nll_loss
torch.nn.functional.hinge_embedding_loss torch.nn.functional.huber_loss torch.nn.functional.kl_div
torch.nn.functional.l1_loss torch.nn.functional.margin_ranking_loss torch.nn.functional.mse_loss
torch.nn.functional.multi_margin_loss torch.nn.functional.multilabel_margin_loss
torch.nn.functional.multilabel_soft_margin_loss torch.nn.functional.nll_loss
torch.nn.functional.poisson_nll_loss torch.nn.functional.smooth_l1_loss
torch.nn.functional.soft_margin_loss torch.nn.functional.triplet_margin_loss
torch.nn.functional.triplet_margin_with_distance_loss torch.poisson_nll_loss
torch.triplet_margin_loss
""",
    "matrices": """
Tensor.__matmul__ Tensor.__rmatmul__ Tensor.addbmm Tensor.addbmm_ Tensor.addmm Tensor.addmm_
Tensor.addmv Tensor.addmv_ Tensor.addr Tensor.addr_ Tensor.baddbmm Tensor.baddbmm_ Tensor.bmm
Tensor.cross Tensor.dot Tensor.ger Tensor.inner Tensor.kron Tensor.matmul Tensor.mm Tensor.mv
Tensor.outer Tensor.vdot operator.imatmul operator.matmul torch.addbmm torch.addmm torch.addmv
torch.addmv_ torch.addr torch.baddbmm torch.bmm torch.chain_matmul torch.cross torch.dot
torch.functional.tensordot torch.ger torch.inner torch.kron torch.linalg.cross torch.linalg.matmul
torch.linalg.multi_dot torch.linalg.vecdot torch.matmul torch.mm torch.mv torch.outer
torch.tensordot torch.vdot
""",
    "mixing": """
Tensor.addcdiv Tensor.addcdiv_ Tensor.addcmul Tensor.addcmul_ Tensor.clamp Tensor.clamp_
Tensor.clamp_max Tensor.clamp_max_ Tensor.clamp_min Tensor.clamp_min_ Tensor.clip Tensor.clip_
Tensor.lerp Tensor.lerp_ torch.addcdiv torch.addcmul torch.clamp torch.clamp_ torch.clamp_max
torch.clamp_max_ torch.clamp_min torch.clamp_min_ torch.clip torch.clip_ torch.lerp
""",
    "native": """
torch.batch_norm_update_stats torch.native_batch_norm torch.native_dropout torch.native_group_norm
torch.native_layer_norm torch.norm_except_dim
""",
    "normalization": """
torch.batch_norm torch.instance_norm torch.nn.BatchNorm1d torch.nn.BatchNorm2d torch.nn.BatchNorm3d
torch.nn.InstanceNorm1d torch.nn.InstanceNorm2d torch.nn.InstanceNorm3d torch.nn.LazyBatchNorm1d
torch.nn.LazyBatchNorm2d torch.nn.LazyBatchNorm3d torch.nn.LazyInstanceNorm1d
torch.nn.LazyInstanceNorm2d torch.nn.LazyInstanceNorm3d torch.nn.SyncBatchNorm
torch.nn.functional.batch_norm torch.nn.functional.instance_norm
torch.nn.modules.batchnorm.BatchNorm1d torch.nn.modules.batchnorm.BatchNorm2d
torch.nn.modules.batchnorm.BatchNorm3d torch.nn.modules.batchnorm.LazyBatchNorm1d
torch.nn.modules.batchnorm.LazyBatchNorm2d torch.nn.modules.batchnorm.LazyBatchNorm3d
torch.nn.modules.batchnorm.SyncBatchNorm torch.nn.modules.batchnorm._BatchNorm
torch.nn.modules.batchnorm._NormBase torch.nn.modules.instancenorm.InstanceNorm1d
torch.nn.modules.instancenorm.InstanceNorm2d torch.nn.modules.instancenorm.InstanceNorm3d
torch.nn.modules.instancenorm.LazyInstanceNorm1d torch.nn.modules.instancenorm.LazyInstanceNorm2d
torch.nn.modules.instancenorm.LazyInstanceNorm3d torch.nn.modules.instancenorm._InstanceNorm
""",
    "norms": """
Tensor.norm torch.frobenius_norm torch.linalg.matrix_norm torch.linalg.norm torch.linalg.vector_norm
torch.norm torch.nuclear_norm
""",
    "numpy_arrays": """
Tensor.__array__ Tensor.numpy array.T array.add array.all array.and_ array.any array.argmax
array.argmin array.argsort array.astype array.clip array.copy array.cumprod array.cumsum array.dtype
array.elements array.eq array.flatten array.floordiv array.ge array.getitem array.gt array.item
array.le array.lt array.max array.mean array.min array.mod array.mul array.ndim array.ne array.neg
array.or_ array.pow array.prod array.ravel array.reshape array.round array.shape array.size
array.sub array.sum array.tolist array.truediv array.xor numpy.abs numpy.absolute numpy.add
numpy.all numpy.amax numpy.amin numpy.any numpy.argmax numpy.argmin numpy.argsort numpy.around
numpy.atleast_1d numpy.ceil numpy.clip numpy.concatenate numpy.cumprod numpy.cumsum numpy.diff
numpy.divide numpy.equal numpy.exp numpy.exp2 numpy.flatnonzero numpy.floor numpy.floor_divide
numpy.greater numpy.interp numpy.isscalar numpy.less numpy.log numpy.log10 numpy.log2 numpy.max
numpy.maximum numpy.mean numpy.median numpy.min numpy.minimum numpy.mod numpy.multiply numpy.power
numpy.prod numpy.product numpy.repeat numpy.rint numpy.round numpy.sign numpy.sort numpy.sqrt
numpy.square numpy.subtract numpy.sum numpy.true_divide numpy.trunc numpy.unique
""",
    "numpy_basics": """
numpy.Inf numpy.arange numpy.arctan numpy.array numpy.asarray numpy.ascontiguousarray numpy.bool
numpy.bool_ numpy.complex128 numpy.complex32 numpy.complex64 numpy.copy numpy.cos numpy.deg2rad
numpy.degrees numpy.double numpy.e numpy.empty numpy.empty_like numpy.expand_dims numpy.float
numpy.float16 numpy.float32 numpy.float64 numpy.float_ numpy.floating numpy.fromfile numpy.full
numpy.generic numpy.genfromtxt numpy.half numpy.hstack numpy.inexact numpy.inf numpy.int numpy.int16
numpy.int32 numpy.int64 numpy.int8 numpy.int_ numpy.integer numpy.linspace numpy.load numpy.loadtxt
numpy.nan numpy.ndarray numpy.number numpy.ones numpy.ones_like numpy.pi numpy.radians
numpy.random.RandomState numpy.random.beta numpy.random.choice numpy.random.default_rng
numpy.random.gamma numpy.random.get_state numpy.random.normal numpy.random.permutation
numpy.random.rand numpy.random.randint numpy.random.randn numpy.random.random
numpy.random.random_sample numpy.random.seed numpy.random.standard_normal numpy.random.uniform
numpy.reshape numpy.round_ numpy.save numpy.savetxt numpy.savez numpy.set_printoptions numpy.seterr
numpy.signedinteger numpy.sin numpy.single numpy.stack numpy.tan numpy.tanh numpy.uint16
numpy.uint32 numpy.uint64 numpy.uint8 numpy.vstack numpy.zeros numpy.zeros_like
""",
    "numpy_layout": """
numpy.eye numpy.fliplr numpy.flipud numpy.identity numpy.matmul numpy.moveaxis numpy.swapaxes
numpy.tile numpy.transpose
""",
    "operators": """
Tensor.__abs__ Tensor.__add__ Tensor.__and__ Tensor.__div__ Tensor.__eq__ Tensor.__floordiv__
Tensor.__ge__ Tensor.__gt__ Tensor.__iadd__ Tensor.__iand__ Tensor.__idiv__ Tensor.__ifloordiv__
Tensor.__ilshift__ Tensor.__imod__ Tensor.__imul__ Tensor.__invert__ Tensor.__ior__ Tensor.__ipow__
Tensor.__irshift__ Tensor.__isub__ Tensor.__itruediv__ Tensor.__ixor__ Tensor.__le__
Tensor.__lshift__ Tensor.__lt__ Tensor.__mod__ Tensor.__mul__ Tensor.__ne__ Tensor.__neg__
Tensor.__or__ Tensor.__pos__ Tensor.__pow__ Tensor.__radd__ Tensor.__rand__ Tensor.__rdiv__
Tensor.__rfloordiv__ Tensor.__rlshift__ Tensor.__rmod__ Tensor.__rmul__ Tensor.__ror__
Tensor.__rpow__ Tensor.__rrshift__ Tensor.__rshift__ Tensor.__rsub__ Tensor.__rtruediv__
Tensor.__rxor__ Tensor.__sub__ Tensor.__truediv__ Tensor.__xor__ operator.add operator.and_
operator.eq operator.floordiv operator.ge operator.gt operator.iadd operator.iand operator.ifloordiv
operator.ilshift operator.imod operator.imul operator.inv operator.invert operator.ior operator.ipow
operator.irshift operator.isub operator.itruediv operator.ixor operator.le operator.lshift
operator.lt operator.mod operator.mul operator.ne operator.neg operator.or_ operator.pos
operator.pow operator.rshift operator.sub operator.truediv operator.xor
""",
    "ordering": """
Tensor.aminmax Tensor.argsort Tensor.cummax Tensor.cummin Tensor.cumprod Tensor.cumprod_
Tensor.cumsum Tensor.cumsum_ Tensor.diff Tensor.kthvalue Tensor.logcumsumexp Tensor.max
Tensor.median Tensor.min Tensor.mode Tensor.msort Tensor.nanmedian Tensor.renorm Tensor.renorm_
Tensor.sort Tensor.topk torch.aminmax torch.argsort torch.cummax torch.cummin torch.cumprod
torch.cumsum torch.diff torch.kthvalue torch.logcumsumexp torch.max torch.median torch.min
torch.mode torch.msort torch.nanmedian torch.renorm torch.sort torch.topk
""",
    "padding": """
torch.constant_pad_nd torch.nn.CircularPad1d torch.nn.CircularPad2d torch.nn.CircularPad3d
torch.nn.ConstantPad1d torch.nn.ConstantPad2d torch.nn.ConstantPad3d torch.nn.ReflectionPad1d
torch.nn.ReflectionPad2d torch.nn.ReflectionPad3d torch.nn.ReplicationPad1d
torch.nn.ReplicationPad2d torch.nn.ReplicationPad3d torch.nn.ZeroPad1d torch.nn.ZeroPad2d
torch.nn.ZeroPad3d torch.nn.functional.pad torch.nn.modules.padding.CircularPad1d
torch.nn.modules.padding.CircularPad2d torch.nn.modules.padding.CircularPad3d
torch.nn.modules.padding.ConstantPad1d torch.nn.modules.padding.ConstantPad2d
torch.nn.modules.padding.ConstantPad3d torch.nn.modules.padding.ReflectionPad1d
torch.nn.modules.padding.ReflectionPad2d torch.nn.modules.padding.ReflectionPad3d
torch.nn.modules.padding.ReplicationPad1d torch.nn.modules.padding.ReplicationPad2d
torch.nn.modules.padding.ReplicationPad3d torch.nn.modules.padding.ZeroPad1d
torch.nn.modules.padding.ZeroPad2d torch.nn.modules.padding.ZeroPad3d
""",
    "parameters": """
torch.nn.utils.clip_grads_with_norm_ torch.nn.utils.fuse_conv_bn_eval
torch.nn.utils.fuse_conv_bn_weights torch.nn.utils.fuse_linear_bn_eval
torch.nn.utils.fuse_linear_bn_weights torch.nn.utils.fusion.fuse_conv_bn_eval
torch.nn.utils.fusion.fuse_conv_bn_weights torch.nn.utils.fusion.fuse_linear_bn_eval
torch.nn.utils.fusion.fuse_linear_bn_weights torch.nn.utils.get_total_norm
torch.nn.utils.parameters_to_vector torch.nn.utils.skip_init torch.nn.utils.vector_to_parameters
""",
    "picking": """
Tensor.argwhere Tensor.diag Tensor.diag_embed Tensor.diagflat Tensor.diagonal Tensor.gather
Tensor.index_select Tensor.masked_fill Tensor.masked_select Tensor.narrow Tensor.nonzero
Tensor.select Tensor.take Tensor.take_along_dim Tensor.tril Tensor.tril_ Tensor.triu Tensor.triu_
Tensor.unfold Tensor.where torch.argwhere torch.diag torch.diag_embed torch.diagflat torch.diagonal
torch.gather torch.index_select torch.linalg.diagonal torch.masked_fill torch.masked_select
torch.narrow torch.nn.functional.one_hot torch.nonzero torch.select torch.take torch.take_along_dim
torch.tril torch.tril_indices torch.triu torch.triu_indices torch.where
""",
    "pooling": """
torch.avg_pool1d torch.max_pool1d torch.max_pool1d_with_indices torch.max_pool2d torch.max_pool3d
torch.nn.AvgPool1d torch.nn.AvgPool2d torch.nn.AvgPool3d torch.nn.LPPool1d torch.nn.LPPool2d
torch.nn.LPPool3d torch.nn.MaxPool1d torch.nn.MaxPool2d torch.nn.MaxPool3d
torch.nn.functional.avg_pool1d torch.nn.functional.avg_pool2d torch.nn.functional.avg_pool3d
torch.nn.functional.lp_pool1d torch.nn.functional.lp_pool2d torch.nn.functional.lp_pool3d
torch.nn.functional.max_pool1d torch.nn.functional.max_pool1d_with_indices
torch.nn.functional.max_pool2d torch.nn.functional.max_pool2d_with_indices
torch.nn.functional.max_pool3d torch.nn.functional.max_pool3d_with_indices
torch.nn.modules.pooling.AvgPool1d torch.nn.modules.pooling.AvgPool2d
torch.nn.modules.pooling.AvgPool3d torch.nn.modules.pooling.LPPool1d
torch.nn.modules.pooling.LPPool2d torch.nn.modules.pooling.LPPool3d
torch.nn.modules.pooling.MaxPool1d torch.nn.modules.pooling.MaxPool2d
torch.nn.modules.pooling.MaxPool3d
""",
    "pruning": """
torch.nn.utils.prune.custom_from_mask torch.nn.utils.prune.global_unstructured
torch.nn.utils.prune.identity torch.nn.utils.prune.is_pruned torch.nn.utils.prune.l1_unstructured
torch.nn.utils.prune.ln_structured torch.nn.utils.prune.random_structured
torch.nn.utils.prune.random_unstructured torch.nn.utils.prune.remove
""",
    "quantization": """
torch.ao.nn.quantized.FloatFunctional torch.ao.nn.quantized.modules.FloatFunctional
torch.ao.quantization.DeQuantStub torch.ao.quantization.QuantStub torch.nn.quantized.FloatFunctional
torch.quantization.DeQuantStub torch.quantization.QuantStub
""",
    "queries": """
Tensor.allclose Tensor.const_data_ptr Tensor.data_ptr Tensor.dim_order Tensor.equal Tensor.is_conj
Tensor.is_distributed Tensor.is_inference Tensor.is_neg Tensor.is_nonzero Tensor.is_pinned
Tensor.is_same_size Tensor.is_set_to Tensor.is_shared Tensor.is_signed Tensor.storage
Tensor.storage_offset Tensor.untyped_storage torch.allclose torch.can_cast torch.equal
torch.get_default_device torch.get_device torch.is_conj torch.is_distributed torch.is_inference
torch.is_neg torch.is_nonzero torch.is_same_size torch.is_signed torch.is_storage
torch.promote_types torch.result_type torch.sym_float torch.sym_int torch.sym_ite torch.sym_max
torch.sym_min torch.sym_not torch.sym_sqrt torch.sym_sum torch.typename
""",
    "ranges": """
torch.arange torch.bartlett_window torch.blackman_window torch.hamming_window torch.hann_window
torch.kaiser_window torch.linspace torch.logspace torch.range
""",
    "rearranging": """
torch.channel_shuffle torch.native_channel_shuffle torch.nn.ChannelShuffle torch.nn.Fold
torch.nn.PixelShuffle torch.nn.PixelUnshuffle torch.nn.Unfold torch.nn.functional.channel_shuffle
torch.nn.functional.fold torch.nn.functional.native_channel_shuffle
torch.nn.functional.pixel_shuffle torch.nn.functional.pixel_unshuffle torch.nn.functional.unfold
torch.nn.modules.channelshuffle.ChannelShuffle torch.nn.modules.fold.Fold
torch.nn.modules.fold.Unfold torch.nn.modules.pixelshuffle.PixelShuffle
torch.nn.modules.pixelshuffle.PixelUnshuffle torch.pixel_shuffle torch.pixel_unshuffle
""",
    "recurrent": """
torch.nn.GRU torch.nn.LSTM torch.nn.RNN torch.nn.RNNBase
""",
    "recurrent_functions": """
torch.gru torch.gru_cell torch.lstm torch.lstm_cell torch.rnn_relu torch.rnn_relu_cell
torch.rnn_tanh torch.rnn_tanh_cell
""",
    "reduction": """
Tensor.all Tensor.amax Tensor.amin Tensor.any Tensor.argmax Tensor.argmin Tensor.count_nonzero
Tensor.logsumexp Tensor.mean Tensor.nanmean Tensor.nansum Tensor.prod Tensor.std Tensor.sum
Tensor.var torch.all torch.amax torch.amin torch.any torch.argmax torch.argmin torch.count_nonzero
torch.logsumexp torch.mean torch.nanmean torch.nansum torch.prod torch.special.logsumexp torch.std
torch.std_mean torch.sum torch.var torch.var_mean
""",
    "refilling": """
Tensor.bernoulli_ Tensor.cauchy_ Tensor.copy_ Tensor.exponential_ Tensor.fill_ Tensor.geometric_
Tensor.log_normal_ Tensor.normal_ Tensor.random_ Tensor.uniform_ Tensor.zero_
""",
    "repeating": """
Tensor.broadcast_to Tensor.expand Tensor.expand_as Tensor.flip Tensor.fliplr Tensor.flipud
Tensor.repeat Tensor.repeat_interleave Tensor.roll Tensor.tile torch.atleast_1d torch.atleast_2d
torch.atleast_3d torch.broadcast_shapes torch.broadcast_tensors torch.broadcast_to torch.flip
torch.fliplr torch.flipud torch.functional.atleast_1d torch.functional.atleast_2d
torch.functional.atleast_3d torch.functional.broadcast_shapes torch.functional.broadcast_tensors
torch.repeat_interleave torch.roll torch.tile
""",
    "resizing": """
torch.affine_grid_generator torch.grid_sampler torch.grid_sampler_2d torch.grid_sampler_3d
torch.nn.Upsample torch.nn.UpsamplingBilinear2d torch.nn.UpsamplingNearest2d
torch.nn.functional.affine_grid torch.nn.functional.grid_sample torch.nn.functional.interpolate
torch.nn.functional.upsample torch.nn.functional.upsample_bilinear
torch.nn.functional.upsample_nearest torch.nn.modules.upsampling.Upsample
torch.nn.modules.upsampling.UpsamplingBilinear2d torch.nn.modules.upsampling.UpsamplingNearest2d
""",
    "samplers": """
torch.utils.data.BatchSampler torch.utils.data.DistributedSampler torch.utils.data.RandomSampler
torch.utils.data.Sampler torch.utils.data.SequentialSampler torch.utils.data.SubsetRandomSampler
torch.utils.data.WeightedRandomSampler torch.utils.data.distributed.DistributedSampler
torch.utils.data.sampler.BatchSampler torch.utils.data.sampler.RandomSampler
torch.utils.data.sampler.Sampler torch.utils.data.sampler.SequentialSampler
torch.utils.data.sampler.SubsetRandomSampler torch.utils.data.sampler.WeightedRandomSampler
""",
    "sampling": """
Tensor.bernoulli Tensor.multinomial torch.bernoulli torch.multinomial torch.normal torch.poisson
torch.rand torch.rand_like torch.randint torch.randint_like torch.randn torch.randn_like
torch.randperm
""",
    "searching": """
Tensor.corrcoef Tensor.cov torch.bucketize torch.combinations torch.corrcoef torch.cov torch.isin
torch.linalg.vander torch.searchsorted torch.vander
""",
    "sequences": """
torch.nn.utils.rnn.PackedSequence torch.nn.utils.rnn.invert_permutation
torch.nn.utils.rnn.pack_padded_sequence torch.nn.utils.rnn.pack_sequence
torch.nn.utils.rnn.pad_packed_sequence torch.nn.utils.rnn.pad_sequence
torch.nn.utils.rnn.unpack_sequence torch.nn.utils.rnn.unpad_sequence
""",
    "signals": """
Tensor.istft Tensor.stft torch.cumulative_trapezoid torch.fft.fftfreq torch.fft.rfftfreq
torch.functional.stft torch.istft torch.signal.windows.bartlett torch.signal.windows.blackman
torch.signal.windows.cosine torch.signal.windows.hamming torch.signal.windows.hann
torch.signal.windows.nuttall torch.stft torch.trapezoid torch.trapz
""",
    "softmax": """
Tensor.log_softmax Tensor.softmax torch.log_softmax torch.nn.LogSoftmax torch.nn.Softmax
torch.nn.Softmax2d torch.nn.Softmin torch.nn.functional.gumbel_softmax
torch.nn.functional.log_softmax torch.nn.functional.softmax torch.nn.functional.softmin
torch.softmax torch.special.log_softmax torch.special.softmax
""",
    "solving": """
Tensor.cholesky_solve Tensor.lu_solve Tensor.orgqr Tensor.triangular_solve torch.cholesky_solve
torch.linalg.householder_product torch.linalg.ldl_solve torch.linalg.lstsq torch.linalg.lu_solve
torch.linalg.solve torch.linalg.solve_ex torch.linalg.solve_triangular torch.lu_solve torch.orgqr
torch.triangular_solve
""",
    "standard_argparse": """
argparse.Action argparse.ArgumentDefaultsHelpFormatter argparse.ArgumentError
argparse.ArgumentParser argparse.ArgumentTypeError argparse.BooleanOptionalAction argparse.FileType
argparse.HelpFormatter argparse.MetavarTypeHelpFormatter argparse.REMAINDER
argparse.RawDescriptionHelpFormatter argparse.RawTextHelpFormatter argparse.SUPPRESS
""",
    "statistics": """
Tensor.bincount Tensor.histc Tensor.nanquantile Tensor.quantile Tensor.trace Tensor.unique
Tensor.unique_consecutive torch.bincount torch.histc torch.nanquantile torch.quantile torch.trace
torch.unique torch.unique_consecutive
""",
    "strided": """
Tensor.as_strided_ Tensor.as_strided_scatter Tensor.index_reduce Tensor.index_reduce_
Tensor.new_empty_strided Tensor.nonzero_static Tensor.sum_to_size torch.as_strided_
torch.as_strided_scatter torch.binomial torch.conj torch.detach_ torch.empty_permuted
torch.empty_strided torch.fill torch.fill_ torch.frombuffer torch.functional.unravel_index
torch.index_reduce torch.nonzero_static torch.resize_as_ torch.resolve_conj torch.resolve_neg
torch.unravel_index torch.zero_
""",
    "training": """
fvcore.nn.FlopCountAnalysis fvcore.nn.flop_count fvcore.nn.flop_count_table
ptflops.get_model_complexity_info rich.progress.track thop.profile torch.autograd.grad
torch.optim.ASGD torch.optim.Adadelta torch.optim.Adafactor torch.optim.Adagrad torch.optim.Adam
torch.optim.AdamW torch.optim.Adamax torch.optim.LBFGS torch.optim.Muon torch.optim.NAdam
torch.optim.Optimizer torch.optim.RAdam torch.optim.RMSprop torch.optim.Rprop torch.optim.SGD
torch.optim.SparseAdam torch.optim.adadelta.Adadelta torch.optim.adafactor.Adafactor
torch.optim.adagrad.Adagrad torch.optim.adam.Adam torch.optim.adamax.Adamax torch.optim.adamw.AdamW
torch.optim.asgd.ASGD torch.optim.lbfgs.LBFGS torch.optim.lr_scheduler.ChainedScheduler
torch.optim.lr_scheduler.ConstantLR torch.optim.lr_scheduler.CosineAnnealingLR
torch.optim.lr_scheduler.CosineAnnealingWarmRestarts torch.optim.lr_scheduler.CyclicLR
torch.optim.lr_scheduler.ExponentialLR torch.optim.lr_scheduler.LRScheduler
torch.optim.lr_scheduler.LambdaLR torch.optim.lr_scheduler.LinearLR
torch.optim.lr_scheduler.MultiStepLR torch.optim.lr_scheduler.MultiplicativeLR
torch.optim.lr_scheduler.OneCycleLR torch.optim.lr_scheduler.PolynomialLR
torch.optim.lr_scheduler.ReduceLROnPlateau torch.optim.lr_scheduler.SequentialLR
torch.optim.lr_scheduler.StepLR torch.optim.lr_scheduler._LRScheduler torch.optim.muon.Muon
torch.optim.nadam.NAdam torch.optim.optimizer.Optimizer torch.optim.radam.RAdam
torch.optim.rmsprop.RMSprop torch.optim.rprop.Rprop torch.optim.sgd.SGD
torch.optim.sparseadam.SparseAdam torch.optim.swa_utils.AveragedModel torchinfo.summary
torchinfo.torchinfo.summary torchprofile.profile_macs torchsummary.summary
torchsummary.summary_string torchsummary.torchsummary.summary torchsummaryX.summary tqdm.auto.tqdm
tqdm.auto.trange tqdm.autonotebook.tqdm tqdm.notebook.tqdm tqdm.notebook.trange tqdm.rich.tqdm
tqdm.std.tqdm tqdm.tqdm tqdm.tqdm.write tqdm.trange
""",
    "transformer": """
torch.nn.Transformer torch.nn.Transformer.generate_square_subsequent_mask
torch.nn.TransformerDecoder torch.nn.TransformerDecoderLayer torch.nn.TransformerEncoder
torch.nn.TransformerEncoderLayer torch.nn.modules.transformer._generate_square_subsequent_mask
""",
    "transforms": """
torch.autograd.functional.hessian torch.autograd.functional.hvp torch.autograd.functional.jacobian
torch.autograd.functional.jvp torch.autograd.functional.vhp torch.autograd.functional.vjp
torch.func.functional_call torch.func.functionalize torch.func.grad torch.func.grad_and_value
torch.func.hessian torch.func.jacfwd torch.func.jacrev torch.func.jvp torch.func.linearize
torch.func.stack_module_state torch.func.vjp torch.func.vmap
torch.nn.utils.stateless.functional_call torch.vmap
""",
    "vision_blocks": """
torchvision.ops.Conv2dNormActivation torchvision.ops.Conv3dNormActivation
torchvision.ops.FrozenBatchNorm2d torchvision.ops.MLP torchvision.ops.Permute
torchvision.ops.SqueezeExcitation torchvision.ops.misc.Conv2dNormActivation
torchvision.ops.misc.Conv3dNormActivation torchvision.ops.misc.FrozenBatchNorm2d
torchvision.ops.misc.MLP torchvision.ops.misc.Permute torchvision.ops.misc.SqueezeExcitation
""",
    "vision_boxes": """
torch.ops.torchvision.box_iou_rotated torch.ops.torchvision.nms torch.ops.torchvision.qnms
torchvision.ops.batched_nms torchvision.ops.box_area torchvision.ops.box_convert
torchvision.ops.box_iou torchvision.ops.boxes.batched_nms torchvision.ops.boxes.box_area
torchvision.ops.boxes.box_convert torchvision.ops.boxes.box_iou
torchvision.ops.boxes.clip_boxes_to_image torchvision.ops.boxes.complete_box_iou
torchvision.ops.boxes.distance_box_iou torchvision.ops.boxes.generalized_box_iou
torchvision.ops.boxes.masks_to_boxes torchvision.ops.boxes.nms
torchvision.ops.boxes.remove_small_boxes torchvision.ops.ciou_loss.complete_box_iou_loss
torchvision.ops.clip_boxes_to_image torchvision.ops.complete_box_iou
torchvision.ops.complete_box_iou_loss torchvision.ops.diou_loss.distance_box_iou_loss
torchvision.ops.distance_box_iou torchvision.ops.distance_box_iou_loss
torchvision.ops.focal_loss.sigmoid_focal_loss torchvision.ops.generalized_box_iou
torchvision.ops.generalized_box_iou_loss torchvision.ops.giou_loss.generalized_box_iou_loss
torchvision.ops.masks_to_boxes torchvision.ops.nms torchvision.ops.remove_small_boxes
torchvision.ops.sigmoid_focal_loss
""",
    "vision_colours": """
torchvision.transforms.functional.adjust_brightness
torchvision.transforms.functional.adjust_contrast torchvision.transforms.functional.adjust_gamma
torchvision.transforms.functional.adjust_hue torchvision.transforms.functional.adjust_saturation
torchvision.transforms.functional.adjust_sharpness torchvision.transforms.functional.affine
torchvision.transforms.functional.autocontrast torchvision.transforms.functional.convert_image_dtype
torchvision.transforms.functional.elastic_transform torchvision.transforms.functional.equalize
torchvision.transforms.functional.erase torchvision.transforms.functional.gaussian_blur
torchvision.transforms.functional.hflip torchvision.transforms.functional.horizontal_flip
torchvision.transforms.functional.invert torchvision.transforms.functional.normalize
torchvision.transforms.functional.perspective torchvision.transforms.functional.pil_to_tensor
torchvision.transforms.functional.posterize torchvision.transforms.functional.rgb_to_grayscale
torchvision.transforms.functional.solarize torchvision.transforms.functional.to_grayscale
torchvision.transforms.functional.to_pil_image torchvision.transforms.functional.to_tensor
torchvision.transforms.functional.vertical_flip torchvision.transforms.functional.vflip
torchvision.transforms.v2.functional.adjust_brightness
torchvision.transforms.v2.functional.adjust_brightness_image
torchvision.transforms.v2.functional.adjust_brightness_video
torchvision.transforms.v2.functional.adjust_contrast
torchvision.transforms.v2.functional.adjust_contrast_image
torchvision.transforms.v2.functional.adjust_contrast_video
torchvision.transforms.v2.functional.adjust_gamma
torchvision.transforms.v2.functional.adjust_gamma_image
torchvision.transforms.v2.functional.adjust_gamma_video
torchvision.transforms.v2.functional.adjust_hue
torchvision.transforms.v2.functional.adjust_hue_image
torchvision.transforms.v2.functional.adjust_hue_video
torchvision.transforms.v2.functional.adjust_saturation
torchvision.transforms.v2.functional.adjust_saturation_image
torchvision.transforms.v2.functional.adjust_saturation_video
torchvision.transforms.v2.functional.adjust_sharpness
torchvision.transforms.v2.functional.adjust_sharpness_image
torchvision.transforms.v2.functional.adjust_sharpness_video
torchvision.transforms.v2.functional.affine torchvision.transforms.v2.functional.affine_image
torchvision.transforms.v2.functional.affine_mask torchvision.transforms.v2.functional.affine_video
torchvision.transforms.v2.functional.autocontrast
torchvision.transforms.v2.functional.autocontrast_image
torchvision.transforms.v2.functional.autocontrast_video
torchvision.transforms.v2.functional.convert_image_dtype
torchvision.transforms.v2.functional.elastic torchvision.transforms.v2.functional.elastic_image
torchvision.transforms.v2.functional.elastic_mask
torchvision.transforms.v2.functional.elastic_transform
torchvision.transforms.v2.functional.elastic_video torchvision.transforms.v2.functional.equalize
torchvision.transforms.v2.functional.equalize_image
torchvision.transforms.v2.functional.equalize_video torchvision.transforms.v2.functional.erase
torchvision.transforms.v2.functional.erase_image torchvision.transforms.v2.functional.erase_video
torchvision.transforms.v2.functional.gaussian_blur
torchvision.transforms.v2.functional.gaussian_blur_image
torchvision.transforms.v2.functional.gaussian_blur_video
torchvision.transforms.v2.functional.gaussian_noise
torchvision.transforms.v2.functional.gaussian_noise_image
torchvision.transforms.v2.functional.gaussian_noise_video
torchvision.transforms.v2.functional.grayscale_to_rgb
torchvision.transforms.v2.functional.grayscale_to_rgb_image
torchvision.transforms.v2.functional.hflip torchvision.transforms.v2.functional.horizontal_flip
torchvision.transforms.v2.functional.horizontal_flip_image
torchvision.transforms.v2.functional.horizontal_flip_mask
torchvision.transforms.v2.functional.horizontal_flip_video
torchvision.transforms.v2.functional.invert torchvision.transforms.v2.functional.invert_image
torchvision.transforms.v2.functional.invert_video torchvision.transforms.v2.functional.jpeg
torchvision.transforms.v2.functional.jpeg_image torchvision.transforms.v2.functional.jpeg_video
torchvision.transforms.v2.functional.normalize torchvision.transforms.v2.functional.normalize_image
torchvision.transforms.v2.functional.normalize_video
torchvision.transforms.v2.functional.permute_channels
torchvision.transforms.v2.functional.permute_channels_image
torchvision.transforms.v2.functional.permute_channels_video
torchvision.transforms.v2.functional.perspective
torchvision.transforms.v2.functional.perspective_image
torchvision.transforms.v2.functional.perspective_mask
torchvision.transforms.v2.functional.perspective_video
torchvision.transforms.v2.functional.pil_to_tensor torchvision.transforms.v2.functional.posterize
torchvision.transforms.v2.functional.posterize_image
torchvision.transforms.v2.functional.posterize_video
torchvision.transforms.v2.functional.rgb_to_grayscale
torchvision.transforms.v2.functional.rgb_to_grayscale_image
torchvision.transforms.v2.functional.solarize torchvision.transforms.v2.functional.solarize_image
torchvision.transforms.v2.functional.solarize_video torchvision.transforms.v2.functional.to_dtype
torchvision.transforms.v2.functional.to_dtype_image
torchvision.transforms.v2.functional.to_dtype_video
torchvision.transforms.v2.functional.to_grayscale torchvision.transforms.v2.functional.to_pil_image
torchvision.transforms.v2.functional.to_tensor torchvision.transforms.v2.functional.vertical_flip
torchvision.transforms.v2.functional.vertical_flip_image
torchvision.transforms.v2.functional.vertical_flip_mask
torchvision.transforms.v2.functional.vertical_flip_video torchvision.transforms.v2.functional.vflip
""",
    "vision_conversions": """
torchvision.transforms.AutoAugmentPolicy.CIFAR10 torchvision.transforms.AutoAugmentPolicy.IMAGENET
torchvision.transforms.AutoAugmentPolicy.SVHN torchvision.transforms.ConvertImageDtype
torchvision.transforms.Grayscale torchvision.transforms.Normalize torchvision.transforms.PILToTensor
torchvision.transforms.ToPILImage torchvision.transforms.ToTensor
torchvision.transforms.transforms.ConvertImageDtype torchvision.transforms.transforms.Grayscale
torchvision.transforms.transforms.Normalize torchvision.transforms.transforms.PILToTensor
torchvision.transforms.transforms.ToPILImage torchvision.transforms.transforms.ToTensor
torchvision.transforms.v2.AutoAugmentPolicy.CIFAR10
torchvision.transforms.v2.AutoAugmentPolicy.IMAGENET
torchvision.transforms.v2.AutoAugmentPolicy.SVHN torchvision.transforms.v2.ConvertImageDtype
torchvision.transforms.v2.CutMix torchvision.transforms.v2.Grayscale torchvision.transforms.v2.MixUp
torchvision.transforms.v2.Normalize torchvision.transforms.v2.PILToTensor
torchvision.transforms.v2.RGB torchvision.transforms.v2.SanitizeBoundingBoxes
torchvision.transforms.v2.SanitizeKeyPoints torchvision.transforms.v2.ToDtype
torchvision.transforms.v2.ToImage torchvision.transforms.v2.ToImageTensor
torchvision.transforms.v2.ToPILImage torchvision.transforms.v2.ToPureTensor
torchvision.transforms.v2.ToTensor torchvision.transforms.v2.UniformTemporalSubsample
""",
    "vision_datasets": """
torchvision.datasets.CIFAR10 torchvision.datasets.CIFAR100 torchvision.datasets.CLEVRClassification
torchvision.datasets.CREStereo torchvision.datasets.Caltech101 torchvision.datasets.Caltech256
torchvision.datasets.CarlaStereo torchvision.datasets.CelebA torchvision.datasets.Cityscapes
torchvision.datasets.CocoCaptions torchvision.datasets.CocoDetection torchvision.datasets.Country211
torchvision.datasets.DTD torchvision.datasets.DatasetFolder torchvision.datasets.EMNIST
torchvision.datasets.ETH3DStereo torchvision.datasets.EuroSAT torchvision.datasets.FER2013
torchvision.datasets.FGVCAircraft torchvision.datasets.FakeData
torchvision.datasets.FallingThingsStereo torchvision.datasets.FashionMNIST
torchvision.datasets.Flickr30k torchvision.datasets.Flickr8k torchvision.datasets.Flowers102
torchvision.datasets.FlyingChairs torchvision.datasets.FlyingThings3D torchvision.datasets.Food101
torchvision.datasets.GTSRB torchvision.datasets.HD1K torchvision.datasets.HMDB51
torchvision.datasets.INaturalist torchvision.datasets.ImageFolder torchvision.datasets.ImageNet
torchvision.datasets.Imagenette torchvision.datasets.InStereo2k torchvision.datasets.KMNIST
torchvision.datasets.Kinetics torchvision.datasets.Kitti torchvision.datasets.Kitti2012Stereo
torchvision.datasets.Kitti2015Stereo torchvision.datasets.KittiFlow torchvision.datasets.LFWPairs
torchvision.datasets.LFWPeople torchvision.datasets.LSUN torchvision.datasets.LSUNClass
torchvision.datasets.MNIST torchvision.datasets.Middlebury2014Stereo
torchvision.datasets.MovingMNIST torchvision.datasets.Omniglot torchvision.datasets.OxfordIIITPet
torchvision.datasets.PCAM torchvision.datasets.PhotoTour torchvision.datasets.Places365
torchvision.datasets.QMNIST torchvision.datasets.RenderedSST2 torchvision.datasets.SBDataset
torchvision.datasets.SBU torchvision.datasets.SEMEION torchvision.datasets.STL10
torchvision.datasets.SUN397 torchvision.datasets.SVHN torchvision.datasets.SceneFlowStereo
torchvision.datasets.Sintel torchvision.datasets.SintelStereo torchvision.datasets.StanfordCars
torchvision.datasets.UCF101 torchvision.datasets.USPS torchvision.datasets.VOCDetection
torchvision.datasets.VOCSegmentation torchvision.datasets.VisionDataset
torchvision.datasets.WIDERFace torchvision.datasets.folder.DatasetFolder
torchvision.datasets.vision.VisionDataset
""",
    "vision_detection": """
torchvision.ops.DeformConv2d torchvision.ops.DropBlock2d torchvision.ops.DropBlock3d
torchvision.ops.FeaturePyramidNetwork torchvision.ops.MultiScaleRoIAlign torchvision.ops.PSRoIAlign
torchvision.ops.PSRoIPool torchvision.ops.RoIAlign torchvision.ops.RoIPool
torchvision.ops.StochasticDepth torchvision.ops.deform_conv.DeformConv2d
torchvision.ops.drop_block.DropBlock2d torchvision.ops.drop_block.DropBlock3d
torchvision.ops.feature_pyramid_network.ExtraFPNBlock
torchvision.ops.feature_pyramid_network.FeaturePyramidNetwork
torchvision.ops.feature_pyramid_network.LastLevelMaxPool
torchvision.ops.feature_pyramid_network.LastLevelP6P7 torchvision.ops.poolers.MultiScaleRoIAlign
torchvision.ops.ps_roi_align.PSRoIAlign torchvision.ops.ps_roi_pool.PSRoIPool
torchvision.ops.roi_align.RoIAlign torchvision.ops.roi_pool.RoIPool
torchvision.ops.stochastic_depth.StochasticDepth
""",
    "vision_functional": """
torchvision.transforms.InterpolationMode.BICUBIC torchvision.transforms.InterpolationMode.BILINEAR
torchvision.transforms.InterpolationMode.BOX torchvision.transforms.InterpolationMode.HAMMING
torchvision.transforms.InterpolationMode.LANCZOS torchvision.transforms.InterpolationMode.NEAREST
torchvision.transforms.InterpolationMode.NEAREST_EXACT
torchvision.transforms.functional.InterpolationMode.BICUBIC
torchvision.transforms.functional.InterpolationMode.BILINEAR
torchvision.transforms.functional.InterpolationMode.BOX
torchvision.transforms.functional.InterpolationMode.HAMMING
torchvision.transforms.functional.InterpolationMode.LANCZOS
torchvision.transforms.functional.InterpolationMode.NEAREST
torchvision.transforms.functional.InterpolationMode.NEAREST_EXACT
torchvision.transforms.functional.center_crop torchvision.transforms.functional.crop
torchvision.transforms.functional.five_crop torchvision.transforms.functional.get_dimensions
torchvision.transforms.functional.get_image_num_channels
torchvision.transforms.functional.get_image_size torchvision.transforms.functional.pad
torchvision.transforms.functional.resize torchvision.transforms.functional.resized_crop
torchvision.transforms.functional.rotate torchvision.transforms.functional.ten_crop
torchvision.transforms.v2.InterpolationMode.BICUBIC
torchvision.transforms.v2.InterpolationMode.BILINEAR torchvision.transforms.v2.InterpolationMode.BOX
torchvision.transforms.v2.InterpolationMode.HAMMING
torchvision.transforms.v2.InterpolationMode.LANCZOS
torchvision.transforms.v2.InterpolationMode.NEAREST
torchvision.transforms.v2.InterpolationMode.NEAREST_EXACT
torchvision.transforms.v2.functional.InterpolationMode.BICUBIC
torchvision.transforms.v2.functional.InterpolationMode.BILINEAR
torchvision.transforms.v2.functional.InterpolationMode.BOX
torchvision.transforms.v2.functional.InterpolationMode.HAMMING
torchvision.transforms.v2.functional.InterpolationMode.LANCZOS
torchvision.transforms.v2.functional.InterpolationMode.NEAREST
torchvision.transforms.v2.functional.InterpolationMode.NEAREST_EXACT
torchvision.transforms.v2.functional.center_crop
torchvision.transforms.v2.functional.center_crop_image
torchvision.transforms.v2.functional.center_crop_mask
torchvision.transforms.v2.functional.center_crop_video torchvision.transforms.v2.functional.crop
torchvision.transforms.v2.functional.crop_image torchvision.transforms.v2.functional.crop_mask
torchvision.transforms.v2.functional.crop_video torchvision.transforms.v2.functional.five_crop
torchvision.transforms.v2.functional.five_crop_image
torchvision.transforms.v2.functional.five_crop_video
torchvision.transforms.v2.functional.get_dimensions
torchvision.transforms.v2.functional.get_dimensions_image
torchvision.transforms.v2.functional.get_dimensions_video
torchvision.transforms.v2.functional.get_image_num_channels
torchvision.transforms.v2.functional.get_image_size
torchvision.transforms.v2.functional.get_num_channels
torchvision.transforms.v2.functional.get_num_channels_image
torchvision.transforms.v2.functional.get_num_channels_video
torchvision.transforms.v2.functional.get_num_frames
torchvision.transforms.v2.functional.get_num_frames_video
torchvision.transforms.v2.functional.get_size torchvision.transforms.v2.functional.get_size_image
torchvision.transforms.v2.functional.get_size_mask
torchvision.transforms.v2.functional.get_size_video
torchvision.transforms.v2.functional.is_pure_tensor torchvision.transforms.v2.functional.pad
torchvision.transforms.v2.functional.pad_image torchvision.transforms.v2.functional.pad_mask
torchvision.transforms.v2.functional.pad_video torchvision.transforms.v2.functional.resize
torchvision.transforms.v2.functional.resize_image torchvision.transforms.v2.functional.resize_mask
torchvision.transforms.v2.functional.resize_video torchvision.transforms.v2.functional.resized_crop
torchvision.transforms.v2.functional.resized_crop_image
torchvision.transforms.v2.functional.resized_crop_mask
torchvision.transforms.v2.functional.resized_crop_video torchvision.transforms.v2.functional.rotate
torchvision.transforms.v2.functional.rotate_image torchvision.transforms.v2.functional.rotate_mask
torchvision.transforms.v2.functional.rotate_video torchvision.transforms.v2.functional.ten_crop
torchvision.transforms.v2.functional.ten_crop_image
torchvision.transforms.v2.functional.ten_crop_video
torchvision.transforms.v2.functional.uniform_temporal_subsample
torchvision.transforms.v2.functional.uniform_temporal_subsample_video
""",
    "vision_regions": """
torch.ops.torchvision.deform_conv2d torch.ops.torchvision.ps_roi_align
torch.ops.torchvision.ps_roi_pool torch.ops.torchvision.roi_align torch.ops.torchvision.roi_pool
torchvision.ops.deform_conv.deform_conv2d torchvision.ops.deform_conv2d
torchvision.ops.drop_block.drop_block2d torchvision.ops.drop_block.drop_block3d
torchvision.ops.drop_block2d torchvision.ops.drop_block3d torchvision.ops.ps_roi_align
torchvision.ops.ps_roi_align.ps_roi_align torchvision.ops.ps_roi_pool
torchvision.ops.ps_roi_pool.ps_roi_pool torchvision.ops.roi_align
torchvision.ops.roi_align.roi_align torchvision.ops.roi_pool torchvision.ops.roi_pool.roi_pool
torchvision.ops.stochastic_depth torchvision.ops.stochastic_depth.stochastic_depth
""",
    "vision_tensors": """
torchvision.transforms.v2.functional.affine_bounding_boxes
torchvision.transforms.v2.functional.affine_keypoints
torchvision.transforms.v2.functional.center_crop_bounding_boxes
torchvision.transforms.v2.functional.center_crop_keypoints
torchvision.transforms.v2.functional.clamp_bounding_boxes
torchvision.transforms.v2.functional.clamp_keypoints
torchvision.transforms.v2.functional.convert_bounding_box_format
torchvision.transforms.v2.functional.crop_bounding_boxes
torchvision.transforms.v2.functional.crop_keypoints
torchvision.transforms.v2.functional.elastic_bounding_boxes
torchvision.transforms.v2.functional.elastic_keypoints
torchvision.transforms.v2.functional.get_size_bounding_boxes
torchvision.transforms.v2.functional.get_size_keypoints
torchvision.transforms.v2.functional.horizontal_flip_bounding_boxes
torchvision.transforms.v2.functional.horizontal_flip_keypoints
torchvision.transforms.v2.functional.pad_bounding_boxes
torchvision.transforms.v2.functional.pad_keypoints
torchvision.transforms.v2.functional.perspective_bounding_boxes
torchvision.transforms.v2.functional.perspective_keypoints
torchvision.transforms.v2.functional.resize_bounding_boxes
torchvision.transforms.v2.functional.resize_keypoints
torchvision.transforms.v2.functional.resized_crop_bounding_boxes
torchvision.transforms.v2.functional.resized_crop_keypoints
torchvision.transforms.v2.functional.rotate_bounding_boxes
torchvision.transforms.v2.functional.rotate_keypoints
torchvision.transforms.v2.functional.sanitize_bounding_boxes
torchvision.transforms.v2.functional.sanitize_keypoints
torchvision.transforms.v2.functional.to_image
torchvision.transforms.v2.functional.vertical_flip_bounding_boxes
torchvision.transforms.v2.functional.vertical_flip_keypoints
torchvision.tv_tensors.BoundingBoxFormat.CXCYWH torchvision.tv_tensors.BoundingBoxFormat.CXCYWHR
torchvision.tv_tensors.BoundingBoxFormat.XYWH torchvision.tv_tensors.BoundingBoxFormat.XYWHR
torchvision.tv_tensors.BoundingBoxFormat.XYXY torchvision.tv_tensors.BoundingBoxFormat.XYXYXYXY
torchvision.tv_tensors.BoundingBoxes torchvision.tv_tensors.Image torchvision.tv_tensors.KeyPoints
torchvision.tv_tensors.Mask torchvision.tv_tensors.Video
torchvision.tv_tensors.is_rotated_bounding_format torchvision.tv_tensors.set_return_type
torchvision.tv_tensors.wrap
""",
    "vision_transform": """
torchvision.transforms.Compose torchvision.transforms.Lambda torchvision.transforms.RandomApply
torchvision.transforms.RandomChoice torchvision.transforms.RandomOrder
torchvision.transforms.transforms.Compose torchvision.transforms.transforms.Lambda
torchvision.transforms.transforms.RandomApply torchvision.transforms.transforms.RandomChoice
torchvision.transforms.transforms.RandomOrder torchvision.transforms.v2.Compose
torchvision.transforms.v2.Lambda torchvision.transforms.v2.RandomApply
torchvision.transforms.v2.RandomChoice torchvision.transforms.v2.RandomOrder
torchvision.transforms.v2.Transform
""",
    "vision_transforms": """
torchvision.transforms.AugMix torchvision.transforms.AutoAugment torchvision.transforms.CenterCrop
torchvision.transforms.ColorJitter torchvision.transforms.ElasticTransform
torchvision.transforms.FiveCrop torchvision.transforms.GaussianBlur
torchvision.transforms.LinearTransformation torchvision.transforms.Pad
torchvision.transforms.RandAugment torchvision.transforms.RandomAdjustSharpness
torchvision.transforms.RandomAffine torchvision.transforms.RandomAutocontrast
torchvision.transforms.RandomCrop torchvision.transforms.RandomEqualize
torchvision.transforms.RandomErasing torchvision.transforms.RandomGrayscale
torchvision.transforms.RandomHorizontalFlip torchvision.transforms.RandomInvert
torchvision.transforms.RandomPerspective torchvision.transforms.RandomPosterize
torchvision.transforms.RandomResizedCrop torchvision.transforms.RandomRotation
torchvision.transforms.RandomSolarize torchvision.transforms.RandomVerticalFlip
torchvision.transforms.Resize torchvision.transforms.TenCrop
torchvision.transforms.TrivialAugmentWide torchvision.transforms.transforms.AugMix
torchvision.transforms.transforms.AutoAugment torchvision.transforms.transforms.CenterCrop
torchvision.transforms.transforms.ColorJitter torchvision.transforms.transforms.ElasticTransform
torchvision.transforms.transforms.FiveCrop torchvision.transforms.transforms.GaussianBlur
torchvision.transforms.transforms.LinearTransformation torchvision.transforms.transforms.Pad
torchvision.transforms.transforms.RandAugment
torchvision.transforms.transforms.RandomAdjustSharpness
torchvision.transforms.transforms.RandomAffine torchvision.transforms.transforms.RandomAutocontrast
torchvision.transforms.transforms.RandomCrop torchvision.transforms.transforms.RandomEqualize
torchvision.transforms.transforms.RandomErasing torchvision.transforms.transforms.RandomGrayscale
torchvision.transforms.transforms.RandomHorizontalFlip
torchvision.transforms.transforms.RandomInvert torchvision.transforms.transforms.RandomPerspective
torchvision.transforms.transforms.RandomPosterize
torchvision.transforms.transforms.RandomResizedCrop torchvision.transforms.transforms.RandomRotation
torchvision.transforms.transforms.RandomSolarize
torchvision.transforms.transforms.RandomVerticalFlip torchvision.transforms.transforms.Resize
torchvision.transforms.transforms.TenCrop torchvision.transforms.transforms.TrivialAugmentWide
torchvision.transforms.v2.AugMix torchvision.transforms.v2.AutoAugment
torchvision.transforms.v2.CenterCrop torchvision.transforms.v2.ClampBoundingBoxes
torchvision.transforms.v2.ClampKeyPoints torchvision.transforms.v2.ColorJitter
torchvision.transforms.v2.ConvertBoundingBoxFormat torchvision.transforms.v2.ElasticTransform
torchvision.transforms.v2.FiveCrop torchvision.transforms.v2.GaussianBlur
torchvision.transforms.v2.GaussianNoise torchvision.transforms.v2.Identity
torchvision.transforms.v2.JPEG torchvision.transforms.v2.LinearTransformation
torchvision.transforms.v2.Pad torchvision.transforms.v2.RandAugment
torchvision.transforms.v2.RandomAdjustSharpness torchvision.transforms.v2.RandomAffine
torchvision.transforms.v2.RandomAutocontrast torchvision.transforms.v2.RandomChannelPermutation
torchvision.transforms.v2.RandomCrop torchvision.transforms.v2.RandomEqualize
torchvision.transforms.v2.RandomErasing torchvision.transforms.v2.RandomGrayscale
torchvision.transforms.v2.RandomHorizontalFlip torchvision.transforms.v2.RandomInvert
torchvision.transforms.v2.RandomIoUCrop torchvision.transforms.v2.RandomPerspective
torchvision.transforms.v2.RandomPhotometricDistort torchvision.transforms.v2.RandomPosterize
torchvision.transforms.v2.RandomResize torchvision.transforms.v2.RandomResizedCrop
torchvision.transforms.v2.RandomRotation torchvision.transforms.v2.RandomShortestSize
torchvision.transforms.v2.RandomSolarize torchvision.transforms.v2.RandomVerticalFlip
torchvision.transforms.v2.RandomZoomOut torchvision.transforms.v2.Resize
torchvision.transforms.v2.ScaleJitter torchvision.transforms.v2.SetClampingMode
torchvision.transforms.v2.TenCrop torchvision.transforms.v2.TrivialAugmentWide
""",
    "weightnorm": """
torch.nn.utils.parametrizations.orthogonal torch.nn.utils.parametrizations.spectral_norm
torch.nn.utils.parametrizations.weight_norm torch.nn.utils.parametrize.is_parametrized
torch.nn.utils.parametrize.register_parametrization
torch.nn.utils.parametrize.remove_parametrizations torch.nn.utils.remove_spectral_norm
torch.nn.utils.remove_weight_norm torch.nn.utils.spectral_norm torch.nn.utils.weight_norm
""",
    "writing": """
Tensor.diagonal_scatter Tensor.fill_diagonal_ Tensor.index_add Tensor.index_add_ Tensor.index_copy
Tensor.index_copy_ Tensor.index_fill Tensor.index_fill_ Tensor.index_put Tensor.index_put_
Tensor.masked_fill_ Tensor.masked_scatter Tensor.masked_scatter_ Tensor.put Tensor.put_
Tensor.scatter Tensor.scatter_ Tensor.scatter_add Tensor.scatter_add_ Tensor.scatter_reduce
Tensor.scatter_reduce_ Tensor.select_scatter Tensor.slice_scatter torch.diagonal_scatter
torch.index_add torch.index_copy torch.index_fill torch.index_put torch.index_put_
torch.masked_scatter torch.put torch.scatter torch.scatter_add torch.scatter_reduce
torch.select_scatter torch.slice_scatter
""",
}
