"""numpy joins the parts of an array, as it joins several."""

import numpy as np
import torch

parts = np.zeros((4, 2, 3))
torch.from_numpy(np.vstack(parts)).sum()  # shape: ()
torch.from_numpy(np.vstack(parts))  # shape: (8, 3)
torch.from_numpy(np.hstack(parts))  # shape: (2, 12)
torch.from_numpy(np.concatenate(parts, axis=1))  # shape: (2, 12)
torch.from_numpy(np.stack(parts))  # shape: (4, 2, 3)
torch.from_numpy(np.vstack([parts[0], parts[1]]))  # shape: (4, 3)
torch.from_numpy(np.concatenate([np.zeros(2), [1.0, 2.0, 3.0], parts[0, 0]]))  # shape: (8,)
