import * as vscode from "vscode";

/** The part of the Python extension's API that is used here. */
interface PythonEnvironments {
  getActiveEnvironmentPath(resource?: vscode.Uri): { path: string };
  onDidChangeActiveEnvironmentPath: vscode.Event<unknown>;
}

/** Follow the interpreter that the Python extension uses for the workspace, if there is one. */
export async function follow(
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
  take: (path: string) => unknown,
): Promise<void> {
  try {
    const python = vscode.extensions.getExtension<{ environments: PythonEnvironments }>("ms-python.python");
    const environments = (await python?.activate())?.environments;
    if (environments) {
      const now = (): unknown =>
        take(environments.getActiveEnvironmentPath(vscode.workspace.workspaceFolders?.[0]?.uri).path);
      context.subscriptions.push(environments.onDidChangeActiveEnvironmentPath(now));
      now();
    }
  } catch (error) {
    log.warn(String(error)); // an old or a broken one: the server looks for itself
  }
}
