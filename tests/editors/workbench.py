"""Drives a real VS Code in a browser: `python workbench.py PORT FOLDER REPORT SCRIPT`.

It runs in the environment that `tests.editors.vscode` installs, which has playwright, and imports
nothing of the project. Each step of the script says what it saw, or why it failed; a picture of
the window is kept for each.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, sync_playwright

PATIENCE = 45_000
SIZE = {"width": 1180, "height": 720}
SETTLE = 700
FOCUSED = "e => document.activeElement === e"


class Workbench:
    """The window, and what a person does in it."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def lines(self) -> list[str]:
        """The rows of the editor from above, hints included, as they are drawn."""
        rows: list[list[Any]] = self.page.eval_on_selector_all(
            ".view-line", "all => all.map(e => [e.getBoundingClientRect().y, e.textContent])"
        )
        return [text.replace("\xa0", " ") for _, text in sorted(rows)]

    def line(self, *parts: str) -> str:
        """The first row that has all of these, once there is one."""
        until = time.monotonic() + PATIENCE / 1000
        while time.monotonic() < until:
            found = [row for row in self.lines() if all(part in row for part in parts)]
            if found:
                return found[0]
            self.page.wait_for_timeout(100)
        raise AssertionError(f"no row has {parts}: {self.lines()}")

    def open(self, name: str) -> None:
        files = self.page.locator(".explorer-folders-view .monaco-list-row")
        files.get_by_text(name, exact=True).dblclick(timeout=PATIENCE)

    def focus(self) -> None:
        """The keyboard is the editor's."""
        self.page.keyboard.press("Control+1")
        self.page.wait_for_selector(".monaco-editor.focused", timeout=PATIENCE)

    def asked(self, *, holding: str) -> None:
        """The box for input is there, has this text and the keyboard: what is typed goes into it."""
        box = self.page.locator(".quick-input-widget input[type=text]")
        box.wait_for(state="visible", timeout=PATIENCE)
        self.until(lambda: box.input_value() == holding and box.evaluate(FOCUSED))

    def unasked(self) -> None:
        self.page.locator(".quick-input-widget").wait_for(state="hidden", timeout=PATIENCE)

    def command(self, title: str) -> None:
        self.page.keyboard.press("F1")
        self.asked(holding=">")
        self.page.keyboard.type(title)
        row = self.page.locator(".quick-input-list .monaco-list-row", has_text=title).first
        row.click(timeout=PATIENCE)

    def go(self, line: int, column: int) -> None:
        """Put the cursor there; both are counted from 1."""
        self.page.keyboard.press("Control+G")
        self.asked(holding=":")
        self.page.keyboard.type(f"{line}:{column}")
        self.page.keyboard.press("Enter")
        self.unasked()

    def texts(self, selector: str) -> list[str]:
        found: list[str] = self.page.eval_on_selector_all(
            selector, "all => all.filter(e => e.offsetParent).map(e => e.innerText)"
        )
        return [text.replace("\xa0", " ") for text in found]

    def waited(self, selector: str) -> list[str]:
        self.page.locator(selector).first.wait_for(state="visible", timeout=PATIENCE)
        self.page.wait_for_timeout(SETTLE)
        return self.texts(selector)

    def hint(self, part: str) -> Locator:
        """A hint; the row's other parts are code."""
        return self.page.locator(".view-line span span", has_text=part).last

    def squiggles(self) -> int:
        return self.page.locator(".squiggly-error").count()

    def until(self, what: Callable[[], bool]) -> None:
        until = time.monotonic() + PATIENCE / 1000
        while not what():
            if time.monotonic() > until:
                raise AssertionError("it never happened")
            self.page.wait_for_timeout(100)


def hints(w: Workbench) -> dict[str, Any]:
    """A file is opened: its hints, lenses and squiggles."""
    w.open("model.py")
    w.page.keyboard.press("Control+B")
    w.line("self.stem = nn.Conv2d", "RF 7")
    lenses = w.waited(".codelens-decoration a")
    w.until(lambda: w.squiggles() > 0)
    w.page.wait_for_timeout(SETTLE)
    return {"lines": w.lines(), "lenses": lenses, "squiggles": w.squiggles()}


def tooltip(w: Workbench) -> str:
    """The mouse is over a hint."""
    w.hint("64×112×112").hover()
    return "\n".join(w.waited(".monaco-hover"))


def hover(w: Workbench) -> str:
    """The hover of a call, by the keyboard."""
    w.page.keyboard.press("Escape")
    w.focus()
    w.go(25, 25)
    w.page.keyboard.press("Control+K")
    w.page.keyboard.press("Control+I")
    return "\n".join(w.waited(".monaco-hover"))


def fix(w: Workbench) -> dict[str, Any]:
    """The first quick fix at the error."""
    w.page.keyboard.press("Escape")
    w.go(28, 26)
    w.page.keyboard.press("Control+.")
    titles = w.waited(".action-widget .monaco-list-row")
    w.page.screenshot(path=str(PICTURES / "menu.png"))
    w.page.keyboard.press("Enter")
    w.until(lambda: w.squiggles() == 0)
    return {"titles": titles, "line": w.line("self.head = nn.Linear")}


def lens(w: Workbench) -> dict[str, Any]:
    """The lens above a class is clicked, and the other context chosen."""
    w.go(8, 1)
    before = w.line("self.conv = nn.Conv2d", "⟶")
    w.page.locator(".codelens-decoration a").first.click()
    items = w.waited(".quick-input-list .monaco-list-row")
    w.page.screenshot(path=str(PICTURES / "choice.png"))
    w.page.locator(".quick-input-list .monaco-list-row", has_text="layer2").first.click()
    return {"before": before, "items": items, "after": w.line("self.conv = nn.Conv2d", "(2 of 2)")}


def verify(w: Workbench) -> dict[str, str]:
    """The file is run by PyTorch on command; its hovers say so from then on."""
    w.focus()
    w.command("conv-lsp: Verify with PyTorch")
    toast = ".notification-toast"
    w.until(lambda: any("agree" in text for text in w.texts(toast)))
    told = " ".join(w.texts(toast))
    w.page.screenshot(path=str(PICTURES / "verified.png"))
    w.command("Notifications: Clear All Notifications")
    return {"told": told, "hover": hover(w)}


def write_input(w: Workbench) -> str:
    """An input is set by command, at the class under the cursor."""
    w.focus()
    w.page.keyboard.press("Control+End")
    w.command("conv-lsp: Set Input Size")
    w.asked(holding="(1, 3, 224, 224)")
    w.page.keyboard.press("Control+A")
    w.page.keyboard.type("(2, 5, 8, 8)")
    w.page.keyboard.press("Enter")
    w.line("# conv-lsp: input (2, 5, 8, 8)")
    return w.line("def forward(self, image)", "(2, 5, 8, 8)")


def status(w: Workbench) -> str:
    """What the language status says, and the command for those who ask for help."""
    item = w.page.locator("#status\\.languageStatus")
    item.wait_for(timeout=PATIENCE)
    item.hover()
    shown = " ".join(w.waited(".hover-language-status"))
    w.page.keyboard.press("Escape")
    return shown


def information(w: Workbench) -> list[str]:
    w.focus()
    w.command("conv-lsp: Show Debug Information")
    w.line("chosen by")
    return w.lines()


def notebook(w: Workbench) -> dict[str, Any]:
    """A notebook: a later cell knows the names of an earlier one."""
    w.page.keyboard.press("Control+B")
    w.open("cells.ipynb")
    w.page.locator(".notebookOverlay .view-line").first.wait_for(timeout=PATIENCE)
    w.line("y = net(x)", "(2, 8, 16, 16)")
    w.until(lambda: w.squiggles() > 0)
    return {"lines": w.lines(), "squiggles": w.squiggles()}


def walkthrough(w: Workbench) -> bool:
    """The picture of the walkthrough is shown."""
    w.command("Welcome: Open Walkthrough...")
    w.page.wait_for_timeout(SETTLE)
    w.page.keyboard.type("Sizes of a PyTorch model")
    w.page.wait_for_timeout(SETTLE)
    w.page.keyboard.press("Enter")
    w.page.keyboard.press("Control+B")  # where the window is narrow, pictures are left out
    picture = w.page.locator(".getting-started-media img")
    picture.first.wait_for(timeout=PATIENCE)
    w.page.wait_for_timeout(SETTLE)
    wide: int = picture.first.evaluate("e => e.naturalWidth")
    return wide > 0


def restricted(w: Workbench) -> list[str]:
    """Nobody trusts the workspace."""
    w.page.get_by_text("No, I don't trust", exact=False).click(timeout=PATIENCE)
    w.open("model.py")
    w.line("self.stem = nn.Conv2d", "RF 7")
    return w.lines()


def trusted(w: Workbench) -> list[str]:
    """The workspace is trusted, and names a program that is no server."""
    w.open("model.py")
    told = w.waited(".notification-toast")
    w.command("conv-lsp: Restart Server")
    w.page.wait_for_timeout(8000)  # the same message again would not be shown twice
    return told


WHOLE = (
    hints,
    tooltip,
    hover,
    fix,
    lens,
    verify,
    write_input,
    status,
    information,
    notebook,
    walkthrough,
)
SCRIPTS: dict[str, tuple[Callable[[Workbench], Any], ...]] = {
    "whole": WHOLE,
    "restricted": (restricted,),
    "trusted": (trusted,),
}


def main(port: str, folder: str, report: str, script: str) -> None:
    seen: dict[str, Any] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport=SIZE)
        page.goto(f"http://127.0.0.1:{port}/?folder={folder}")
        page.wait_for_selector(".monaco-workbench", timeout=PATIENCE)
        window = Workbench(page)
        for step in SCRIPTS[script]:
            try:
                seen[step.__name__] = step(window)
            except Exception as error:
                seen[step.__name__] = {"failed": f"{type(error).__name__}: {error}"[:2000]}
            page.screenshot(path=str(PICTURES / f"{step.__name__}.png"))
        browser.close()
    Path(report).write_text(json.dumps(seen))


if __name__ == "__main__":
    CHROMIUM = sys.argv[5]
    PICTURES = Path(sys.argv[3]).parent
    main(*sys.argv[1:5])
