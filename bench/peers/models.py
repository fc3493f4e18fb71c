"""The course's reference models as a PyTorch user would write them.

Same architecture and parameter names as `lib/models/dit.ts` and `lib/models/unet.ts`, so that the
benchmarks compare the same work. Images are [B, C, H, W] here, as PyTorch wants them.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class DiT(nn.Module):
    """Diffusion transformer with adaLN-zero (Peebles & Xie 2023), conditioned on time and class."""

    def __init__(self, width=256, depth=6, heads=8, patch=4, tokens=49, channels=1, classes=10):
        super().__init__()
        conditioning, patch_size = 4 * width, patch * patch * channels
        self.width, self.patch = width, patch
        self.image_size = math.isqrt(tokens) * patch
        self.patch_embedding = nn.Linear(patch_size, width)
        self.time_embedding = time_embedding(width, conditioning)
        # One row more than there are classes: the learned null class of guidance.
        self.class_embedding = nn.Embedding(classes + 1, conditioning)
        self.blocks = nn.ModuleList(DiTBlock(width, heads, conditioning) for _ in range(depth))
        self.output = OutputLayer(width, conditioning, patch_size)
        self.register_buffer("positions", grid_positions(tokens, width), persistent=False)

    def forward(self, x: Tensor, t: Tensor, labels: Tensor) -> Tensor:
        """Velocity [B, C, H, W] of images x [B, C, H, W] at noise levels t [B] in [0, 1]."""
        time = self.time_embedding(sinusoids(1000 * t, self.width))
        # Every modulation starts with SiLU of the same vector: computed once.
        condition = F.silu(time + self.class_embedding(labels))
        h = self.patch_embedding(patchify(x, self.patch)) + self.positions
        for block in self.blocks:
            h = block(h, condition)
        return unpatchify(self.output(h, condition), self.patch, x.shape[1])


class DiTBlock(nn.Module):
    """Attention and MLP, each normalised, shifted, scaled and gated by the condition."""

    def __init__(self, width, heads, conditioning):
        super().__init__()
        self.modulation = zero(nn.Linear(conditioning, 6 * width))
        self.norm = nn.LayerNorm(width, eps=1e-6, elementwise_affine=False)
        self.attention = Attention(width, heads)
        self.mlp = nn.Sequential(
            nn.Linear(width, 4 * width), nn.GELU(approximate="tanh"), nn.Linear(4 * width, width))

    def forward(self, h: Tensor, condition: Tensor) -> Tensor:
        """h [B, N, D], condition [B, C] (after SiLU) → [B, N, D]."""
        parts = self.modulation(condition).unsqueeze(1).chunk(6, dim=-1)
        shift1, scale1, gate1, shift2, scale2, gate2 = parts
        h = h + gate1 * self.attention(modulate(self.norm(h), shift1, scale1))
        return h + gate2 * self.mlp(modulate(self.norm(h), shift2, scale2))


class Attention(nn.Module):
    """Multi-head self-attention with one fused linear for queries, keys and values."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)

    def forward(self, h: Tensor) -> Tensor:
        """h [B, N, D] → [B, N, D]."""
        batch, tokens, width = h.shape
        qkv = self.qkv(h).view(batch, tokens, 3, self.heads, width // self.heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4).unbind(0)
        mixed = attention(q, k, v)
        return self.out(mixed.transpose(1, 2).reshape(batch, tokens, width))


class OutputLayer(nn.Module):
    """Normalise, shift and scale by the condition, then a zero-initialised linear to pixels."""

    def __init__(self, width, conditioning, outputs):
        super().__init__()
        self.norm = nn.LayerNorm(width, eps=1e-6, elementwise_affine=False)
        self.modulation = zero(nn.Linear(conditioning, 2 * width))
        self.linear = zero(nn.Linear(width, outputs))

    def forward(self, h: Tensor, condition: Tensor) -> Tensor:
        """h [B, N, D], condition [B, C] (after SiLU) → [B, N, outputs]."""
        shift, scale = self.modulation(condition).unsqueeze(1).chunk(2, dim=-1)
        return self.linear(modulate(self.norm(h), shift, scale))


class UNet(nn.Module):
    """Small time-conditioned U-Net (Ronneberger et al. 2015; residual blocks of Ho et al. 2020)."""

    def __init__(self, width=64, groups=8, channels=1, image_size=28):
        super().__init__()
        self.width, self.image_size = width, image_size
        self.time_embedding = time_embedding(width, 4 * width)
        self.input = conv(channels, width)
        self.down = nn.ModuleList([
            ResidualBlock(width, width, 4 * width, groups),
            ResidualBlock(width, 2 * width, 4 * width, groups)])
        self.downsample = nn.ModuleList([
            conv(width, width, stride=2), conv(2 * width, 2 * width, stride=2)])
        self.middle = ResidualBlock(2 * width, 2 * width, 4 * width, groups)
        self.up = nn.ModuleList([
            ResidualBlock(2 * width, width, 4 * width, groups),
            ResidualBlock(4 * width, 2 * width, 4 * width, groups)])
        self.upsample = nn.ModuleList([conv(2 * width, width), conv(2 * width, 2 * width)])
        self.output_norm = nn.GroupNorm(groups, width)
        self.output = zero(conv(width, channels))

    def forward(self, x: Tensor, t: Tensor) -> Tensor:
        """Velocity [B, C, H, W] of images x [B, C, H, W] at noise levels t [B] in [0, 1]."""
        condition = F.silu(self.time_embedding(sinusoids(1000 * t, self.width)))
        full = self.down[0](self.input(x), condition)
        half = self.down[1](self.downsample[0](full), condition)
        h = self.middle(self.downsample[1](half), condition)
        h = self.upsample[1](F.interpolate(h, scale_factor=2, mode="nearest"))
        h = self.up[1](torch.cat([h, half], dim=1), condition)
        h = self.upsample[0](F.interpolate(h, scale_factor=2, mode="nearest"))
        h = self.up[0](torch.cat([h, full], dim=1), condition)
        return self.output(F.silu(self.output_norm(h)))


class ResidualBlock(nn.Module):
    """Two normalised 3×3 convolutions with the condition added between them, and a skip."""

    def __init__(self, inputs, outputs, conditioning, groups):
        super().__init__()
        self.norm1 = nn.GroupNorm(groups, inputs)
        self.conv1 = conv(inputs, outputs)
        self.condition = nn.Linear(conditioning, outputs)
        self.norm2 = nn.GroupNorm(groups, outputs)
        self.conv2 = zero(conv(outputs, outputs))
        self.skip = nn.Conv2d(inputs, outputs, 1) if inputs != outputs else nn.Identity()

    def forward(self, x: Tensor, condition: Tensor) -> Tensor:
        """x [B, C, H, W], condition [B, C'] (after SiLU) → [B, outputs, H, W]."""
        h = self.conv1(F.silu(self.norm1(x)))
        h = h + self.condition(condition)[:, :, None, None]
        h = self.conv2(F.silu(self.norm2(h)))
        return self.skip(x) + h


def attention(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """softmax(q·kᵀ/√d)·v of [B, H, N, d], fused where this PyTorch has it (since 2.0)."""
    if hasattr(F, "scaled_dot_product_attention"):
        return F.scaled_dot_product_attention(q, k, v)
    scores = (q / math.sqrt(q.shape[-1])) @ k.transpose(-1, -2)
    return scores.softmax(dim=-1) @ v


def conv(inputs: int, outputs: int, stride: int = 1) -> nn.Conv2d:
    """3×3 convolution that keeps the size at stride 1."""
    return nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1)


def time_embedding(inputs: int, width: int) -> nn.Sequential:
    """Maps sinusoids of the noise level [B, inputs] to [B, width]."""
    return nn.Sequential(nn.Linear(inputs, width), nn.SiLU(), nn.Linear(width, width))


def modulate(h: Tensor, shift: Tensor, scale: Tensor) -> Tensor:
    """(1 + scale)·h + shift for h [B, N, D], shift and scale [B, 1, D]."""
    return h * (1 + scale) + shift


def sinusoids(t: Tensor, width: int) -> Tensor:
    """Cosines, then sines of t [B] at width/2 frequencies from 1 down to almost 1/10,000."""
    angles = t[:, None] * frequencies(width // 2)
    return torch.cat([angles.cos(), angles.sin()], dim=-1)


def grid_positions(tokens: int, width: int) -> Tensor:
    """Fixed positions [N, D] of a square grid: sines and cosines of the row, then of the column."""
    side = math.isqrt(tokens)
    rows, columns = torch.arange(tokens) // side, torch.arange(tokens) % side
    row_angles = rows[:, None] * frequencies(width // 4)
    column_angles = columns[:, None] * frequencies(width // 4)
    waves = [row_angles.sin(), row_angles.cos(), column_angles.sin(), column_angles.cos()]
    return torch.cat(waves, dim=-1)


def frequencies(count: int) -> Tensor:
    """10,000^(−k/count) for k = 0 … count − 1."""
    return torch.exp(torch.arange(count) * (-math.log(10_000) / count))


def patchify(x: Tensor, patch: int) -> Tensor:
    """[B, C, H, W] → [B, (H/p)·(W/p), p·p·C]."""
    batch, channels, height, width = x.shape
    x = x.view(batch, channels, height // patch, patch, width // patch, patch)
    return x.permute(0, 2, 4, 3, 5, 1).reshape(batch, -1, patch * patch * channels)


def unpatchify(h: Tensor, patch: int, channels: int) -> Tensor:
    """[B, N, p·p·C] → [B, C, √N·p, √N·p], the inverse of `patchify`."""
    side = math.isqrt(h.shape[1])
    h = h.view(-1, side, side, patch, patch, channels)
    return h.permute(0, 5, 1, 3, 2, 4).reshape(-1, channels, side * patch, side * patch)


def zero(layer: nn.Module) -> nn.Module:
    """Sets a layer to zero, so that what it belongs to starts as the identity."""
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer
