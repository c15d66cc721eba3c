import torch
from torch import nn
import math, copy, types
from collections import OrderedDict
from functools import partial
from typing import *


def make_divisible(v, divisor=8, min_value=None, round_limit=0.9):
    min_value = min_value or divisor
    new_v = max(min_value, int(v + divisor / 2) // divisor * divisor)
    if new_v < round_limit * v:
        new_v += divisor
    return new_v


def model_entrypoint(name, _reg={}):
    return _reg.setdefault(name, lambda: nn.Identity())


_cfg = dict(url="", num_classes=10, input_size=(3, 32, 32), pool_size=None)


def _cfg_fn(url="", **kwargs):
    return {**_cfg, "url": url, **kwargs}


default_cfgs = {k: _cfg_fn(**v) for k, v in {"a": dict(num_classes=5), "b": {}}.items()}


class Pretrained:
    default_cfg: Dict = {}

    @property
    def input_size(self):
        return self.pretrained_cfg["input_size"]


def build_model_with_cfg(
    cls, variant, pretrained=False, feature_cfg=None, kwargs_filter=None, **kwargs
):
    cfg = copy.deepcopy(default_cfgs[variant])
    cfg.update(kwargs.pop("overlay", None) or {})
    for n in ("num_classes",):
        kwargs.setdefault(n, cfg[n])
    if kwargs_filter:
        [kwargs.pop(k, None) for k in kwargs_filter]
    feature_cfg = feature_cfg or {}
    model = cls(**kwargs)
    model.pretrained_cfg = cfg
    if feature_cfg:
        model = feature_cfg.pop("wrap")(model, **feature_cfg)
    return model


class SE(nn.Module):
    def __init__(
        self,
        chs,
        rd_ratio=0.25,
        act=partial(nn.ReLU, inplace=True),
        gate=nn.Sigmoid,
        rd_round_fn=None,
    ):
        super().__init__()
        rd = (rd_round_fn or round)(chs * rd_ratio)
        self.fc1, self.fc2 = nn.Conv2d(chs, rd, 1), nn.Conv2d(rd, chs, 1)
        self.act, self.gate = act(), gate()

    def forward(self, x):
        return x * self.gate(self.fc2(self.act(self.fc1(x.mean((2, 3), keepdim=True)))))


class Block(nn.Module):
    expansion: ClassVar[int] = 2

    def __init__(
        self,
        i,
        o,
        s=1,
        se_layer: Optional[Callable[..., nn.Module]] = None,
        norm_layer: Type[nn.Module] = nn.BatchNorm2d,
        drop=0.0,
    ):
        super().__init__()
        m = make_divisible(o / self.expansion)
        self.body = nn.Sequential(
            OrderedDict(
                c1=nn.Conv2d(i, m, 1),
                n1=norm_layer(m),
                a1=nn.ReLU(),
                c2=nn.Conv2d(m, o, 3, s, 1),
            )
        )
        self.se = se_layer(o) if se_layer is not None else None
        self.short = nn.Identity() if (i, s) == (o, 1) else nn.Conv2d(i, o, 1, s)
        self.drop_path = nn.Dropout(drop) if drop > 0.0 else nn.Identity()

    def forward(self, x):
        s = self.short(x)
        x = self.body(x)
        if self.se is not None:
            x = self.se(x)
        return self.drop_path(x) + s


class Net(nn.Module, Pretrained):
    def __init__(
        self,
        layers=(1, 2),
        width=16,
        num_classes=10,
        in_chans=3,
        global_pool="avg",
        block_args=None,
        **kw,
    ):
        super().__init__()
        self.num_classes, self.grad_checkpointing = num_classes, False
        ba = dict(se_layer=SE) | (block_args or {})
        self.stem = nn.Conv2d(in_chans, width, 3, 2, 1)
        self.feature_info = [dict(num_chs=width, reduction=2, module="stem")]
        prev, stages = width, []
        dpr = [
            x.tolist()
            for x in torch.linspace(0, kw.get("drop_path_rate", 0.1), sum(layers)).split(
                layers
            )
        ]
        for i, (d, r) in enumerate(zip(layers, dpr)):
            c = width * 2**i
            stages.append(
                nn.Sequential(
                    *[
                        Block(
                            prev if j == 0 else c, c, 2 if j == 0 else 1, drop=r[j], **ba
                        )
                        for j in range(d)
                    ]
                )
            )
            prev = c
            self.feature_info += [
                dict(num_chs=prev, reduction=2 ** (i + 2), module=f"stages.{i}")
            ]
        self.stages = nn.ModuleList(stages)
        self.head = nn.ModuleDict(
            dict(
                pool=nn.AdaptiveAvgPool2d(1),
                flatten=nn.Flatten(1),
                fc=nn.Linear(prev, num_classes) if num_classes > 0 else nn.Identity(),
            )
        )
        self.init_weights()

    def init_weights(self, needs=""):
        for n, m in self.named_modules():
            if isinstance(m, nn.Linear):
                nn.init.trunc_normal_(m.weight, std=0.02)
                nn.init.zeros_(m.bias) if m.bias is not None else None
            elif hasattr(m, "init_weights") and m is not self:
                m.init_weights()

    def forward_features(self, x):
        x = self.stem(x)
        for s in self.stages:
            x = s(x)
        return x

    def forward_head(self, x, pre_logits: bool = False):
        x = self.head.flatten(self.head["pool"](x))
        return x if pre_logits else self.head.fc(x)

    def forward(self, x):
        return self.forward_head(self.forward_features(x))

    def reset_classifier(self, n):
        self.head["fc"] = nn.Linear(self.head.fc.in_features, n)


class FeatureListNet(nn.ModuleDict):
    def __init__(self, model, out_indices=(0, 1), flatten_sequential=False):
        super().__init__()
        info = [model.feature_info[i] for i in out_indices]
        self.return_layers = {fi["module"]: str(i) for i, fi in zip(out_indices, info)}
        mods = dict(model.named_modules())
        self.concat = False
        last = None
        for name, m in model.named_children():
            if isinstance(m, nn.ModuleList):
                for j, mm in enumerate(m):
                    self[f"{name}_{j}"] = mm
            elif name != "head":
                self[name.replace(".", "_")] = m
        self.info = info

    def channels(self, idx=None):
        return (
            [f["num_chs"] for f in self.info]
            if idx is None
            else self.info[idx]["num_chs"]
        )

    def forward(self, x):
        out = []
        for name, m in self.items():
            x = m(x)
            if name.replace("_", ".") in self.return_layers:
                out.append(x)
        return out


net = build_model_with_cfg(
    Net, "a", layers=(1, 1, 2), drop_path_rate=0.2, kwargs_filter=("zzz",), zzz=3
)
y = net(torch.zeros(2, 3, 32, 32))  # shape: (2, 5)
net.reset_classifier(7)
y2 = net(torch.zeros(2, 3, 32, 32))  # shape: (2, 7)
y3 = net.forward_head(net.forward_features(torch.zeros(1, 3, 32, 32)), pre_logits=True)  # shape: (1, 64)
fx = build_model_with_cfg(
    Net, "b", feature_cfg=dict(wrap=FeatureListNet, out_indices=(0, 2)), width=8
)
a, b = fx(torch.zeros(1, 3, 32, 32))
z = torch.zeros(*fx.channels(), *net.input_size)  # shape: (8, 16, 3, 32, 32)
