from __future__ import annotations

from pathlib import Path

import pytest

SAMPLES = Path(__file__).parents[3] / ".." / "shared" / "samples" / "bank"


@pytest.fixture
def samples() -> Path:
    if not SAMPLES.is_dir():
        pytest.skip("the sample statements are not here")
    return SAMPLES
