import * as vscode from "vscode";
import { SECTION } from "./settings";

/** The language status item: whether the server runs, analyses, and what it has found here. */
export class Status implements vscode.Disposable {
  private readonly item: vscode.LanguageStatusItem;
  private readonly listeners: vscode.Disposable[];
  private state: "starting" | "running" | "stopped" = "starting";
  private waiting = 0;
  private detail = "";

  constructor(selector: vscode.DocumentSelector) {
    this.item = vscode.languages.createLanguageStatusItem(SECTION, selector);
    this.item.name = SECTION;
    this.item.command = { command: "conv-lsp.showLogs", title: "Show Logs" };
    this.listeners = [
      vscode.languages.onDidChangeDiagnostics(() => this.show()),
      vscode.window.onDidChangeActiveTextEditor(() => this.show()),
    ];
    this.show();
  }

  set(state: "starting" | "running" | "stopped", detail: string): void {
    this.state = state;
    this.detail = detail;
    this.waiting = 0;
    this.show();
  }

  /** Show that the server works until it has answered. */
  async during<T>(answer: vscode.ProviderResult<T>): Promise<T | null | undefined> {
    this.waiting += 1;
    this.show();
    try {
      return await answer;
    } finally {
      this.waiting = Math.max(0, this.waiting - 1);
      this.show();
    }
  }

  private show(): void {
    const stopped = this.state === "stopped";
    this.item.severity = stopped ? vscode.LanguageStatusSeverity.Error : vscode.LanguageStatusSeverity.Information;
    this.item.busy = this.state === "starting" || this.waiting > 0;
    this.item.text = this.state === "running" ? this.found() : `conv-lsp: ${this.state}`;
    this.item.detail = this.detail;
  }

  private found(): string {
    const uri = vscode.window.activeTextEditor?.document.uri;
    const all = uri ? vscode.languages.getDiagnostics(uri) : [];
    const count = all.filter((diagnostic) => diagnostic.source === SECTION).length;
    return `conv-lsp: ${this.waiting > 0 ? "analysing" : count === 1 ? "1 finding" : `${count} findings`}`;
  }

  dispose(): void {
    this.item.dispose();
    this.listeners.forEach((listener) => listener.dispose());
  }
}
