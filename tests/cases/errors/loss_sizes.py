import torch
import torch.nn as nn

model = nn.Sequential(nn.Flatten(), nn.Linear(12, 5))
images = torch.randn(8, 3, 2, 2)
logits = model(images)  # shape: (8, 5)
good = nn.CrossEntropyLoss()(logits, torch.zeros(8, dtype=torch.long))  # shape: ()
loss = nn.CrossEntropyLoss()(logits, torch.zeros(7, dtype=torch.long))  # error: loss-sizes "7"
