"""Makes docs/run.svg: the README's main job as it looks in a terminal. POSIX only: python docs/picture.py"""

import os
import pty
import re
import sys
import tempfile
from html import escape
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parent
WIDTH: Final = 100
SHOWN: Final = "lsq-import run sample_data/store_visits.csv -m mappings/store-visits.yaml --sandbox"


def screen(command: list[str]) -> list[str]:
    """The lines that a command leaves on a terminal of this width."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"LSQ_STATE_DIR": f"{folder}/state", "COLUMNS": str(WIDTH), "PYTHONWARNINGS": "ignore"}
        output = bytearray()

        def read(descriptor: int) -> bytes:
            piece = os.read(descriptor, 4096)
            output.extend(piece)
            return piece

        sized = f'stty cols {WIDTH} rows 40; exec "$@"'  # a fresh pty has no size, and a progress bar none either
        pty.spawn(["sh", "-c", sized, "sh", *command, "--out", f"{folder}/import-results"], read)
        text = output.decode().replace(f"{folder}/", "")
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)
    lines = []
    for line in text.replace("\r\n", "\n").split("\n"):
        last = line.rstrip("\r").split("\r")[-1]  # a progress bar writes over itself
        lines += [last[at : at + WIDTH] for at in range(0, max(len(last), 1), WIDTH)]
    return lines


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


def main() -> None:
    """Runs the job and writes the picture."""
    os.chdir(ROOT)
    lines = screen([sys.executable, "-m", "importer", *SHOWN.split()[1:]])
    while lines and not lines[-1].strip():
        lines.pop()
    (HERE / "run.svg").write_text(picture([f"$ {SHOWN}", *lines]), encoding="utf-8")


if __name__ == "__main__":
    main()
