"""The import rule of ARCHITECTURE.md, held over every file, and shown to fail when it is broken."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LAYERS = ("config", "domain", "nlp", "render", "handlers", "store", "bot", "workers", "sandbox")
MAY_IMPORT = {
    "config": set(),
    "domain": set(),
    "nlp": set(),
    "render": {"domain"},
    "handlers": {"domain", "nlp"},
    "store": {"domain"},
    "bot": {"config", "domain", "store"},
    "workers": {"config", "domain", "nlp", "render", "handlers", "store", "bot"},
    "sandbox": set(),
    "bot/__main__.py": {"config", "domain", "nlp", "render", "handlers", "store", "bot", "workers"},
}
"""Layer → layers it may import besides itself (design contract §2)."""

THIRD_PARTY = {"domain": set(), "nlp": {"jieba"}, "handlers": set(), "config": set()}
"""Layers that may use the standard library and these packages only."""

ONLY_IN = {"sqlalchemy": {"store", "workers"}, "alembic": {"store"}, "flask": {"bot", "sandbox"}}


def layer_of(file: str) -> str:
    return file if file in MAY_IMPORT else file.removesuffix(".py").split("/")[0]


def imports_of(tree: ast.AST) -> list[tuple[int, str]]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name.split(".")[0]) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: relative import"
            found.append((node.lineno, (node.module or "").split(".")[0]))
    return found


def violations(file: str, source: str) -> list[str]:
    layer, own, tree = layer_of(file), file.split("/", 1)[0].removesuffix(".py"), ast.parse(source)
    found = [
        f"{file}:{line} {layer} imports {package}"
        for line, package in imports_of(tree)
        if package != own and not permitted(layer, own, package)
    ]
    if file != "bot/__main__.py":
        found += [f"{file}:{line} import inside a function" for line in deferred(tree)]
    return found


def permitted(layer: str, own: str, package: str) -> bool:
    if package in LAYERS:
        return package in MAY_IMPORT[layer]
    if package in sys.stdlib_module_names:
        return True
    return package in THIRD_PARTY.get(layer, {package}) and own in ONLY_IN.get(package, {own})


def deferred(tree: ast.AST) -> list[int]:
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [n.lineno for f in functions for n in ast.walk(f) if isinstance(n, ast.Import | ast.ImportFrom)]


def sources() -> list[str]:
    folders = [layer for layer in LAYERS if layer != "config"]
    return [
        "config.py",
        *(str(p.relative_to(ROOT)) for f in folders for p in sorted((ROOT / f).rglob("*.py"))),
    ]


@pytest.mark.parametrize("file", sources())
def test_a_file_imports_only_what_its_layer_may(file: str) -> None:
    assert violations(file, (ROOT / file).read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("domain/issues.py", "import store.issues"),
        ("domain/issues.py", "import sqlalchemy"),
        ("nlp/classifier.py", "from domain.issues import Issue"),
        ("handlers/report.py", "from store import issues"),
        ("store/inbox.py", "from bot.wake import Waker"),
        ("bot/app.py", "from handlers import router"),
        ("bot/app.py", "import sqlalchemy"),
        ("workers/jobs.py", "import sandbox"),
        ("sandbox/world.py", "import config"),
        ("store/inbox.py", "def f() -> None:\n    import json"),
    ],
)
def test_a_forbidden_import_is_found(file: str, line: str) -> None:
    assert len(violations(file, line)) == 1


def test_modules_form_no_cycle() -> None:
    graph = {}
    for file in sources():
        module = file.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        tree = ast.parse((ROOT / file).read_text("utf-8"))
        names = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
            elif isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
        graph[module] = names
    done: set[str] = set()

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " → ".join((*path, module))
        if module in done:
            return
        for name in graph[module] & graph.keys() - {module}:
            visit(name, (*path, module))
        done.add(module)

    for module in graph:
        visit(module, ())
