"""Optimizers, schedules, loops: what trains a model, and the sizes that come out beside it."""

from __future__ import annotations

from tests.ops.table import program, unjudged

STEP = """\
model = nn.Linear(2, 3)
optimizer = torch.optim.{}(model.parameters())
optimizer.zero_grad()
loss = model(torch.zeros(4, 2)).sum()
loss.backward()
optimizer.step()
model(torch.zeros(5, 2))"""
OPTIMIZERS = "ASGD Adadelta Adafactor Adagrad Adam AdamW Adamax NAdam RAdam RMSprop Rprop SGD"
for _name in OPTIMIZERS.split():
    program(f"torch.optim.{_name}", STEP.replace("{}", _name))
program(
    "torch.optim.LBFGS",
    "model = nn.Linear(2, 3)\n"
    "optimizer = torch.optim.LBFGS(model.parameters())\n"
    "def closure():\n"
    "    optimizer.zero_grad()\n"
    "    loss = model(torch.ones(4, 2)).sum() ** 2\n"
    "    loss.backward()\n"
    "    return loss\n"
    "optimizer.step(closure)\n"
    "model(torch.zeros(5, 2))",
)
unjudged(
    "torch.optim.Optimizer torch.optim.Muon torch.optim.SparseAdam "
    "torch.optim.lr_scheduler.LRScheduler",
    "takes parameters of a special kind, or is a base of others",
)

SCHEDULE = """\
model = nn.Linear(2, 3)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
schedule = torch.optim.lr_scheduler.{}
optimizer.step()
schedule.step({})
model(torch.zeros(5, 2))"""
SCHEDULES = """\
ConstantLR(optimizer)|CosineAnnealingLR(optimizer, 10)|CosineAnnealingWarmRestarts(optimizer, 10)
CyclicLR(optimizer, 0.1, 1.0)|ExponentialLR(optimizer, 0.9)|LambdaLR(optimizer, lambda n: 0.9)
LinearLR(optimizer)|MultiStepLR(optimizer, [2, 3])|MultiplicativeLR(optimizer, lambda n: 0.9)
OneCycleLR(optimizer, 0.1, 10)|PolynomialLR(optimizer)|ReduceLROnPlateau(optimizer)
StepLR(optimizer, 2)"""
for _made in SCHEDULES.replace("\n", "|").split("|"):
    _name = _made.partition("(")[0]
    _seen = "0.5" if _name == "ReduceLROnPlateau" else ""
    _text = SCHEDULE.replace("{}", _made, 1).replace("{}", _seen)
    program(f"torch.optim.lr_scheduler.{_name}", _text)
PARTS = (
    "[torch.optim.lr_scheduler.StepLR(optimizer, 2), torch.optim.lr_scheduler.LinearLR(optimizer)]"
)
for _made in (f"ChainedScheduler({PARTS})", f"SequentialLR(optimizer, {PARTS}, [2])"):
    _text = SCHEDULE.replace("{}", _made, 1).replace("{}", "")
    program(f"torch.optim.lr_scheduler.{_made.partition('(')[0]}", _text)
program(
    "torch.optim.swa_utils.AveragedModel",
    "torch.optim.swa_utils.AveragedModel(nn.Linear(2, 3))(torch.zeros(4, 2))",
)

CLIPPED = """\
model = nn.Linear(2, 3)
model(torch.zeros(4, 2)).sum().backward()
total = torch.nn.utils.{}(model.parameters(), 1.0)
{}"""
program(
    "torch.nn.utils.clip_grad_norm_ torch.nn.utils.clip_grad_norm",
    CLIPPED.replace("{}", "clip_grad_norm_", 1).replace("{}", "total"),
)
program(
    "torch.nn.utils.clip_grad_value_",
    CLIPPED.replace("{}", "clip_grad_value_", 1).replace("{}", "model.weight.grad"),
)
program(
    "torch.autograd.grad",
    "x = torch.ones(2, 3, requires_grad=True)\ntorch.autograd.grad((x * 2).sum(), x)",
)
program("torch.nn.DataParallel", "torch.nn.DataParallel(nn.Linear(2, 3))(torch.zeros(4, 2))")
program(
    "torch.nn.SyncBatchNorm.convert_sync_batchnorm",
    "torch.nn.SyncBatchNorm.convert_sync_batchnorm(nn.Sequential(nn.Linear(2, 3)))(torch.zeros(4, 2))",
)
