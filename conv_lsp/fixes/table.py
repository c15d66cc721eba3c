"""Which fixes there are for the findings of each rule, and why others have none."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from conv_lsp.fixes import advised, features, geometry, joins, reshaping, words
from conv_lsp.fixes.fix import Fix
from conv_lsp.fixes.scene import Scene

Make = Callable[[Scene], Iterator[Fix]]

FIXES: dict[str, tuple[Make, ...]] = {
    "attention-heads": (geometry.fewer_heads,),
    "axis-range": (reshaping.last_axis,),
    "bias-before-norm": (advised.without_bias,),
    "broadcast": (joins.match_shortcut, joins.resize),
    "call-arguments": (words.right_keyword, words.whole_number),
    "cat-sizes": (joins.resize,),
    "conv-channels": (features.channels_first, features.set_features),
    "conv-input-rank": (reshaping.rank_of_layer,),
    "directive": (words.right_directive,),
    "dtype": (words.cast,),
    "expand-size": (reshaping.infer_expanded,),
    "flatten-unbatched": (advised.keep_batch,),
    "groups-divide": (geometry.fewer_groups,),
    "input-rank": (reshaping.rank_of_layer, reshaping.batch_of_one),
    "linear-features": (features.flatten_first, features.set_features),
    "loss-sizes": (words.squeeze,),
    "matmul-sizes": (reshaping.transpose_operand,),
    "missing-attribute": (words.right_attribute,),
    "no-padding-shrinks": (advised.keep_size,),
    "norm-features": (features.set_features,),
    "pad-too-large": (geometry.smaller_padding,),
    "pool-padding": (geometry.pool_padding,),
    "pool-too-small": (geometry.smaller_window,),
    "reshape-count": (reshaping.right_count,),
    "shape-comment": (words.replace_text,),
    "split-sizes": (reshaping.right_split,),
    "stack-sizes": (joins.resize,),
    "transpose-output-padding": (geometry.output_padding,),
    "unpack-count": (reshaping.take_the_rest,),
    "view-stride": (reshaping.reshape_for_view,),
    "window-too-large": (geometry.keep_size, geometry.smaller_window),
}
"""By the rule's code: what makes its fixes, the likeliest first."""

ARCHITECTURE = "it is a choice of architecture"
MEANT = "which one is meant is not known"

WITHOUT = {
    "always-raises": "the code itself says that it raises",
    "beyond-receptive-field": ARCHITECTURE,
    "checkerboard": ARCHITECTURE,
    "einops-pattern": MEANT,
    "einsum-sizes": MEANT,
    "gridding": ARCHITECTURE,
    "index-range": MEANT,
    "internal-error": "the mistake is ours",
    "large-kernel": ARCHITECTURE,
    "receptive-field-small": ARCHITECTURE,
    "stopped": "nothing is wrong with the line",
    "stride-skips-input": ARCHITECTURE,
    "syntax-error": "the text cannot be read",
    "uneven-window": "another size of the input may be meant",
}
"""Why the other rules have none."""
