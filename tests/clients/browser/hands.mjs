// Three ways to use a page: with a mouse, with a keyboard alone, with a finger.

/** More stops than any of our pages has. */
const STOPS = 80;

class Hands {
  constructor(page) {
    this.page = page;
  }

  /** Puts the cursor into a field and replaces what it holds. */
  async write(field, text) {
    await this.enter(field);
    await this.page.keyboard.press("ControlOrMeta+a");
    await this.page.keyboard.press("Delete");
    await this.page.keyboard.type(text);
  }
}

class Mouse extends Hands {
  press(target) {
    return target.click();
  }

  enter(field) {
    return field.click();
  }
}

class Finger extends Hands {
  press(target) {
    return target.tap();
  }

  enter(field) {
    return field.tap();
  }
}

class Keyboard extends Hands {
  /** Boxes are ticked with the space bar, options are chosen with arrows, all else is pressed with Enter. */
  async press(target) {
    await target.waitFor();
    await this.until(target, (element) => element.getAttribute("aria-disabled") !== "true");
    const kind = await target.evaluate((element) => element.type);
    if (kind === "radio") return this.choose(target);
    await this.enter(target);
    return this.page.keyboard.press(kind === "checkbox" ? "Space" : "Enter");
  }

  /** Walks from stop to stop, as everybody without a mouse has to, and sees at each one where it is. */
  async enter(target) {
    await target.waitFor();
    for (let stop = 0; stop < STOPS; stop += 1) {
      const place = await target.evaluate((element) => {
        const has = element === document.activeElement;
        if (!has) return "elsewhere";
        const { outlineStyle, boxShadow } = getComputedStyle(element);
        return outlineStyle !== "none" || boxShadow !== "none" ? "here" : "unseen";
      });
      if (place === "here") return;
      if (place === "unseen") throw new Error(`nothing shows that the focus is on ${target}`);
      await this.page.keyboard.press("Tab");
    }
    throw new Error(`the Tab key does not lead to ${target}`);
  }

  /** A group of options is one stop; which of them has it depends on what is chosen. */
  async choose(option) {
    const group = this.page.locator(`input[type=radio][name="${await option.getAttribute("name")}"]:checked`);
    await this.enter(group);
    for (let turn = 0; turn < STOPS && !(await option.isChecked()); turn += 1) await this.page.keyboard.press("ArrowRight");
  }

  async until(target, holds) {
    const element = await target.elementHandle();
    await this.page.waitForFunction(holds, element);
  }
}

/** The hands for a way of using pages. */
export function handsOf(way, page) {
  return new { desktop: Mouse, keyboard: Keyboard, phone: Finger }[way](page);
}
