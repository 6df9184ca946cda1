// Completes what is typed into VS Code's commit box, by `gitmerge-ai message --prefix`.
const { execFile } = require("child_process");
const vscode = require("vscode");

async function complete() {
  const { repositories } = vscode.extensions.getExtension("vscode.git").exports.getAPI(1);
  const repository = repositories.find((each) => each.ui.selected) || repositories[0];
  if (!repository) return;
  const box = repository.inputBox;
  const typed = box.value;
  const [subject, ...rest] = typed.split("\n");
  const asked = ["message", "--json", "--prefix", subject];
  const options = { cwd: repository.rootUri.fsPath };
  const found = await new Promise((resolve, reject) =>
    execFile("gitmerge-ai", asked, options, (error, stdout, stderr) =>
      error ? reject(new Error(stderr || error.message)) : resolve(JSON.parse(stdout)),
    ),
  );
  const texts = found.map((each) => each.text);
  const chosen = texts.length > 1 ? await vscode.window.showQuickPick(texts) : texts[0];
  if (chosen && box.value === typed) box.value = [chosen, ...rest].join("\n");
}

exports.activate = (context) => {
  const run = () => complete().catch((error) => vscode.window.showErrorMessage(error.message));
  context.subscriptions.push(vscode.commands.registerCommand("gitmerge-ai.message", run));
};
