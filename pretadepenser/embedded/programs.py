"""The servers' programs from their wheels, readable by the account that runs them."""

import importlib.util
import os
import shutil
from pathlib import Path

from pretadepenser.embedded.errors import EmbeddedError
from pretadepenser.embedded.places import Places, is_reachable_by_all


def wheel_folder(package: str, setting: str) -> Path:
    """The folder of an installed package, without importing it, which would take most of a second."""
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise EmbeddedError(
            f"The package {package} is not installed (no wheel for this machine?): install up/requirements.txt, or set "
            f"{setting} to the address of a server."
        )
    return Path(found.origin).parent


def usable_file(program: Path, where: Places) -> Path:
    """``program`` itself, or its copy in the servers' home when their account cannot walk down to it."""
    if not where.runs_as_root or is_reachable_by_all(program):
        return program
    copy = where.home / "programs" / program.name
    if not copy.exists() or copy.stat().st_size != program.stat().st_size:
        _copy_file(program, copy)
    return copy


def usable_installation(wheel: Path, version: str, where: Places) -> Path:
    """PostgreSQL's folder of bin, lib and share inside ``wheel``, or a copy of it that its account can read.

    The programs find their libraries by relative path, in ``<wheel>.libs`` beside the wheel: both are copied.
    """
    inside = wheel / version
    if not where.runs_as_root or is_reachable_by_all(inside / "bin" / "postgres"):
        return inside
    programs = where.home / "programs" / f"{wheel.name}-{_stamp(inside)}"
    if not programs.exists():
        draft = programs.with_suffix(f".{os.getpid()}")
        shutil.rmtree(draft, ignore_errors=True)
        for part in ("bin", "lib", "share"):
            shutil.copytree(inside / part, draft / wheel.name / version / part)
        libraries = wheel.with_name(f"{wheel.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, draft / libraries.name)
        _open_to_all(draft)
        draft.replace(programs)
    return programs / wheel.name / version


def _copy_file(source: Path, target: Path) -> None:
    target.parent.mkdir(mode=0o755, exist_ok=True)
    draft = target.with_suffix(f".{os.getpid()}")
    shutil.copy2(source, draft)
    draft.chmod(0o755)
    draft.replace(target)


def _stamp(inside: Path) -> int:
    """A stamp that changes with the release of the wheel."""
    return (inside / "bin" / "postgres").stat().st_mtime_ns


def _open_to_all(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o444))
