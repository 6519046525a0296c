#!/usr/bin/env python3
"""Power cuts on a real ext4: what was acknowledged must be there afterwards.

Each round makes an ext4 image on a loop device, runs a command on it whose stdout lines are its acknowledgements,
shuts the file system down at a random moment without flushing its journal (what a power cut leaves), ends the
command, mounts again and runs a check. `{mount}` and `{acks}` (a file, one acknowledgement per line) are replaced
in both commands.

Promises: one JSON line per round; exit 0 only when every check passed, 1 otherwise, 77 where the machine has no
root or loop devices. The same seed gives the same delays. Mounts, devices and files of a round are gone after it.
Never: counts a line as acknowledged that was still incomplete at the cut; touches anything but its own image.
Needs: Linux, root, e2fsprogs, and nothing but the standard library.

  power_cut.py --rounds 20 --seed 1 --run 'WRITER {mount}' --check 'CHECKER {mount} {acks}'
  power_cut.py --self-test     a writer that syncs loses nothing; the control, which does not, must lose
"""

import argparse
import fcntl
import json
import os
import random
import shlex
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

EXT4_IOC_SHUTDOWN = 0x8004587D
NO_LOG_FLUSH = 2
CANNOT_RUN = 77
CHECK_SECONDS = 600
REAP_SECONDS = 30

WRITER = """
import os, sys
sys.excepthook = lambda *_: None  # The cut ends it with EIO.
mount, sync = sys.argv[1], sys.argv[2] == "sync"
directory = os.open(mount, os.O_RDONLY)
number = 0
while True:
    path = os.path.join(mount, str(number))
    handle = os.open(path + ".new", os.O_WRONLY | os.O_CREAT, 0o600)
    os.write(handle, (str(number) * 4096).encode()[:4096])
    if sync: os.fsync(handle)
    os.close(handle)
    os.rename(path + ".new", path)
    if sync: os.fsync(directory)
    print(number, flush=True)
    number += 1
"""

CHECKER = """
import os, sys
mount, acks = sys.argv[1:3]
lost = []
for number in open(acks).read().split():
    try: whole = open(os.path.join(mount, number)).read() == (number * 4096)[:4096]
    except OSError: whole = False
    if not whole: lost.append(number)
print(len(lost), "lost")
sys.exit(4 if lost else 0)
"""


def main():
    options = parse_options()
    if not can_run():
        print("power_cut: 需要 root 与回环设备  ·  needs root and loop devices", file=sys.stderr)
        return CANNOT_RUN
    if options.self_test:
        return self_test(options)
    rounds = list(play(options.run, options.check, options))
    return 0 if all(result["ok"] for result in rounds) else 1


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", help="the command that writes and acknowledges")
    parser.add_argument("--check", help="the command that checks; exit 0: all acknowledged is there")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--delay-ms-max", type=int, default=1500, help="the cut comes between 1/20 of this and this")
    parser.add_argument("--image-mib", type=int, default=256)
    parser.add_argument("--self-test", action="store_true")
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("--rounds: at least 1, or nothing is shown")
    if not options.self_test and not (options.run and options.check):
        parser.error("--run and --check, or --self-test")
    return options


def can_run():
    """Root, and a loop mount that the kernel really grants."""
    if os.geteuid() != 0:
        return False
    try:
        with tempfile.TemporaryDirectory() as work, Disk(Path(work), 16):
            return True
    except (OSError, subprocess.CalledProcessError):
        return False


class Disk:
    """An ext4 image on a loop device, mounted at `mount` while the block lasts."""

    def __init__(self, work, mib):
        self.image, self.mount = work / "image", work / "mount"
        self.mib = mib

    def __enter__(self):
        with open(self.image, "wb") as image:
            image.truncate(self.mib << 20)
        quiet("mkfs.ext4", "-q", "-F", self.image)
        self.mount.mkdir()
        self.attach()
        return self

    def attach(self):
        quiet("mount", "-o", "loop", self.image, self.mount)

    def detach(self):
        """A process that was just killed may hold the mount for a moment."""
        for _ in range(REAP_SECONDS * 10):
            try:
                return quiet("umount", self.mount)
            except subprocess.CalledProcessError as error:
                busy = error
                time.sleep(0.1)
        raise busy

    def cut_power(self):
        handle = os.open(self.mount, os.O_RDONLY)
        try:
            fcntl.ioctl(handle, EXT4_IOC_SHUTDOWN, struct.pack("=I", NO_LOG_FLUSH))
        finally:
            os.close(handle)

    def __exit__(self, *_):
        if os.path.ismount(self.mount):
            self.detach()


def quiet(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


class Acknowledgements:
    """Reads a stdout to its end in the background; `whole_lines` are the promises so far."""

    def __init__(self, stream):
        self.stream = stream
        self.read = b""
        self.lock = threading.Lock()
        self.thread = threading.Thread(target=self.follow, daemon=True)
        self.thread.start()

    def follow(self):
        while piece := os.read(self.stream.fileno(), 1 << 16):
            with self.lock:
                self.read += piece

    def whole_lines(self):
        with self.lock:
            return self.read[: self.read.rfind(b"\n") + 1]


def play(run, check, options):
    """All rounds, each printed as it ends."""
    chance = random.Random(options.seed)
    for number in range(options.rounds):
        delay_ms = chance.randint(options.delay_ms_max // 20, options.delay_ms_max)
        result = {"round": number, "seed": options.seed, "delay_ms": delay_ms, **play_round(run, check, delay_ms, options.image_mib)}
        print(json.dumps(result, ensure_ascii=False), flush=True)
        yield result


def play_round(run, check, delay_ms, image_mib):
    with tempfile.TemporaryDirectory(prefix="power-cut-") as work:
        work = Path(work)
        acks_file = work / "acks"
        with Disk(work, image_mib) as disk:
            acks, ended_early = run_until_cut(run, disk, acks_file, delay_ms)
            disk.detach()
            disk.attach()
            checked = subprocess.run(
                filled(check, disk, acks_file), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                timeout=CHECK_SECONDS, check=False,
            )
    said = checked.stdout.decode(errors="replace").strip().splitlines()
    return {
        "acks": acks,
        "ended_early": ended_early,
        "exit": checked.returncode,
        "ok": checked.returncode == 0,
        "check": said[-1] if said else "",
    }


def run_until_cut(run, disk, acks_file, delay_ms):
    """Runs the command, cuts the power, ends its process group. The promises are those read before the cut."""
    writer = subprocess.Popen(
        filled(run, disk, acks_file), stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, start_new_session=True
    )
    acks = Acknowledgements(writer.stdout)
    try:
        time.sleep(delay_ms / 1000)
        ended_early = writer.poll() is not None
        promised = acks.whole_lines()
        disk.cut_power()
    finally:
        try:
            os.killpg(writer.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        writer.wait(REAP_SECONDS)
        acks.thread.join(REAP_SECONDS)
    acks_file.write_bytes(promised)
    return promised.count(b"\n"), ended_early


def filled(command, disk, acks_file):
    places = {"{mount}": str(disk.mount), "{acks}": str(acks_file)}
    words = shlex.split(command)
    for name, value in places.items():
        words = [word.replace(name, value) for word in words]
    return words


def self_test(options):
    """A rig that never loses anything proves nothing: the control must lose."""
    python = shlex.quote(sys.executable)
    check = f"{python} -c {shlex.quote(CHECKER)} {{mount}} {{acks}}"
    outcomes = {}
    for kind in ("sync", "control"):
        run = f"{python} -c {shlex.quote(WRITER)} {{mount}} {kind}"
        outcomes[kind] = list(play(run, check, options))
    kept = all(result["ok"] and result["acks"] > 0 for result in outcomes["sync"])
    control_lost = all(not result["ok"] for result in outcomes["control"])
    print(json.dumps({"self_test": kept and control_lost, "sync_kept_all": kept, "control_lost": control_lost}))
    return 0 if kept and control_lost else 1


if __name__ == "__main__":
    sys.exit(main())
