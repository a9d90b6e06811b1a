"""doccano's page in a real browser."""

from __future__ import annotations

from typing import Any

from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from zh_report_facts.doccano.access import Access

# Where the characters of the annotated text stand on the screen; a text node holds one line.
PLACE = """
const [text, start, end] = arguments;
for (const node of document.querySelectorAll("svg text, svg tspan")) {
  const child = [...node.childNodes].find(n => n.nodeType === 3 && n.data.includes(text));
  if (!child) continue;
  const range = document.createRange();
  const at = child.data.indexOf(text);
  range.setStart(child, at); range.setEnd(child, at + text.length);
  const box = range.getBoundingClientRect();
  return [box.left, box.right, (box.top + box.bottom) / 2];
}
return null;
"""


class Page:
    """A user in front of a browser."""

    def __init__(self, browser: Any, access: Access) -> None:
        self.browser, self.url = browser, access.url
        self.wait = WebDriverWait(browser, 60)
        browser.delete_all_cookies()
        browser.get(f"{self.url}/auth")
        self.find("input[name=username]").send_keys(access.username)
        self.find("input[name=password]").send_keys(access.password)
        self.find(".v-card__actions button").click()
        self.wait.until(lambda b: "/projects" in b.current_url)

    def find(self, selector: str) -> Any:
        return self.wait.until(
            lambda b: next((e for e in b.find_elements(By.CSS_SELECTOR, selector)), None)
        )

    def open(self, project: int, path: str, showing: str) -> None:
        self.browser.get(f"{self.url}/projects/{project}/{path}")
        self.wait_for(showing)

    def wait_for(self, text: str) -> None:
        self.wait.until(lambda b: text in b.find_element(By.TAG_NAME, "body").text)

    def place(self, text: str) -> tuple[float, float, float]:
        """Left and right edge of a text, and the middle of its line."""
        return self.wait.until(lambda b: b.execute_script(PLACE, text))

    def select(self, text: str) -> None:
        """Drag the mouse over a text."""
        left, right, middle = self.place(text)
        drag = ActionChains(self.browser, duration=50)
        drag.w3c_actions.pointer_action.move_to_location(int(left) + 1, int(middle))
        drag.w3c_actions.pointer_action.pointer_down()
        drag.w3c_actions.pointer_action.move_to_location(int(right) - 1, int(middle))
        drag.w3c_actions.pointer_action.pointer_up()
        drag.perform()

    def click(self, text: str) -> None:
        """Click a label in the annotated text."""
        left, right, middle = self.place(text)
        click = ActionChains(self.browser, duration=50)
        click.w3c_actions.pointer_action.move_to_location(int((left + right) / 2), int(middle))
        click.w3c_actions.pointer_action.click()
        click.perform()

    def choose(self, item: str) -> None:
        """Choose from the list that opened."""
        # Before its name an item shows its key.
        script = """return [...document.querySelectorAll(".v-list-item")]
            .find(e => e.offsetParent && e.textContent.trim().endsWith(arguments[0])) || null"""
        self.wait.until(lambda b: b.execute_script(script, item)).click()
