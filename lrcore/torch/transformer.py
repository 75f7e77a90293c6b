"""A transformer small enough for a page: the 8 rows of a digit are its 8 tokens."""

import torch


class Block(torch.nn.Module):
    """Attention with one head, then two layers, each added to its input; the norm after the sum or before.

    Source: Vaswani et al. (2017) for the norm after, Xiong et al. (ICML 2020) for what that does to the
    first gradients.
    """

    def __init__(self, width, post):
        super().__init__()
        self.post = post
        self.heads, self.out = torch.nn.Linear(width, 3 * width), torch.nn.Linear(width, width)
        self.mix = torch.nn.Sequential(
            torch.nn.Linear(width, 2 * width), torch.nn.ReLU(), torch.nn.Linear(2 * width, width)
        )
        self.norms = torch.nn.ModuleList(torch.nn.LayerNorm(width) for _ in range(2))

    def attention(self, x):
        q, k, v = self.heads(x).chunk(3, -1)
        return self.out(torch.softmax(q @ k.mT / q.shape[-1] ** 0.5, -1) @ v)

    def forward(self, x):
        for part, norm in zip((self.attention, self.mix), self.norms, strict=True):
            x = norm(x + part(x)) if self.post else x + part(norm(x))
        return x


class Transformer(torch.nn.Module):
    def __init__(self, width, depth, post):
        super().__init__()
        self.embed = torch.nn.Linear(8, width)
        self.place = torch.nn.Parameter(0.1 * torch.randn(8, width))
        self.blocks = torch.nn.Sequential(*(Block(width, post) for _ in range(depth)))
        self.norm = torch.nn.Identity() if post else torch.nn.LayerNorm(width)
        self.read = torch.nn.Linear(width, 10)

    def forward(self, x):
        tokens = self.embed(x.view(-1, 8, 8)) + self.place
        return self.read(self.norm(self.blocks(tokens)).mean(1))


def transformer(seed=0, width=16, depth=6, post=True):
    """The network in double precision, its weights as torch draws them after this seed."""
    torch.manual_seed(seed)
    return Transformer(width, depth, post).double()
