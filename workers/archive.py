"""The backup's archive: members with their checksums, and the manifest as the last one.

It is written beside its name and gets it when it is whole and on disk; it is read only after every checksum
was found right.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import tarfile
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from domain.errors import LuguanjiaError

FORMAT = 1
MANIFEST = "manifest.json"
BLOCK = 1 << 20


class BackupError(LuguanjiaError):
    """Why nothing was backed up or restored, as a sentence."""


@dataclass(slots=True)
class Manifest:
    """``rows``: of each table. ``sequences``: the last number each gave. ``sums``: SHA-256 by member.
    ``missing``: pictures that were deleted while the backup ran."""

    revision: str
    made_at: str
    format: int = FORMAT
    rows: dict[str, int] = field(default_factory=dict)
    sequences: dict[str, int] = field(default_factory=dict)
    sums: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)


class Writer:
    """An archive being written, and what the manifest will say of it."""

    def __init__(self, archive: tarfile.TarFile, manifest: Manifest) -> None:
        self._archive = archive
        self.manifest = manifest

    def lines(self, name: str, lines: Iterable[bytes]) -> int:
        """Add a member line by line; how many. An archive wants to know its size first: the lines go
        through a file."""
        count = 0
        with tempfile.TemporaryFile() as file:
            for line in lines:
                file.write(line)
                count += 1
            self._add(name, file)
        return count

    def file(self, name: str, path: Path) -> bool:
        """Add a file. False if it is not there."""
        try:
            file = path.open("rb")
        except FileNotFoundError:
            return False
        with file:
            self._add(name, file)
        return True

    def end(self) -> None:
        """Add the manifest."""
        with tempfile.TemporaryFile() as file:
            file.write(json.dumps(asdict(self.manifest), ensure_ascii=False, indent=1).encode())
            self._add(MANIFEST, file)

    def _add(self, name: str, file: IO[bytes]) -> None:
        about = tarfile.TarInfo(name)
        about.size, about.mode = file.seek(0, os.SEEK_END), 0o600
        file.seek(0)
        self.manifest.sums[name] = _sum(file)
        file.seek(0)
        self._archive.addfile(about, file)


@contextmanager
def writing(target: Path, manifest: Manifest) -> Iterator[Writer]:
    """A new archive for its owner only. Raises ``OSError``, also when its name was taken meanwhile."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            with gzip.open(file, "wb", 6) as packed, tarfile.open(fileobj=packed, mode="w") as archive:
                writer = Writer(archive, manifest)
                yield writer
                writer.end()
            file.flush()
            os.fsync(file.fileno())
        os.link(name, target)  # unlike a rename, this never replaces a file that came meanwhile
    finally:
        Path(name).unlink()


def checked(source: Path) -> Manifest:
    """The manifest of a backup that is whole and unchanged. Raises ``BackupError``."""
    sums: dict[str, str] = {}
    manifest: Manifest | None = None
    try:
        with tarfile.open(source, "r|gz") as archive:
            for member, content in _read(archive):
                if member == MANIFEST:
                    manifest = Manifest(**json.load(content))
                else:
                    sums[member] = _sum(content)
    except FileNotFoundError as error:
        raise BackupError(f"没有 {source} 这个文件") from error
    except (OSError, EOFError, tarfile.TarError, zlib.error, ValueError, TypeError) as error:
        raise BackupError(f"{source} 不完整或不是备份文件,没有恢复") from error
    if manifest is None:  # cut off between two members
        raise BackupError(f"{source} 不完整或不是备份文件,没有恢复")
    if manifest.sums != sums:
        raise BackupError(f"{source} 的校验和不对,没有恢复。请用另一份备份")
    return manifest


def members(source: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Names and contents, in order; a content is to be read before the next one is asked for."""
    with tarfile.open(source, "r|gz") as archive:
        yield from _read(archive)


def _read(archive: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes]]]:
    for member in archive:
        content = archive.extractfile(member)
        path = PurePosixPath(member.name)
        if content is None or path.is_absolute() or ".." in path.parts:
            raise tarfile.TarError(f"unexpected member {member.name}")
        yield member.name, content


def _sum(content: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while block := content.read(BLOCK):
        digest.update(block)
    return digest.hexdigest()
