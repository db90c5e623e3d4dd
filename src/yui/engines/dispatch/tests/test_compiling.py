"""Compiled code without a place to keep it, and with files that change."""

from pathlib import Path

import pytest

from yui.engines.dispatch import compiling


def test_where_nothing_can_be_written_it_is_compiled_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_options: object) -> None:
        raise PermissionError

    with monkeypatch.context() as nothing_writable:
        nothing_writable.setattr(Path, "mkdir", refuse)
        assert compiling._folder() == ""
    monkeypatch.setattr(compiling, "_FOLDER", "")
    double = compiling.compiled(lambda number: 2 * number)
    assert double(21) == 42


def test_what_is_kept_is_of_all_files_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling, "_HERE", tmp_path)
    (tmp_path / "called.py").write_text("a = 1")
    before = compiling._folder()
    (tmp_path / "called.py").write_text("a = 2")
    assert compiling._folder() != before
    assert Path(before).parent == tmp_path / "__pycache__"
