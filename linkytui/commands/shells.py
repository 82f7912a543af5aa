"""How bash, zsh and fish complete linkytui's words: click's way, where that is enough.

What click 8.5 leaves out is added here: bash cuts a word at `=` and `:`, zsh and fish want `--option=` in front of each
value, and zsh takes a description of one line only.
"""

import contextlib
import os
from pathlib import Path
from typing import Any

from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ZshComplete,
    add_completion_class,
    split_arg_string,
)

VARIABLE = "_LINKYTUI_COMPLETE"
"""Asks for completions in the place of a command's work."""


class _Bash(BashComplete):
    """Looks at the line itself, since bash's list of words is cut too finely."""

    # Nothing here is for a bash before 4.4, and to ask for its version takes a process.
    source_template = BashComplete.source_template.replace(
        'COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD=$COMP_CWORD', 'COMP_WORDS="${COMP_LINE:0:$COMP_POINT}"'
    )

    @staticmethod
    def _check_version() -> None:
        pass

    def get_completion_args(self) -> tuple[list[str], str]:
        line = os.environ.get("COMP_WORDS", "")
        words = split_arg_string(line)
        self._incomplete = "" if line[-1:].isspace() or len(words) < 2 else words.pop()
        return words[1:], self._incomplete

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem[Any]]:
        items = super().get_completions(args, incomplete)
        begun = incomplete.rpartition("=")[2] if incomplete.startswith("--") else incomplete
        if ":" in begun and any(item.type in ("file", "dir") for item in items):
            # bash would look for a file named by what follows the colon.
            folder, _, name = begun.rpartition("/")
            names: list[str] = []
            with contextlib.suppress(OSError):
                names = sorted(path.name for path in Path(folder or ".").iterdir() if path.name.startswith(name))
            return [CompletionItem(f"{folder}/{match}" if folder else match) for match in names]
        return items

    def format_completion(self, item: CompletionItem[Any]) -> str:
        # What stands before the last colon is a word of its own to bash, and stays.
        kept = self._incomplete.rpartition("=")[2].rpartition(":")[0]
        value = item.value.removeprefix(f"{kept}:") if kept else item.value
        return f"{item.type},{value}"


_PREFIX = "[[ $PREFIX == --*=* ]] && compset -P '*='; "
"""Lets zsh look for a file named by what follows `--option=`."""


class _Zsh(ZshComplete):
    source_template = ZshComplete.source_template.replace("_path_files", f"{_PREFIX}_path_files")

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem[Any]]:
        return _after_option(super().get_completions(args, incomplete), incomplete)

    def format_completion(self, item: CompletionItem[str]) -> str:
        item.help = _one_line(item.help)
        return super().format_completion(item)


class _Fish(FishComplete):
    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem[Any]]:
        return _after_option(super().get_completions(args, incomplete), incomplete)

    def format_completion(self, item: CompletionItem[Any]) -> str:
        item.help = _one_line(item.help)
        return super().format_completion(item)


def _after_option(items: list[CompletionItem[Any]], incomplete: str) -> list[CompletionItem[Any]]:
    """Values with `--option=` in front, where the word has that: the shell puts them in the place of the whole word."""
    option, equals, _ = incomplete.partition("=")
    if incomplete.startswith("--") and equals:
        for item in items:
            if item.type == "plain":
                item.value = f"{option}={item.value}"
    return items


SHELLS = {"bash": _Bash, "zsh": _Zsh, "fish": _Fish}


def _one_line(text: str | None) -> str | None:
    return " ".join(text.split()) if text else text


def use_shells() -> None:
    """Let click complete in these ways."""
    for shell in SHELLS.values():
        add_completion_class(shell)


def script(shell: str) -> str:
    """What the shell has to read to complete linkytui's words."""
    import click

    nothing = click.Command("linkytui")
    return SHELLS[shell](nothing, {}, "linkytui", VARIABLE).source()
