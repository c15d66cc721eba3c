import * as os from "node:os";
import * as vscode from "vscode";
import { LanguageClient } from "vscode-languageclient/node";
import type { LanguageClientOptions, ServerOptions } from "vscode-languageclient/node";

const SECTION = "conv-lsp";
const CLIENT_KEYS = new Set(["path", "trace.server"]);
let client: LanguageClient | undefined;
/** What the Python extension uses for the workspace; the server asks it where nothing is set. */
let interpreter: string | undefined;
let log: vscode.LogOutputChannel;
/** The settings declared in package.json that are for the server, without the section's name. */
let serverKeys: string[] = [];

function expand(path: string): string {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? "";
  return path.replace(/^~(?=$|[\\/])/, os.homedir()).replaceAll("${workspaceFolder}", folder);
}

/**
 * What the user has chosen, in this editor or this workspace. Defaults are left out: sent along,
 * they would win over the project's own [tool.conv-lsp].
 */
function settings(): Record<string, unknown> {
  const configuration = vscode.workspace.getConfiguration(SECTION);
  const chosen: Record<string, unknown> = {};
  for (const key of serverKeys) {
    const found = configuration.inspect(key);
    const values = [found?.globalValue, found?.workspaceValue, found?.workspaceFolderValue];
    if (values.some((value) => value !== undefined)) {
      chosen[key] = configuration.get(key);
    }
  }
  if (typeof chosen["python"] === "string") {
    chosen["python"] = expand(chosen["python"]);
  }
  if (interpreter) {
    chosen["interpreter"] = interpreter;
  }
  return chosen;
}

/** The part of the Python extension's API that is used here. */
interface PythonEnvironments {
  getActiveEnvironmentPath(resource?: vscode.Uri): { path: string };
  onDidChangeActiveEnvironmentPath: vscode.Event<unknown>;
}

async function followInterpreter(context: vscode.ExtensionContext): Promise<void> {
  try {
    const python = vscode.extensions.getExtension<{ environments: PythonEnvironments }>("ms-python.python");
    const environments = (await python?.activate())?.environments;
    if (!environments) {
      return;
    }
    const take = (): void => {
      interpreter = environments.getActiveEnvironmentPath(vscode.workspace.workspaceFolders?.[0]?.uri).path;
    };
    take();
    context.subscriptions.push(
      environments.onDidChangeActiveEnvironmentPath(async () => {
        take();
        await sendSettings();
      }),
    );
    await sendSettings();
  } catch (error) {
    log.warn(String(error)); // an old or a broken one: the server looks for itself
  }
}

async function sendSettings(): Promise<void> {
  await client?.sendNotification("workspace/didChangeConfiguration", {
    settings: { [SECTION]: settings() },
  });
}

function createClient(): LanguageClient {
  const command = expand(vscode.workspace.getConfiguration(SECTION).get("path", "") || "conv-lsp");
  log.info(`starting ${command} server`);
  const server: ServerOptions = { command, args: ["server"] }; // a named transport adds an argument
  const options: LanguageClientOptions = {
    documentSelector: [
      { scheme: "file", language: "python" },
      { scheme: "untitled", language: "python" },
      { scheme: "vscode-notebook-cell", language: "python" },
    ],
    outputChannel: log,
    initializationOptions: settings,
    middleware: {
      workspace: {
        configuration: (params) =>
          params.items.map((item) => (item.section === SECTION ? settings() : null)),
        didChangeConfiguration: sendSettings,
      },
    },
    synchronize: { configurationSection: SECTION },
  };
  return new LanguageClient(SECTION, SECTION, server, options);
}

async function start(): Promise<void> {
  client = createClient();
  try {
    await client.start();
  } catch (error) {
    log.error(String(error));
    const open = "Open Settings";
    const chosen = await vscode.window.showErrorMessage(
      "conv-lsp did not start. Install it with `pip install conv-lsp`, or set conv-lsp.path.",
      open,
      "Show Logs",
    );
    if (chosen === open) {
      await vscode.commands.executeCommand("workbench.action.openSettings", "conv-lsp.path");
    } else if (chosen) {
      log.show();
    }
  }
}

async function stop(): Promise<void> {
  const old = client;
  client = undefined;
  try {
    await old?.dispose();
  } catch (error) {
    log.warn(String(error)); // a server that never started cannot be stopped
  }
}

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  log = vscode.window.createOutputChannel(SECTION, { log: true });
  serverKeys = Object.keys(context.extension.packageJSON.contributes.configuration.properties)
    .map((key) => key.slice(SECTION.length + 1))
    .filter((key) => !CLIENT_KEYS.has(key));
  context.subscriptions.push(
    log,
    vscode.commands.registerCommand("conv-lsp.showLogs", () => log.show()),
    vscode.commands.registerCommand("conv-lsp.restart", async () => {
      await stop();
      await start();
    }),
    vscode.workspace.onDidChangeConfiguration(async (event) => {
      if (event.affectsConfiguration("conv-lsp.path")) {
        await vscode.commands.executeCommand("conv-lsp.restart");
      }
    }),
  );
  // Not awaited: neither an error message that stays open nor another extension may hold activation.
  void start().then(() => followInterpreter(context));
}

export async function deactivate(): Promise<void> {
  await stop();
}
