"""A tablespace of a PostgreSQL server on a disk of its own that is small enough to be filled."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from suite import database, stack
from suite.people import fresh
from suite.waiting import await_that


class SmallDisk:
    """A tmpfs whose size is lowered to what it holds. Only root may mount it."""

    def __init__(self, server: str, mebibytes: int = 1024):
        self.server, self._mebibytes = server, mebibytes
        self.tablespace = fresh("disk").replace("-", "_")
        self.folder = stack.ROOT / ".local" / "servers" / self.tablespace
        # The server must be able to read and write there: the user that owns its data runs it.
        data = Path(database.value("SELECT current_setting('data_directory') AS folder", server=server)).stat()
        self.folder.mkdir(mode=0o700)
        try:
            _run("mount", "-t", "tmpfs", "-o", f"size={mebibytes}m,mode=700,uid={data.st_uid},gid={data.st_gid}", "tmpfs",
                 str(self.folder))
        except BaseException:
            self.folder.rmdir()
            raise
        database.execute(f"CREATE TABLESPACE {self.tablespace} LOCATION '{self.folder}'", server=server)
        database.execute(f"GRANT CREATE ON TABLESPACE {self.tablespace} TO PUBLIC", server=server)

    def __str__(self) -> str:
        return f"the small disk of {self.server}"

    @contextmanager
    def holds_new_tables(self) -> Iterator[None]:
        """Has the tables of tenants that are made meanwhile lie on the disk."""
        database.execute(f"ALTER DATABASE guichet SET default_tablespace = {self.tablespace}", server=self.server)
        try:
            yield
        finally:
            database.execute("ALTER DATABASE guichet RESET default_tablespace", server=self.server)

    def fill(self) -> None:
        """Leaves no space for more than the disk holds now."""
        def is_full() -> bool:
            disk = os.statvfs(self.folder)
            # Refused if the server has just written more.
            return self._resize((disk.f_blocks - disk.f_bfree) * disk.f_frsize // 1024)

        await_that(is_full, f"{self} cannot be filled")

    def free(self) -> None:
        """Gives back the space that `fill` has taken."""
        assert self._resize(self._mebibytes * 1024)

    def _resize(self, kibibytes: int) -> bool:
        command = ["mount", "-o", f"remount,size={kibibytes}k", str(self.folder)]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    def remove(self) -> None:
        """Moves the tables that lie on the disk to the server's own, and unmounts it."""
        self.free()
        await_that(self._move, f"the tables on {self} are in use")
        database.execute(f"DROP TABLESPACE {self.tablespace}", server=self.server)
        _run("umount", "--lazy", str(self.folder))
        self.folder.rmdir()

    def _move(self) -> bool:
        """Returns False if a service that works with the tables is in the way."""
        try:
            for kind in ("TABLE", "INDEX"):
                database.execute(
                    f"ALTER {kind} ALL IN TABLESPACE {self.tablespace} SET TABLESPACE pg_default", server=self.server)
        except RuntimeError as error:
            if "deadlock" in str(error):
                return False
            raise
        return True


@contextmanager
def small_disk(server: str) -> Iterator[SmallDisk]:
    """A disk that is removed afterwards."""
    disk = SmallDisk(server)
    try:
        yield disk
    finally:
        disk.remove()


def may_mount() -> bool:
    """Whether this process is permitted to mount file systems."""
    return os.geteuid() == 0 and shutil.which("unshare") is not None and subprocess.run(
        ["unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, check=False,
    ).returncode == 0


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
