#!/usr/bin/env python3
# 核验本卷：每个文件的 SHA-256 是否与清单一致，有无缺少、多出。只用 Python 3 标准库，不联网，不写盘。
# Checks this volume: every listed file is there with its SHA-256, and nothing else lies here.
# Python 3 and its standard library are all it needs; it writes nothing and asks no network.
#
#   python3 verify.py            核验本文件所在的目录 checks the directory it lies in
#   python3 verify.py D:\        核验指定的盘或目录 checks that drive or directory
#
# 退出码：0 一致；4 有损坏、缺少或多出。 Exit code: 0 all agrees; 4 damaged, missing or more than listed.
# 加密卷：核验的是盘上（加密后）的内容，不需要私钥。 Encrypted volumes: what lies here, no identity needed.
# 清单 tagmanifest-sha256.txt 自身的摘要登记在证据库账本中（随整盘映像的 BLAKE3）。
# What vouches for the lists is the BLAKE3 of the whole image, in the ledger of the vault.
import hashlib
import os
import sys
import unicodedata

LISTS = ["tagmanifest-sha256.txt", "manifest-sha256.txt"]
PIECE = 1 << 20


def same(name):
    """一个文件名的统一写法：有的系统把汉字、重音拆开存。 One spelling of a name on every system."""
    return unicodedata.normalize("NFC", name.replace(os.sep, "/"))


def long_path(path):
    """Windows 的长路径。 Long paths of Windows."""
    path = os.path.abspath(path)
    return "\\\\?\\" + path if os.name == "nt" and not path.startswith("\\\\") else path


def digest(path):
    """分块读取，多大的文件都可以。 Reads in pieces, whatever the length."""
    taken, length = hashlib.sha256(), 0
    with open(path, "rb") as file:
        for piece in iter(lambda: file.read(PIECE), b""):
            taken.update(piece)
            length += len(piece)
    return taken.hexdigest(), length


def lying(root):
    """盘上的全部文件。 Every file that lies here: name in the lists, path on this system."""
    found = {}
    for directory, _, names in os.walk(root):
        for name in names:
            path = os.path.join(directory, name)
            found[same(os.path.relpath(path, root))] = path
    return found


def main():
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    own = os.path.dirname(os.path.abspath(__file__))
    root = long_path(sys.argv[1] if len(sys.argv) > 1 else own)
    here = lying(root)
    wrong, listed, checked, data_bytes, data_files = [], set(LISTS[:1]), 0, 0, 0

    def tell(chinese, english, name):
        wrong.append(name)
        print("{} {}: {}".format(chinese, english, name))

    for list_name in LISTS:
        try:
            with open(here[list_name], encoding="utf-8") as file:
                lines = file.read().splitlines()
        except (KeyError, OSError, UnicodeDecodeError):
            tell("清单缺少或读不出", "list missing or unreadable", list_name)
            continue
        for line in lines:
            wanted, _, name = line.partition("  ")
            name = same(name)
            listed.add(name)
            if name not in here:
                tell("缺少", "missing", name)
                continue
            try:
                found, length = digest(here[name])
            except OSError as error:
                tell("读不出", "unreadable ({})".format(error.strerror), name)
                continue
            checked += 1
            if list_name == "manifest-sha256.txt":
                data_bytes, data_files = data_bytes + length, data_files + 1
            if found != wanted.lower():
                tell("损坏", "damaged", name)
    for name in sorted(set(here) - listed):
        tell("多出", "not listed", name)
    oxum = "{}.{}".format(data_bytes, data_files)
    try:
        with open(here["bag-info.txt"], encoding="utf-8") as file:
            said = [line.split(":", 1)[1].strip() for line in file if line.startswith("Payload-Oxum:")]
    except (KeyError, OSError, UnicodeDecodeError):
        said = []
    if said != [oxum]:
        tell("总字节数与件数不符", "Payload-Oxum is not " + oxum, "bag-info.txt")
    print("已核验 checked: {}; 有问题 wrong: {}".format(checked, len(wrong)))
    print("全部一致 All agrees." if not wrong else "不一致 Does not agree.")
    return 4 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
