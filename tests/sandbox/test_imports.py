"""What the sandbox may know."""

import ast
import subprocess
import sys
from pathlib import Path

import importer.sandbox

FOLDER = Path(importer.sandbox.__file__).parent


def test_the_sandbox_knows_nothing_of_the_importer() -> None:
    """No module of the sandbox imports a module of ours from elsewhere, nor by a relative path."""
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                assert node.level == 0, path
                names = [node.module or ""]
            for name in names:
                assert not name.startswith("importer") or name.startswith("importer.sandbox"), path


def test_the_seeds_need_no_web_server() -> None:
    """Who only wants the demonstration account doesn't load FastAPI or uvicorn."""
    program = "import sys, importer.sandbox.seeds; print({'fastapi', 'starlette', 'uvicorn'} & set(sys.modules))"

    ended = subprocess.run(  # noqa: S603 our own text
        [sys.executable, "-c", program], cwd=FOLDER.parents[1], capture_output=True, text=True, check=True, timeout=30
    )

    assert ended.stdout.strip() == "set()"
