"""What `make release` makes: the version of the tag, what was given and nothing invented, links that work elsewhere."""

import importlib.util
import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]
URL = "https://example.org/someone/linkytui"


@pytest.fixture(scope="module")
def release() -> Iterator[ModuleType]:
    """contrib/release.py."""
    spec = importlib.util.spec_from_file_location("release_of_linkytui", ROOT / "contrib" / "release.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


def given(release: ModuleType, **changes: object) -> object:
    values: dict[str, object] = {"version": "9.8.7", "tag": "v9.8.7", "name": "linkytui", "author": "Somebody Here"}
    values |= {"email": "", "url": URL, "files": "{url}/blob/{tag}/{path}", "pictures": "{url}/raw/{tag}/{path}"}
    return release.Release(**values | changes)


@pytest.fixture(scope="module")
def built(release: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A source release and its wheel."""
    if subprocess.run(["git", "rev-parse"], cwd=ROOT, capture_output=True, check=False).returncode:
        pytest.skip("not a git checkout")
    folder, out = tmp_path_factory.mktemp("copy"), tmp_path_factory.mktemp("dist")
    release.prepare(ROOT, folder, given(release))
    made: list[Path] = release.build(folder, out)
    return made


def test_both_are_of_the_version_of_the_tag(built: list[Path]) -> None:
    assert [path.name for path in built] == ["linkytui-9.8.7-py3-none-any.whl", "linkytui-9.8.7.tar.gz"]
    wheel = zipfile.ZipFile(built[0])
    assert b'"9.8.7"' in wheel.read("linkytui/__init__.py")
    metadata = wheel.read("linkytui-9.8.7.dist-info/METADATA").decode()
    assert "Author: Somebody Here" in metadata
    assert f"Project-URL: Homepage, {URL}" in metadata
    assert "linkytui/py.typed" in wheel.namelist()


def test_the_source_release_passes_its_own_tests(
    release: ModuleType, built: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(release, "QUICK", ("tests/tic/test_groups.py", "tests/settings"))
    release.test_itself(built[1])
    with tarfile.open(built[1]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"Makefile", "requirements.txt", "requirements-dev.txt", "linkytui.tcss", "Containerfile"} <= names
    assert not [name for name in names if name.endswith((".pyc", ".env"))]


def test_every_link_of_the_readme_works_elsewhere(release: ModuleType) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)]+)\)", text)
    for link in links:
        path = link.partition("#")[0]
        assert "://" in link or not path or (ROOT / path).exists(), link
    changed = re.findall(r"\]\(([^)]+)\)", release.readme(text, given(release)))
    assert len(changed) == len(links)
    assert all(link.startswith(("https://", "#")) for link in changed)
    assert f"{URL}/raw/v9.8.7/snapshots/" in "".join(changed)


def test_nothing_is_invented(release: ModuleType) -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert "authors" not in text
    assert "urls" not in text
    bare = given(release, author="", url="", version="1.0", tag=None)
    assert release.pyproject(text, bare) == re.sub(r'^version = ".+"$', 'version = "1.0"', text, flags=re.MULTILINE)


@pytest.mark.parametrize(
    ("tags", "version"), [(["v1.2.3"], "1.2.3"), ([], r"0\.1\.0\.dev1"), (["nightly"], r"0\.1\.0\.dev1")]
)
def test_the_version_comes_from_the_tag(release: ModuleType, tmp_path: Path, tags: list[str], version: str) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "0.1.0"\n')
    author = ("-c", "user.name=x", "-c", "user.email=x@localhost")
    for words in (["init", "-q"], ["add", "."], [*author, "commit", "-qm", "x"], *(["tag", tag] for tag in tags)):
        subprocess.run(["git", *words], cwd=tmp_path, check=True, capture_output=True)
    found, tag = release.version_of(tmp_path)
    assert re.fullmatch(version, found)
    assert tag == next((name for name in tags if name.startswith("v")), None)
