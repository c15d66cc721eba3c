# run: Net() (2, 9, 10)
import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, hidden=6):
        super().__init__()
        self.lstm = nn.LSTM(10, hidden, num_layers=2, batch_first=True, bidirectional=True)
        self.gru = nn.GRU(2 * hidden, 5)
        self.cell = nn.LSTMCell(5, 4)

    def forward(self, x):
        out, (h, c) = self.lstm(x)  # shape: (2, 9, 12), (4, 2, 6), (4, 2, 6)
        out, last = self.gru(out.transpose(0, 1))  # shape: (9, 2, 5), (1, 2, 5)
        state = None
        for t in range(out.size(0)):
            state = self.cell(out[t], state)  # shape: (2, 4), (2, 4)
        return torch.cat([state[0], last[-1], h[-1]], dim=-1)  # shape: (2, 15)
