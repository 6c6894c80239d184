"""Large files in small pieces: all of it is written, whatever its size."""

import os
from pathlib import Path

import pytest

from importer.text_files.piecewise import written_piecewise


@pytest.mark.parametrize("sizes", [[0], [1, 2], [32_767, 1, 32_768, 32_769], [1_000_000, 3], [5, 200_001, 5]])
def test_all_of_it_is_written(tmp_path: Path, sizes: list[int]) -> None:
    """Texts of all sizes, one after the other, and nothing else."""
    texts = [bytes(place % 251 for place in range(size)) for size in sizes]
    with written_piecewise(os.open(tmp_path / "file", os.O_WRONLY | os.O_CREAT, 0o600)) as file:
        for text in texts:
            assert file.write(text) == len(text)
    assert (tmp_path / "file").read_bytes() == b"".join(texts)
