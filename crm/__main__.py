"""The entry of the command line: the version at once, everything else in `crm.cli`."""

from __future__ import annotations

import gc
import os
import sys


def main() -> None:
    """Run the command line and exit with its code."""
    gc.set_threshold(100_000)  # what imports make stays: looking for rubbish in it is a tenth of a short command
    if sys.argv[1:] in (["--version"], ["-V"]):
        from crm.version import __version__

        print(f"crm {__version__}")
        return
    from crm.cli.main import run

    code = run(sys.argv[1:], leaving=True)
    sys.stderr.flush()
    os._exit(code)  # what is on disk is whole already: closing the index and taking the modules apart is time lost


if __name__ == "__main__":
    main()
