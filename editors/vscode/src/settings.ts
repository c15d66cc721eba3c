import * as os from "node:os";
import * as vscode from "vscode";

export const SECTION = "conv-lsp";

/** Settings for this side alone: the server does not know them. */
const OWN = new Set(["path", "importStrategy", "interpreter", "trace.server"]);

export function expand(path: string): string {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? "";
  return path.replace(/^~(?=$|[\\/])/, os.homedir()).replaceAll("${workspaceFolder}", folder);
}

/** Paths that the user has set, the first one first. */
export function paths(key: "path" | "interpreter"): string[] {
  const given: unknown = vscode.workspace.getConfiguration(SECTION).get(key);
  const listed = Array.isArray(given) ? given : [given]; // a string, as it once was
  return listed.filter((path): path is string => typeof path === "string" && path !== "").map(expand);
}

/** The settings declared in package.json that are for the server, without the section's name. */
export function serverKeys(manifest: unknown): string[] {
  const { contributes } = manifest as {
    contributes: { configuration: { properties: Record<string, unknown> } };
  };
  return Object.keys(contributes.configuration.properties)
    .map((key) => key.slice(SECTION.length + 1))
    .filter((key) => !OWN.has(key));
}

/**
 * What the user has chosen, in this editor or this workspace. Defaults are left out: sent along,
 * they would win over the project's own [tool.conv-lsp].
 */
export function chosen(keys: string[]): Record<string, unknown> {
  const configuration = vscode.workspace.getConfiguration(SECTION);
  const found: Record<string, unknown> = {};
  for (const key of keys) {
    const where = configuration.inspect(key);
    const values = [where?.globalValue, where?.workspaceValue, where?.workspaceFolderValue];
    if (values.some((value) => value !== undefined)) {
      found[key] = configuration.get(key); // in a workspace that is not trusted, without its own
    }
  }
  if (typeof found["python"] === "string") {
    found["python"] = expand(found["python"]);
  }
  return found;
}
