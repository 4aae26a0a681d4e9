"""Checks an inspection bundle with nothing but Python: python3 verify.py BUNDLE.zip [EVENT_ID HEAD_HASH]

1. every file is the one the manifest names; 2. each source is the text whose digest the conclusion names;
3. the chain of seals holds over all events, those of other supervisions shown by their digest only;
4. with an anchor noted elsewhere (anchors.log): the chain reaches it with the same hash.
"""

import hashlib
import json
import sys
import zipfile


def lines(archive: zipfile.ZipFile, name: str) -> list[dict]:  # type: ignore[type-arg]
    return [json.loads(line) for line in archive.read(name).decode("utf-8").splitlines()]


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def wrong_files(archive: zipfile.ZipFile) -> list[str]:
    named = json.loads(archive.read("manifest.json"))["files"]
    wrong = [
        f"{name}: not the file the manifest names"
        for name in named
        if digest(archive.read(name)) != named[name]
    ]
    extra = set(archive.namelist()) - set(named) - {"manifest.json", "verify.py"}
    wrong += [f"{name}: not in the manifest" for name in sorted(extra)]
    for one in lines(archive, "conclusions.jsonl"):
        if digest(archive.read(f"sources/{one['code']}.txt")) != one["text_sha256"]:
            wrong.append(f"sources/{one['code']}.txt: not the text that was taken in")
    return wrong


def wrong_seals(archive: zipfile.ZipFile, anchor: list[str]) -> list[str]:
    rows = [(json.loads(line), line) for line in archive.read("events.jsonl").splitlines()]
    digests = {row["id"]: digest(line) if "act" in row else row["sha256"] for row, line in rows}
    wrong, previous, after, heads = [], "0" * 64, 0, {}
    for seal in lines(archive, "seals.jsonl"):
        ids = [key for key in sorted(digests) if after < key <= seal["last_event_id"]]
        link = digest(previous.encode() + b"".join(digests[key].encode() + b"\n" for key in ids))
        if (seal["previous_hash"], seal["count"], seal["hash"]) != (previous, len(ids), link):
            wrong.append(f"events {seal['first_event_id']}-{seal['last_event_id']}: the seal does not hold")
        previous, after = seal["hash"], seal["last_event_id"]
        heads[after] = previous
    if anchor and heads.get(int(anchor[0])) != anchor[1]:
        wrong.append(f"anchor {anchor[0]}: the chain does not reach it")
    return wrong


if __name__ == "__main__":
    with zipfile.ZipFile(sys.argv[1]) as bundle:
        faults = wrong_files(bundle) + wrong_seals(bundle, sys.argv[2:4])
    sys.stdout.write("\n".join(faults or ["OK: files, sources and chain hold"]) + "\n")
    sys.exit(1 if faults else 0)
