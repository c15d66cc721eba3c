import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import * as vscode from "vscode";
import { SECTION, paths } from "./settings";

const run = promisify(execFile);

/** What is started, and why it and nothing else. */
export interface Program {
  command: string;
  args: string[];
  why: string;
}

/** A program on PATH, by its full path: Windows would look into the working directory first. */
function onPath(name: string): string | undefined {
  const endings = process.platform === "win32" ? [".exe", ".cmd", ".bat"] : [""];
  for (const folder of (process.env["PATH"] ?? "").split(path.delimiter)) {
    for (const ending of endings) {
      const file = path.join(folder, name + ending);
      if (path.isAbsolute(folder) && fs.existsSync(file)) {
        return file;
      }
    }
  }
  return undefined;
}

/** Whether an interpreter can run the bundled server; `-I` keeps the workspace out of the question. */
async function suits(python: string, cwd: string): Promise<boolean> {
  try {
    const test = "import sys; sys.exit(sys.version_info < (3, 10))";
    await run(python, ["-I", "-c", test], { cwd, timeout: 10_000 });
    return true;
  } catch {
    return false;
  }
}

/** The `conv-lsp` that is installed beside an interpreter. */
function beside(python: string): string | undefined {
  const file = path.join(path.dirname(python), process.platform === "win32" ? "conv-lsp.exe" : "conv-lsp");
  return path.isAbsolute(python) && fs.existsSync(file) ? file : undefined;
}

/**
 * The server to start. `chosen` is the Python extension's interpreter; a workspace that is not
 * trusted may have set it, and so it is not run there.
 */
export async function find(extension: string, chosen: string | undefined): Promise<Program | undefined> {
  const given = paths("path").map((file) => (path.basename(file) === file ? onPath(file) : file));
  const program = given.find((file) => file !== undefined && fs.existsSync(file));
  if (program) {
    return { command: program, args: ["server"], why: "conv-lsp.path" };
  }
  const trusted = vscode.workspace.isTrusted && chosen ? [chosen] : [];
  const named = paths("interpreter").map((file) => (path.basename(file) === file ? onPath(file) : file));
  const set = named.filter((file): file is string => file !== undefined);
  if (vscode.workspace.getConfiguration(SECTION).get("importStrategy") === "fromEnvironment") {
    for (const python of [...set, ...trusted]) {
      const installed = beside(python);
      if (installed) {
        return { command: installed, args: ["server"], why: `beside ${python}` };
      }
    }
    const installed = onPath("conv-lsp");
    if (installed) {
      return { command: installed, args: ["server"], why: "on PATH" };
    }
  }
  const known = ["python3", "python"].map(onPath).filter((file) => file !== undefined);
  for (const python of [...set, ...known, ...trusted]) {
    if (await suits(python, extension)) {
      const script = path.join(extension, "bundled", "server.py");
      return { command: python, args: ["-I", script, "server"], why: "bundled with the extension" };
    }
  }
  return undefined;
}
