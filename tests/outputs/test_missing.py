"""What to type for a package that is missing: right for each way in which linkytui may have been installed."""

from pathlib import Path

import pytest

from linkytui.outputs import missing


@pytest.fixture
def prefix(tmp_path: Path) -> Path:
    """An environment called linkytui."""
    folder = tmp_path / "linkytui"
    folder.mkdir()
    return folder


def told(prefix: Path, **environ: str) -> str:
    return missing._command("apprise", prefix, prefix / "bin" / "python3", environ)


def test_pipx_injects(prefix: Path) -> None:
    (prefix / "pipx_metadata.json").write_text("{}")
    assert told(prefix) == "pipx inject linkytui apprise"
    assert told(prefix, PIPX_GLOBAL_HOME=str(prefix.parent)) == "sudo pipx inject --global linkytui apprise"
    suffixed = prefix.rename(prefix.with_name("linkytui-new"))
    assert told(suffixed) == "pipx inject linkytui-new apprise"


@pytest.mark.parametrize(
    ("requirements", "command"),
    [
        ('[{ name = "linkytui" }]', "uv tool install --with apprise linkytui"),
        ('[{ name = "linkytui" }, { name = "apprise" }]', "uv tool install --with apprise linkytui"),
        (
            '[{ name = "linkytui", directory = "/home/a b/linkytui" }, { name = "mine" }]',
            "uv tool install --with mine --with apprise '/home/a b/linkytui'",
        ),
        (
            '[{ name = "linkytui", editable = "/home/me/linkytui" }]',
            "uv tool install --with apprise --editable /home/me/linkytui",
        ),
        ('[{ name = "linkytui", path = "/home/me/l.whl" }]', "uv tool install --with apprise /home/me/l.whl"),
        ("[]", "uv tool install --with apprise linkytui"),
        ("nonsense", "uv tool install --with apprise linkytui"),
    ],
)
def test_uv_is_told_all_that_it_was_told_before(prefix: Path, requirements: str, command: str) -> None:
    (prefix / "uv-receipt.toml").write_text(f"[tool]\nrequirements = {requirements}\n")
    assert told(prefix) == command


def test_an_environment_has_a_pip_of_its_own(prefix: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(prefix) == f"{prefix}/bin/python3 -m pip install apprise"
    monkeypatch.setattr("os.access", lambda _path, _mode: False)
    assert told(prefix) == f"sudo {prefix}/bin/python3 -m pip install apprise"


def test_an_image_is_built_anew(prefix: Path) -> None:
    (prefix / ".image").touch()
    assert told(prefix) == "docker build -t linkytui -f Containerfile --build-arg PACKAGES=apprise ."
