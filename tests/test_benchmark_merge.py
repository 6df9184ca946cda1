"""`benchmarks/merge.py` tells the four outcomes apart, and reads every layout of a case."""

import json
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[1] / "benchmarks" / "merge.py"
FIXED = f"{sys.executable} -c 'import sys; sys.stdout.write(open(sys.argv[1]).read())'"
BASE, OURS, THEIRS = "a\nb\nc\n", "a\nours\nc\n", "a\ntheirs\nc\n"
CONFLICT = "a\n<<<<<<< L\nours\n||||||| B\nb\n=======\ntheirs\n>>>>>>> R\nc\n"


def case(folder, extension="txt", **texts):
    folder.mkdir(parents=True)
    for name, text in texts.items():
        (folder / f"{name}.{extension}").write_text(text)
    return folder


def run(*arguments):
    command = [sys.executable, str(SCRIPT), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def records(tmp_path, *arguments, root="cases"):
    out = tmp_path / "out.json"
    done = run(tmp_path / root, "--json", out, "--in-process", *arguments)
    assert done.returncode == 0, done.stderr
    return {(r["case"], r["tool"]): r for r in json.loads(out.read_text())}


def by_tool(tmp_path, name, *command):
    found = records(tmp_path, "--also", f"{name}={' '.join(command)}")
    return {key[0].partition("/")[2]: r["outcome"] for key, r in found.items() if key[1] == name}


def test_four_outcomes_and_crashes(tmp_path):
    cases = tmp_path / "cases"
    sides = {"base": BASE, "ours": OURS, "theirs": THEIRS}
    case(cases / "exact", expected=OURS, **sides)
    case(cases / "space", expected="a\n  ours\n\nc", **sides)
    case(cases / "other", expected=THEIRS, **sides)
    case(cases / "joined", expected="aours\nc\n", **sides)
    case(cases / "wants-conflict", expected=CONFLICT, **sides)
    assert by_tool(tmp_path, "takes-ours", FIXED, "{ours}") == {
        "exact": "exact",
        "space": "space",
        "other": "different",
        "joined": "different",
        "wants-conflict": "different",
    }
    assert set(by_tool(tmp_path, "fails", "false").values()) == {"crashed"}
    found = records(tmp_path)
    assert found["cases/other", "git merge-file"]["outcome"] == "left"
    assert found["cases/wants-conflict", "git merge-file"]["outcome"] == "exact"


def test_an_expected_conflict_is_compared_without_its_labels(tmp_path):
    sides = {"base": BASE, "ours": OURS, "theirs": THEIRS}
    expected = CONFLICT.replace("ours", "  ours")
    case(tmp_path / "cases" / "spaced", expected=expected, **sides)
    case(tmp_path / "cases" / "elsewhere", expected=CONFLICT.replace("b\n=", "x\n="), **sides)
    found = records(tmp_path)
    assert found["cases/spaced", "git merge-file"]["outcome"] == "space"
    assert found["cases/elsewhere", "git merge-file"]["outcome"] == "left"


PATHS = (
    ("py", {}, "file.py"),
    ("requirements.txt", {}, "requirements.txt"),
    ("go.mod", {}, "go.mod"),
    ("CODEOWNERS", {}, "CODEOWNERS"),
    ("gitignore", {}, "file.gitignore"),
    ("editorconfig", {}, ".editorconfig"),
    ("xyz", {}, "file.xyz"),
    ("py", {"path.txt": "src/a b.py\n"}, "src/a b.py"),
    ("py", {"meta.json": '{"path": "x/y.pyi"}'}, "x/y.pyi"),
)


def test_the_path_of_a_case(tmp_path):
    sides = {"base": BASE, "ours": OURS, "theirs": THEIRS, "expected": OURS}
    for number, (extension, extra, _) in enumerate(PATHS):
        folder = case(tmp_path / "cases" / str(number), extension, **sides)
        for name, text in extra.items():
            (folder / name).write_text(text)
    say = f"{sys.executable} -c 'import sys; sys.exit(sys.argv[1])' {{path}}"
    found = records(tmp_path, "--also", f"says={say}")
    for number, (_, _, path) in enumerate(PATHS):
        assert found[f"cases/{number}", "says"]["note"] == f"exit 1: {path}"


def test_left_and_right_and_a_missing_base(tmp_path):
    folder = tmp_path / "cases" / "deep" / "er"
    case(folder, "py", Left="x = 1\n", Right="x = 1\n", Expected="x = 1\n")
    found = records(tmp_path)
    assert found["cases/deep/er", "gitmerge-ai"]["outcome"] == "exact"
    assert found["cases/deep/er", "gitmerge-ai"]["language"] == "python"


def test_every_way_of_calling_gives_the_same(tmp_path):
    text = "import a\n\n\ndef f():\n    return 1\n"
    ours, theirs = text.replace("a\n", "a\nimport b\n"), text.replace("a\n", "a\nimport c\n")
    expected = text.replace("a\n", "a\nimport b\nimport c\n")
    case(tmp_path / "cases" / "one", "py", base=text, ours=ours, theirs=theirs, expected=expected)
    for how in ("--driver", "--merge-file", "--in-process"):
        found = records(tmp_path, how)
        assert found["cases/one", "gitmerge-ai"]["outcome"] == "exact", how


def test_runs_are_compared_and_listed(tmp_path):
    sides = {"base": BASE, "ours": OURS, "theirs": THEIRS}
    folder = case(tmp_path / "cases" / "one", expected=OURS, **sides)
    old = tmp_path / "old.json"
    run(tmp_path / "cases", "--in-process", "--json", old)
    assert "no case changed" in run(tmp_path / "cases", "--in-process", "--compare", old).stdout
    (folder / "expected.txt").write_text(CONFLICT)
    done = run(tmp_path / "cases", "--in-process", "--compare", old, "--list", "exact")
    assert "git merge-file: left -> exact (1)" in done.stdout
    assert done.stdout.rstrip().endswith(str(folder))


def test_the_driver_is_timed_beside_git(tmp_path):
    case(tmp_path / "cases" / "one", "py", base=BASE, ours=OURS, theirs=THEIRS, expected=OURS)
    script = SCRIPT.with_name("driver_time.py")
    command = [sys.executable, str(script), str(tmp_path / "cases"), "--rounds", "3"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "1 conflicted files, 0 left to git" in done.stdout
    ratios = [float(line.rpartition(": ")[2]) for line in done.stdout.splitlines()[-2:]]
    assert all(0.5 < ratio < 20 for ratio in ratios)
