import torch

for i in range(3):
    for j in range(3):
        if j == 1:
            break
    else:
        i = 100
a = torch.zeros(i + 1, j + 1)  # shape: (3, 2)
for n, m in [(1, 2), (3, 4)]:
    pass
b = torch.zeros(n, m)  # shape: (3, 4)
while n < 9:
    n += 4
else:
    m = 1
c = torch.zeros(n, m)  # shape: (11, 1)
kept = 0
for step in range(100):
    if step % 2:
        continue
    kept += 1
d = torch.zeros(kept, step)  # shape: (50, 99)
