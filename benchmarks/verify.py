"""`workflow verify` over many sign-off records: most in logs of their own, the rest as one long chain.

    python benchmarks/verify.py [RECORDS [CHAIN]]

Prints seconds and records per second, and beside them what bare `ssh-keygen -Y verify` takes, one after the other.
"""

from __future__ import annotations

import datetime
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from workflow.canonical import digest
from workflow.model import Decision, SignOff
from workflow.newsroom import Newsroom
from workflow.operations.init import init
from workflow.signing import NAMESPACE, SIGNERS_FILE, public_key, sign, signers_line, verify_arguments
from workflow.signoff import MEANINGS, format_record, payload

ROOT = Path(__file__).resolve().parent.parent
EDITOR = "editor@newsroom.example"
SEGMENTS = 30
AT_ONCE = 500
SAMPLE = 200


def main() -> None:
    """Makes the newsroom, verifies it, and tells how fast."""
    records = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    chain = int(sys.argv[2]) if len(sys.argv) > 2 else records // 5
    with tempfile.TemporaryDirectory() as folder:
        key = Path(folder, "key")
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
        newsroom = init(Path(folder, "newsroom"), datetime.datetime.now(datetime.UTC))
        newsroom.write(SIGNERS_FILE, f"{signers_line(EDITOR, public_key(key) or '')}\n".encode())
        begin = time.perf_counter()
        _write_logs(newsroom, key, Path(folder), records - chain)
        _write_chain(newsroom, key, chain)
        print(f"{records} records made in {time.perf_counter() - begin:.0f} s, {chain} of them one chain")
        bare = _bare_seconds(newsroom, key, Path(folder), min(records, SAMPLE))
        taken = _verify_seconds(newsroom)
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    load, cores = os.getloadavg()[0], os.cpu_count()
    print(f"bare ssh-keygen, one by one  {1 / bare:6.0f} records/s")
    print(f"workflow verify              {records / taken:6.0f} records/s, {taken:.1f} s, {memory:.0f} MB")
    print(f"{cores} processors, load {load:.1f}")


def _words(number: int) -> str:
    return f"---\nsection: news\n---\n\n{number}\n"


def _record(newsroom: Newsroom, slug: str, number: int, follows: tuple[str, ...] = ()) -> SignOff:
    """An approval of an edition whose text is its number."""
    return SignOff(
        decision=Decision.APPROVE,
        newsroom=newsroom.settings.url,
        story=slug,
        language="en",
        languages=("en",),
        section="news",
        role="editor",
        signer=EDITOR,
        name="The editor",
        meaning=MEANINGS[Decision.APPROVE],
        at=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC) + datetime.timedelta(seconds=number),
        edition=digest(_words(number)),
        source=digest("source"),
        segments=tuple(digest(f"{number} {segment}") for segment in range(SEGMENTS)),
        media={},
        follows=follows,
    )


def _write_logs(newsroom: Newsroom, key: Path, folder: Path, count: int) -> None:
    """One record a log; `ssh-keygen` signs many files in one go."""
    for start in range(0, count, AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, count))
        records = [_record(newsroom, f"2026/story-{number}", number) for number in numbers]
        files = [folder / f"payload-{number}" for number in numbers]
        for file, record in zip(files, records, strict=True):
            file.write_bytes(payload(record))
        command = ["ssh-keygen", "-q", "-Y", "sign", "-f", str(key), "-n", NAMESPACE, *map(str, files)]
        subprocess.run(command, check=True, capture_output=True)
        for file, record in zip(files, records, strict=True):
            signature = file.with_name(f"{file.name}.sig")
            _write_log(newsroom, [format_record(replace(record, signature=signature.read_text()))], record)
            file.unlink()
            signature.unlink()


def _write_chain(newsroom: Newsroom, key: Path, count: int) -> None:
    """Each record names the digest of the one before, signature and all."""
    lines: list[str] = []
    for number in range(count):
        record = _record(newsroom, "2026/chain", number, (digest(lines[-1]),) if lines else ())
        lines.append(format_record(replace(record, signature=sign(payload(record), key=key))))
    if lines:
        _write_log(newsroom, lines, record)


def _write_log(newsroom: Newsroom, lines: list[str], last: SignOff) -> None:
    newsroom.write(newsroom.log_file("en", last.story), "".join(f"{line}\n" for line in lines).encode(), durable=False)
    number = int((last.at - _record(newsroom, "", 0).at).total_seconds())
    newsroom.write(newsroom.edition_file("en", last.story), _words(number).encode(), durable=False)


def _bare_seconds(newsroom: Newsroom, key: Path, folder: Path, times: int) -> float:
    """What one check takes when a shell's loop does it."""
    record = _record(newsroom, "x", 0)
    asked, signature = folder / "asked", folder / "asked.sig"
    asked.write_bytes(payload(record))
    signature.write_text(sign(payload(record), key=key))
    arguments = verify_arguments(
        signers=str(newsroom.signers), signer=EDITOR, signature=str(signature), at=record.at, namespace=NAMESPACE
    )
    begin = time.perf_counter()
    for _ in range(times):
        with asked.open("rb") as stream:
            subprocess.run(["ssh-keygen", *arguments], stdin=stream, stdout=subprocess.DEVNULL, check=True)
    return (time.perf_counter() - begin) / times


def _verify_seconds(newsroom: Newsroom) -> float:
    command = [sys.executable, "-m", "workflow", "verify"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    begin = time.perf_counter()
    subprocess.run(command, check=True, cwd=newsroom.root, env=environment)
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
