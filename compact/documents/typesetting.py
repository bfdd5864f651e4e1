"""The typesetter, run by `typeset.py` as a process of its own: the memory that it takes goes with it.

Reads JSON from its input (the template's path, the folders, the data) and writes the PDF to its output; when
it cannot, it says why and ends with 1. It never takes more time and memory than stands here.
"""

import json
import os
import resource
import sys

import typst

KINDNESS = 10  # pages that people wait for come first
SECONDS = 60  # of computing; the largest paper takes a tenth of it
MEMORY = 2 * 2**30  # bytes of addresses; the largest paper takes a third of it


def main() -> None:
    os.nice(KINDNESS)
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    order = json.load(sys.stdin)
    try:
        printed = typst.compile(
            f"{order['root']}/{order['template']}",
            root=order["root"],
            # The typeface of the project alone, so that a document looks the same wherever it is made.
            font_paths=typst.Fonts(
                include_system_fonts=False, include_embedded_fonts=False, font_paths=[order["fonts"]]
            ),
            sys_inputs={"data": order["data"]},
            format="pdf",
            pdf_standards="ua-1",
        )
    except typst.TypstError as error:
        sys.exit(str(error))
    sys.stdout.buffer.write(printed)


if __name__ == "__main__":
    main()
