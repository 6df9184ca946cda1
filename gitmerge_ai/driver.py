"""The script that git runs, with `python -I -S`, for every file that both sides changed.

Started like this, Python knows its standard library and nothing else, which is fast. This file
only tells it where the package is: a script is compiled at every start, an imported module is not.
"""

import os
import sys

CONFLICTS_LEFT = 10
"""Exit status when `%A` holds conflicts. It is not 1, because Python exits with 1 where it could
not even start this script, and then `%A` holds our side without a marker; the shell line that
`install` writes tells the two apart."""

if __name__ == "__main__":
    sys.path.append(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

    from gitmerge_ai.commands.driving import main

    try:
        conflicts = main(sys.argv[1:])
    except Exception as error:
        sys.exit(f"gitmerge-ai: {error}")
    sys.exit(CONFLICTS_LEFT if conflicts else 0)
