"""Where the bytes of photos lie: a private folder, a folder a village, sharded by their digest."""

import os
from pathlib import Path

from django.conf import settings

PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600
ORIGINAL, COPY, PART = "original", "copy.jpg", "part"


def place(village_id: int, sha256: str, what: str) -> Path:
    """The file of the original, the copy or what has arrived so far; it may not exist."""
    folder = Path(settings.ATTACHMENTS_DIR) / str(int(village_id)) / sha256[:2]
    return folder / f"{sha256}.{what}"


def write_at(path: Path, offset: int, content: bytes) -> None:
    """Put the bytes there; what stood after `offset` is gone."""
    descriptor = os.open(_made(path), os.O_WRONLY | os.O_CREAT, PRIVATE_FILE)
    with os.fdopen(descriptor, "r+b") as file:
        file.truncate(offset)
        file.seek(offset)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def write_whole(path: Path, content: bytes) -> None:
    """A new file, or all of it anew; never half of it under its name."""
    half = path.with_name(f"{path.name}.half")
    write_at(half, 0, content)
    half.replace(path)


def forget(path: Path) -> None:
    """Remove the file, if there is one."""
    path.unlink(missing_ok=True)


def _made(path: Path) -> Path:
    for folder in (path.parents[2], path.parents[1], path.parents[0]):
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    return path
