"""Medians of ten starts of each command, the plain jar and the distribution in turns.

python3 src/dist/measure-start.py target/kvpurge.jar target/dist/kvpurge-VERSION/bin/kvpurge
"""
import statistics
import subprocess
import sys
import tempfile
import time

JAR, SCRIPT = sys.argv[1:3]
WAYS = {"plain jar": ["java", "-jar", JAR], "distribution": [SCRIPT]}

with tempfile.TemporaryDirectory() as home:
    subprocess.run([*WAYS["distribution"], "demo", "--home", home, "--progress", "none"],
                   check=True, capture_output=True)
    commands = {
        "--help": ["--help"],
        "--version": ["--version"],
        "usage error": ["rnu"],
        "validate": ["validate", "jobs/expired-sessions.yaml"],
        "status": ["status", "--home", home],
    }
    for name, arguments in commands.items():
        seconds = {way: [] for way in WAYS}
        for _ in range(10):
            for way, line in WAYS.items():
                begin = time.perf_counter()
                done = subprocess.run([*line, *arguments], capture_output=True)
                seconds[way].append(time.perf_counter() - begin)
                assert done.returncode == (2 if name == "usage error" else 0), done.stderr
        print(name, *(f"{way} {statistics.median(times):.2f} s (from {min(times):.2f} to {max(times):.2f})"
                      for way, times in seconds.items()), sep=" | ", flush=True)
