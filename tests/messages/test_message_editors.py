"""The bindings for editors that are documented, as they are documented."""

import os
import re
import shutil
from pathlib import Path

import pytest
from repositories import ROOT

VSCODE = """
const box = { value: "Fix ty\\n\\nbody" };
const repository = { ui: { selected: true }, inputBox: box, rootUri: { fsPath: process.cwd() } };
const api = { repositories: [repository] };
exports.box = box;
exports.extensions = { getExtension: () => ({ exports: { getAPI: () => api } }) };
exports.window = {
  showQuickPick: async (texts) => texts[0],
  showErrorMessage: (words) => console.error(words),
};
exports.commands = { registerCommand: (name, run) => (exports.run = run) };
"""

CALL = """
const vscode = require("vscode");
require(process.argv[1]).activate({ subscriptions: [] });
vscode.run().then(() => console.log(vscode.box.value));
"""


@pytest.mark.skipif(not shutil.which("vim"), reason="there is no vim")
def test_vim_completes_what_was_typed(hooked, tmp_path, on_path):
    (script,) = re.findall(r"```vim\n(.*?)```", (ROOT / "docs/messages.md").read_text(), re.DOTALL)
    place = Path(os.environ["HOME"], ".vim", "after", "ftplugin", "gitcommit.vim")
    place.parent.mkdir(parents=True)
    place.write_text(script)
    keys = tmp_path / "keys"
    keys.write_bytes(b"ggOFix ty\x07\x19\x1b:wq\r")
    (tmp_path / "rc").write_text("set nocompatible noswapfile\nfiletype plugin on\n")
    editor = f"vim -T dumb -u '{tmp_path}/rc' -s '{keys}' --not-a-term"
    hooked.git("config", "gitmerge-ai.messages", "false")
    environment = {**os.environ, "PATH": on_path, "GIT_EDITOR": editor, "TERM": "dumb"}
    hooked.git("commit", "-q", env=environment, timeout=30)
    assert hooked.last() == "Fix typo in page1.md"


@pytest.mark.skipif(not shutil.which("node"), reason="there is no node")
def test_vs_code_completes_what_was_typed(hooked, tmp_path, on_path):
    modules = tmp_path / "modules"
    (modules / "vscode").mkdir(parents=True)
    (modules / "vscode" / "index.js").write_text(VSCODE)
    command = ["node", "-e", CALL, str(ROOT / "examples" / "vscode" / "extension.js")]
    environment = {**os.environ, "PATH": on_path, "NODE_PATH": str(modules)}
    done = hooked.run(*command, env=environment, timeout=30)
    assert (done.stdout, done.stderr) == (b"Fix typo in page1.md\n\nbody\n", b"")
