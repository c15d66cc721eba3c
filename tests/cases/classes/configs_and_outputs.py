import torch
from torch import nn
import os, json, inspect, functools
from dataclasses import dataclass, field, fields, asdict
from collections import OrderedDict, UserDict
from typing import Any, Optional, Union


class Config:
    model_type: str = ""
    attribute_map: dict = {}

    def __setattr__(self, key, value):
        if key in super().__getattribute__("attribute_map"):
            key = super().__getattribute__("attribute_map")[key]
        super().__setattr__(key, value)

    def __getattribute__(self, key):
        if key != "attribute_map" and key in super().__getattribute__("attribute_map"):
            key = super().__getattribute__("attribute_map")[key]
        return super().__getattribute__(key)

    def __init__(self, **kwargs):
        self.return_dict = kwargs.pop("return_dict", True)
        self.output_hidden_states = kwargs.pop("output_hidden_states", False)
        self.num_labels = kwargs.pop("num_labels", 2)
        for key, value in kwargs.items():
            try:
                setattr(self, key, value)
            except AttributeError as err:
                raise err

    @property
    def use_return_dict(self):
        return self.return_dict

    @classmethod
    def from_dict(cls, d, **kw):
        c = cls(**d)
        [setattr(c, k, v) for k, v in kw.items() if hasattr(c, k)]
        return c

    def to_dict(self):
        return dict(self.__dict__)


class BertConfig(Config):
    model_type = "bert"
    attribute_map = {"hidden_size": "dim", "num_attention_heads": "heads"}

    def __init__(
        self, vocab=11, dim=8, heads=2, layers=2, act="gelu", max_pos=16, **kwargs
    ):
        super().__init__(**kwargs)
        self.vocab, self.dim, self.heads, self.layers, self.act, self.max_pos = (
            vocab,
            dim,
            heads,
            layers,
            act,
            max_pos,
        )


class ClassInstantier(OrderedDict):
    def __getitem__(self, key):
        content = super().__getitem__(key)
        cls, kwargs = content if isinstance(content, tuple) else (content, {})
        return cls(**kwargs)


ACT2CLS = {
    "gelu": nn.GELU,
    "relu": nn.ReLU,
    "leaky": (nn.LeakyReLU, {"negative_slope": 0.1}),
}
ACT2FN = ClassInstantier(ACT2CLS)


def auto_docstring(obj=None, *, custom=None):
    def deco(o):
        return o

    return deco(obj) if obj is not None else deco


def can_return_tuple(func):
    @functools.wraps(func)
    def wrapper(self, *args, **kwargs):
        rd = kwargs.pop("return_dict", None)
        rd = self.config.return_dict if rd is None else rd
        out = func(self, *args, **kwargs)
        return out if rd else out.to_tuple()

    return wrapper


class ModelOutput(OrderedDict):
    def __init_subclass__(cls) -> None:
        cls.registered = True

    def __post_init__(self):
        class_fields = fields(self)
        first = getattr(self, class_fields[0].name)
        others_none = all(getattr(self, f.name) is None for f in class_fields[1:])
        if others_none and not isinstance(first, torch.Tensor):
            for k, v in first.items():
                self[k] = v
        else:
            for f in class_fields:
                v = getattr(self, f.name)
                if v is not None:
                    self[f.name] = v

    def __getitem__(self, k):
        if isinstance(k, str):
            inner = dict(self.items())
            return inner[k]
        return self.to_tuple()[k]  # shape: (2, 12)

    def __setattr__(self, name, value):
        if name in self.keys() and value is not None:
            super().__setitem__(name, value)
        super().__setattr__(name, value)

    def __setitem__(self, key, value):
        super().__setitem__(key, value)
        super().__setattr__(key, value)

    def to_tuple(self):
        return tuple(self[k] for k in self.keys())


@dataclass
class BaseOut(ModelOutput):
    last_hidden_state: Optional[torch.FloatTensor] = None
    pooler: Optional[torch.FloatTensor] = None
    hidden_states: Optional[tuple] = None


@dataclass
class ClsOut(ModelOutput):
    loss: Optional[torch.FloatTensor] = None
    logits: torch.FloatTensor = None


def eager(module, q, k, v, mask, scaling, dropout=0.0, **kw):
    w = torch.matmul(q, k.transpose(2, 3)) * scaling  # shape: (2, 3, 7, 7)
    if mask is not None:
        w = w + mask[:, :, :, : k.shape[-2]]  # shape: (2, 3, 7, 7)
    w = nn.functional.softmax(w, dim=-1, dtype=torch.float32).to(q.dtype)  # shape: (2, 3, 7, 7)
    return torch.matmul(w, v).transpose(1, 2).contiguous(), w


ALL_ATTENTION = {"eager": eager}


class Attn(nn.Module):
    def __init__(self, config, layer_idx=None):
        super().__init__()
        if config.hidden_size % config.num_attention_heads != 0 and not hasattr(
            config, "embedding_size"
        ):
            raise ValueError(f"{config.hidden_size} {config.num_attention_heads}")
        self.config, self.hd = config, config.hidden_size // config.num_attention_heads
        self.q = nn.Linear(config.hidden_size, config.num_attention_heads * self.hd)
        self.kv = nn.Linear(config.hidden_size, 2 * config.hidden_size)

    def forward(self, h, mask=None, **kwargs):
        shape = (*h.shape[:-1], -1, self.hd)
        q = self.q(h).view(shape).transpose(1, 2)  # shape: (2, 3, 7, 4)
        k, v = [t.view(shape).transpose(1, 2) for t in self.kv(h).chunk(2, -1)]
        fn: Any = eager
        if getattr(self.config, "_attn_implementation", "eager") != "eager":
            fn = ALL_ATTENTION[self.config._attn_implementation]
        o, w = fn(
            self,
            q,
            k,
            v,
            mask,
            self.hd**-0.5,
            dropout=0.0 if not self.training else 0.1,
            **kwargs,
        )
        return o.reshape(*h.shape[:-1], -1).contiguous(), w


class Layer(nn.Module):
    def __init__(self, config, i):
        super().__init__()
        self.attn = Attn(config, layer_idx=i)
        self.act = ACT2FN[config.act]
        self.fc = nn.Linear(config.dim, config.dim)
        self.ln = nn.LayerNorm(config.hidden_size)

    def forward(self, h, mask=None):
        return self.ln(h + self.act(self.fc(self.attn(h, mask=mask)[0])))  # shape: (2, 7, 12)


class PreTrained(nn.Module):
    config_class = None
    base_model_prefix = ""

    def __init__(self, config, *inputs, **kwargs):
        super().__init__()
        if not isinstance(config, Config):
            raise TypeError(f"{self.__class__.__name__}")
        self.config = config

    def post_init(self):
        self.apply(self._init_weights)

    def _init_weights(self, m):
        if isinstance(m, (nn.Linear, nn.Embedding)):
            m.weight.data.normal_(mean=0.0, std=0.02)

    @property
    def device(self):
        return next(self.parameters()).device

    @property
    def dtype(self):
        return next(p.dtype for p in self.parameters() if p.is_floating_point())

    @property
    def base(self):
        return getattr(self, self.base_model_prefix, self)

    @classmethod
    def from_config(cls, config, **kw):
        return cls(config, **kw)

    def get_extended(self, mask):
        return (1.0 - mask[:, None, None, :].to(dtype=self.dtype)) * torch.finfo(
            self.dtype
        ).min  # shape: (2, 1, 1, 7)


@auto_docstring
class Bert(PreTrained):
    config_class = BertConfig

    def __init__(self, config, add_pooling_layer=True):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab, config.hidden_size, padding_idx=0)
        self.register_buffer(
            "position_ids", torch.arange(config.max_pos).expand((1, -1)), persistent=False
        )
        self.pos = nn.Embedding(config.max_pos, config.hidden_size)
        self.layer = nn.ModuleList([Layer(config, i) for i in range(config.layers)])
        self.pool = nn.Linear(config.dim, config.dim) if add_pooling_layer else None
        self.post_init()

    @can_return_tuple
    def forward(
        self,
        input_ids=None,
        attention_mask: Optional[torch.Tensor] = None,
        output_hidden_states: Optional[bool] = None,
        **kwargs,
    ):
        output_hidden_states = (
            output_hidden_states
            if output_hidden_states is not None
            else self.config.output_hidden_states
        )
        b, n = input_ids.shape
        h = self.emb(input_ids) + self.pos(self.position_ids[:, :n])  # shape: (2, 7, 12)
        mask = self.get_extended(
            attention_mask
            if attention_mask is not None
            else torch.ones((b, n), device=self.device)
        )  # shape: (2, 1, 1, 7)
        alls = () if output_hidden_states else None
        for i, l in enumerate(self.layer[: self.config.layers]):
            if output_hidden_states:
                alls = alls + (h,)
            h = l(h, mask=mask)  # shape: (2, 7, 12)
        return BaseOut(
            last_hidden_state=h,
            pooler=torch.tanh(self.pool(h[:, 0])) if self.pool is not None else None,
            hidden_states=alls,
        )


class BertForCls(PreTrained):
    base_model_prefix = "bert"

    def __init__(self, config):
        super().__init__(config)
        self.bert = Bert(config)
        self.cls = nn.Linear(config.hidden_size, config.num_labels)
        self.post_init()

    def forward(self, input_ids=None, labels=None, return_dict=None, **kw):
        return_dict = (
            return_dict if return_dict is not None else self.config.use_return_dict
        )
        out = self.bert(input_ids, return_dict=return_dict, **kw)
        logits = self.cls(out[1])  # shape: (2, 5)
        loss = None
        if labels is not None:
            loss = nn.CrossEntropyLoss()(
                logits.view(-1, self.config.num_labels), labels.view(-1)
            )  # shape: ()
        if not return_dict:
            return ((loss,) if loss is not None else ()) + (logits,) + out[2:]
        return ClsOut(loss=loss, logits=logits)


m = BertForCls(BertConfig(dim=12, heads=3, num_labels=5, foo=1)).eval()
ids = torch.zeros(2, 7).long()  # shape: (2, 7)
o = m(ids)
y = o.logits  # shape: (2, 5)
y2 = m(input_ids=ids, labels=torch.zeros(2).long())["loss"]  # shape: ()
y3 = m(ids, return_dict=False)[0]  # shape: (2, 5)
y4 = m.base(ids, output_hidden_states=True).hidden_states[1]  # shape: (2, 7, 12)
y5 = m.bert(ids).last_hidden_state  # shape: (2, 7, 12)
c = BertConfig.from_dict({"dim": 4}, heads=1)
y6 = torch.zeros(c.hidden_size, c.num_attention_heads, len(c.to_dict()))  # shape: (4, 1, 9)
c.hidden_size = 9
y7 = torch.zeros(c.dim)  # shape: (9,)
y8 = torch.zeros(c.num_labels, len(c.model_type))  # shape: (2, 4)
