import * as os from "node:os";
import * as vscode from "vscode";
import { State } from "vscode-languageclient/node";
import type { ExecuteCommandSignature, LanguageClient } from "vscode-languageclient/node";
import type { Program } from "./program";

const CHOOSE = "conv-lsp.chooseContext";
const AT_FIRST = "$(discard) as at first";
const EXAMPLE = "(1, 3, 224, 224)";

/** Which of the choices is shown; undefined if nobody says. */
async function ask(choices: string[]): Promise<string | undefined> {
  if (choices.length === 0 || (choices.length === 1 && !choices[0]?.endsWith(")"))) {
    void vscode.window.showInformationMessage("conv-lsp: there is one context here, and it is shown.");
    return undefined;
  }
  const placeHolder = "Show the sizes of which context?";
  const chosen = await vscode.window.showQuickPick([...choices, AT_FIRST], { placeHolder });
  return chosen === AT_FIRST ? "" : chosen;
}

/** A lens says which choices there are; the person is asked here and not by a message of the server. */
export async function execute(command: string, args: unknown[], next: ExecuteCommandSignature): Promise<unknown> {
  const [uri, choices, chosen] = args;
  if (command !== CHOOSE || chosen !== undefined || !Array.isArray(choices)) {
    return next(command, args);
  }
  const choice = await ask(choices.filter((item): item is string => typeof item === "string"));
  return choice === undefined ? undefined : next(command, [uri, choices, choice]);
}

function editor(): vscode.TextEditor | undefined {
  const active = vscode.window.activeTextEditor;
  return active?.document.languageId === "python" ? active : undefined;
}

export async function chooseContext(): Promise<void> {
  const uri = editor()?.document.uri.toString();
  const choices = uri && (await vscode.commands.executeCommand<unknown>("conv-lsp.contexts", uri));
  await vscode.commands.executeCommand(CHOOSE, uri, Array.isArray(choices) ? choices : []);
}

export async function setInput(): Promise<void> {
  const active = editor();
  if (!active) {
    return;
  }
  const sizes = await vscode.window.showInputBox({
    title: "Input of the class or function at the cursor",
    prompt: "Sizes in brackets; names are sizes that are not known: (N, 3, H, W)",
    value: EXAMPLE,
    valueSelection: [1, EXAMPLE.length - 1],
  });
  if (sizes) {
    const line = active.selection.active.line;
    await vscode.commands.executeCommand("conv-lsp.setInput", active.document.uri.toString(), line, sizes);
  }
}

/** Have the model run by PyTorch: never in a workspace that nobody has trusted. */
export async function verify(): Promise<void> {
  const uri = editor()?.document.uri.toString();
  if (uri && vscode.workspace.isTrusted) {
    await vscode.commands.executeCommand("conv-lsp.verify", uri);
  }
}

/** What somebody else needs to know to tell why it does not work. */
export async function debugInformation(
  extension: vscode.Extension<unknown>,
  client: LanguageClient | undefined,
  program: Program | undefined,
  settings: Record<string, unknown>,
): Promise<void> {
  const { version } = extension.packageJSON as { version: string };
  const server = client?.initializeResult?.serverInfo;
  const lines = [
    `extension    ${version}`,
    `editor       ${vscode.env.appName} ${vscode.version}, ${os.platform()} ${os.arch()}`,
    `workspace    ${vscode.workspace.isTrusted ? "trusted" : "not trusted"}`,
    `program      ${program ? [program.command, ...program.args].join(" ") : "none"}`,
    `chosen by    ${program?.why ?? "nothing was found"}`,
    `server       ${server ? `${server.name} ${server.version ?? ""}` : "none"}`,
    `state        ${client ? State[client.state] : "none"}`,
    `settings     ${JSON.stringify(settings, null, 2)}`,
    `capabilities ${JSON.stringify(client?.initializeResult?.capabilities ?? null, null, 2)}`,
  ];
  const content = `${lines.join("\n")}\n`;
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content }));
}
