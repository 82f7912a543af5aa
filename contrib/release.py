"""Makes what would be released, and says what is left to do: python contrib/release.py --help

Nothing is uploaded. The version is that of the tag on this commit; name, author and addresses are given, since none of
them is the program's. The README is written so that its pictures and links work on another site.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

LINK = re.compile(r"(?<=\]\()(?![a-z]+:|#)([^)#]+)((?:#[^)]*)?)(?=\))")
"""Where a link of the README leads, when that is a file of the project."""

QUICK = ("tests/test_cli.py", "tests/tic", "tests/settings", "tests/test_i18n.py")
"""Tests that the unpacked source release must pass by itself; `make test` there runs all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What is released, and as what."""

    version: str
    tag: str | None
    """The tag on the commit; None for a snapshot."""
    name: str
    author: str
    email: str
    url: str
    """Where the project is seen; empty when it is seen nowhere."""
    files: str
    """Address of a text file, with {url}, {tag} and {path}."""
    pictures: str
    """Address of a picture, with the same."""


def version_of(root: Path) -> tuple[str, str | None]:
    """The version by the tag on this commit, and the tag; without one, a snapshot of the version to come."""
    tag = _git(root, "describe", "--tags", "--exact-match", "--match", "v[0-9]*")
    if tag:
        return tag.removeprefix("v"), tag
    found = re.search(r'^version = "(.+)"$', (root / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    base = found[1] if found else "0"
    count = _git(root, "rev-list", "--count", "HEAD")
    return f"{base}.dev{count}" if count else base, None


def readme(text: str, release: Release) -> str:
    """The README with addresses in the place of the project's own files."""
    if not release.url:
        return text
    tag = release.tag or "main"

    def address(match: re.Match[str]) -> str:
        pattern = release.pictures if match[1].endswith((".svg", ".png", ".gif")) else release.files
        return pattern.format(url=release.url, tag=tag, path=match[1]) + match[2]

    return LINK.sub(address, text)


def pyproject(text: str, release: Release) -> str:
    """The project's description with what belongs to the release."""
    text = re.sub(r'^version = ".+"$', f'version = "{release.version}"', text, count=1, flags=re.MULTILINE)
    text = re.sub(r'^name = ".+"$', f'name = "{release.name}"', text, count=1, flags=re.MULTILINE)
    person = ", ".join(
        f'{key} = "{value}"' for key, value in (("name", release.author), ("email", release.email)) if value
    )
    if person:
        text = text.replace("\nkeywords = ", f"\nauthors = [{{ {person} }}]\nkeywords = ", 1)
    if release.url:
        changes = release.files.format(url=release.url, tag=release.tag or "main", path="CHANGELOG.md")
        urls = (
            f'\n[project.urls]\nHomepage = "{release.url}"\nIssues = "{release.url}/issues"\nChangelog = "{changes}"\n'
        )
        text = text.replace("\n[project.scripts]", f"{urls}\n[project.scripts]", 1)
    return text


def prepare(source: Path, folder: Path, release: Release) -> None:
    """A copy of the project's files as they are released."""
    names = _git(source, "ls-files", "-z")
    for name in filter(None, names.split("\0")):
        if (source / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source / name, folder / name, follow_symlinks=False)
    for name, change in (("README.md", readme), ("pyproject.toml", pyproject)):
        path = folder / name
        path.write_text(change(path.read_text(encoding="utf-8"), release), encoding="utf-8")
    own = folder / "linkytui" / "__init__.py"
    own.write_text(re.sub(r'(__version__: Final = )".+"', rf'\1"{release.version}"', own.read_text(encoding="utf-8")))


def build(folder: Path, out: Path) -> list[Path]:
    """The source release, and the wheel that is made from it."""
    _run([sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(folder)])
    return sorted(out.iterdir())


def test_itself(archive: Path) -> None:
    """Run tests of the source release in the folder that it unpacks to."""
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(archive) as opened:
            opened.extractall(folder, filter="data")
        (root,) = Path(folder).iterdir()
        code = (
            f"import sys; sys.path.insert(0, {str(root)!r}); import pytest; raise SystemExit(pytest.main(sys.argv[1:]))"
        )
        _run([sys.executable, "-c", code, "-q", "-p", "no:cacheprovider", *QUICK], cwd=root)


def _run(command: list[str], cwd: Path | None = None) -> None:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout[-4000:]}{done.stderr[-4000:]}")


def _git(root: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def main() -> None:
    """Build and test a release in dist/, and say what would be done with it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--name", default="linkytui", help="name of the package, if this one is taken")
    parser.add_argument("--author", default="", help="who releases it")
    parser.add_argument("--email", default="")
    parser.add_argument("--url", default="", help="where the project is seen")
    parser.add_argument("--files", default="{url}/blob/{tag}/{path}", help="how that site shows a text file")
    parser.add_argument("--pictures", default="{url}/raw/{tag}/{path}", help="and how a picture")
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    given = parser.parse_args()
    version, tag = version_of(ROOT)
    release = Release(
        version=version,
        tag=tag,
        name=given.name,
        author=given.author,
        email=given.email,
        url=given.url.rstrip("/"),
        files=given.files,
        pictures=given.pictures,
    )
    shutil.rmtree(given.out, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        prepare(ROOT, Path(folder), release)
        built = build(Path(folder), given.out)
    test_itself(next(path for path in built if path.name.endswith(".tar.gz")))
    say = sys.stdout.write
    say(f"{release.name} {release.version}, made and tested:\n" + "".join(f"  {path}\n" for path in built))
    if tag is None:
        say(f"No tag v… is on this commit: a snapshot. To release: git tag -a v{version.partition('.dev')[0]} -m …\n")
    for option, value in (("--author", release.author), ("--url", release.url)):
        if not value:
            say(
                f"{option} is not given" + ("" if option == "--author" else ": the README's links lead nowhere") + ".\n"
            )
    if _git(ROOT, "status", "--porcelain"):
        say("There are changes that are not committed: they are part of it.\n")
    say("To be done by hand, by whoever may:\n")
    say(f"  python -m twine upload {' '.join(str(path) for path in built)}\n")
    if tag is not None:
        say(f"  git push origin {tag}\n")


if __name__ == "__main__":
    main()
