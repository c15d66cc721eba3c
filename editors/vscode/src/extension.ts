import * as vscode from "vscode";
import { CloseAction, ErrorAction, LanguageClient } from "vscode-languageclient/node";
import type { LanguageClientOptions } from "vscode-languageclient/node";
import * as commands from "./commands";
import { type Program, find } from "./program";
import { follow } from "./python";
import { SECTION, chosen, serverKeys } from "./settings";
import { Status } from "./status";

const DOCUMENTS = [
  { scheme: "file", language: "python" },
  { scheme: "untitled", language: "python" },
  { scheme: "vscode-notebook-cell", language: "python" },
];
/** With what the server is found: a change of these starts another one. */
const STARTING = ["path", "importStrategy", "interpreter"];

/** Milliseconds that an old server has for its end. */
const PATIENCE = 5_000;
/** Times that a server that has run is started again when it ends. */
const RESTARTS = 4;

let client: LanguageClient | undefined;
let program: Program | undefined;
/** What the Python extension uses for the workspace; the server asks it where nothing is set. */
let interpreter: string | undefined;
let extension: vscode.Extension<unknown>;
let log: vscode.LogOutputChannel;
let status: Status;
let turn: Promise<void> = Promise.resolve();

function settings(): Record<string, unknown> {
  const trusted = vscode.workspace.isTrusted;
  const given = chosen(serverKeys(extension.packageJSON));
  return { ...given, ...(trusted && interpreter ? { interpreter } : {}), trusted };
}

async function sendSettings(): Promise<void> {
  await client?.sendNotification("workspace/didChangeConfiguration", { settings: { [SECTION]: settings() } });
}

/** `refuse` is told when the program runs and is no server: `start` of the client then never ends. */
function createClient({ command, args }: Program, refuse: (error: unknown) => void): LanguageClient {
  let restarts = 0;
  const options: LanguageClientOptions = {
    documentSelector: DOCUMENTS,
    outputChannel: log,
    initializationOptions: settings,
    errorHandler: {
      error: () => ({ action: ErrorAction.Continue }),
      closed: () => {
        const again = (client?.initializeResult && restarts++ < RESTARTS) ?? false;
        refuse("the server has ended");
        return { action: again ? CloseAction.Restart : CloseAction.DoNotRestart, handled: !client?.initializeResult };
      },
    },
    initializationFailedHandler: (error) => {
      refuse(error);
      return false;
    },
    middleware: {
      executeCommand: commands.execute,
      provideInlayHints: (document, range, token, next) => status.during(next(document, range, token)),
      provideHover: (document, position, token, next) => status.during(next(document, position, token)),
      workspace: {
        configuration: (params) => params.items.map((item) => (item.section === SECTION ? settings() : null)),
        didChangeConfiguration: sendSettings,
      },
    },
    synchronize: { configurationSection: SECTION },
  };
  // Not in the workspace: nothing in it may be imported or run in the place of what is meant.
  const server = { command, args, options: { cwd: extension.extensionPath } };
  return new LanguageClient(SECTION, SECTION, server, options); // a named transport adds an argument
}

async function start(): Promise<void> {
  status.set("starting", "");
  program = await find(extension.extensionPath, interpreter);
  if (!program) {
    status.set("stopped", "no Python 3.10 or later was found");
    void complain("conv-lsp needs Python 3.10 or later to run; set conv-lsp.interpreter.", "conv-lsp.interpreter");
    return;
  }
  log.info(`starting ${[program.command, ...program.args].join(" ")} (${program.why})`);
  let refuse: (error: unknown) => void = () => undefined;
  const refused = new Promise<never>((_, reject) => (refuse = reject));
  client = createClient(program, refuse);
  try {
    await Promise.race([client.start(), refused]);
    const offered = client.initializeResult?.capabilities.executeCommandProvider?.commands ?? [];
    await vscode.commands.executeCommand("setContext", "conv-lsp.verifies", offered.includes("conv-lsp.verify"));
    status.set("running", `${client.initializeResult?.serverInfo?.version ?? ""} ${program.why}`.trim());
  } catch (error) {
    log.error(String(error));
    status.set("stopped", String(error));
    void complain(`conv-lsp did not start: ${program.command} (${program.why}).`, "conv-lsp.path");
  }
}

async function complain(message: string, setting: string): Promise<void> {
  const open = "Open Settings";
  const answer = await vscode.window.showErrorMessage(message, open, "Show Logs");
  if (answer === open) {
    await vscode.commands.executeCommand("workbench.action.openSettings", setting);
  } else if (answer) {
    log.show();
  }
}

async function stop(): Promise<void> {
  const old = client;
  client = undefined;
  try {
    await Promise.race([old?.dispose(), new Promise((done) => setTimeout(done, PATIENCE))]);
  } catch (error) {
    log.warn(String(error)); // a server that never started cannot be stopped
  }
}

/** One after another: two servers would both register their commands. */
function restart(): Promise<void> {
  turn = turn.then(stop).then(start);
  return turn;
}

/** After the choice of another interpreter: with it another server may be meant. */
async function renew(): Promise<void> {
  const found = await find(extension.extensionPath, interpreter);
  await (client && found?.command === program?.command ? sendSettings() : restart());
}

export function activate(context: vscode.ExtensionContext): void {
  extension = context.extension;
  log = vscode.window.createOutputChannel(SECTION, { log: true });
  status = new Status(DOCUMENTS);
  const register = vscode.commands.registerCommand;
  context.subscriptions.push(
    log,
    status,
    register("conv-lsp.showLogs", () => log.show()),
    register("conv-lsp.restart", restart),
    register("conv-lsp.debugInformation", () =>
      commands.debugInformation(extension, client, program, settings()),
    ),
    register("conv-lsp.selectContext", commands.chooseContext),
    register("conv-lsp.enterInput", commands.setInput),
    register("conv-lsp.verifyFile", commands.verify),
    vscode.workspace.onDidGrantWorkspaceTrust(restart),
    vscode.workspace.onDidChangeConfiguration(async (event) => {
      if (STARTING.some((key) => event.affectsConfiguration(`${SECTION}.${key}`))) {
        await restart();
      }
    }),
  );
  // Not awaited: neither an error message that stays open nor another extension may hold activation.
  void restart().then(() =>
    follow(context, log, (path) => {
      interpreter = path;
      void renew();
    }),
  );
}

export async function deactivate(): Promise<void> {
  await stop();
}
