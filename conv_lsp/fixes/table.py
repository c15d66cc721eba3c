"""Which fixes there are for the findings of each rule, and why others have none."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from conv_lsp.fixes import features, geometry, joins, reshaping, words
from conv_lsp.fixes.fix import Fix
from conv_lsp.fixes.scene import Scene

Make = Callable[[Scene], Iterator[Fix]]

FIXES: dict[str, tuple[Make, ...]] = {
    "attention-heads": (geometry.fewer_heads,),
    "axis-range": (reshaping.last_axis,),
    "broadcast": (joins.match_shortcut, joins.resize),
    "call-arguments": (words.right_keyword, words.whole_number),
    "cat-sizes": (joins.resize,),
    "conv-channels": (features.set_features,),
    "conv-input-rank": (reshaping.rank_of_layer,),
    "directive": (words.right_directive,),
    "dtype": (words.cast,),
    "expand-size": (reshaping.infer_expanded,),
    "groups-divide": (geometry.fewer_groups,),
    "input-rank": (reshaping.rank_of_layer, reshaping.batch_of_one),
    "linear-features": (features.flatten_first, features.set_features),
    "loss-sizes": (words.squeeze,),
    "matmul-sizes": (reshaping.transpose_operand,),
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

WITHOUT = {
    "always-raises": "the code itself says that it raises",
    "einops-pattern": "which axis is meant is not known",
    "einsum-sizes": "which label is meant is not known",
    "index-range": "which index is meant is not known",
    "internal-error": "the mistake is ours",
    "stopped": "nothing is wrong with the line",
    "syntax-error": "the text cannot be read",
}
"""Why the other rules have none."""
