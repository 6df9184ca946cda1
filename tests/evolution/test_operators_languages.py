"""Most of what is drawn parses and differs, in languages that write much in their own way."""

import random

import pytest

from gitmerge_ai.evolution.operators.mutator import Mutator
from gitmerge_ai.syntax.languages import for_path

BASH = """\
pack() {
    local total=0
    for file in "$1"/*.log; do
        if [ "$total" -lt 10 ] && [[ -f $file ]]; then
            total=$((total + 1))
            gzip -c "$file" > "$file.gz"
        fi
    done
    return $total
}
"""

PHP = """\
<?php
function pack(array $items, int $room): int {
    $total = 0;
    foreach ($items as $item) {
        if ($item < $room && !full($total)) {
            $total = $total + weigh($item, $room);
        }
    }
    return $total;
}
"""

SQL = """\
SELECT id, room - 5 AS rest FROM bins WHERE room >= 5 AND id < 100 ORDER BY room LIMIT 1;

UPDATE bins SET room = room - 5 WHERE id = 3 AND room > 5;

DELETE FROM bins WHERE room = 0;
"""

ELIXIR = """\
defmodule Packing do
  def pack(items, room) do
    if room < 3 do
      weigh(items, room) + 1
    else
      room
    end
  end
end
"""


@pytest.mark.parametrize(
    ("path", "text", "share"),
    [("a.sh", BASH, 0.75), ("a.php", PHP, 0.9), ("a.sql", SQL, 0.8), ("a.ex", ELIXIR, 0.9)],
)
def test_most_edits_parse_and_differ(path, text, share):
    row = for_path(path)
    assert row
    found, rng = Mutator(row, text.encode()), random.Random(3)
    drawn = [found.draw(rng.choice, None, rng) for _ in range(300)]
    made = [edit for edit in drawn if edit and found.made(edit) is not None]
    assert len(made) >= share * len(drawn)
