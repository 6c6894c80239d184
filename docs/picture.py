"""Makes docs/run.svg: the README's main job as it looks in a terminal. POSIX only: python docs/picture.py"""

import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from html import escape
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parent
WIDTH: Final = 100
SEVERAL: Final = "  ⋮"
SHOWN: Final = "lsq-import run sample_data/store_visits.csv -m mappings/store-visits.yaml --sandbox"


def screen(command: list[str]) -> list[str]:
    """The lines that a command leaves on a terminal of this width, in a folder with nothing but the samples."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("sample_data", "mappings"):
            shutil.copytree(ROOT / name, Path(folder) / name)
        settings = {"LSQ_STATE_DIR": f"{folder}/state", "COLUMNS": str(WIDTH), "PYTHONWARNINGS": "ignore"}
        env = {name: text for name, text in os.environ.items() if not name.startswith("LSQ_")} | settings
        ours, terminal = pty.openpty()
        # A fresh pty has no size, and a progress bar none either.
        sized = ["sh", "-c", f'stty cols {WIDTH} rows 40; exec "$@"', "sh", *command]
        env["PYTHONPATH"] = str(ROOT)
        with subprocess.Popen(sized, cwd=folder, env=env, stdin=terminal, stdout=terminal, stderr=terminal):
            os.close(terminal)
            text = b"".join(_pieces(ours)).decode()
        os.close(ours)
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)
    lines = []
    for line in text.replace("\r\n", "\n").split("\n"):
        last = line.rstrip("\r").split("\r")[-1]  # a progress bar writes over itself
        lines += [last[at : at + WIDTH] for at in range(0, max(len(last), 1), WIDTH)]
    return lines


def _pieces(descriptor: int) -> Iterator[bytes]:
    """What comes until nobody holds the terminal any more; Linux calls that an error."""
    with suppress(OSError):
        while piece := os.read(descriptor, 4096):
            yield piece


def shortened(lines: list[str]) -> list[str]:
    """The lines with only the first of the many mistakes that one row has: a picture is looked at, not studied."""
    blocks = "\n".join(lines).split("\n\n")
    single = [block for block in blocks if block.startswith("  1 row: ")]
    kept = [SEVERAL if block == single[1] else block for block in blocks if block not in single[2:]]
    return "\n\n".join(kept).split("\n")


def picture(lines: list[str]) -> str:
    """The lines in a window, as SVG."""
    height = 22 * len(lines) + 56
    rows = "\n".join(
        f'<text x="18" y="{54 + 22 * number}" fill="{_colour(line)}" xml:space="preserve">{escape(line)}</text>'
        for number, line in enumerate(lines)
    )
    dots = "".join(
        f'<circle cx="{22 + 20 * place}" cy="20" r="6" fill="{colour}"/>'
        for place, colour in enumerate(("#ff5f57", "#febc2e", "#28c840"))
    )
    return f"""<svg xmlns="http://www.w3.org/2000/svg" width="900" height="{height}" viewBox="0 0 900 {height}">
<rect width="900" height="{height}" rx="10" fill="#16181d"/>{dots}
<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="14">
{rows}
</g>
</svg>
"""


def _colour(line: str) -> str:
    if line.startswith("$"):
        return "#8bd5ff"
    if line.startswith("lsq-import:"):
        return "#9aa3b2"
    return "#7ee787" if line.startswith("  created") else "#e6e9ef"


def drawn() -> str:
    """Runs the job and draws what it leaves on the screen."""
    lines = screen([sys.executable, "-m", "importer", *SHOWN.split()[1:]])
    while lines and not lines[-1].strip():
        lines.pop()
    return picture([f"$ {SHOWN}", *shortened(lines)])


def main() -> None:
    """Writes the picture."""
    (HERE / "run.svg").write_text(drawn(), encoding="utf-8")


if __name__ == "__main__":
    main()
