"""Files of the hubs: downloaded once, checked each time, refused when a byte differs."""

import hashlib
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from huggingface_hub import close_session, constants, hf_hub_url

from tests.vision.ml.loopback_hub import REPOSITORY, REVISION, LoopbackHub, loopback_hub
from vision.ml.encoders.classifiers import NARROW, classifier_names
from vision.ml.hub import HubFile, download, file_sha256, hub_files
from vision.ml.types import BenchmarkError

CONTENT = bytes(range(256)) * 4096
SHA256 = hashlib.sha256(CONTENT).hexdigest()
KINDS = ("hugging face", "pytorch")


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[LoopbackHub]:
    """A hub with one file, and empty caches."""
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(urllib.request, "_opener", None)  # which remembers the proxies of an earlier test
    with loopback_hub(CONTENT) as served:
        monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
        monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hf"))
        template = constants.HUGGINGFACE_CO_URL_TEMPLATE.replace(constants.ENDPOINT, served.address)
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
        monkeypatch.setattr(constants, "ENDPOINT", served.address)
        monkeypatch.setattr(constants, "HF_HUB_DISABLE_TELEMETRY", True)  # as vision.ml asks before the import
        close_session()
        yield served
    close_session()


def served_file(hub: LoopbackHub, kind: str) -> HubFile:
    """The hub's file, pinned by the hash of ``CONTENT``: the whole one, or as much as torchvision's names tell."""
    if kind == "pytorch":
        name = f"network-{SHA256[:8]}.pth"
        return HubFile(f"{hub.address}/models/{name}", name, SHA256[:8], "IMAGENET1K_V1")
    name = "model.safetensors"
    return HubFile(hf_hub_url(REPOSITORY, name, revision=REVISION), name, SHA256, REVISION, REPOSITORY)


def kept_files(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file() and path.stat().st_size > 1000]


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_is_downloaded_once(hub: LoopbackHub, kind: str) -> None:
    file = served_file(hub, kind)
    path = download(file)
    assert path.read_bytes() == CONTENT
    assert path.name == file.name
    assert [method for method, _ in hub.requests if method == "GET"] == ["GET"]
    requests = len(hub.requests)
    assert download(file) == path
    assert len(hub.requests) == requests


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_with_one_wrong_byte_is_refused_and_not_kept(hub: LoopbackHub, kind: str, tmp_path: Path) -> None:
    file = served_file(hub, kind)
    hub.content = CONTENT[:-1] + b"?"
    with pytest.raises(BenchmarkError, match="is not the pinned file: its sha256 is"):
        download(file)
    assert kept_files(tmp_path) == []
    hub.content = CONTENT
    assert download(file).read_bytes() == CONTENT


@pytest.mark.parametrize("kind", KINDS)
def test_a_kept_file_that_was_changed_since_is_refused_and_downloaded_again(hub: LoopbackHub, kind: str) -> None:
    file = served_file(hub, kind)
    download(file).write_bytes(b"numbers that somebody changed")
    with pytest.raises(BenchmarkError, match="It was deleted: try again"):
        download(file)
    assert download(file).read_bytes() == CONTENT


def test_a_broken_connection_is_resumed_where_it_broke(hub: LoopbackHub) -> None:
    hub.drops = 1
    assert download(served_file(hub, "hugging face")).read_bytes() == CONTENT
    assert [method for method, _ in hub.requests].count("GET") == 2


def test_a_file_that_ends_early_is_refused(hub: LoopbackHub, tmp_path: Path) -> None:
    hub.drops = 1
    with pytest.raises(BenchmarkError, match="is not the pinned file"):
        download(served_file(hub, "pytorch"))
    assert kept_files(tmp_path) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_hub_out_of_reach_is_an_error_at_once(hub: LoopbackHub, kind: str) -> None:
    hub.server_close()
    with pytest.raises(OSError, match=r"refused|reset"):
        download(served_file(hub, kind))


def test_offline_a_kept_file_is_read_and_no_other_is_asked_for(
    hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = served_file(hub, "hugging face")
    path = download(file)
    requests = len(hub.requests)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    close_session()
    assert download(file) == path
    with pytest.raises(OSError, match="HF_HUB_OFFLINE"):
        download(replace(file, name="other.safetensors"))
    assert len(hub.requests) == requests


@pytest.mark.parametrize("kind", KINDS)
def test_several_at_once_download_a_file_once(hub: LoopbackHub, kind: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        paths = set(pool.map(download, 4 * [served_file(hub, kind)]))
    assert [path.read_bytes() for path in paths] == [CONTENT]
    assert [method for method, _ in hub.requests].count("GET") == 1


SCRIPT = f"""
from huggingface_hub import hf_hub_url
from vision.ml.hub import HubFile, download

url = hf_hub_url("{REPOSITORY}", "model.safetensors", revision="{REVISION}")
print(download(HubFile(url, "model.safetensors", "{SHA256}", "{REVISION}", "{REPOSITORY}")))
"""


def test_environment_variables_choose_the_mirror_and_the_cache(hub: LoopbackHub, tmp_path: Path) -> None:
    environment = os.environ | {"HF_ENDPOINT": hub.address, "HF_HOME": str(tmp_path / "home")}
    command = [sys.executable, "-c", f"import vision.ml\n{SCRIPT}"]
    result = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    path = Path(result.stdout.strip())
    assert path.is_relative_to(tmp_path / "home")
    assert path.read_bytes() == CONTENT
    assert {path for _, path in hub.requests} == {f"/{REPOSITORY}/resolve/{REVISION}/model.safetensors"}


def test_every_classifier_has_a_pinned_file_at_the_hub() -> None:
    for name in classifier_names():
        if name == NARROW:
            assert hub_files(name) == ()
            continue
        (file,) = hub_files(name)
        assert file.url == f"https://download.pytorch.org/models/{file.name}"
        assert len(file.sha256) >= 8
        assert set(file.sha256) <= set("0123456789abcdef"), name
        assert file.revision.startswith("IMAGENET1K_")


def test_other_hub_files_are_pinned_by_commit_and_whole_hash() -> None:
    for name in ("clip-vit-base-patch32", "siglip2-base-patch16-224"):
        for file in hub_files(name):
            assert f"/{file.repository}/resolve/{file.revision}/{file.name}" in file.url
            assert (len(file.revision), len(file.sha256)) == (40, 64)


def test_a_files_sha256_is_that_of_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert file_sha256(tmp_path / "a") == hashlib.sha256(b"abc").hexdigest()
