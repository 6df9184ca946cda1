"""Dependencies and their versions, out of every kind of manifest."""

import pytest

from gitmerge_ai.messages.manifests import MANIFESTS, required

POM = "<dependency>\n  <artifactId>junit</artifactId>\n  <version>5.9.1</version>\n</dependency>\n"
PRE_COMMIT = "repos:\n- repo: https://github.com/psf/black.git\n  rev: v23.1.0\n  hooks: []\n"


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        (
            "requirements.txt",
            "one==1.0\ntwo[more]>=2.1,<3\n# x 1.2\n",
            {"one": "1.0", "two": "2.1"},
        ),
        ("setup.py", "    'click>=8.0',\n", {"click": "8.0"}),
        (
            "pyproject.toml",
            'version = "1.2.0"\n"rich~=13.1"\n',
            {"version": "1.2.0", "rich": "13.1"},
        ),
        ("package.json", '  "@types/a": "^1.2.3",\n', {"@types/a": "1.2.3"}),
        ("Cargo.toml", 'serde = "1.0.1"\n', {"serde": "1.0.1"}),
        ("Cargo.toml", 'serde = { version = "1.0.2", features = [] }\n', {"serde": "1.0.2"}),
        ("go.mod", "\texample.org/a v1.2.3 // indirect\n", {"example.org/a": "1.2.3"}),
        ("go.mod", "require example.org/a v1.2.3\n", {"example.org/a": "1.2.3"}),
        ("Gemfile", 'gem "rails", "~> 7.0.1"\n', {"rails": "7.0.1"}),
        ("pom.xml", POM, {"junit": "5.9.1"}),
        ("build.gradle", "  implementation 'com.a:b:1.2.3'\n", {"com.a:b": "1.2.3"}),
        ("build.gradle.kts", '  api("com.a:b:1.2.3")\n', {"com.a:b": "1.2.3"}),
        ("App.csproj", '  <PackageReference Include="X.Y" Version="1.2.3" />\n', {"X.Y": "1.2.3"}),
        (
            ".github/workflows/ci.yml",
            "    - uses: actions/checkout@v4\n",
            {"actions/checkout": "4"},
        ),
        (
            ".github/workflows/ci.yml",
            "    uses: a/b/.github/workflows/c.yml@v4.1.2\n",
            {"a/b": "4.1.2"},
        ),
        (
            ".github/workflows/ci.yml",
            f"    - uses: actions/checkout@{'1f' * 20} # v4.1.2\n",
            {"actions/checkout": "4.1.2"},
        ),
        (
            ".github/workflows/ci.yml",
            f"    - uses: 'actions/checkout@{'1f' * 20}'\n",
            {"actions/checkout": "1f" * 20},
        ),
        (".pre-commit-config.yaml", PRE_COMMIT, {"black": "23.1.0"}),
        ("Dockerfile", "FROM python:3.11-slim AS build\n", {"python": "3.11-slim"}),
        ("composer.json", '"a/b": "~1.2.3",\n', {"a/b": "1.2.3"}),
        ("requirements.txt", "\xff\n-r other.txt\n\n", {}),
    ],
)
def test_versions_are_read(path, text, found):
    assert MANIFESTS.search(path)
    assert required(text.encode("latin-1")) == found


@pytest.mark.parametrize("path", ["src/requirements.py", "package.json.md", "go.model", "a.txt"])
def test_other_files_are_no_manifests(path):
    assert not MANIFESTS.search(path)
