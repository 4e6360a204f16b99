"""Who may import what, how large rooms are, and that nothing heavy is on the way of a one-record command."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command_line import PROJECT, CommandLine, environment

CRM = PROJECT / "crm"
HEAVY = (
    "yaml",
    "jinja2",
    "bottle",
    "asyncio",
    "rich",
    "email",
    "lxml",
    "babel",
    "phonenumbers",
    "num2words",
    "weasyprint",
)
LONGEST = 40


def imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add((node.module or "").partition(".")[0])
    return found


def room(path: Path) -> str:
    return path.relative_to(CRM).as_posix()


def test_only_the_command_line_imports_click() -> None:
    """And the modules with the commands of plugins."""
    for path in CRM.rglob("*.py"):
        if "click" in imports(path):
            allowed = room(path).startswith("cli/") or (
                room(path).startswith("plugins/") and path.stem.startswith(("commands", "cli"))
            )
            assert allowed, room(path)


def test_only_the_console_imports_bottle() -> None:
    assert [room(path) for path in CRM.rglob("*.py") if "bottle" in imports(path) and path.parts[-2] != "console"] == []


def test_arrows_point_down() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        cwd=PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_the_model_does_no_io() -> None:
    for path in (CRM / "model").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        called = {
            node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        assert "open" not in called, path
        assert not imports(path) & {"os", "sqlite3", "subprocess", "socket", "pathlib"}, path


def test_no_function_is_longer_than_a_screen() -> None:
    long = []
    for path in CRM.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > LONGEST:
                    long.append(f"{room(path)}:{node.lineno} {node.name} {lines}")
    assert long == []


def test_every_room_says_what_it_holds() -> None:
    for path in CRM.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert ast.get_docstring(ast.parse(text)) or not text.strip(), room(path)


@pytest.mark.parametrize(
    "words",
    [["deal", "show", "1"], ["deal", "list", "--stage", "new"], ["lead", "add", "A"], ["deal", "move", "1", "new"]],
)
def test_nothing_heavy_is_imported_by_a_command_of_one_record(line: CommandLine, words: list[str]) -> None:
    line("deal", "add", "Щебень")
    code = f"import sys; from crm.cli.main import run; run({words!r}); print('\\n' + ' '.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=line.root, capture_output=True, text=True, env=environment(), check=False
    )
    loaded = {name.partition(".")[0] for name in done.stdout.splitlines()[-1].split()}
    assert loaded & set(HEAVY) == set()


def test_the_version_imports_nothing_of_the_program() -> None:
    code = "import sys; sys.argv = ['crm', '--version']; from crm.__main__ import main; main(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment(), check=False)
    loaded = [name for name in done.stdout.split() if name.startswith("crm") or name in ("click", "typing")]
    assert sorted(set(loaded)) == ["crm", "crm.__main__", "crm.version"]


def test_the_faces_for_python_are_what_they_say() -> None:
    import crm
    from crm import model

    for face in (crm, model):
        assert all(
            getattr(face, name).__name__ == name for name in face.__all__ if name not in ("__version__", "hookimpl")
        )
